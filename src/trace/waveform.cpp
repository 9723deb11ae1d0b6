#include "trace/waveform.h"

#include <fmt/format.h>

#include <algorithm>

namespace gpioclx::trace {

void Waveform::declare(const std::string& wire, char level) {
    index_.emplace(wire, rows_.size());
    rows_.push_back({wire, static_cast<std::uint8_t>(level == '0' ? 0 : level == '1' ? 1 : 2), {}});
}

void Waveform::write(const machine::Event& event, const Names& names) {
    if (event.kind != machine::EventKind::wire_changed) return;
    const auto row = index_.find(names.name(event.subject));
    if (row == index_.end()) return;
    if (first_change_ns_ == 0) first_change_ns_ = event.time_ns;
    last_change_ns_ = event.time_ns;
    rows_[row->second].changes.push_back({event.time_ns, static_cast<std::uint8_t>(event.a)});
}

std::string Waveform::draw(std::uint64_t from_ns, std::uint64_t to_ns, std::size_t columns,
                           bool changing_only) const {
    std::size_t width = 0;
    for (const Row& row : rows_) width = std::max(width, row.name.size());
    const double slice = static_cast<double>(to_ns - from_ns) / static_cast<double>(columns);
    std::string text;
    for (const Row& row : rows_) {
        std::uint8_t level = row.initial;
        auto change = row.changes.begin();
        while (change != row.changes.end() && change->time_ns < from_ns) level = (change++)->level;
        if (changing_only && (change == row.changes.end() || change->time_ns >= to_ns)) continue;
        text += fmt::format("{:>{}} ", row.name, width);
        for (std::size_t column = 0; column < columns; ++column) {
            const double end =
                static_cast<double>(from_ns) + slice * static_cast<double>(column + 1);
            std::size_t count = 0;
            const std::uint8_t before = level;
            for (; change != row.changes.end() && static_cast<double>(change->time_ns) < end;
                 ++change, ++count) {
                level = change->level;
            }
            const char* mark = count > 1    ? "|"
                               : count == 1 ? (level == 1    ? "/"
                                               : before == 1 ? "\\"
                                                             : "|")
                               : level == 0 ? "_"
                               : level == 1 ? "‾"
                                            : "·";
            text += mark;
        }
        text += "\n";
    }
    text += fmt::format("{:>{}} {:<{}}{:>{}}\n", "", width,
                        fmt::format("{:.3f} us", static_cast<double>(from_ns) / 1e3), columns / 2,
                        fmt::format("{:.3f} us", static_cast<double>(to_ns) / 1e3),
                        columns - columns / 2);
    return text;
}

}  // namespace gpioclx::trace
