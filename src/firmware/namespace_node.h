// Finding objects of the namespace, and saying what went wrong with them. Private to this folder.
#pragma once

#include <optional>
#include <string>

#include "diagnostics/result.h"
#include "firmware/acpi_object.h"
#include "firmware/acpica.h"

namespace gpioclx::firmware {

// The object of an absolute path.
Result<acpi_handle> find_node(const std::string& path);
// The same, and it is a device.
Result<acpi_handle> find_device(const std::string& path);
std::optional<acpi_handle> find_child(acpi_handle scope, const char* name);

// The device that a resource source names, seen from `scope`: "\_SB.GPI0", "^GPI0", or a name
// that is looked for in the scope and in those above it.
std::optional<std::string> resolve_device(acpi_handle scope, const std::string& source);

acpi_object_type type_of(acpi_handle handle);

// forget_errors() before a call into ACPICA, acpi_error() after it failed: the error then carries
// ACPICA's first message as its hint.
void forget_errors();
Error acpi_error(const std::string& what, acpi_status status);

}  // namespace gpioclx::firmware
