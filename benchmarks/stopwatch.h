// Short stretches of the host's time, and many of them: ticks, samples, percentiles.
#pragma once

#include <x86intrin.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gpioclx::benchmarks {

// The processor's time stamp counter, after all instructions before it.
inline std::uint64_t ticks() {
    _mm_lfence();
    return __rdtsc();
}

// Measured once, when first asked for.
double ns_per_tick();
// What two calls of ticks() in a row are apart; part of every sample, and taken out of it.
std::uint64_t empty_ticks();

class Samples {
  public:
    void add_ticks(std::uint64_t start, std::uint64_t stop) {
        const std::uint64_t raw = stop - start;
        const std::uint64_t empty = empty_ticks();
        ticks_.push_back(raw > empty ? raw - empty : 0);
        total_ += ticks_.back();
    }
    void add_ns(double ns);
    std::size_t count() const { return ticks_.size(); }
    double total_ns() const;
    // 0.5 = median. 0 without samples.
    double percentile_ns(double part) const;

  private:
    std::vector<std::uint64_t> ticks_;
    std::uint64_t total_ = 0;
};

}  // namespace gpioclx::benchmarks
