// Back to a checkpoint after something happened.
#include "load_board.h"
#include "machine/checkpoint.h"
#include "measure.h"

namespace gpioclx::benchmarks {
namespace {

void restore_checkpoint(benchmark::State& state) {
    LoadBoard& load = LoadBoard::instance();
    const machine::Checkpoint checkpoint = machine::Checkpoint::take();
    measure(state, [&](Samples& samples) {
        record_probes_into(nullptr);
        load.write(10, false, true);
        load.set_wire(true);
        load.drop_events();
        const std::uint64_t start = ticks();
        checkpoint.restore();
        samples.add_ticks(start, ticks());
    });
    state.counters["bytes"] = static_cast<double>(checkpoint.size());
}
BENCHMARK(restore_checkpoint)->UseManualTime()->Iterations(1000);

void take_checkpoint(benchmark::State& state) {
    LoadBoard::instance();
    measure(state, [&](Samples& samples) {
        const std::uint64_t start = ticks();
        const machine::Checkpoint checkpoint = machine::Checkpoint::take();
        samples.add_ticks(start, ticks());
    });
}
BENCHMARK(take_checkpoint)->UseManualTime()->Iterations(200);

}  // namespace
}  // namespace gpioclx::benchmarks
