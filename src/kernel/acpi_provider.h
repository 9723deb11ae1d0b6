// What the kernel's PnP manager and the ACPI bus driver ask of the firmware. The board implements
// it over firmware/; tests implement it by hand. Paths are full ACPI paths ("\\_SB.GPIO").
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::kernel {

enum class InterruptSharing : std::uint8_t { exclusive, shared };

struct MemoryResource {
    std::uint64_t base = 0;
    std::uint64_t length = 0;
};
struct PortResource {
    std::uint64_t base = 0;
    std::uint64_t length = 0;
};
struct InterruptResource {  // one number each; a descriptor with several becomes several
    std::uint32_t gsi = 0;
    bool edge = false;
    bool active_low = false;
    InterruptSharing sharing = InterruptSharing::exclusive;
    bool wake = false;
};
struct GpioInterruptResource {
    std::string controller;
    std::uint16_t pin = 0;
    bool edge = false;
    std::uint8_t polarity = 0;  // 0 high, 1 low, 2 both
    InterruptSharing sharing = InterruptSharing::exclusive;
    bool wake = false;
    std::uint8_t pull = 0;
    std::uint16_t debounce_10us = 0;
    std::vector<std::uint8_t> vendor_data;
};
struct GpioIoResource {  // also function configuration
    std::string controller;
    std::vector<std::uint16_t> pins;
    std::uint8_t restriction = 0;  // GX_IO_RESTRICTION
    InterruptSharing sharing = InterruptSharing::exclusive;
    std::uint8_t pull = 0;
    std::uint16_t debounce_10us = 0;
    std::uint16_t drive_strength_10ua = 0;
    bool is_function = false;
    std::uint16_t function = 0;
    std::vector<std::uint8_t> vendor_data;
};
struct SerialBusResource {
    std::string controller;
    std::uint8_t bus_type = 1;             // 1 I2C, 2 SPI, 3 UART
    std::vector<std::uint8_t> descriptor;  // as in the firmware, for connection properties
    std::uint16_t address = 0;             // I2C: of the target; SPI: its select line
    InterruptSharing sharing = InterruptSharing::exclusive;
};
using DeviceResource = std::variant<MemoryResource, PortResource, InterruptResource,
                                    GpioInterruptResource, GpioIoResource, SerialBusResource>;

struct AcpiDevice {
    std::string path;
    std::string hardware_id;
    std::vector<std::string> compatible_ids;
    std::string unique_id;  // "" if there is none
    std::uint64_t address = 0;
    std::string parent;
    std::vector<std::string> needs;  // devices that must be started before (controllers, parent)
    std::vector<std::string> after;  // _DEP: the same, where a driver serves them (A21)
};

// An ACPI value as IOCTL_ACPI_EVAL_METHOD passes it.
struct AcpiValue {
    std::variant<std::monostate, std::uint64_t, std::string, std::vector<std::uint8_t>,
                 std::vector<AcpiValue>>
        content;
};

// A pin of a controller's _AEI and the method that handles its interrupt (A16-A18).
struct AcpiEvent {
    GpioInterruptResource interrupt;
    std::string method;  // "\\_SB.GPI0._E05"
};

// Serves accesses of AML to pins of one controller. Status: NTSTATUS.
class PinRegionUser {
  public:
    virtual ~PinRegionUser() = default;
    // PASSIVE_LEVEL, in the thread that runs the method. Bit n of `value` = pins.pins[n].
    virtual std::uint32_t access(const GpioIoResource& pins, bool write, std::uint64_t& value) = 0;
};

// Whose registers a driver saves and restores.
struct ContextOwner {
    bool whole_device = true;
    std::uint32_t component = 0;  // else
    std::uint32_t first_pin = 0;
    std::uint32_t pin_count = 0;
};

class NotificationSink {
  public:
    virtual ~NotificationSink() = default;
    // AML executed Notify (device, code). PASSIVE_LEVEL, in a thread of the firmware.
    virtual void notify(const std::string& device, std::uint32_t code) = 0;
};

class AcpiProvider {
  public:
    virtual ~AcpiProvider() = default;
    // Present devices (_STA) in the order of the namespace.
    virtual std::vector<AcpiDevice> devices() = 0;
    // After overrides of the bench, in firmware order.
    virtual Result<std::vector<DeviceResource>> resources(const std::string& path) = 0;
    virtual bool has_method(const std::string& path, const std::string& name) = 0;
    virtual Result<AcpiValue> evaluate(const std::string& path, const std::string& name,
                                       const std::vector<AcpiValue>& arguments) = 0;

    // Of a controller; empty without _AEI.
    virtual std::vector<AcpiEvent> events(const std::string&) { return {}; }
    // Runs the method of one of them, and returns when it has ended.
    virtual Result<void> run_event(const std::string& path, const AcpiEvent& event) {
        return Error{.message = path + ": no firmware runs " + event.method};
    }
    // The pins that fields of the controller's operation regions name, one entry a field.
    virtual std::vector<GpioIoResource> region_pins(const std::string&) { return {}; }
    // Runs _REG. `user` must outlive the connection.
    virtual Result<void> connect_region(const std::string&, PinRegionUser&) { return {}; }
    virtual Result<void> disconnect_region(const std::string&) { return {}; }
    // The device's power was switched: it is in D0 now, or not any more. Its methods have run.
    virtual void set_power(const std::string&, bool) {}
    // One of `count` equal components (banks) of the device entered or left F0.
    virtual void set_component_power(const std::string&, std::uint32_t component,
                                     std::uint32_t count, bool on) {
        (void)component, (void)count, (void)on;
    }
    // The driver is about to save what the registers of these pins hold, or has put it back. The
    // pins are those of a component, or of the whole device. Any IRQL.
    virtual void context_saved(const std::string&, const ContextOwner&) {}
    virtual void context_restored(const std::string&, const ContextOwner&) {}
    // Null: nobody listens.
    virtual void set_notification_sink(NotificationSink*) {}
};

}  // namespace gpioclx::kernel
