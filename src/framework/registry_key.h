// WDFKEY: an open registry key. PASSIVE_LEVEL.
#pragma once

#include "framework/object.h"

namespace gpioclx::framework {

class RegistryKey final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::key;
    RegistryKey(Driver* driver, HANDLE key) : Object(object_type, driver), key_(key) {}

    HANDLE key() const { return key_; }
    void forget() { key_ = nullptr; }

  protected:
    void stop() override;

  private:
    HANDLE key_;
};

// "<base><suffix>", created if it is not there (Parameters keys are).
NTSTATUS open_key_below(Driver& driver, const UNICODE_STRING* base, const char* suffix,
                        ACCESS_MASK access, const WDF_OBJECT_ATTRIBUTES* attributes, WDFKEY* key);
// PLUGPLAY_REGKEY_* key of a physical device, with `parent` unless the attributes name one.
NTSTATUS open_device_key(Driver& driver, Object* parent, DEVICE_OBJECT* pdo, ULONG type,
                         ACCESS_MASK access, const WDF_OBJECT_ATTRIBUTES* attributes, WDFKEY* key);

}  // namespace gpioclx::framework
