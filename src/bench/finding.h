// A finding as people get it: what is wrong, by which rule, where in the driver.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gpioclx::bench {

struct StackFrame {
    std::string image;  // "pl061gpio"
    std::string function;
    std::string file;
    int line = 0;
    std::uint64_t offset = 0;
};

struct Finding {
    std::string id;  // "V3", "fault-010"
    std::string sentence;
    std::uint64_t time_ns = 0;
    int processor = -1;  // -1: outside
    int level = 0;       // IRQL
    std::string actor;
    std::vector<StackFrame> stack;  // innermost first
};

// Several lines: sentence, place, context, stack.
std::string to_text(const Finding& finding);

}  // namespace gpioclx::bench
