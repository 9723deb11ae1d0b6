#include "stopwatch.h"

#include <algorithm>
#include <chrono>

namespace gpioclx::benchmarks {
namespace {

double measure_ns_per_tick() {
    using clock = std::chrono::steady_clock;
    const auto begin = clock::now();
    const std::uint64_t first = ticks();
    while (clock::now() - begin < std::chrono::milliseconds(50)) {
    }
    const std::uint64_t last = ticks();
    const std::chrono::duration<double, std::nano> elapsed = clock::now() - begin;
    return elapsed.count() / static_cast<double>(last - first);
}

std::uint64_t measure_empty_ticks() {
    std::vector<std::uint64_t> empty(10'000);
    for (std::uint64_t& one : empty) {
        const std::uint64_t start = ticks();
        one = ticks() - start;
    }
    std::nth_element(empty.begin(), empty.begin() + empty.size() / 2, empty.end());
    return empty[empty.size() / 2];
}

}  // namespace

double ns_per_tick() {
    static const double value = measure_ns_per_tick();
    return value;
}

std::uint64_t empty_ticks() {
    static const std::uint64_t value = measure_empty_ticks();
    return value;
}

void Samples::add_ns(double ns) {
    ticks_.push_back(static_cast<std::uint64_t>(ns / ns_per_tick()));
    total_ += ticks_.back();
}

double Samples::total_ns() const { return static_cast<double>(total_) * ns_per_tick(); }

double Samples::percentile_ns(double part) const {
    if (ticks_.empty()) return 0;
    std::vector<std::uint64_t> sorted = ticks_;
    const auto at = std::min(sorted.size() - 1,
                             static_cast<std::size_t>(part * static_cast<double>(sorted.size())));
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(at),
                     sorted.end());
    return static_cast<double>(sorted[at]) * ns_per_tick();
}

}  // namespace gpioclx::benchmarks
