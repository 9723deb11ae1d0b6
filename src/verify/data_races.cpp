#include "verify/data_races.h"

#include <fmt/format.h>

#include <algorithm>

namespace gpioclx::verify {
namespace {

using Kind = machine::MemoryAccess::Kind;

bool writes(Kind kind) {
    return kind == Kind::write || kind == Kind::volatile_write || kind == Kind::atomic_write;
}
bool plain(Kind kind) { return kind == Kind::read || kind == Kind::write; }
bool atomic(Kind kind) { return kind == Kind::atomic_read || kind == Kind::atomic_write; }

std::uint64_t lock_bits(const LockSet& locks) {
    std::uint64_t bits = 0;
    for (const HeldLock& lock : locks)
        bits |= std::uint64_t{1} << (lock.instance * 0x9E3779B1u >> 26);
    return bits;
}

}  // namespace

machine::AccessPoint DataRaces::accessed(const machine::MemoryAccess& access) {
    Context& context = ordering_.current();
    if (in_setup(context, access.caller)) return {};
    auto address = reinterpret_cast<std::uintptr_t>(access.address);
    const std::uintptr_t first_granule = address / granule;
    const std::uintptr_t end =
        address + std::min<std::uintptr_t>(access.size, granules_most * granule);
    while (address < end) {
        const auto first = static_cast<unsigned>(address % granule);
        const std::uintptr_t count = std::min(end - address, granule - first);
        const auto bytes = static_cast<std::uint8_t>(((1u << count) - 1) << first);
        touch(address / granule, bytes, access.kind, context, access.caller);
        address += count;
    }
    if (access.kind == Kind::atomic_write || access.kind == Kind::atomic_read ||
        access.kind == Kind::volatile_read)
        ordering_.acquire_word(access.address);
    if (access.kind == Kind::atomic_write || access.kind == Kind::volatile_write)
        ordering_.release_word(access.address);
    if (points_ == nullptr || !points_->is_point(first_granule)) return {};
    const bool write = writes(access.kind);
    return points_->name_of(reinterpret_cast<std::uintptr_t>(access.address), write, [&] {
        return machine::AccessPoint{machine_.name(write ? "writes" : "reads"),
                                    machine_.name(drivers_.data_place(access.address))};
    });
}

bool DataRaces::in_setup(const Context& context, const void* caller) const {
    return std::any_of(context.setups.begin(), context.setups.end(),
                       [&](const void* image) { return drivers_.same_driver(image, caller); });
}

// An update of a variable that others change by themselves.
bool DataRaces::lost(const Seen& earlier, const Seen& now, const Context& context) const {
    if (!writes(earlier.kind) || !writes(now.kind)) return false;
    if (plain(earlier.kind) && plain(now.kind)) {
        // One of the two may be handed over; that both come back to it is seen without.
        if (!earlier.writes_back || !now.writes_back) return false;
    } else {
        const bool torn = plain(earlier.kind) || plain(now.kind);
        if (!torn && !earlier.writes_back && !now.writes_back) return false;
    }
    if ((earlier.locks & now.locks) != 0) return false;
    return !earlier.moment.before(context.clock);
}

void DataRaces::touch(std::uintptr_t at, std::uint8_t bytes, Kind kind, Context& context,
                      const void* caller) {
    if (cells_.size() >= cells_most || places_.size() >= places_most) {
        cells_.clear();
        places_.clear();
        place_of_.clear();
    }
    Cell& cell = cells_[at];
    Seen now{.moment = context.now(),
             .context = context.number,
             .section = context.section,
             .place = 0,
             .locks = lock_bits(context.locks),
             .kind = kind,
             .bytes = bytes,
             .writes_back = false,
             .level = machine_.on_processor() ? machine_.level() : machine::Level{0},
             .actor = machine_.on_processor() ? machine_.processor().actor : context.name};
    Seen* own = nullptr;
    bool again = false;  // nothing new but that it was done once more
    const Seen* raced = nullptr;
    for (std::uint8_t i = 0; i < cell.count; ++i) {
        Seen& earlier = cell.seen[i];
        if ((earlier.bytes & bytes) == 0) continue;
        if (earlier.context == now.context) {
            if (writes(kind) && !atomic(kind) && !writes(earlier.kind) &&
                earlier.section == now.section)
                now.writes_back = true;
            if (earlier.kind != kind || earlier.bytes != bytes) continue;
            own = &earlier;
            again = earlier.moment.epoch == now.moment.epoch && earlier.locks == now.locks;
            continue;
        }
        if (!writes(kind) && !writes(earlier.kind)) continue;
        if (points_ != nullptr && (earlier.locks & now.locks) == 0 &&
            !earlier.moment.before(context.clock))
            points_->note_contested(at);
        const bool unordered =
            plain(kind) && plain(earlier.kind) && !earlier.moment.before(context.memory);
        if (unordered) raced = &earlier;
    }
    for (std::uint8_t i = 0; i < cell.count && raced == nullptr; ++i) {
        const Seen& earlier = cell.seen[i];
        if ((earlier.bytes & bytes) != 0 && earlier.context != now.context &&
            lost(earlier, now, context))
            raced = &earlier;
    }
    if (again && raced == nullptr) {
        own->writes_back |= now.writes_back;
        return;
    }
    now.place = place_here(context, caller, now.locks);
    if (raced != nullptr)
        report(at * granule + static_cast<unsigned>(__builtin_ctz(bytes)), *raced, now);
    if (own == nullptr)
        own =
            cell.count < cell.seen.size() ? &cell.seen[cell.count++] : &least_useful(cell, context);
    *own = now;
}

// What is over in every order can race with nobody any more; a write says more than a read.
DataRaces::Seen& DataRaces::least_useful(Cell& cell, const Context& context) const {
    Seen* least = nullptr;
    int least_use = 0;
    for (std::size_t i = 0; i < cell.seen.size(); ++i) {
        Seen& seen = cell.seen[(cell.next + i) % cell.seen.size()];
        const bool over = seen.moment.before(context.memory) && seen.moment.before(context.clock);
        const int use = (over ? 0 : 2) + (writes(seen.kind) ? 1 : 0);
        if (least != nullptr && use >= least_use) continue;
        least = &seen;
        least_use = use;
    }
    cell.next = static_cast<std::uint8_t>((cell.next + 1) % cell.seen.size());
    return *least;
}

// Walking the stack is what costs; the same place in the same callback has the same one.
std::uint32_t DataRaces::place_here(const Context& context, const void* caller,
                                    std::uint64_t locks) {
    const std::uint64_t key =
        ((reinterpret_cast<std::uintptr_t>(caller) * 31 + context.number) * 31 + context.section) *
            31 +
        locks;
    const auto known = place_of_.find(key);
    if (known != place_of_.end()) return known->second;
    Place& place = places_.emplace_back();
    place.stack = drivers_.call_stack(context.frame);
    const std::size_t count = std::min<std::size_t>(context.locks.count, place.held.size());
    for (std::size_t i = 0; i < count; ++i) place.held[i] = context.locks.locks[i].name;
    const auto index = static_cast<std::uint32_t>(places_.size() - 1);
    place_of_.emplace(key, index);
    return index;
}

std::string DataRaces::describe(const Seen& seen) const {
    std::string held;
    for (const machine::NameId lock : places_[seen.place].held) {
        if (lock == machine::no_name) break;
        held += fmt::format("{}'{}'", held.empty() ? "" : ", ", machine_.text(lock));
    }
    return fmt::format("{} {} it at IRQL {} {}{}", machine_.text(seen.actor),
                       seen.kind == Kind::atomic_write ? "changes (interlocked)"
                       : seen.writes_back              ? "changes"
                       : writes(seen.kind)             ? "writes"
                                                       : "reads",
                       seen.level, held.empty() ? "without a lock" : "under ", held);
}

void DataRaces::report(std::uintptr_t address, const Seen& earlier, const Seen& now) {
    const CallStack& here = places_[now.place].stack;
    const CallStack& there = places_[earlier.place].stack;
    const std::array<std::uint64_t, 2> pair = {std::min(here.hash(), there.hash()),
                                               std::max(here.hash(), there.hash())};
    if (!told_.insert(pair).second) return;
    const bool update =
        !plain(earlier.kind) || !plain(now.kind) || (earlier.writes_back && now.writes_back);
    drivers_.report(id::data_race,
                    fmt::format("data race on {}: {}; {}; {}",
                                drivers_.data_name(reinterpret_cast<const void*>(address)),
                                describe(now), describe(earlier),
                                update ? "between reading and writing back, the other's change is "
                                         "lost"
                                       : "nothing orders the two"),
                    drivers_.text(there));
}

void DataRaces::renewed(const void* start, std::size_t size) {
    if (cells_.empty() || size == 0) return;
    const std::uintptr_t first = reinterpret_cast<std::uintptr_t>(start) / granule;
    const std::uintptr_t last = (reinterpret_cast<std::uintptr_t>(start) + size - 1) / granule;
    cells_.erase(cells_.lower_bound(first), cells_.upper_bound(last));
}

}  // namespace gpioclx::verify
