#include "verify/data_races.h"

#include <fmt/format.h>

#include <algorithm>

namespace gpioclx::verify {
namespace {

using Kind = machine::MemoryAccess::Kind;

}  // namespace

void DataRaces::accessed(const machine::MemoryAccess& access) {
    switch (access.kind) {
        case Kind::atomic:
            ordering_.acquire_memory(access.address);
            ordering_.release_memory(access.address);
            return;
        case Kind::acquire: return ordering_.acquire_memory(access.address);
        case Kind::release: return ordering_.release_memory(access.address);
        case Kind::read:
        case Kind::write: break;
    }
    const Context& context = ordering_.current();
    auto address = reinterpret_cast<std::uintptr_t>(access.address);
    const std::uintptr_t end =
        address + std::min<std::uintptr_t>(access.size, granules_most * granule);
    while (address < end) {
        const auto first = static_cast<unsigned>(address % granule);
        const std::uintptr_t count = std::min(end - address, granule - first);
        const auto bytes = static_cast<std::uint8_t>(((1u << count) - 1) << first);
        touch(address - first, bytes, access.kind == Kind::write, context, access.caller);
        address += count;
    }
}

void DataRaces::touch(std::uintptr_t address, std::uint8_t bytes, bool write,
                      const Context& context, const void* caller) {
    if (cells_.size() >= cells_most) cells_.clear();
    Cell& cell = cells_[address / granule];
    Seen* own = nullptr;
    for (std::uint8_t i = 0; i < cell.count; ++i) {
        Seen& earlier = cell.seen[i];
        if (earlier.context == context.number) {
            if (earlier.write == write && earlier.bytes == bytes) own = &earlier;
            continue;
        }
        const bool conflict = (earlier.bytes & bytes) != 0 && (write || earlier.write);
        if (conflict && !earlier.moment.before(context.with_locks)) report(address, earlier, write);
    }
    // The same again: nothing new but the moment.
    if (own != nullptr && own->moment.epoch == context.now().epoch) return;
    if (own == nullptr) {
        if (cell.count < cell.seen.size()) {
            own = &cell.seen[cell.count++];
        } else {
            own = &cell.seen[cell.next];
            cell.next = static_cast<std::uint8_t>((cell.next + 1) % cell.seen.size());
        }
    }
    *own = {.moment = context.now(),
            .context = context.number,
            .bytes = bytes,
            .write = write,
            .stack = stack_here(context, caller),
            .actor = machine_.on_processor() ? machine_.processor().actor : context.name,
            .level = machine_.on_processor() ? machine_.level() : machine::Level{0}};
}

// Walking the stack is what costs; the same place in the same callback has the same one.
std::uint16_t DataRaces::stack_here(const Context& context, const void* caller) {
    const std::uint64_t key = reinterpret_cast<std::uintptr_t>(caller) * 31 +
                              (std::uint64_t{context.number} << 40) + context.section;
    const auto known = stack_of_.find(key);
    if (known != stack_of_.end()) return known->second;
    if (stacks_.size() >= stacks_most) {
        stacks_.clear();
        stack_of_.clear();
        cells_.clear();
    }
    stacks_.push_back(drivers_.call_stack(context.frame));
    const auto index = static_cast<std::uint16_t>(stacks_.size() - 1);
    stack_of_.emplace(key, index);
    return index;
}

void DataRaces::report(std::uintptr_t address, const Seen& earlier, bool write) {
    const CallStack here = drivers_.call_stack(ordering_.current().frame);
    const CallStack& there = stacks_[earlier.stack];
    const std::array<std::uint64_t, 2> pair = {std::min(here.hash(), there.hash()),
                                               std::max(here.hash(), there.hash())};
    if (!told_.insert(pair).second) return;
    const auto verb = [](bool writes) { return writes ? "writes" : "reads"; };
    drivers_.report(
        id::data_race,
        fmt::format("{}: {} (IRQL {}) {} it, and {} (IRQL {}) {} it; nothing orders the two. "
                    "Guard it with one lock, or make each access an interlocked one",
                    drivers_.data_name(reinterpret_cast<const void*>(address)),
                    machine_.text(machine_.on_processor() ? machine_.processor().actor
                                                          : ordering_.current().name),
                    machine_.on_processor() ? machine_.level() : machine::Level{0}, verb(write),
                    machine_.text(earlier.actor), earlier.level, verb(earlier.write)),
        drivers_.text(there));
}

void DataRaces::renewed(const void* start, std::size_t size) {
    const std::uintptr_t first = reinterpret_cast<std::uintptr_t>(start) / granule;
    const std::uintptr_t last = (reinterpret_cast<std::uintptr_t>(start) + size - 1) / granule;
    if (cells_.empty() || size == 0) return;
    if (last - first > cells_.size()) {
        std::erase_if(cells_,
                      [=](const auto& cell) { return cell.first >= first && cell.first <= last; });
        return;
    }
    for (std::uintptr_t at = first; at <= last; ++at) cells_.erase(at);
}

}  // namespace gpioclx::verify
