// A peripheral writes its pins: WdfIoTargetSendIoctlSynchronously -> I/O manager -> queue of
// GpioClx -> the controller driver's callback -> register -> wires, and back.
#include "load_board.h"
#include "measure.h"

namespace gpioclx::benchmarks {
namespace {

// With all 64 wires changing, their events just fit into the ring, which nobody reads meanwhile.
constexpr std::uint32_t requests = 100;

void write_pins(benchmark::State& state, bool wide, bool toggle) {
    LoadBoard& load = LoadBoard::instance();
    measure(
        state, [&](Samples&) { load.write(requests, wide, toggle); }, [&] { load.drop_events(); });
}

void write_one_pin(benchmark::State& state) { write_pins(state, false, true); }
void write_64_pins(benchmark::State& state) { write_pins(state, true, true); }
void write_one_pin_same_value(benchmark::State& state) { write_pins(state, false, false); }
void write_64_pins_same_value(benchmark::State& state) { write_pins(state, true, false); }

BENCHMARK(write_one_pin)->UseManualTime()->Iterations(200);
BENCHMARK(write_64_pins)->UseManualTime()->Iterations(200);
BENCHMARK(write_one_pin_same_value)->UseManualTime()->Iterations(200);
BENCHMARK(write_64_pins_same_value)->UseManualTime()->Iterations(200);

// One access by READ_REGISTER_ULONG or WRITE_REGISTER_ULONG: the mean of a hundred, for one is
// shorter than the clock can tell.
void access_register(benchmark::State& state, bool write) {
    constexpr std::uint32_t accesses = 100;
    LoadBoard& load = LoadBoard::instance();
    measure(
        state,
        [&](Samples& samples) {
            Samples hundred;
            record_probes_into(&hundred);
            load.access(accesses, write);
            record_probes_into(nullptr);
            samples.add_ns(hundred.total_ns() / accesses);
        },
        [&] { load.drop_events(); });
}

void read_register(benchmark::State& state) { access_register(state, false); }
void write_register(benchmark::State& state) { access_register(state, true); }

BENCHMARK(read_register)->UseManualTime()->Iterations(2000);
BENCHMARK(write_register)->UseManualTime()->Iterations(2000);

}  // namespace
}  // namespace gpioclx::benchmarks
