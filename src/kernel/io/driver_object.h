// Driver objects.
#pragma once

#include <wdm.h>

#include <string>
#include <string_view>
#include <vector>

#include "kernel/ob/object.h"
#include "machine/name_table.h"

namespace gpioclx::kernel::io {

struct DriverRecord {
    DRIVER_OBJECT object{};  // first, so that one can be had from the other
    DRIVER_EXTENSION extension{};
    std::u16string name;  // "\Driver\pl061gpio"
    std::u16string
        registry_path;  // "\Registry\Machine\System\CurrentControlSet\Services\pl061gpio"
    UNICODE_STRING registry_path_view{};
    machine::NameId event_name = machine::no_name;  // "pl061gpio"
    struct ClientExtension {
        PVOID identity;
        PVOID memory;
    };
    std::vector<ClientExtension> client_extensions;
};

inline DriverRecord& driver_record(PDRIVER_OBJECT driver) {
    return *reinterpret_cast<DriverRecord*>(driver);
}

// What POBJECT_TYPE *IoDriverObjectType points to.
extern const ob::Type driver_object_type;

// A driver object all of whose dispatch routines refuse with STATUS_INVALID_DEVICE_REQUEST.
// `service` is the name of the service ("pl061gpio").
PDRIVER_OBJECT create_driver(std::string_view service);
void destroy_driver(PDRIVER_OBJECT driver);

// Runs DriverEntry; a failure leaves the driver object for destroy_driver.
NTSTATUS initialize_driver(PDRIVER_OBJECT driver, PDRIVER_INITIALIZE entry);

}  // namespace gpioclx::kernel::io
