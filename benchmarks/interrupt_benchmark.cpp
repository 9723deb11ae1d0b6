// An edge on a wire: the controller's detector -> primary interrupt -> GpioClx -> the peripheral's
// service routine.
#include "load_board.h"
#include "machine/arena.h"
#include "measure.h"

namespace gpioclx::benchmarks {
namespace {

// From the moment the wire is driven to the first instruction of the peripheral's ISR.
void edge_to_isr(benchmark::State& state) {
    constexpr int edges = 200;
    LoadBoard& load = LoadBoard::instance();
    measure(
        state,
        [&](Samples&) {
            for (int i = 0; i < edges; ++i) {
                start_probe();
                load.set_wire(true);
                load.set_wire(false);
            }
        },
        [&] { load.drop_events(); });
}
BENCHMARK(edge_to_isr)->UseManualTime()->Iterations(200);

// A million edges, half of which interrupt: how many events a second, and what memory they leave.
void million_edges(benchmark::State& state) {
    constexpr int edges = 1'000'000;
    LoadBoard& load = LoadBoard::instance();
    machine::Arena& arena = machine::Arena::instance();
    Yardstick yardstick;
    for (auto _ : state) {
        yardstick.sample();
        const std::uint64_t events = load.drop_events();
        const std::size_t memory = arena.heap_used();
        const std::uint64_t start = ticks();
        for (int i = 0; i < edges; i += 2) {
            load.set_wire(true);
            load.set_wire(false);
            if (i % 1000 == 0) load.drop_events();
        }
        const double seconds = static_cast<double>(ticks() - start) * ns_per_tick() / 1e9;
        const double written = static_cast<double>(load.drop_events() - events);
        state.SetIterationTime(seconds);
        state.counters["events"] = written;
        state.counters["events_per_second"] = written / seconds;
        state.counters["edges_per_second"] = edges / seconds;
        state.counters["memory_growth"] = static_cast<double>(arena.heap_used() - memory);
        state.counters[counter::median] = 1e9 * seconds / written;
    }
    state.counters[counter::system_call] = yardstick.system_call().percentile_ns(0.5);
    state.counters[counter::fiber_switch] = yardstick.fiber_switch().percentile_ns(0.5);
}
BENCHMARK(million_edges)->UseManualTime()->Iterations(1);

}  // namespace
}  // namespace gpioclx::benchmarks
