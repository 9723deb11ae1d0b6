// Hardware models on the machine: its clock, its interrupt lines, its event stream.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "hardware/surroundings.h"
#include "machine/machine.h"

namespace gpioclx::bench {

class MachineSurroundings final : public hardware::Surroundings {
  public:
    explicit MachineSurroundings(machine::Machine& machine) : machine_(machine) {}

    // The line that an interrupt output of a controller drives. Before power on.
    void route(hardware::Device& device, unsigned output, machine::InterruptLine& line);
    // Told of each change between high and low.
    void watch(hardware::Wire& wire, std::function<void(bool high)> told) {
        watched_.emplace(&wire, std::move(told));
    }
    // Names used in events; once per wire.
    void add_wire(hardware::Wire& wire);

    std::uint64_t now_ns() override { return machine_.now_ns(); }
    void interrupt_output(hardware::Device& device, unsigned output, bool active) override;
    void serial_access_begins(hardware::Controller& controller, bool write, std::uint64_t offset,
                              std::uint8_t value) override;
    void serial_access(hardware::Controller& controller, bool write, std::uint64_t offset,
                       std::uint8_t value) override;
    void wire_changed(hardware::Wire& wire, hardware::Level old_level,
                      hardware::Level new_level) override;
    std::size_t choose(std::string_view choice_name, std::size_t alternatives) override;
    void report(const hardware::HardwareEvent& event) override;
    void model_failed(hardware::Device& device, std::string_view what) override;
    void at(std::uint64_t time_ns, std::function<void()> callback) override;

    // How often something was reported since power on; no kind: any. `source` empty: by anybody.
    std::uint64_t report_count(std::optional<hardware::HardwareEvent::Kind> kind,
                               std::string_view source) const;

  private:
    struct Route {
        const hardware::Device* device;
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
    std::map<std::pair<const hardware::Device*, unsigned>, machine::InterruptLine*> routes_;
    std::map<std::pair<hardware::HardwareEvent::Kind, std::string>, std::uint64_t> reports_;
    std::multimap<const hardware::Wire*, std::function<void(bool)>> watched_;
    std::set<std::pair<machine::NameId, machine::NameId>> places_told_;
    std::vector<std::unique_ptr<Alarm>> alarms_;
};

}  // namespace gpioclx::bench
