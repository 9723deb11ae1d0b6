#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/html.h"
#include "report/html_parts.h"

namespace gpioclx::report {

using trace::InterleavingKind;
using trace::InterleavingStep;

namespace {

const char* class_of(InterleavingKind kind) {
    switch (kind) {
        case InterleavingKind::step: return "k-step";
        case InterleavingKind::lock: return "k-lock";
        case InterleavingKind::access: return "k-access";
        case InterleavingKind::schedule:
        case InterleavingKind::held_up: return "k-schedule";
        case InterleavingKind::finding: return "finding-row";
    }
    return "";
}

const char* class_of_level(machine::Level level) {
    return level == 0 ? "l0" : level < 2 ? "low" : level == 2 ? "mid" : "high";
}

// `last`: who acted on that processor before; a name stands where it changes.
std::string cell(const InterleavingStep& step, std::string& last) {
    std::string text =
        fmt::format("<td class=\"{}\">", step.processor < 0 ? "l0" : class_of_level(step.level));
    if (step.actor != last)
        text += fmt::format("<span class=\"actor\">{}</span>", html_text(step.actor));
    last = step.actor;
    if (step.processor >= 0)
        text += fmt::format("<span class=\"irql\">{}</span> ", trace::irql_name(step.level));
    text += html_text(step.what);
    for (const std::string& lock : step.locks)
        text += fmt::format(" <span class=\"lock\">holds {}</span>", html_text(lock));
    return text + "</td>";
}

std::string row(const InterleavingStep& step, const std::vector<int>& columns,
                std::map<int, std::string>& actors) {
    std::string text;
    if (step.left_out > 0)
        text += fmt::format("<tr class=\"gap\"><td colspan=\"{}\">{} steps left out</td></tr>\n",
                            columns.size() + 1, step.left_out);
    text += fmt::format("<tr id=\"s{}\" class=\"{}\"><td class=\"time\">{}</td>", step.sequence,
                        class_of(step.kind), microseconds(step.time_ns));
    for (const int column : columns)
        text += column == step.processor ? cell(step, actors[column]) : std::string("<td></td>");
    return text + "</tr>\n";
}

constexpr double picture_width = 1000.0;

double height(unsigned level) { return level == 0 ? 30.0 : level == 1 ? 4.0 : 17.0; }

const char* level_name(unsigned level) {
    return level == 0 ? "low" : level == 1 ? "high" : "floating";
}

}  // namespace

std::string microseconds(std::uint64_t time_ns) {
    return fmt::format("{:.3f} us", static_cast<double>(time_ns) / 1e3);
}

std::string html_interleaving(const Scenario& scenario) {
    const auto& steps = scenario.interleaving;
    if (steps.empty()) return {};
    std::vector<int> columns;
    for (const InterleavingStep& step : steps)
        if (std::find(columns.begin(), columns.end(), step.processor) == columns.end())
            columns.push_back(step.processor);
    std::sort(columns.begin(), columns.end());
    std::string text = "<thead><tr><th scope=\"col\">time</th>";
    for (const int column : columns)
        text += fmt::format("<th scope=\"col\">{}</th>",
                            column < 0 ? "outside" : fmt::format("processor {}", column));
    text += "</tr></thead>\n<tbody>\n";
    std::map<int, std::string> actors;
    for (const InterleavingStep& step : steps) text += row(step, columns, actors);
    return "<table>\n" + text + "</tbody></table>\n";
}

std::string html_wires(const Scenario& scenario) {
    const std::uint64_t from = scenario.from_ns;
    const std::uint64_t to = std::max(scenario.to_ns, from + 1);
    const double scale = picture_width / static_cast<double>(to - from);
    const auto x = [&](std::uint64_t time_ns) {
        return static_cast<double>(std::clamp(time_ns, from, to) - from) * scale;
    };
    std::string text;
    for (const trace::Waveform::Row& wire : scenario.wires) {
        unsigned level = wire.initial;
        auto change = wire.changes.begin();
        for (; change != wire.changes.end() && change->time_ns < from; ++change)
            level = change->level;
        if (change == wire.changes.end() || change->time_ns > to) continue;
        std::string path = fmt::format("M0 {:.0f}", height(level));
        std::string words = fmt::format("{}: {}", wire.name, level_name(level));
        std::size_t told = 0;
        for (; change != wire.changes.end() && change->time_ns <= to; ++change) {
            path += fmt::format("H{:.2f}V{:.0f}", x(change->time_ns), height(change->level));
            if (++told <= 20)
                words += fmt::format(", {} at {}", level_name(change->level),
                                     microseconds(change->time_ns));
        }
        if (told > 20) words += fmt::format(", and {} changes more", told - 20);
        path += fmt::format("H{:.0f}", picture_width);
        std::string marks;
        for (const Problem& problem : scenario.problems) {
            const std::uint64_t at = problem.finding.time_ns;
            if (at < from || at > to) continue;
            marks += fmt::format("<line x1=\"{0:.2f}\" x2=\"{0:.2f}\" y1=\"0\" y2=\"34\"/>", x(at));
        }
        text += fmt::format(
            "<div class=\"wire\"><span class=\"mono\">{}</span><svg viewBox=\"0 0 {:.0f} 34\" "
            "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\"><path d=\"{}\"/>{}</svg>"
            "</div>\n",
            html_text(wire.name), picture_width, html_text(words), path, marks);
    }
    if (text.empty()) return {};
    return text + fmt::format("<div class=\"axis\"><span>{}</span><span>{}</span></div>\n",
                              microseconds(from), microseconds(to));
}

}  // namespace gpioclx::report
