#include "kernel/vf/lock_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "kernel/dbg/finding.h"
#include "kernel/ke/processor_state.h"
#include "kernel/ke/thread.h"
#include "machine/witness.h"

namespace gpioclx::kernel::vf {
namespace {

using Instance = std::uint32_t;
using machine::Machine;

// One lock was acquired while another was held: where, for whoever is told of it later.
struct Order {
    std::vector<const void*> stack;  // return addresses
    machine::NameId actor = machine::no_name;
    PKTHREAD by = nullptr;  // of what is brought about: the thread that did
};

struct Lock {
    machine::NameId name = machine::no_name;
    bool awaited = false;            // no lock: what somebody waits for
    PKTHREAD waiter = nullptr;       // the latest; whoever has waited and sets it uses it as a lock
    std::map<Instance, Order> then;  // acquired while this one was held
    // Of spin locks: the highest IRQL of a routine that acquires it, the lowest at which it was
    // held.
    KIRQL routine_irql = PASSIVE_LEVEL;
    KIRQL held_irql = HIGH_LEVEL;
    Order routine, held;
};

struct Held {
    Instance lock;
    std::uint64_t since_ns;
};

struct LockOrder {
    std::map<Instance, Lock> locks;
    std::array<std::vector<Held>, machine::max_processors> spinning;  // by processor
    std::map<PKTHREAD, std::vector<Held>> blocking;                   // by thread
};

// L11. A processor that spins or that has interrupts waiting does nothing else.
constexpr std::uint64_t longest_spinning_ns = 100'000;

std::string text(machine::NameId name) { return std::string(Machine::current().text(name)); }

Order here() {
    const dbg::CallStack stack = dbg::capture_stack();
    Order order;
    order.stack.assign(stack.return_addresses.begin(),
                       stack.return_addresses.begin() + static_cast<std::ptrdiff_t>(stack.count));
    order.actor = Machine::current().processor().actor;
    return order;
}

std::string stack_text(const Order& order) {
    dbg::CallStack stack;
    stack.count = order.stack.size();
    std::copy(order.stack.begin(), order.stack.end(), stack.return_addresses.begin());
    return dbg::stack_text(stack);
}

Lock& lock_of(LockOrder& order, const ke::ObjectName& name) {
    Lock& lock = order.locks[name.instance];
    lock.name = name.name;
    return lock;
}

// An interrupt or a DPC holds nothing of the thread that it interrupted, but the processor does.
bool in_thread() { return ke::current_processor().floor < DISPATCH_LEVEL; }

std::vector<Held>& spinning_here(LockOrder& order) {
    return order.spinning[Machine::current().processor().index];
}

// Whether it is no lock; from then on it is known to be none.
bool awaited(LockOrder& order, const ke::ObjectName& what) {
    const auto [lock, made] = order.locks.try_emplace(what.instance);
    if (made) {
        lock->second.name = what.name;
        lock->second.awaited = true;
    }
    return lock->second.awaited;
}

// The way from `from` to `to` along the orders seen; empty if there is none.
std::vector<Instance> way(const LockOrder& order, Instance from, Instance to,
                          std::vector<Instance>& visited) {
    if (from == to) return {to};
    if (std::find(visited.begin(), visited.end(), from) != visited.end()) return {};
    visited.push_back(from);
    const auto lock = order.locks.find(from);
    if (lock == order.locks.end()) return {};
    for (const auto& [next, seen] : lock->second.then) {
        std::vector<Instance> rest = way(order, next, to, visited);
        if (rest.empty()) continue;
        rest.insert(rest.begin(), from);
        return rest;
    }
    return {};
}

// "'B' is acquired while 'A' is held"
std::string edge_text(const Lock& from, const Lock& to) {
    const std::string a = text(from.name), b = text(to.name);
    if (from.awaited && to.awaited) return fmt::format("'{}' is waited for in '{}'", b, a);
    if (from.awaited) return fmt::format("'{}' needs '{}'", a, b);
    if (to.awaited) return fmt::format("'{}' is waited for while '{}' is held", b, a);
    return fmt::format("'{}' is acquired while '{}' is held", b, a);
}

void report_cycle(LockOrder& order, Instance held, Instance wanted,
                  const std::vector<Instance>& back) {
    std::string others;
    bool waits = order.locks[held].awaited || order.locks[wanted].awaited;
    for (std::size_t i = 0; i + 1 < back.size(); ++i) {
        const Lock& lock = order.locks[back[i]];
        const Lock& next = order.locks[back[i + 1]];
        const Order& seen = lock.then.at(back[i + 1]);
        waits |= next.awaited;
        others += fmt::format("{}{} (by {})", others.empty() ? "" : ", and ", edge_text(lock, next),
                              text(seen.actor));
    }
    const std::string here = edge_text(order.locks[held], order.locks[wanted]);
    const std::string other_stack = stack_text(order.locks[back[0]].then.at(back[1]));
    if (waits) {
        dbg::report_finding(dbg::id::lock_wait,
                            fmt::format("{}, and elsewhere {}: if both happen at once, each waits "
                                        "for the other for ever",
                                        here, others),
                            other_stack);
        return;
    }
    dbg::report_finding(
        dbg::id::lock_order,
        fmt::format("{}, and elsewhere {}: if both happen at once, each waits for the other for "
                    "ever. Acquire them in one order everywhere",
                    here, others),
        other_stack);
}

void check_order(LockOrder& order, Instance held, Instance wanted) {
    Lock& lock = order.locks[held];
    if (held == wanted || lock.then.contains(wanted)) return;
    std::vector<Instance> visited;
    const std::vector<Instance> back = way(order, wanted, held, visited);
    lock.then.emplace(wanted, here());
    if (!back.empty()) report_cycle(order, held, wanted, back);
}

// All that the caller holds, each once: the processor's spin locks, and the thread's others.
template <typename Use>
void for_each_held(LockOrder& order, bool of_thread, Use use) {
    for (const Held& held : spinning_here(order)) use(held.lock);
    if (!of_thread) return;
    const auto blocking = order.blocking.find(ke::current_thread());
    if (blocking == order.blocking.end()) return;
    for (const Held& held : blocking->second) use(held.lock);
}

// A routine of a higher IRQL can come while the lock is held, on the same processor, and waits for
// what it has interrupted.
void check_irql(const Lock& lock, const Order& other) {
    if (lock.held_irql >= lock.routine_irql) return;
    dbg::report_finding(
        dbg::id::lock_irql,
        fmt::format("the spin lock '{}' is held at IRQL {} (by {}), and '{}' acquires it at IRQL "
                    "{}: if that "
                    "comes meanwhile on the same processor, it waits for ever. Hold it at IRQL {}",
                    text(lock.name), lock.held_irql, text(lock.held.actor),
                    text(lock.routine.actor), lock.routine_irql, lock.routine_irql),
        stack_text(other));
}

void note_irql(Lock& lock) {
    const KIRQL floor = ke::current_processor().floor;
    const KIRQL irql = Machine::current().level();
    const bool higher = floor >= DISPATCH_LEVEL && floor > lock.routine_irql;
    const bool lower = irql < lock.held_irql;
    if (!higher && !lower) return;
    if (higher) lock.routine_irql = floor, lock.routine = here();
    if (lower) lock.held_irql = irql, lock.held = here();
    check_irql(lock, higher ? lock.held : lock.routine);
}

// Since when it was held; now if it was not.
std::uint64_t remove(std::vector<Held>& held, Instance lock) {
    const auto last = std::find_if(held.rbegin(), held.rend(),
                                   [lock](const Held& one) { return one.lock == lock; });
    if (last == held.rend()) return Machine::current().now_ns();
    const std::uint64_t since_ns = last->since_ns;
    held.erase(std::next(last).base());
    return since_ns;
}

void check_duration(const ke::ObjectName& name, std::uint64_t since_ns) {
    const std::uint64_t held_ns = Machine::current().now_ns() - since_ns;
    if (held_ns <= longest_spinning_ns || Machine::current().asks_for_delays()) return;
    dbg::report_finding(
        dbg::id::lock_long,
        fmt::format("the spin lock '{}' was held for more than {} us at IRQL {}: "
                    "nothing of that level runs on the processor meanwhile",
                    text(name.name), longest_spinning_ns / 1000, Machine::current().level()));
}

}  // namespace

void note_acquire(const ke::ObjectName& name, LockKind kind) {
    if (!on() || name.instance == 0) return;
    machine::ArenaScope inside;
    LockOrder& order = part<LockOrder>();
    lock_of(order, name).awaited = false;
    for_each_held(order, kind == LockKind::blocking || in_thread(),
                  [&](Instance held) { check_order(order, held, name.instance); });
}

void note_wait(const ke::ObjectName& what) {
    if (!on() || what.instance == 0 || Machine::current().running_thread() == nullptr) return;
    machine::ArenaScope inside;
    LockOrder& order = part<LockOrder>();
    if (!awaited(order, what)) return;
    order.locks[what.instance].waiter = ke::current_thread();
    for_each_held(order, true, [&](Instance held) {
        // Who brings it about itself, before, does not wait for another one.
        const auto needs = order.locks[what.instance].then.find(held);
        if (needs != order.locks[what.instance].then.end() &&
            needs->second.by == ke::current_thread())
            return;
        check_order(order, held, what.instance);
    });
}

void note_done(const ke::ObjectName& what) {
    if (!on() || what.instance == 0 || !Machine::current().on_processor()) return;
    machine::ArenaScope inside;
    LockOrder& order = part<LockOrder>();
    if (!awaited(order, what)) return;
    if (order.locks[what.instance].waiter == ke::current_thread()) return;
    for_each_held(order, in_thread() && Machine::current().running_thread() != nullptr,
                  [&](Instance held) {
                      check_order(order, what.instance, held);
                      order.locks[what.instance].then[held].by = ke::current_thread();
                  });
}

void note_begin(const ke::ObjectName& what, PKTHREAD thread) {
    if (!on() || what.instance == 0) return;
    machine::ArenaScope inside;
    LockOrder& order = part<LockOrder>();
    if (thread == nullptr) thread = ke::current_thread();
    if (awaited(order, what)) order.blocking[thread].push_back({what.instance, 0});
}

void forget_thread(PKTHREAD thread) {
    if (!on()) return;
    machine::ArenaScope inside;
    part<LockOrder>().blocking.erase(thread);
}

ke::ObjectName routine_name(const void* key, std::string_view kind, const void* routine) {
    if (!on()) return {};
    machine::ArenaScope inside;
    if (ke::known_name(key) == machine::no_name)
        ke::name_object(key, fmt::format("{} {}", kind, dbg::function_name(routine)));
    return ke::name_of(key, ke::ObjectKind::other);
}

void note_end(const ke::ObjectName& what) {
    if (!on() || what.instance == 0) return;
    LockOrder& order = part<LockOrder>();
    const auto held = order.blocking.find(ke::current_thread());
    if (held == order.blocking.end()) return;
    machine::ArenaScope inside;
    remove(held->second, what.instance);
    if (held->second.empty()) order.blocking.erase(held);
}

void note_acquired(const ke::ObjectName& name, LockKind kind, PKTHREAD thread) {
    if (!on() || name.instance == 0) return;
    machine::ArenaScope inside;
    if (machine::Witness* witness = Machine::current().witness()) {
        const PKTHREAD holder = kind == LockKind::spinning ? nullptr : thread;
        witness->lock_acquired(name.name, name.instance,
                               holder != nullptr ? holder->MachineThread : nullptr);
    }
    LockOrder& order = part<LockOrder>();
    Lock& lock = lock_of(order, name);
    if (kind == LockKind::blocking) {
        order.blocking[thread != nullptr ? thread : ke::current_thread()].push_back(
            {name.instance, 0});
        return;
    }
    spinning_here(order).push_back({name.instance, Machine::current().now_ns()});
    note_irql(lock);
}

void note_released(const ke::ObjectName& name, LockKind kind) {
    if (!on() || name.instance == 0) return;
    machine::ArenaScope inside;
    if (machine::Witness* witness = Machine::current().witness())
        witness->lock_released(name.instance);
    LockOrder& order = part<LockOrder>();
    if (kind == LockKind::spinning)
        return check_duration(name, remove(spinning_here(order), name.instance));
    for (auto of_thread = order.blocking.begin(); of_thread != order.blocking.end();) {
        remove(of_thread->second, name.instance);
        of_thread =
            of_thread->second.empty() ? order.blocking.erase(of_thread) : std::next(of_thread);
    }
}

std::vector<machine::NameId> held_by_thread() {
    std::vector<machine::NameId> names;
    if (!on() || !in_thread() || Machine::current().running_thread() == nullptr) return names;
    LockOrder& order = part<LockOrder>();
    const auto held = order.blocking.find(ke::current_thread());
    if (held == order.blocking.end()) return names;
    for (const Held& one : held->second) {
        const auto lock = order.locks.find(one.lock);
        if (lock != order.locks.end() && !lock->second.awaited) names.push_back(lock->second.name);
    }
    return names;
}

void forget_lock(Instance instance) {
    if (!on()) return;
    LockOrder& order = part<LockOrder>();
    if (order.locks.erase(instance) == 0) return;
    for (auto& [other, lock] : order.locks) lock.then.erase(instance);
}

}  // namespace gpioclx::kernel::vf
