#include "probe.h"

#include <ext/gx_export.h>

#include "machine/arena.h"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_TOGGLE_COLLECT
#endif

namespace {

std::uint64_t started = 0;
gpioclx::benchmarks::MarkReceiver receiver = nullptr;
gpioclx::benchmarks::Samples* recorded = nullptr;
bool counting = false;

// Below callgrind (scripts/count-instructions) only the recorded stretches are counted.
void count_instructions(bool on) {
    if (counting == on) return;
    counting = on;
    CALLGRIND_TOGGLE_COLLECT;
}

}  // namespace

extern "C" {

void GxProbeStart() {
    if (recorded != nullptr) count_instructions(true);
    started = gpioclx::benchmarks::ticks();
}
GX_EXPORT_FUNCTION(GxProbeStart);

void GxProbeStop() {
    const std::uint64_t stopped = gpioclx::benchmarks::ticks();
    if (recorded == nullptr) return;
    count_instructions(false);
    gpioclx::machine::OutsideArenaScope outside;
    recorded->add_ticks(started, stopped);
}
GX_EXPORT_FUNCTION(GxProbeStop);

void GxProbeMark(std::uint32_t value) {
    if (receiver != nullptr) receiver(value);
}
GX_EXPORT_FUNCTION(GxProbeMark);

}  // extern "C"

namespace gpioclx::benchmarks {

void record_probes_into(Samples* samples) { recorded = samples; }

void receive_marks(MarkReceiver given) { receiver = given; }

void start_probe() { GxProbeStart(); }

const std::vector<const char*>& probe_exports() {
    static const std::vector<const char*> names{"GxProbeStart", "GxProbeStop", "GxProbeMark"};
    return names;
}

}  // namespace gpioclx::benchmarks
