// The names that requests have in events.
#include <array>
#include <string>

#include "kernel/io/irp.h"
#include "kernel/system.h"

namespace gpioclx::kernel::io {
namespace {

constexpr const char* major_names[IRP_MJ_MAXIMUM_FUNCTION + 1] = {"IRP_MJ_CREATE",
                                                                  "IRP_MJ_CREATE_NAMED_PIPE",
                                                                  "IRP_MJ_CLOSE",
                                                                  "IRP_MJ_READ",
                                                                  "IRP_MJ_WRITE",
                                                                  "IRP_MJ_QUERY_INFORMATION",
                                                                  "IRP_MJ_SET_INFORMATION",
                                                                  "IRP_MJ_QUERY_EA",
                                                                  "IRP_MJ_SET_EA",
                                                                  "IRP_MJ_FLUSH_BUFFERS",
                                                                  "IRP_MJ_QUERY_VOLUME_INFORMATION",
                                                                  "IRP_MJ_SET_VOLUME_INFORMATION",
                                                                  "IRP_MJ_DIRECTORY_CONTROL",
                                                                  "IRP_MJ_FILE_SYSTEM_CONTROL",
                                                                  "IRP_MJ_DEVICE_CONTROL",
                                                                  "IRP_MJ_INTERNAL_DEVICE_CONTROL",
                                                                  "IRP_MJ_SHUTDOWN",
                                                                  "IRP_MJ_LOCK_CONTROL",
                                                                  "IRP_MJ_CLEANUP",
                                                                  "IRP_MJ_CREATE_MAILSLOT",
                                                                  "IRP_MJ_QUERY_SECURITY",
                                                                  "IRP_MJ_SET_SECURITY",
                                                                  "IRP_MJ_POWER",
                                                                  "IRP_MJ_SYSTEM_CONTROL",
                                                                  "IRP_MJ_DEVICE_CHANGE",
                                                                  "IRP_MJ_QUERY_QUOTA",
                                                                  "IRP_MJ_SET_QUOTA",
                                                                  "IRP_MJ_PNP"};

constexpr const char* pnp_names[] = {"START_DEVICE",
                                     "QUERY_REMOVE_DEVICE",
                                     "REMOVE_DEVICE",
                                     "CANCEL_REMOVE_DEVICE",
                                     "STOP_DEVICE",
                                     "QUERY_STOP_DEVICE",
                                     "CANCEL_STOP_DEVICE",
                                     "QUERY_DEVICE_RELATIONS",
                                     "QUERY_INTERFACE",
                                     "QUERY_CAPABILITIES",
                                     "QUERY_RESOURCES",
                                     "QUERY_RESOURCE_REQUIREMENTS",
                                     "QUERY_DEVICE_TEXT",
                                     "FILTER_RESOURCE_REQUIREMENTS",
                                     "0x0e",
                                     "READ_CONFIG",
                                     "WRITE_CONFIG",
                                     "EJECT",
                                     "SET_LOCK",
                                     "QUERY_ID",
                                     "QUERY_PNP_DEVICE_STATE",
                                     "QUERY_BUS_INFORMATION",
                                     "DEVICE_USAGE_NOTIFICATION",
                                     "SURPRISE_REMOVAL",
                                     "0x18",
                                     "DEVICE_ENUMERATED"};

constexpr const char* power_names[] = {"WAIT_WAKE", "POWER_SEQUENCE", "SET_POWER", "QUERY_POWER"};

std::string minor_name(UCHAR major, UCHAR minor) {
    if (major == IRP_MJ_PNP && minor < std::size(pnp_names))
        return std::string(" IRP_MN_") + pnp_names[minor];
    if (major == IRP_MJ_POWER && minor < std::size(power_names)) {
        return std::string(" IRP_MN_") + power_names[minor];
    }
    return minor == 0 ? "" : " minor " + std::to_string(minor);
}

// Interned once a code: requests are frequent.
struct RequestNames {
    std::array<std::array<machine::NameId, 256>, IRP_MJ_MAXIMUM_FUNCTION + 1> ids{};
};

}  // namespace

machine::NameId request_name(UCHAR major, UCHAR minor) {
    if (major > IRP_MJ_MAXIMUM_FUNCTION) return machine::no_name;
    machine::NameId& id = part<RequestNames>().ids[major][minor];
    if (id == machine::no_name) {
        id = System::current().machine().name(major_names[major] + minor_name(major, minor));
    }
    return id;
}

}  // namespace gpioclx::kernel::io
