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
    bool counts = true;
    std::optional<std::size_t> index;
};

Need examine(const Devices& devices, const std::vector<bool>& served, const AcpiDevice& device,
             const std::string& path) {
    Need need{true, index_of(devices, path)};
    const bool only_parent = path == device.parent;
    if (only_parent && (!need.index || !served[*need.index])) need.counts = false;
    return need;
}

// From one waiting device to a need that waits as well, until one comes again.
std::string describe_cycle(const Devices& devices, const std::vector<Progress>& progress,
                           const std::vector<bool>& served, std::size_t start) {
    std::vector<std::size_t> way;
    std::size_t current = start;
    while (std::find(way.begin(), way.end(), current) == way.end()) {
        way.push_back(current);
        for (const std::string& path : devices[current].needs) {
            const Need need = examine(devices, served, devices[current], path);
            if (!need.counts || progress[*need.index] != Progress::waiting) continue;
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
        for (const std::string& path : devices[i].needs) {
            const Need need = examine(devices, served, devices[i], path);
            if (!need.counts) continue;
            if (!need.index) {
                return {StartChoice::Kind::fail, i,
                        fmt::format("{} needs {}, which is not in the firmware or not present",
                                    devices[i].path, path)};
            }
            if (progress[*need.index] == Progress::unavailable) {
                return {StartChoice::Kind::fail, i,
                        fmt::format("{} needs {}, which did not start", devices[i].path, path)};
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
