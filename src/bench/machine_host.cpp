#include "bench/machine_host.h"

#include <algorithm>

#include "machine/arena.h"

namespace gpioclx::bench {

using machine::EventKind;

MachineHost::MachineHost(machine::Machine& machine)
    : machine_(machine), waiting_(machine.name("ACPI")), speaker_(machine.name("ACPI")) {}

void* MachineHost::allocate(std::size_t bytes) {
    return machine::Arena::instance().allocate(bytes);
}
void MachineHost::free(void* memory) {
    machine::Arena::instance().free(memory);
}

void MachineHost::sleep_ms(std::uint64_t milliseconds) {
    if (on_thread()) machine_.block(waiting_, machine_.now_ns() + milliseconds * 1'000'000);
}

void MachineHost::stall_us(std::uint32_t microseconds) {
    if (machine_.on_processor()) machine_.step(microseconds * std::uint64_t{1000});
}

std::uint64_t MachineHost::current_thread() {
    return on_thread() ? machine_.running_thread()->number + 1u : 1u;
}

bool MachineHost::block(firmware::Channel channel, std::uint32_t timeout_ms) {
    // While tables are loaded there is one thread, and nobody who could unblock it.
    if (!on_thread()) return false;
    auto& waiters = waiters_[channel];
    machine::Thread* self = machine_.running_thread();
    waiters.push_back(self);
    const std::uint64_t deadline = timeout_ms == forever
                                       ? machine::forever_ns
                                       : machine_.now_ns() + timeout_ms * std::uint64_t{1'000'000};
    const bool woken = machine_.block(waiting_, deadline) == machine::WakeReason::woken;
    if (!woken) std::erase(waiters, self);
    return woken;
}

void MachineHost::unblock(firmware::Channel channel) {
    const auto waiters = waiters_.find(channel);
    if (waiters == waiters_.end()) return;
    const std::vector<machine::Thread*> woken = std::move(waiters->second);
    waiters->second.clear();
    for (machine::Thread* thread : woken) machine_.wake(*thread, 0);
}

void MachineHost::execute(firmware::Work work) {
    work_.push_back(work);
    if (worker_ == nullptr) {
        worker_ = &machine_.create_thread(machine_.name("ACPI worker"), &worker_entry, this);
    } else {
        machine_.wake(*worker_, 0);
    }
}

void MachineHost::worker_entry(void* host) {
    static_cast<MachineHost*>(host)->work_forever();
}

void MachineHost::work_forever() {
    for (;;) {
        while (!work_.empty()) {
            const firmware::Work work = work_.front();
            work_.pop_front();
            working_ = true;
            work.function(work.context);
            working_ = false;
        }
        machine_.block(waiting_, machine::forever_ns);
    }
}

void MachineHost::wait_executed() {
    while (on_thread() && machine_.running_thread() != worker_ && (working_ || !work_.empty())) {
        machine_.block(waiting_, machine_.now_ns() + 1'000'000);
    }
}

// Tables of ours reach no physical memory: register ranges belong to drivers.
std::optional<std::uint64_t> MachineHost::read_memory(std::uint64_t, unsigned) {
    return std::nullopt;
}
bool MachineHost::write_memory(std::uint64_t, unsigned, std::uint64_t) {
    return false;
}

void MachineHost::log(firmware::LogLevel level, std::string_view line) {
    machine_.emit(EventKind::message, speaker_, machine_.name(line),
                  static_cast<std::uint64_t>(level));
    if (level == firmware::LogLevel::warning || level == firmware::LogLevel::error)
        complaints_.emplace_back(line);
}

}  // namespace gpioclx::bench
