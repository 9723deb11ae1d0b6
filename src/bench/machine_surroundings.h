// Hardware models on the machine: its clock, its interrupt lines, its event stream.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hardware/surroundings.h"
#include "machine/machine.h"

namespace gpioclx::bench {

class MachineSurroundings final : public hardware::Surroundings {
  public:
    explicit MachineSurroundings(machine::Machine& machine) : machine_(machine) {}

    // The line that an interrupt output of a controller drives. Before power on.
    void route(hardware::Controller& controller, unsigned output, machine::InterruptLine& line);
    // Names used in events; once per wire.
    void add_wire(hardware::Wire& wire);

    std::uint64_t now_ns() override { return machine_.now_ns(); }
    void interrupt_output(hardware::Controller& controller, unsigned output, bool active) override;
    void serial_access(hardware::Controller& controller, bool write, std::uint64_t offset,
                       std::uint8_t value) override;
    void wire_changed(hardware::Wire& wire, hardware::Level old_level,
                      hardware::Level new_level) override;
    std::size_t choose(std::string_view choice_name, std::size_t alternatives) override;
    void report(const hardware::HardwareEvent& event) override;
    void at(std::uint64_t time_ns, std::function<void()> callback) override;

  private:
    struct Route {
        const hardware::Controller* controller;
        unsigned output;
        machine::InterruptLine* line;
    };
    struct Alarm {
        machine::Timer timer;
        std::function<void()> callback;
        MachineSurroundings* owner;
    };
    static void alarm_fired(void* alarm);

    machine::Machine& machine_;
    std::map<std::pair<const hardware::Controller*, unsigned>, machine::InterruptLine*> routes_;
    std::vector<std::unique_ptr<Alarm>> alarms_;
};

}  // namespace gpioclx::bench
