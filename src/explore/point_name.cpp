#include "explore/point_name.h"

#include <fmt/format.h>

#include "explore/conductor.h"
#include "machine/arena.h"
#include "machine/choice.h"
#include "trace/event_text.h"

namespace gpioclx::explore {

std::uint32_t PointHash::add(machine::NameId id) {
    machine::OutsideArenaScope outside;
    std::uint32_t hash = 0x811C9DC5;
    for (const char c : names_->text(id))
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
    if (hash == 0) hash = 1;
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
    if (name.object != machine::no_name) line += fmt::format(" ({})", text_of(name.object));
    return line + fmt::format(", occurrence {}", decision.deviation.occurrence);
}

}  // namespace gpioclx::explore
