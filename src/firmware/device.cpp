#include "firmware/device.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gpioclx::firmware {

std::string to_string(const Device& device) {
    std::string text = device.path;
    if (!device.hid.empty()) text += " " + device.hid;
    if (!device.cids.empty()) text += fmt::format(" ({})", fmt::join(device.cids, ", "));
    if (!device.uid.empty()) text += " uid " + device.uid;
    if (device.adr && device.hid.empty()) text += fmt::format(" adr 0x{:X}", *device.adr);
    return text;
}

}  // namespace gpioclx::firmware
