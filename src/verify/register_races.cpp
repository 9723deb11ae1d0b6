#include "verify/register_races.h"

#include <fmt/format.h>

#include <algorithm>

namespace gpioclx::verify {
namespace {

using machine::NameId;

bool of_interrupts(hardware::Role role) {
    using hardware::Role;
    switch (role) {
        case Role::int_type:
        case Role::int_polarity:
        case Role::int_both:
        case Role::int_config:
        case Role::detect_rising:
        case Role::detect_falling:
        case Role::detect_high:
        case Role::detect_low:
        case Role::int_enable:
        case Role::int_mask:
        case Role::int_unmask: return true;
        default: return false;
    }
}

bool is_enable_or_disable(std::string_view callback) {
    return callback == "CLIENT_EnableInterrupt" || callback == "CLIENT_DisableInterrupt";
}

}  // namespace

void RegisterRaces::accessed(const machine::RegisterAccess& access, std::uint32_t controller_number,
                             Context& context, const hardware::AccessEffect& effect) {
    const auto key = [=](const hardware::StateEffect& one) {
        return StateKey{controller_number} << 32 | one.state;
    };
    if (!access.write) {
        for (const hardware::StateEffect& one : effect) note_read(key(one), context);
        return;
    }
    Write now;
    bool filled = false;
    for (const hardware::StateEffect& one : effect) {
        const StateKey state = key(one);
        if (!filled) {
            filled = true;
            now.moment = context.now();
            now.context = context.number;
            now.register_name = access.register_name;
            now.actor = machine_.on_processor() && !access.over_bus ? machine_.processor().actor
                                                                    : context.name;
            now.level =
                machine_.on_processor() && !access.over_bus ? machine_.level() : machine::Level{0};
            if (!context.callbacks.empty()) {
                now.callback = context.callbacks.back().name;
                now.operand = context.callbacks.back().operand;
            }
            now.stack = access.over_bus ? context.transfer : drivers_.call_stack(context.frame);
            now.site = now.stack.hash();
        }
        const Read* read = one.command ? nullptr : find_read(state, context);
        now.read_before = read != nullptr;
        now.locks_at_write = context.locks;
        now.locks = read != nullptr ? context.locks.since(read->locks) : context.locks;
        now.effect = one;
        now.ever_changed = one.command ? one.lanes : one.changed();
        std::vector<Write>& writes = writes_[state];
        for (const Write& earlier : writes) {
            if (earlier.context == now.context || earlier.moment.before(context.clock)) continue;
            if (earlier.locks.meets(now.locks)) continue;
            compare(access, state, earlier, now);
        }
        keep(writes, now);
    }
}

void RegisterRaces::note_read(StateKey state, const Context& context) {
    Read* read = nullptr;
    for (Read& other : reads_) {
        if (other.state == state && other.context == context.number) read = &other;
    }
    if (read == nullptr) {
        read = &reads_[next_read_];
        next_read_ = (next_read_ + 1) % reads_most;
    }
    *read = {state, context.number, context.section, context.locks};
}

const RegisterRaces::Read* RegisterRaces::find_read(StateKey state, const Context& context) const {
    for (const Read& read : reads_) {
        if (read.state == state && read.context == context.number &&
            read.section == context.section)
            return &read;
    }
    return nullptr;
}

// One entry for each place and the locks it had; the latest moment stands for all.
void RegisterRaces::keep(std::vector<Write>& writes, const Write& now) {
    for (Write& write : writes) {
        if (write.site != now.site || write.moment.slot != now.moment.slot ||
            write.locks.count != now.locks.count)
            continue;
        const std::uint32_t changed = write.ever_changed | now.ever_changed;
        write = now;
        write.ever_changed = changed;
        return;
    }
    if (writes.size() < writes_most) {
        writes.push_back(now);
        return;
    }
    std::rotate(writes.begin(), writes.begin() + 1, writes.end());
    writes.back() = now;
}

std::string RegisterRaces::describe(const Write& write) const {
    std::string locks;
    for (const HeldLock& lock : write.locks_at_write)
        locks += fmt::format("{}'{}'", locks.empty() ? "" : ", ", machine_.text(lock.name));
    const bool broken = write.read_before && write.locks.count < write.locks_at_write.count;
    return fmt::format("{}{}{} (IRQL {}, holding {}{})",
                       write.callback != machine::no_name ? machine_.text(write.callback) : "",
                       write.callback != machine::no_name ? " in " : "", machine_.text(write.actor),
                       write.level, locks.empty() ? "no lock" : locks,
                       broken ? ", but not all of them since it read the register" : "");
}

// The two exclude each other by nothing.
void RegisterRaces::compare(const machine::RegisterAccess& access, StateKey state,
                            const Write& earlier, const Write& now) {
    const bool now_loses = (now.effect.kept() & earlier.ever_changed) != 0;
    const bool earlier_loses = (earlier.effect.kept() & now.ever_changed) != 0;
    if (!now_loses && !earlier_loses) return;
    const std::array<std::uint64_t, 3> pair = {state, std::min(earlier.site, now.site),
                                               std::max(earlier.site, now.site)};
    if (!told_.insert(pair).second) return;
    const Write& keeper = now_loses && (now.read_before || !earlier_loses) ? now : earlier;
    const Write& other = &keeper == &now ? earlier : now;
    const auto about_enable = [this](const Write& write) {
        return is_enable_or_disable(machine_.text(write.callback)) &&
               of_interrupts(write.effect.role);
    };
    const bool by_isr = std::max(earlier.level, now.level) > machine::level_deferred;
    const bool enable = by_isr && (about_enable(earlier) ? earlier.level : now.level) == 0 &&
                        (about_enable(earlier) || about_enable(now));
    const std::string_view finding = enable               ? id::enable_without_lock
                                     : keeper.read_before ? id::lost_update
                                                          : id::remembered_copy;
    const std::string where =
        keeper.register_name == other.register_name
            ? fmt::format("{} of {}", machine_.text(keeper.register_name),
                          machine_.text(access.device))
            : fmt::format("{} of {} (which {} changes too)", machine_.text(keeper.register_name),
                          machine_.text(access.device), machine_.text(other.register_name));
    drivers_.report(
        finding,
        fmt::format(
            "{}: {} {}, and {} changes other bits of it; nothing keeps the two apart, so a change "
            "that comes in between is lost. Hold one lock in both, from the {} to the write{}",
            where, describe(keeper),
            keeper.read_before ? "reads it and writes all of it back"
                               : "writes all of it from what it remembers",
            describe(other), keeper.read_before ? "read" : "moment the value is made up",
            by_isr ? " (GPIO_CLX_AcquireInterruptLock keeps the service routine's callbacks of a "
                     "bank out)"
                   : ""),
        drivers_.text(earlier.stack));
}

}  // namespace gpioclx::verify
