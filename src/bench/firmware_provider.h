// Firmware as the kernel wants it: its devices, resources and methods, with the overrides of the
// bench.
#pragma once

#include <set>

#include "bench/bench_file.h"
#include "firmware/firmware.h"
#include "kernel/acpi_provider.h"

namespace gpioclx::bench {

// Something in the tables that cannot be used.
struct FirmwareProblem {
    std::string device;  // "" where it concerns none in particular
    std::string text;
};

// What a device, or the firmware on its behalf, uses.
struct ResourceUse {
    std::string user;  // "", or "_AEI \_SB.GPI0._E05", or "field \_SB.GPI0.LED0"
    std::string text;  // "GpioInt \_SB.GPI0 pin 3, edge, active low"
};

// Who has the power of the devices in hand: the board's hardware.
class PowerSwitch {
  public:
    virtual ~PowerSwitch() = default;
    virtual void set_power(const std::string& device, bool on) = 0;
    virtual void set_component_power(const std::string& device, std::uint32_t component,
                                     std::uint32_t count, bool on) = 0;
    virtual void context_saved(const std::string& device, const kernel::ContextOwner& owner) = 0;
    virtual void context_restored(const std::string& device, const kernel::ContextOwner& owner) = 0;
};

class FirmwareProvider final : public kernel::AcpiProvider, private firmware::NotifyHandler {
  public:
    // Reads all devices, resources, events and fields once. Errors: an override of something that
    // is not there and, if `strict`, whatever would be a problem. Tables from source are read so:
    // half a board helps nobody. Tables of a real machine may have flaws in places that nobody
    // needs here.
    static Result<std::unique_ptr<FirmwareProvider>> create(firmware::Firmware& firmware,
                                                            const BenchFile& bench, bool strict);
    ~FirmwareProvider() override;

    std::vector<kernel::AcpiDevice> devices() override { return devices_; }
    Result<std::vector<kernel::DeviceResource>> resources(const std::string& path) override;
    bool has_method(const std::string& path, const std::string& name) override;
    Result<kernel::AcpiValue> evaluate(const std::string& path, const std::string& name,
                                       const std::vector<kernel::AcpiValue>& arguments) override;
    std::vector<kernel::AcpiEvent> events(const std::string& controller) override;
    Result<void> run_event(const std::string& path, const kernel::AcpiEvent& event) override;
    std::vector<kernel::GpioIoResource> region_pins(const std::string& controller) override;
    Result<void> connect_region(const std::string& controller,
                                kernel::PinRegionUser& user) override;
    Result<void> disconnect_region(const std::string& controller) override;
    void set_notification_sink(kernel::NotificationSink* sink) override;
    void set_power(const std::string& path, bool on) override {
        if (power_ != nullptr) power_->set_power(path, on);
    }
    void set_component_power(const std::string& path, std::uint32_t component, std::uint32_t count,
                             bool on) override {
        if (power_ != nullptr) power_->set_component_power(path, component, count, on);
    }
    void context_saved(const std::string& path, const kernel::ContextOwner& owner) override {
        if (power_ != nullptr) power_->context_saved(path, owner);
    }
    void context_restored(const std::string& path, const kernel::ContextOwner& owner) override {
        if (power_ != nullptr) power_->context_restored(path, owner);
    }
    // Null: nothing ever loses power.
    void set_power_switch(PowerSwitch* power) { power_ = power; }

    const std::vector<kernel::AcpiDevice>& device_list() const { return devices_; }
    const kernel::AcpiDevice* find(std::string_view path) const;
    // For people: the resources in their order, then events and fields.
    const std::vector<ResourceUse>& uses(const std::string& path) const;
    // Devices whose pins somebody uses, or that have events or fields of their own.
    std::set<std::string> pin_owners() const;
    const std::vector<FirmwareProblem>& problems() const { return problems_; }
    // Whether the device loses power in D3: its firmware has a method or power resources for that.
    bool switches_power(const std::string& path);

  private:
    class Region;

    FirmwareProvider(firmware::Firmware& firmware, bool strict);
    Result<void> read_devices();
    // Adds the serial buses that the device is on.
    Result<void> read_resources(kernel::AcpiDevice& device, std::set<std::string>& buses);
    Result<void> read_events(const std::string& controller);
    Result<void> read_fields();
    Result<void> check_start_order();
    Result<void> note(const std::string& device, const Error& error);
    Result<void> apply(const ResourceOverride& change, const std::string& file);
    void notify(const std::string& device, std::uint32_t code) override;

    firmware::Firmware& firmware_;
    bool strict_;
    std::vector<kernel::AcpiDevice> devices_;
    std::map<std::string, std::size_t, std::less<>> index_;  // in devices_
    std::map<std::string, std::vector<kernel::DeviceResource>> resources_;
    std::map<std::string, std::string> broken_;  // devices whose resources cannot be read, and why
    std::map<std::string, std::vector<kernel::AcpiEvent>> events_;
    std::map<std::string, std::vector<kernel::GpioIoResource>> fields_;
    std::map<std::string, std::vector<ResourceUse>> uses_;
    std::vector<FirmwareProblem> problems_;
    std::map<std::string, std::unique_ptr<Region>> regions_;  // connected ones
    kernel::NotificationSink* sink_ = nullptr;
    PowerSwitch* power_ = nullptr;
};

}  // namespace gpioclx::bench
