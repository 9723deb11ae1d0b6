// Requests in the words of their users.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gpioclx::trace {

// "IOCTL_GPIO_WRITE_PINS"; "IRP_MJ_DEVICE_CONTROL 0x00222004" where the code is a driver's own.
std::string request_text(std::string_view request, std::uint64_t control_code);

}  // namespace gpioclx::trace
