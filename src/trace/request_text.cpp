#include "trace/request_text.h"

#include <fmt/format.h>

namespace gpioclx::trace {

namespace {

struct ControlCode {
    std::uint32_t value;
    std::string_view name;
};

// Those that the devices of this machine answer themselves; gpio.h, spb.h, acpiioct.h, reshub.h.
constexpr ControlCode control_codes[] = {
    {0x00480000, "IOCTL_GPIO_READ_PINS"},
    {0x00480004, "IOCTL_GPIO_WRITE_PINS"},
    {0x00480008, "IOCTL_GPIO_CONTROLLER_SPECIFIC_FUNCTION"},
    {0x00041000, "IOCTL_SPB_LOCK_CONTROLLER"},
    {0x00041004, "IOCTL_SPB_UNLOCK_CONTROLLER"},
    {0x00041008, "IOCTL_SPB_EXECUTE_SEQUENCE"},
    {0x0004100c, "IOCTL_SPB_LOCK_CONNECTION"},
    {0x00041010, "IOCTL_SPB_UNLOCK_CONNECTION"},
    {0x00041014, "IOCTL_SPB_FULL_DUPLEX"},
    {0x0032c000, "IOCTL_ACPI_ASYNC_EVAL_METHOD"},
    {0x0032c004, "IOCTL_ACPI_EVAL_METHOD"},
    {0x0032c018, "IOCTL_ACPI_EVAL_METHOD_EX"},
    {0x0032c01c, "IOCTL_ACPI_ASYNC_EVAL_METHOD_EX"},
    {0x0032c020, "IOCTL_ACPI_ENUM_CHILDREN"},
    {0x004f0004, "IOCTL_RH_QUERY_CONNECTION_PROPERTIES"},
};

}  // namespace

std::string request_text(std::string_view request, std::uint64_t control_code) {
    if (control_code == 0) return std::string(request);
    for (const ControlCode& known : control_codes) {
        if (known.value == control_code) return std::string(known.name);
    }
    return fmt::format("{} {:#010x}", request, control_code);
}

}  // namespace gpioclx::trace
