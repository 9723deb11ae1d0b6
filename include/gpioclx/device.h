// A device of the firmware and how far it came.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include <gpioclx/status.h>

namespace gpioclx {

enum class DeviceState { not_started, started, failed, stopped, removed, no_driver };

std::string_view to_string(DeviceState state);
std::ostream& operator<<(std::ostream& stream, DeviceState state);

// A snapshot.
struct Device {
    std::string path;         // "\\_SB.GPI0"
    std::string hardware_id;  // without "ACPI\\"
    std::string driver;       // "" if none serves it
    DeviceState state = DeviceState::not_started;
    Status status;          // of the failure
    std::string failed_in;  // who returned it: "DriverEntry", "EvtDevicePrepareHardware", ...
    std::string message;    // why, in a sentence; may be empty
};

// One line: "\_SB.LED0 (GXLD0001), driver led: failed, EvtDeviceAdd returned STATUS_...".
std::string to_string(const Device& device);
std::ostream& operator<<(std::ostream& stream, const Device& device);

}  // namespace gpioclx
