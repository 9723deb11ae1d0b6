// Installed drivers: which devices they serve, loading and unloading.
#pragma once

#include <wdm.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"
#include "kernel/kernel.h"

namespace gpioclx::kernel::ldr {
class Image;
}

namespace gpioclx::kernel::pnp {

struct Driver {
    DriverInstall install;
    PDRIVER_OBJECT object = nullptr;  // while loaded
    ldr::Image* image = nullptr;
    std::uint32_t devices = 0;  // stacks that it is in

    // Its process died and that was not set right yet; how often, and when, it did.
    bool host_lost = false;
    std::uint32_t losses = 0;
    std::uint64_t last_loss_ns = 0;

    bool loaded() const { return object != nullptr; }
};

struct DriverDatabase {
    std::vector<std::unique_ptr<Driver>> drivers;  // in the order of the bench
};

// The driver for a device: the first of its ids, from the most to the least specific, that some
// driver serves. Ids are compared without case and without a bus prefix ("ACPI\").
Driver* find_driver(const std::vector<std::string>& ids);

struct LoadFailure {
    NTSTATUS status;
    std::string failed_in;  // "image", "DriverEntry"
    std::string message;
};

// PASSIVE_LEVEL. Writes the service key, loads the image and runs DriverEntry, unless that is done.
// Null: loaded.
std::unique_ptr<LoadFailure> load_driver(Driver& driver);
// Runs DriverUnload and drops the image, if the driver serves no device any more.
void unload_driver_if_unused(Driver& driver);
void unload_driver(Driver& driver);

// The parts of a registry path from the root on, each created if it is missing; the last is
// returned open.
HANDLE create_registry_path(std::string_view path);
void write_registry_values(std::string_view path, const std::vector<RegistryValue>& values);

}  // namespace gpioclx::kernel::pnp
