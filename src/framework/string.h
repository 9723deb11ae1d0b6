// WDFSTRING.
#pragma once

#include "framework/object.h"
#include "framework/owned_string.h"
#include "framework/user_view.h"

namespace gpioclx::framework {

class String final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::string;
    explicit String(Driver* driver) : Object(object_type, driver) {}
    OwnedString& value() { return value_; }

    static NTSTATUS create(Driver* driver, Object* fallback_parent,
                           const WDF_OBJECT_ATTRIBUTES* attributes, const UNICODE_STRING* text,
                           String** string);

    // As the driver sees it.
    UNICODE_STRING shown();

  private:
    OwnedString value_;
    UserView view_;
};

}  // namespace gpioclx::framework
