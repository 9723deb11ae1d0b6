// What of the findings is told: the same from the same place once, with a count; and nothing that
// the bench file declares known ([[suppress]]), which is no reason to fail.
#pragma once

#include <string>
#include <vector>

#include "bench/bench_file.h"
#include "bench/finding.h"

namespace gpioclx::bench {

bool fits(const SuppressEntry& entry, const Finding& finding);

struct SuppressedFinding {
    Finding finding;
    std::string reason;  // the bench's
};

struct Sorted {
    std::vector<Finding> told;
    std::vector<SuppressedFinding> suppressed;
    std::vector<bool> used;  // by entry; one that fits nothing: what it was for is gone
};
Sorted sort_out(const std::vector<Finding>& findings, const std::vector<SuppressEntry>& entries);

// "bench.toml:12: warning: ..."
std::string unused_text(const SuppressEntry& entry, const std::string& file);

}  // namespace gpioclx::bench
