#include "explore/point_name.h"

#include <fmt/format.h>

#include <algorithm>

#include "explore/conductor.h"
#include "explore/variable_name.h"
#include "machine/arena.h"
#include "machine/choice.h"
#include "trace/event_text.h"

namespace gpioclx::explore {

std::uint32_t PointHash::add(machine::NameId id) {
    machine::OutsideArenaScope outside;
    const std::uint32_t hash = hash_of_text(identity_in(names_->text(id)));
    if (id >= hashes_.size()) hashes_.resize(id + std::size_t{256});
    return hashes_[id] = hash;
}

std::string to_text(const Decision& decision, const TextOf& text_of) {
    const PointName& name = decision.name;
    std::string line;
    if (name.delay && name.kind == static_cast<std::uint32_t>(machine::EventKind::none)) {
        line = fmt::format("{} held up for {:.1f} us before it {}", text_of(name.actor),
                           static_cast<double>(delays_ns[decision.deviation.alternative]) / 1000,
                           text_of(name.operation));
    } else if (name.delay) {
        line = fmt::format("{} held up for {:.1f} us at {} {}", text_of(name.actor),
                           static_cast<double>(delays_ns[decision.deviation.alternative]) / 1000,
                           trace::kind_name(static_cast<machine::EventKind>(name.kind)),
                           text_of(name.operation));
    } else if (name.kind == static_cast<std::uint32_t>(machine::ChoiceKind::fault)) {
        line = fmt::format("{} fails in {}", text_of(name.operation), text_of(name.actor));
        if (decision.deviation.alternative > 1)
            line += fmt::format(", way {}", decision.deviation.alternative);
    } else if (name.kind == static_cast<std::uint32_t>(machine::ChoiceKind::power)) {
        line =
            fmt::format("{} does not go to {} yet", text_of(name.actor), text_of(name.operation));
    } else {
        constexpr const char* kinds[] = {
            "processor", "processor for interrupt", "thread", "waiter", "timer", "hardware"};
        line = fmt::format("{} {} {}: alternative {}", kinds[name.kind], text_of(name.actor),
                           text_of(name.operation), decision.deviation.alternative);
    }
    if (name.object != machine::no_name)
        line += fmt::format(" ({})", shown_in(text_of(name.object)));
    return line + fmt::format(", occurrence {}", decision.deviation.occurrence);
}

std::vector<Variable> variables_of(const std::vector<Decision>& decisions, const TextOf& text_of) {
    std::vector<Variable> variables;
    for (const Decision& decision : decisions) {
        if (decision.name.object == machine::no_name) continue;
        const auto variable = variable_in(text_of(decision.name.object));
        if (variable && std::ranges::find(variables, *variable) == variables.end())
            variables.push_back(*variable);
    }
    return variables;
}

}  // namespace gpioclx::explore
