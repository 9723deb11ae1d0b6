// The host's side of benchmarks/drivers/probe.h: where the probes of drivers put their samples.
#pragma once

#include <vector>

#include "stopwatch.h"

namespace gpioclx::benchmarks {

// Every GxProbeStop adds the time since the last GxProbeStart. Null: probes are not recorded.
void record_probes_into(Samples* samples);
// Every GxProbeMark of a driver calls it, on a processor of the machine. Null: nobody.
using MarkReceiver = void (*)(std::uint32_t value);
void receive_marks(MarkReceiver receiver);
// As a driver's GxProbeStart, from outside the machine.
void start_probe();
// Names that the drivers of the benchmarks may import besides those of the kernel.
const std::vector<const char*>& probe_exports();

}  // namespace gpioclx::benchmarks
