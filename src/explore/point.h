// Where an execution could go otherwise, as strategies see it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "explore/schedule.h"

namespace gpioclx::explore {

enum class PointKind : std::uint8_t {
    delay,   // a processor may be held up; longer with each alternative
    choice,  // the machine asks which
    fault    // something may fail
};

struct Point {
    std::uint32_t name;        // as in Deviation
    std::uint32_t occurrence;  // likewise
    std::uint64_t number;      // 0: the first point of the execution
    std::size_t alternatives;  // at least 2, at most 8
    PointKind kind = PointKind::delay;
    std::uint32_t context = 0;  // who gets there: the same for the same thread or routine
    bool begins = false;        // and begins (again) to do something there
};

}  // namespace gpioclx::explore
