#include "explore/coverage.h"

#include <algorithm>

#include "machine/arena.h"

namespace gpioclx::explore {

void Coverage::note(const machine::Event& event) {
    if (event.processor == machine::no_processor) return;
    const Callback callback = std::uint64_t{event.subject} << 32 | event.detail;
    machine::OutsideArenaScope outside;
    if (event.kind == machine::EventKind::callback_enter) {
        for (const auto& callbacks : running_) {
            if (!callbacks.empty() && callbacks.back().actor != event.actor)
                ++pairs_[std::minmax(callbacks.back().callback, callback)];
        }
        running_[event.processor].push_back({callback, event.actor});
    } else if (event.kind == machine::EventKind::callback_exit) {
        for (auto& callbacks : running_) {  // a thread may have moved
            const auto found =
                std::find_if(callbacks.rbegin(), callbacks.rend(), [&](const Running& one) {
                    return one.callback == callback && one.actor == event.actor;
                });
            if (found == callbacks.rend()) continue;
            callbacks.erase(std::next(found).base());
            return;
        }
    }
}

std::vector<Coverage::Pair> Coverage::pairs(const machine::NameTable& names) const {
    const auto text = [&names](Callback callback) {
        std::string name(names.text(static_cast<machine::NameId>(callback >> 32)));
        const std::string_view device = names.text(static_cast<machine::NameId>(callback));
        if (!device.empty()) name += " of " + std::string(device);
        return name;
    };
    std::vector<Pair> result;
    for (const auto& [pair, count] : pairs_) {
        Pair one{text(pair.first), text(pair.second), count};
        if (one.second < one.first) std::swap(one.first, one.second);
        result.push_back(std::move(one));
    }
    std::sort(result.begin(), result.end(), [](const Pair& left, const Pair& right) {
        return left.first != right.first ? left.first < right.first : left.second < right.second;
    });
    return result;
}

}  // namespace gpioclx::explore
