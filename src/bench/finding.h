// A finding as people get it: what is wrong, by which rule, where in the driver.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gpioclx::bench {

struct StackFrame {
    std::string image;  // "pl061gpio"
    std::string function;
    std::string file;
    int line = 0;
    std::uint64_t offset = 0;
};

// The tool's own drivers stand on stacks too, but are not what is looked at.
bool is_own_driver(std::string_view image);

struct Finding {
    std::string id;  // "V3", "fault-010"
    std::string sentence;
    std::uint64_t time_ns = 0;
    int processor = -1;  // -1: outside
    int level = 0;       // IRQL
    std::string actor;
    std::vector<StackFrame> stack;             // innermost first
    std::vector<StackFrame> other_stack = {};  // where it takes two
    std::string held = {};      // locks that were held at that moment, outermost first; "": none
    std::uint64_t count = 1;    // how often at this place, at least
    std::string rule = {};      // what is wrong, whatever happened (docs/findings.md)
    std::string document = {};  // title of the page of Microsoft's documentation; "": there is none
    std::string remedy = {};    // what to do
};

// What the hardware noticed that a data sheet forbids: no finding (a data sheet may be wrong, a
// driver may do it on purpose), but told, with the driver's line.
struct HardwareReport {
    std::string sentence;
    std::uint64_t first_time_ns = 0;
    std::uint64_t count = 0;
    std::vector<StackFrame> stack;  // of the first one; empty if no driver was on the stack
};
std::string to_text(const HardwareReport& report);

// Several lines: sentence, place, context, stack.
std::string to_text(const Finding& finding);

}  // namespace gpioclx::bench
