// The hardware of a bench: controllers behind devices of the firmware, parts, and the wires that
// follow from the GPIO resources or stand in the bench file.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/bench_file.h"
#include "bench/firmware_provider.h"
#include "bench/machine_host.h"
#include "bench/machine_surroundings.h"
#include "bench/model_registers.h"
#include "bench/power_supply.h"
#include "bench/serial_buses.h"
#include "hardware/model_library.h"
#include "hardware/wire.h"
#include "kernel/kernel.h"

namespace gpioclx::bench {

class HardwareBoard {
  public:
    // Errors name the line of the bench file: unknown model, device or pin, a model without
    // registers where registers are needed, a name used twice.
    static Result<std::unique_ptr<HardwareBoard>> create(const BenchFile& bench,
                                                         FirmwareProvider& firmware,
                                                         const hardware::ModelLibrary& library,
                                                         machine::Machine& machine);

    // Gives the kernel the register ranges and wires interrupt outputs to its primary lines.
    void attach(kernel::Kernel& kernel);
    // Gives AML the register ranges.
    void attach(MachineHost& host);
    void power_on();

    hardware::Device* part(std::string_view name) const;
    // Null where no model or a C++ model stands behind the device.
    hardware::Controller* controller(std::string_view device) const;
    // call(path of the device, controller)
    template <typename Call>
    void for_each_controller(Call call) const {
        for (const ControllerEntry& entry : controllers_) {
            if (const hardware::Controller* controller = entry.model->as_controller())
                call(std::string_view(entry.device), *controller);
        }
    }
    // Whatever stands behind a device of the firmware; else the part of that name.
    hardware::Device* model_of(std::string_view device) const;
    const MachineSurroundings& surroundings() const { return surroundings_; }
    hardware::Wire* wire(std::string_view name) const;  // also "\\_SB.GPI0:3"
    const std::vector<std::unique_ptr<hardware::Wire>>& wires() const { return wires_; }
    // Drives a wire from outside, on behalf of the script. `off` lets go.
    void drive(hardware::Wire& wire, hardware::Drive drive);
    // Takes the power of a device's model away, or gives it back, whatever its driver believes.
    Result<void> switch_power(std::string_view device, bool on) { return power_.force(device, on); }
    std::string wire_names() const;
    std::string part_names() const;

  private:
    using ControllerPin = std::pair<std::string, unsigned>;
    struct ControllerEntry {
        std::string device;
        hardware::Device* model;
        std::vector<std::uint32_t> gsis = {};                 // by output; 0 = not wired to a line
        std::vector<ControllerPin> pins = {};                 // by output; "" = not wired to a pin
        std::unique_ptr<ModelRegisters> registers = nullptr;  // null: behind a serial bus
        bool at_ports = false;                                // in the space of I/O ports
    };

    HardwareBoard(FirmwareProvider& firmware, machine::Machine& machine)
        : firmware_(firmware), machine_(machine), surroundings_(machine) {}
    Result<void> add_controller(const ModelEntry& entry, const BenchFile& bench,
                                const hardware::ModelLibrary& library);
    Result<void> route_outputs(ControllerEntry& entry, const ModelEntry& model,
                               const std::string& file);
    Result<void> wire_outputs();
    void watch_wake_pins(kernel::Kernel& kernel);
    // Null for a pin that is not wired.
    hardware::Wire* wire_of(const std::string& device, unsigned pin) const;
    Result<void> add_wires_of_resources(const BenchFile& bench);
    Result<void> add_wires_of(const std::string& user, const std::string& owner,
                              const std::vector<std::uint16_t>& pins, const BenchFile& bench);
    Result<void> add_wire(const WireEntry& entry, const std::string& file);
    Result<void> add_part(const PartEntry& entry, const BenchFile& bench,
                          const hardware::ModelLibrary& library);
    Result<hardware::Wire*> wire_for_pin(const std::string& device, unsigned pin);
    Result<hardware::Wire*> wire_for_text(const std::string& pin);
    Result<void> connect_part(hardware::Device& part, unsigned pin, const std::string& to);
    hardware::Wire& new_wire(std::string name);
    static Error at(Error error, const std::string& file, int line);

    FirmwareProvider& firmware_;
    machine::Machine& machine_;
    MachineSurroundings surroundings_;
    std::vector<std::unique_ptr<hardware::Device>> devices_;
    std::vector<ControllerEntry> controllers_;
    std::map<std::string, hardware::Device*, std::less<>> model_of_device_;
    SerialBuses serial_buses_;
    PowerSupply power_;
    std::vector<std::unique_ptr<hardware::Wire>> wires_;
    std::map<std::pair<std::string, unsigned>, hardware::Wire*> wire_of_pin_;
    std::map<hardware::Wire*, hardware::Terminal> script_ends_;
};

}  // namespace gpioclx::bench
