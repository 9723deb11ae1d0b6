// KeIpiGenericCall: the function runs on all processors at IPI_LEVEL, together: none returns before
// all have arrived.
#include "ext/gx_export.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/processor_state.h"

namespace ke = gpioclx::kernel::ke;
using gpioclx::kernel::part;
using gpioclx::machine::InterruptLine;
using gpioclx::machine::Machine;

namespace {

struct Broadcast {
    PKIPI_BROADCAST_WORKER function = nullptr;
    ULONG_PTR context = 0;
    std::uint32_t arrived = 0;
    std::uint32_t wanted = 0;
};

struct Interprocessor {
    std::array<InterruptLine, gpioclx::machine::max_processors> lines{};
    Broadcast* broadcast = nullptr;
};

void join(Broadcast& broadcast) {
    ++broadcast.arrived;
    Machine::current().spin_notify(&broadcast.arrived);
    while (broadcast.arrived < broadcast.wanted) {
        Machine::current().spin_wait(&broadcast.arrived, Machine::current().name("broadcast"));
    }
}

bool on_interrupt(void* context) {
    auto& line = *static_cast<InterruptLine*>(context);
    Broadcast& broadcast = *part<Interprocessor>().broadcast;
    join(broadcast);
    broadcast.function(broadcast.context);
    ++broadcast.arrived;  // counted again when done
    Machine::current().spin_notify(&broadcast.arrived);
    Machine::current().deassert_line(line);
    return true;
}

}  // namespace

ULONG_PTR KeIpiGenericCall(PKIPI_BROADCAST_WORKER BroadcastFunction, ULONG_PTR Context) {
    ke::charge();
    Machine& machine = Machine::current();
    const KIRQL before = ke::raise_irql(IPI_LEVEL, "KeIpiGenericCall");
    Interprocessor& ipi = part<Interprocessor>();
    const std::uint32_t count = machine.processor_count();
    while (ipi.broadcast != nullptr) machine.spin_wait(&ipi.broadcast, machine.name("broadcast"));
    Broadcast broadcast{BroadcastFunction, Context, 0, count};
    ipi.broadcast = &broadcast;
    for (std::uint32_t i = 0; i < count; ++i) {
        if (i == machine.processor().index) continue;
        InterruptLine& line = ipi.lines[i];
        line.name = machine.name("interprocessor interrupt");
        line.level = HIGH_LEVEL;
        line.trigger = gpioclx::machine::Trigger::edge;
        line.affinity = 1u << i;
        line.handler = &on_interrupt;
        line.context = &line;
        line.enabled = true;
        machine.assert_line(line);
    }
    join(broadcast);
    const ULONG_PTR result = BroadcastFunction(Context);
    while (broadcast.arrived < 2 * count - 1)
        machine.spin_wait(&broadcast.arrived, machine.name("broadcast"));
    ipi.broadcast = nullptr;
    machine.spin_notify(&ipi.broadcast);
    ke::lower_irql(before, "KeIpiGenericCall");
    return result;
}
GX_EXPORT_FUNCTION(KeIpiGenericCall);
