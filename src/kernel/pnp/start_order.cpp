#include "kernel/pnp/start_order.h"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <optional>

namespace gpioclx::kernel::pnp {
namespace {

using Devices = std::vector<AcpiDevice>;

std::optional<std::size_t> index_of(const Devices& devices, std::string_view path) {
    for (std::size_t i = 0; i < devices.size(); ++i) {
        if (devices[i].path == path) return i;
    }
    return std::nullopt;
}

struct Need {
    std::string path;
    std::optional<std::size_t> index;
};

// What the device has to wait for: all that it needs, and of its parent and its _DEP those that are served.
std::vector<Need> needs_of(const Devices& devices, const std::vector<bool>& served, const AcpiDevice& device) {
    std::vector<Need> needs;
    const auto add = [&](const std::string& path, bool only_if_served) {
        Need need{path, index_of(devices, path)};
        if (only_if_served && (!need.index || !served[*need.index])) return;
        needs.push_back(std::move(need));
    };
    for (const std::string& path : device.needs) add(path, path == device.parent);
    for (const std::string& path : device.after) add(path, true);
    return needs;
}

// From one waiting device to a need that waits as well, until one comes again.
std::string describe_cycle(const Devices& devices, const std::vector<Progress>& progress,
                           const std::vector<bool>& served, std::size_t start) {
    std::vector<std::size_t> way;
    std::size_t current = start;
    while (std::find(way.begin(), way.end(), current) == way.end()) {
        way.push_back(current);
        for (const Need& need : needs_of(devices, served, devices[current])) {
            if (progress[*need.index] != Progress::waiting) continue;
            current = *need.index;
            break;
        }
    }
    std::string text;
    for (auto step = std::find(way.begin(), way.end(), current); step != way.end(); ++step) {
        text += devices[*step].path + " needs ";
    }
    return text + devices[current].path;
}

}  // namespace

StartChoice next_to_start(const Devices& devices, const std::vector<Progress>& progress,
                          const std::vector<bool>& served) {
    assert(devices.size() == progress.size() && devices.size() == served.size());
    std::optional<std::size_t> stuck;
    for (std::size_t i = 0; i < devices.size(); ++i) {
        if (progress[i] != Progress::waiting) continue;
        bool ready = true;
        for (const Need& need : needs_of(devices, served, devices[i])) {
            if (!need.index) {
                return {StartChoice::Kind::fail, i,
                        fmt::format("{} needs {}, which is not in the firmware or not present",
                                    devices[i].path, need.path)};
            }
            if (progress[*need.index] == Progress::unavailable) {
                return {StartChoice::Kind::fail, i,
                        fmt::format("{} needs {}, which did not start", devices[i].path, need.path)};
            }
            if (progress[*need.index] == Progress::waiting) ready = false;
        }
        if (ready) return {StartChoice::Kind::start, i, {}};
        if (!stuck) stuck = i;
    }
    if (!stuck) return {};
    return {StartChoice::Kind::fail, *stuck,
            fmt::format("{} can never start: {}", devices[*stuck].path,
                        describe_cycle(devices, progress, served, *stuck))};
}

}  // namespace gpioclx::kernel::pnp
