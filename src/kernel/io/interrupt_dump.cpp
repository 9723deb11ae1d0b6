// The service routines of an interrupt as text (wdk/ext/gx_dump.h).
#include <fmt/format.h>
#include <ext/gx_dump.h>
#include <ext/gx_export.h>

#include "kernel/dbg/finding.h"
#include "kernel/dbg/state_dump.h"
#include "kernel/io/interrupt_line.h"
#include "kernel/io/interrupt_object.h"
#include "machine/machine.h"

using namespace gpioclx;
using namespace gpioclx::kernel;

namespace {

std::string describe(const _KINTERRUPT& interrupt) {
    std::string text(machine::Machine::current().text(interrupt.device_name));
    // A framework's own routine, behind which is the driver's, lies in no image.
    const std::string routine =
        dbg::function_name(reinterpret_cast<const void*>(interrupt.routine));
    if (!routine.empty()) text += ", " + routine;
    text += interrupt.passive ? fmt::format(", passive, at IRQL {}", interrupt.synchronize_irql)
                              : fmt::format(", at IRQL {}", interrupt.synchronize_irql);
    if (interrupt.shared) text += ", shared";
    if (!interrupt.active) text += ", inactive";
    if (interrupt.masked) text += ", masked by its owner";
    if (interrupt.disconnecting) text += ", being disconnected";
    if (interrupt.running != 0) text += ", running";
    return text;
}

}  // namespace

VOID GxDumpServiceRoutines(PGX_DUMP Dump, ULONG Vector, PCSTR Indent) {
    const io::InterruptLineBase* line = io::find_interrupt_line(Vector);
    if (line == nullptr) return;
    line->chain.any([&](const _KINTERRUPT& interrupt) {
        Dump->text += fmt::format("{}{}\n", Indent, describe(interrupt));
        return false;
    });
}
GX_EXPORT_FUNCTION(GxDumpServiceRoutines);
