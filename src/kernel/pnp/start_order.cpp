#include "kernel/pnp/start_order.h"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <string_view>

namespace gpioclx::kernel::pnp {
StartOrder::StartOrder(const std::vector<AcpiDevice>& devices, const std::vector<bool>& served)
    : devices_(devices), needs_(devices.size()) {
    assert(devices.size() == served.size());
    std::map<std::string_view, std::size_t> index_of;
    for (std::size_t i = 0; i < devices.size(); ++i) index_of.emplace(devices[i].path, i);
    for (std::size_t i = 0; i < devices.size(); ++i) {
        const auto add = [&](const std::string& path, bool only_if_served) {
            const auto found = index_of.find(path);
            const bool is_there = found != index_of.end();
            if (only_if_served && (!is_there || !served[found->second])) return;
            needs_[i].push_back({&path, is_there ? std::optional(found->second) : std::nullopt});
        };
        for (const std::string& path : devices[i].needs) add(path, path == devices[i].parent);
        for (const std::string& path : devices[i].after) add(path, true);
    }
}

// From one waiting device to a need that waits as well, until one comes again.
std::string StartOrder::describe_cycle(const std::vector<Progress>& progress,
                                       std::size_t start) const {
    std::vector<std::size_t> way;
    std::size_t current = start;
    while (std::find(way.begin(), way.end(), current) == way.end()) {
        way.push_back(current);
        for (const Need& need : needs_[current]) {
            if (progress[*need.index] != Progress::waiting) continue;
            current = *need.index;
            break;
        }
    }
    std::string text;
    for (auto step = std::find(way.begin(), way.end(), current); step != way.end(); ++step) {
        text += devices_[*step].path + " needs ";
    }
    return text + devices_[current].path;
}

StartChoice StartOrder::next(const std::vector<Progress>& progress) const {
    assert(progress.size() == devices_.size());
    std::optional<std::size_t> stuck;
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        if (progress[i] != Progress::waiting) continue;
        bool ready = true;
        for (const Need& need : needs_[i]) {
            if (!need.index) {
                return {StartChoice::Kind::fail, i,
                        fmt::format("{} needs {}, which is not in the firmware or not present",
                                    devices_[i].path, *need.path)};
            }
            if (progress[*need.index] == Progress::unavailable) {
                return {
                    StartChoice::Kind::fail, i,
                    fmt::format("{} needs {}, which did not start", devices_[i].path, *need.path)};
            }
            if (progress[*need.index] == Progress::waiting) ready = false;
        }
        if (ready) return {StartChoice::Kind::start, i, {}};
        if (!stuck) stuck = i;
    }
    if (!stuck) return {};
    return {StartChoice::Kind::fail, *stuck,
            fmt::format("{} can never start: {}", devices_[*stuck].path,
                        describe_cycle(progress, *stuck))};
}

}  // namespace gpioclx::kernel::pnp
