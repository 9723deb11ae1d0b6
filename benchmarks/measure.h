// How all benchmarks of short operations run: batches in turns with the yardstick; the figures are
// medians and 99th percentiles of single operations.
#pragma once

#include <benchmark/benchmark.h>

#include "probe.h"
#include "stopwatch.h"
#include "yardstick.h"

namespace gpioclx::benchmarks {

// Names of counters, as the figure table reads them. Times are in ns.
namespace counter {
constexpr const char* median = "median";
constexpr const char* p99 = "p99";
constexpr const char* median_of_small = "median_of_small";  // the same on a smaller board
constexpr const char* system_call = "getppid";
constexpr const char* fiber_switch = "switch";
}  // namespace counter

inline void report(benchmark::State& state, const Samples& samples, const Yardstick& yardstick) {
    state.counters[counter::median] = samples.percentile_ns(0.5);
    state.counters[counter::p99] = samples.percentile_ns(0.99);
    state.counters[counter::system_call] = yardstick.system_call().percentile_ns(0.5);
    state.counters[counter::fiber_switch] = yardstick.fiber_switch().percentile_ns(0.5);
}

// `batch(samples)` adds samples, by hand or through the probes of the drivers. `rest` follows
// each batch; nobody measures it.
template <typename Batch, typename Rest>
void measure(benchmark::State& state, Batch batch, Rest rest) {
    Samples samples;
    Yardstick yardstick;
    batch(samples);  // warms up
    samples = {};
    double before = 0;
    for (auto _ : state) {
        yardstick.sample();
        record_probes_into(&samples);
        batch(samples);
        record_probes_into(nullptr);
        rest();
        const double total = samples.total_ns();
        state.SetIterationTime((total - before) / 1e9);
        before = total;
    }
    report(state, samples, yardstick);
}

template <typename Batch>
void measure(benchmark::State& state, Batch batch) {
    measure(state, batch, [] {});
}

}  // namespace gpioclx::benchmarks
