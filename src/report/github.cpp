#include "report/github.h"

#include <fmt/format.h>

#include "report/place.h"
#include "report/source_text.h"

namespace gpioclx::report {
namespace {

std::string escaped(std::string_view text, std::string_view also) {
    std::string result;
    for (const char c : as_utf8(text)) {
        const bool special = c == '%' || c == '\r' || c == '\n' || also.find(c) != also.npos;
        result +=
            special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
    }
    return result;
}

std::string property(std::string_view text) { return escaped(text, ":,"); }

std::string annotation(std::string_view kind, const bench::StackFrame* place,
                       std::string_view title, const std::string& text,
                       const std::filesystem::path& base) {
    std::string line = fmt::format("::{} ", kind);
    if (place != nullptr)
        line +=
            fmt::format("file={},line={},", property(relative_to(base, place->file)), place->line);
    return line + fmt::format("title={}::{}\n", property(title), escaped(text, ""));
}

}  // namespace

std::string to_github(const Report& report, const std::filesystem::path& base) {
    const bench::StackFrame bench{
        .image = {}, .function = {}, .file = report.bench.string(), .line = 1, .offset = 0};
    std::string text;
    for (const Scenario& scenario : report.scenarios) {
        for (const Problem& problem : scenario.problems) {
            const bench::StackFrame* place = place_of(problem.finding);
            text += annotation(
                "error", place != nullptr ? place : &bench, "gpioclx " + problem.finding.id,
                bench::to_text(problem.finding) + "to see it again: " + problem.command, base);
        }
        for (const bench::HardwareReport& hardware : scenario.hardware_reports)
            text += annotation("notice", place_of(hardware.stack), "gpioclx hardware",
                               bench::to_text(hardware), base);
    }
    return text;
}

}  // namespace gpioclx::report
