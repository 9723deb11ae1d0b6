// Between Value and ACPICA's own objects. Private to this folder.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "firmware/acpica.h"
#include "firmware/value.h"

namespace gpioclx::firmware {

// "\_SB.GPI0": absolute, no padding underscores.
std::string namespace_path(acpi_handle handle);

Value from_acpi(const acpi_object& object);

// Arguments of a method; lives as long as the call.
class ArgumentList {
  public:
    explicit ArgumentList(const std::vector<Value>& values);
    acpi_object_list* get() { return &list_; }

  private:
    acpi_object convert(const Value& value);

    const std::vector<Value>& values_;
    std::vector<acpi_object> objects_;
    std::deque<std::vector<acpi_object>> packages_;
    acpi_object_list list_ = {};
};

}  // namespace gpioclx::firmware
