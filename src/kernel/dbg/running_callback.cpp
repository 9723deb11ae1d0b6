#include "kernel/dbg/running_callback.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

#include "kernel/ke/thread.h"
#include "kernel/system.h"

namespace gpioclx::kernel::dbg {
namespace {

using machine::Machine;

// Where code runs: in a thread, or at a raised IRQL on a processor.
struct Context {
    const machine::Thread* thread = nullptr;
    std::uint8_t processor = 0;
    KIRQL irql = PASSIVE_LEVEL;
    bool operator==(const Context&) const = default;
};

struct RunningCallback {
    PDEVICE_OBJECT device = nullptr;
    const char* name = nullptr;
    Context context;
};

struct RunningCallbacks {
    // Latest last. What does not fit is not noted: nobody nests that deep but by mistake.
    std::array<RunningCallback, 64> all{};
    std::size_t count = 0;
};

Context context() {
    Machine& machine = Machine::current();
    if (!machine.on_processor()) return {};
    if (machine.level() < DISPATCH_LEVEL) return {.thread = machine.running_thread()};
    return {.processor = machine.processor().index, .irql = machine.level()};
}

const RunningCallback* innermost() {
    if (!Machine::current().on_processor()) return nullptr;
    const RunningCallbacks& running = part<RunningCallbacks>();
    const Context here = context();
    for (std::size_t i = running.count; i-- > 0;) {
        if (running.all[i].context == here) return &running.all[i];
    }
    return nullptr;
}

}  // namespace

void enter_callback(PDEVICE_OBJECT device, const char* name) {
    RunningCallbacks& running = part<RunningCallbacks>();
    if (running.count < running.all.size())
        running.all[running.count++] = {device, name, context()};
}

// It may have left at another IRQL than it came.
void leave_callback(PDEVICE_OBJECT device, const char* name) {
    RunningCallbacks& running = part<RunningCallbacks>();
    const Context here = context();
    std::size_t found = running.count;
    for (std::size_t i = running.count; i-- > 0;) {
        const RunningCallback& one = running.all[i];
        if (one.device != device || std::strcmp(one.name, name) != 0) continue;
        if (found == running.count) found = i;
        if (one.context != here) continue;
        found = i;
        break;
    }
    if (found == running.count) return;
    for (--running.count; found < running.count; ++found)
        running.all[found] = running.all[found + 1];
}

PDEVICE_OBJECT calling_device() {
    const RunningCallback* callback = innermost();
    return callback != nullptr ? callback->device : nullptr;
}

std::string in_raised_callback() {
    const RunningCallback* callback = innermost();
    if (callback == nullptr || callback->context.irql <= DISPATCH_LEVEL) return {};
    return fmt::format("; {}, in which this happens, runs at DIRQL (V15)", callback->name);
}

}  // namespace gpioclx::kernel::dbg
