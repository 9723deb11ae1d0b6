// One schedule of a bench, played again for those who watch it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/session.h"
#include "cli/outputs.h"

namespace gpioclx::cli {

struct RecordedSchedule {
    std::string bench;
    std::uint64_t seed = 1;
    std::uint32_t processors = 0;  // 0: as the bench says
    std::string token = {};        // empty: as the seed says
    bool instrument = false;
    std::vector<bench::ScriptLine> script = {};  // empty: the bench's
};

// The window of the script, in which the schedule differs from others.
struct RecordedWindow {
    std::uint64_t from_ns = 0;
    std::uint64_t to_ns = 0;
};

// Says nothing, and takes findings for what they are: somebody knows them already. Errors: bad
// input.
Result<RecordedWindow> record(const RecordedSchedule& schedule, Outputs& outputs);

}  // namespace gpioclx::cli
