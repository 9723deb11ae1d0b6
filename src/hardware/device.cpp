#include "hardware/device.h"

#include <fmt/format.h>

namespace gpioclx::hardware {

Result<void> Device::perform(std::string_view action, std::span<const std::string_view>) {
    return no_such_action(action);
}

Result<void> Device::no_such_action(std::string_view action) const {
    return Error{.message = fmt::format("{} ({}) has no action '{}'", name_, model_, action),
                 .hint = fmt::format("actions: {}", actions())};
}

Result<void> Device::check_connect(unsigned pin, bool connected) const {
    if (pin >= pin_count()) {
        return Error{.message = fmt::format("{} ({}) has no pin {}", name_, model_, pin),
                     .hint = fmt::format("it has pins 0-{}", pin_count() - 1)};
    }
    if (connected) {
        return Error{.message = fmt::format("pin {} of {} is connected already", pin, name_),
                     .hint = "one wire can connect any number of devices"};
    }
    return {};
}

}  // namespace gpioclx::hardware
