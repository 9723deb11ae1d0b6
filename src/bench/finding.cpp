#include "bench/finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "diagnostics/function_name.h"

namespace gpioclx::bench {

namespace {
std::string to_text(const std::vector<StackFrame>& stack) {
    std::string text;
    for (const StackFrame& frame : stack) {
        if (!frame.file.empty()) {
            text += fmt::format("    {}:{}: {} ({})\n", frame.file, frame.line,
                                short_function_name(frame.function), frame.image);
        } else {
            text += fmt::format("    {}+{:#x}\n", frame.image, frame.offset);
        }
    }
    return text;
}
}  // namespace

bool is_own_driver(std::string_view image) {
    constexpr std::string_view own[] = {"msgpioclx", "acpi_bus", "resource_hub", "serialbus",
                                        "pinuser"};
    return std::find(std::begin(own), std::end(own), image) != std::end(own);
}

std::string to_text(const Finding& finding) {
    std::string text = fmt::format("{}: {}\n", finding.id, finding.sentence);
    if (finding.processor >= 0) {
        text += fmt::format("    at {:.3f} us, processor {}, IRQL {}, in {}\n",
                            static_cast<double>(finding.time_ns) / 1e3, finding.processor,
                            finding.level, finding.actor);
    } else {
        text += fmt::format("    at {:.3f} us\n", static_cast<double>(finding.time_ns) / 1e3);
    }
    if (finding.count > 1) text += fmt::format("    {} times or more\n", finding.count);
    if (!finding.held.empty()) text += fmt::format("    holding {}\n", finding.held);
    text += to_text(finding.stack);
    if (!finding.other_stack.empty()) text += "  and\n" + to_text(finding.other_stack);
    if (!finding.document.empty()) text += fmt::format("  rule: {}\n", finding.document);
    if (!finding.remedy.empty()) text += fmt::format("  do: {}\n", finding.remedy);
    return text;
}

std::string to_text(const HardwareReport& report) {
    const std::string often = report.count > 1 ? fmt::format(" ({} times)", report.count) : "";
    return fmt::format("hardware: {}{}\n    first at {:.3f} us\n{}", report.sentence, often,
                       static_cast<double>(report.first_time_ns) / 1e3, to_text(report.stack));
}

}  // namespace gpioclx::bench
