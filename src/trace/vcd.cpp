#include "trace/vcd.h"

#include <fmt/format.h>

namespace gpioclx::trace {
namespace {

// Identifier codes are printable characters, shortest first.
std::string code_for(std::size_t index) {
    std::string code;
    do {
        code += static_cast<char>('!' + index % 94);
        index /= 94;
    } while (index > 0);
    return code;
}

// Names in a VCD end at a blank.
std::string clean(std::string name) {
    for (char& c : name) {
        if (c == ' ' || c == '\t') c = '_';
    }
    return name;
}

char symbol(std::uint64_t level) { return level == 0 ? '0' : level == 1 ? '1' : 'z'; }

}  // namespace

void Vcd::declare(const std::string& wire, char level) {
    order_.push_back(wire);
    variables_.emplace(wire, Variable{code_for(order_.size() - 1), level});
}

void Vcd::write_header() {
    header_written_ = true;
    std::string text = fmt::format(
        "$version gpioclx $end\n$timescale 1 ns $end\n$scope module {} $end\n", clean(scope_));
    for (const std::string& wire : order_) {
        text += fmt::format("$var wire 1 {} {} $end\n", variables_.find(wire)->second.code,
                            clean(wire));
    }
    text += "$upscope $end\n$enddefinitions $end\n#0\n$dumpvars\n";
    for (const std::string& wire : order_) {
        const Variable& variable = variables_.find(wire)->second;
        text += fmt::format("{}{}\n", variable.level, variable.code);
    }
    text += "$end\n";
    std::fwrite(text.data(), 1, text.size(), file_);
}

void Vcd::write_time(std::uint64_t time_ns) {
    if (time_ns == time_ns_) return;
    time_ns_ = time_ns;
    fmt::print(file_, "#{}\n", time_ns);
}

void Vcd::write(const machine::Event& event, const Names& names) {
    last_event_ns_ = event.time_ns;
    if (event.kind != machine::EventKind::wire_changed) return;
    const auto variable = variables_.find(names.name(event.subject));
    if (variable == variables_.end()) return;
    if (!header_written_) write_header();
    write_time(event.time_ns);
    variable->second.level = symbol(event.a);
    fmt::print(file_, "{}{}\n", variable->second.level, variable->second.code);
}

void Vcd::finish() {
    if (!header_written_) write_header();
    write_time(last_event_ns_);
    std::fflush(file_);
}

}  // namespace gpioclx::trace
