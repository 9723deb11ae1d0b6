#include "bench/machine_host.h"

#include <fmt/format.h>

#include <algorithm>

#include "machine/arena.h"

namespace gpioclx::bench {

using machine::EventKind;

namespace {
// About what a chipset's timer takes to be read.
constexpr std::uint64_t clock_read_ns = 1'000;
}  // namespace

MachineHost::MachineHost(machine::Machine& machine)
    : machine_(machine), waiting_(machine.name("ACPI")), speaker_(machine.name("ACPI")) {}

void* MachineHost::allocate(std::size_t bytes) {
    return machine::Arena::instance().allocate_own(bytes);
}
void MachineHost::free(void* memory) { machine::Arena::instance().free(memory); }

// AML has a clock to loop on, so reading it takes time; a loop that waits for nothing else ends.
std::uint64_t MachineHost::now_100ns() {
    if (machine_.on_processor()) machine_.step(clock_read_ns);
    return machine_.now_ns() / 100;
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

void MachineHost::worker_entry(void* host) { static_cast<MachineHost*>(host)->work_forever(); }

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

kernel::RegisterRange* MachineHost::registers_at(std::uint64_t address, unsigned width) const {
    for (kernel::RegisterRange* range : registers_) {
        const std::uint64_t offset = address - range->physical_base;
        if (offset < range->length && width / 8 <= range->length - offset) return range;
    }
    return nullptr;
}

// Tables of real machines keep data of their firmware in memory and look at chips that no bench
// has.
void MachineHost::note_missing(const char* space, std::uint64_t address) {
    const std::uint64_t page = address >> 12 << 12;
    if (!missing_.insert(page).second) return;
    log(firmware::LogLevel::info,
        fmt::format("AML uses {} {:#x}, where this board has nothing: it reads as zero and keeps "
                    "what is written",
                    space, address));
}

namespace {

std::uint64_t load(const std::map<std::uint64_t, std::uint8_t>& bytes, std::uint64_t address,
                   unsigned width) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < width / 8; ++i) {
        const auto byte = bytes.find(address + i);
        if (byte != bytes.end()) value |= std::uint64_t{byte->second} << (8 * i);
    }
    return value;
}

void store(std::map<std::uint64_t, std::uint8_t>& bytes, std::uint64_t address, unsigned width,
           std::uint64_t value) {
    for (unsigned i = 0; i < width / 8; ++i) {
        bytes[address + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
}

}  // namespace

std::optional<std::uint64_t> MachineHost::read_memory(std::uint64_t address, unsigned width) {
    if (kernel::RegisterRange* range = registers_at(address, width)) {
        return range->read(address - range->physical_base, width);
    }
    note_missing("memory at", address);
    return load(memory_, address, width);
}

bool MachineHost::write_memory(std::uint64_t address, unsigned width, std::uint64_t value) {
    if (kernel::RegisterRange* range = registers_at(address, width)) {
        range->write(address - range->physical_base, width, value);
        return true;
    }
    note_missing("memory at", address);
    store(memory_, address, width, value);
    return true;
}

std::optional<std::uint32_t> MachineHost::read_port(std::uint64_t port, unsigned width) {
    note_missing("port", port);
    return static_cast<std::uint32_t>(load(ports_, port, width));
}

bool MachineHost::write_port(std::uint64_t port, unsigned width, std::uint32_t value) {
    note_missing("port", port);
    store(ports_, port, width, value);
    return true;
}

void MachineHost::log(firmware::LogLevel level, std::string_view line) {
    machine_.emit(EventKind::message, speaker_, machine_.name(line),
                  static_cast<std::uint64_t>(level));
    if (level == firmware::LogLevel::warning || level == firmware::LogLevel::error)
        complaints_.emplace_back(line);
}

}  // namespace gpioclx::bench
