#include "controller.h"

#include "conformance_test.h"
#include "machine/arena.h"

namespace gpioclx::conformance {

Controller::Controller(ConformanceTest& test, std::string device_path)
    : information{}, path(std::move(device_path)), test_(test) {
    information.Version = GPIO_CONTROLLER_BASIC_INFORMATION_VERSION;
    information.Size = sizeof(information);
    information.Flags.MemoryMappedController = 1;
    information.Flags.FormatIoRequestsAsMasks = 1;
    banks(32, 32);
}

Controller& Controller::banks(USHORT pin_count, USHORT pins_per_bank) {
    information.TotalPins = pin_count;
    information.NumberOfPinsPerBank = pins_per_bank;
    interrupts.clear();
    for (ULONG bank = 0; bank < bank_count(); ++bank) interrupts.push_back(40 + bank);
    return *this;
}

Controller& Controller::serial() {
    information.Flags.MemoryMappedController = 0;
    return *this;
}

Controller& Controller::edge_primary() {
    edge_primary_ = true;
    return *this;
}

Controller& Controller::chained_to(Controller& parent, USHORT pin) {
    parent_ = &parent;
    parent_pin_ = pin;
    return *this;
}

void Controller::fail(Callback callback, NTSTATUS status, int times) {
    failures_[callback] = {status, times};
}

std::vector<kernel::DeviceResource> Controller::firmware_resources() const {
    if (!resources.empty()) return resources;
    std::vector<kernel::DeviceResource> list;
    list.push_back(kernel::MemoryResource{0xfe000000, 0x1000});
    if (parent_ != nullptr) {
        list.push_back(of(*parent_, interrupt(parent_pin_, LevelSensitive, InterruptActiveHigh)));
        return list;
    }
    for (ULONG gsi : interrupts) {
        list.push_back(kernel::InterruptResource{.gsi = gsi,
                                                 .edge = edge_primary_,
                                                 .active_low = false,
                                                 .sharing = kernel::InterruptSharing::shared,
                                                 .wake = false});
    }
    return list;
}

ULONG Controller::primary_of(ULONG bank) const {
    if (const auto found = wired.find(bank); found != wired.end()) return found->second;
    if (interrupts.size() == 1) return interrupts[0];
    return bank < interrupts.size() ? interrupts[bank] : 0;
}

// A line is asserted while any bank that is wired to it is.
void Controller::update_output(ULONG bank) {
    const ULONG gsi = primary_of(bank);
    bool asserted = false;
    for (ULONG i = 0; i < bank_count(); ++i) {
        if (primary_of(i) == gsi) asserted |= pins.asserted(i) || forced_.contains(i);
    }
    if (parent_ != nullptr) {
        parent_->pins.set_level(parent_pin_, asserted);
        return;
    }
    if (gsi == 0) return;
    machine::InterruptLine& line = test_.primary_line(gsi);
    machine::Machine& machine = test_.machine();
    if (asserted == line.asserted) return;
    asserted ? machine.assert_line(line) : machine.deassert_line(line);
}

void Controller::set_level(ULONG pin, bool level) {
    test_.trace.mark();
    pins.set_level(pin, level);
    if (!test_.machine().on_processor()) test_.run();
}

void Controller::pulse(ULONG pin) {
    test_.trace.mark();
    pins.set_level(pin, true);
    pins.set_level(pin, false);
    if (!test_.machine().on_processor()) test_.run();
}

void Controller::raise_primary(ULONG bank) {
    test_.trace.mark();
    {
        machine::OutsideArenaScope outside;
        forced_.insert(bank);
    }
    update_output(bank);
    if (!test_.machine().on_processor()) test_.run();
}

void Controller::lower_primary(ULONG bank) {
    {
        machine::OutsideArenaScope outside;
        forced_.erase(bank);
    }
    update_output(bank);
}

}  // namespace gpioclx::conformance
