// The NT kernel services on the machine, seen from the board that builds a system out of them.
// Drivers see wdk/ instead. Created inside an ArenaScope; one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"
#include "kernel/acpi_provider.h"
#include "kernel/po/system_power.h"
#include "kernel/register_range.h"
#include "kernel/serial_bus.h"
#include "machine/machine.h"

namespace gpioclx::kernel {

struct RegistryValue {
    std::string key;  // "" or a sub key such as "Parameters"
    std::string name;
    std::uint32_t type = 4;  // REG_DWORD, REG_SZ (UTF-8 here, without its last zero), REG_BINARY
    std::vector<std::uint8_t> data;
};

// A driver of the user-mode framework: what its .inx says.
struct UserModeInstall {
    int minor = 33;                       // of the framework, 2.minor
    bool direct_hardware_access = false;  // interrupts and connections are its to use
    bool access_said = false;             // the .inx says yes or no to that
    bool kernel_mode_clients = false;     // gets requests of kernel drivers
    bool unknown_file_objects = false;    // gets requests without a file that it saw opened
    bool copy_method_neither = false;     // gets METHOD_NEITHER requests, as copies
};

struct DriverInstall {
    std::string name;                       // service name: "pl061gpio"
    std::string image;                      // path of the .sys built by the driver kit
    std::vector<std::string> hardware_ids;  // without the "ACPI\" prefix
    std::vector<RegistryValue> values;      // of the service key
    bool boot = false;                      // loaded at start without a device (our own drivers)
    // DriverEntry of a driver that is linked into this process; `image` is not used then (tests).
    void* entry = nullptr;
    // Left by the installation for each device that the driver serves: in its hardware key
    // (PLUGPLAY_REGKEY_DEVICE) and in its software key (PLUGPLAY_REGKEY_DRIVER).
    std::vector<RegistryValue> hardware_values = {};
    std::vector<RegistryValue> software_values = {};
    std::optional<UserModeInstall> user_mode = std::nullopt;
};

struct Setting {
    std::string device;  // ACPI path, "" for all
    std::string name;
    std::uint64_t value = 0;
};

// Values of a device's hardware key; they replace those of its driver's installation.
struct DeviceValues {
    std::string device;  // ACPI path
    std::vector<RegistryValue> values;
};

struct KernelOptions {
    // Among them, with `boot`, the ACPI bus driver (hardware id PNP0C08) and the resource hub.
    std::vector<DriverInstall> drivers;
    std::vector<DeviceValues> device_values;
    std::vector<Setting> settings;
    // Watches what costs too much to watch always (src/kernel/vf). Changes nothing but findings.
    bool verify = false;
};

// How far a device or a driver came, in order.
struct DeviceStatus {
    std::string path;
    std::string hardware_id;
    std::string driver;  // "" = none serves it
    std::string state;   // "not started", "started", "failed", "stopped", "removed", "no driver"
    std::uint32_t status = 0;  // NTSTATUS of the failure
    std::string failed_in;     // "DriverEntry", "AddDevice", "EvtDevicePrepareHardware", ...
    std::string message;       // one sentence, with the paths involved
};

class Kernel {
  public:
    // `acpi` must outlive the kernel. Nothing runs yet.
    static std::unique_ptr<Kernel> create(machine::Machine& machine, AcpiProvider& acpi,
                                          const KernelOptions& options);
    virtual ~Kernel() = default;

    // Before start().
    virtual void add_register_range(RegisterRange& range) = 0;
    virtual void add_serial_bus(SerialBus& bus) = 0;

    // The primary interrupt line with this number; made at first use (edge/level, level number and
    // polarity are set from the resources when PnP assigns them). Board wires hardware to it.
    virtual machine::InterruptLine& primary_line(std::uint32_t gsi) = 0;

    // Creates the system threads. The machine then loads boot drivers, enumerates and starts all
    // devices in order while it runs; started() tells when that is over.
    virtual void start() = 0;
    virtual bool started() const = 0;
    // Stops and removes all devices in reverse order and unloads all drivers.
    virtual void shut_down() = 0;
    virtual bool is_shut_down() const = 0;
    // It came to rest before: findings for the requests that are left.
    virtual void report_incomplete_requests() = 0;
    // One device: orderly (query remove, remove) or by surprise. An error if there is no such
    // device; the rest happens while the machine runs and shows in devices() and in the event
    // stream.
    virtual Result<void> remove_device(std::string_view path, bool surprise) = 0;
    // The system's sleep (S3) and its end; poll system_state().
    virtual void sleep() = 0;
    virtual void wake() = 0;
    virtual po::SystemState system_state() const = 0;
    // All processors stop for so long, or until an interrupt comes (critical transitions, P62).
    virtual void deep_idle(std::uint64_t ns) = 0;
    virtual std::uint64_t deep_idles() const = 0;  // how often they did
    // The pad of a controller's pin changed; it may wake the system, or end a deep idle.
    virtual void pin_moved(std::string_view controller, std::uint32_t pin, bool high) = 0;

    virtual std::vector<DeviceStatus> devices() const = 0;
    // The installed driver that serves a device with these ids, best first; "" if none does.
    virtual std::string driver_for(const std::vector<std::string>& hardware_ids) const = 0;

    // Files of user programs (the stimulus script). Executed by a system thread; poll `finished`.
    // `name` is a device name or symbolic link ("\\Device\\Led", "\\??\\Led", "\\\\.\\Led") or an
    // ACPI path with an interface ("\\_SB.LED0").
    struct UserRequest {
        enum class Operation : std::uint8_t { open, close, read, write, ioctl, cancel };
        Operation operation = Operation::open;
        std::string name;               // open
        std::uint64_t handle = 0;       // others
        UserRequest* victim = nullptr;  // cancel: STATUS_NOT_FOUND if no driver holds it (any more)
        std::uint32_t code = 0;         // ioctl
        std::vector<std::uint8_t> input;
        std::uint32_t output_size = 0;
        bool pending = false;  // a driver holds a read, write or ioctl and has returned
        // Filled when finished.
        bool finished = false;
        std::uint32_t status = 0;
        std::uint64_t information = 0;
        std::vector<std::uint8_t> output;
    };
    // `request` must live (in the arena) until finished.
    virtual void submit(UserRequest& request) = 0;

    // As add_register_range, for an I/O port resource: `physical_base` is a port number.
    virtual void add_port_range(RegisterRange& range) = 0;
};

}  // namespace gpioclx::kernel
