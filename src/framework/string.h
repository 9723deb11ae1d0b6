// WDFSTRING.
#pragma once

#include "framework/object.h"
#include "framework/owned_string.h"

namespace gpioclx::framework {

class String final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::string;
    explicit String(Driver* driver) : Object(object_type, driver) {}
    OwnedString& value() { return value_; }

    static NTSTATUS create(Driver* driver, Object* fallback_parent,
                           const WDF_OBJECT_ATTRIBUTES* attributes, const UNICODE_STRING* text,
                           String** string);

  private:
    OwnedString value_;
};

}  // namespace gpioclx::framework
