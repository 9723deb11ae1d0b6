// Timers: KTIMER objects in drivers' memory on the machine's clock.
#pragma once

#include <wdm.h>

#include "machine/timer.h"

namespace gpioclx::kernel::ke {

// The machine's side of a timer that is set.
struct SetTimer {
    machine::Timer timer;
    KTIMER* owner = nullptr;
    KDPC* dpc = nullptr;
    std::uint64_t period_ns = 0;
    ULONG processor = 0;  // where it was set; its DPC is queued there
    SetTimer* next = nullptr;
    SetTimer* previous = nullptr;
};

struct SetTimers {
    SetTimer* first = nullptr;
    SetTimer* free = nullptr;

    SetTimer& add();
    void remove(SetTimer& set);
};

// True if it was set.
bool cancel_timer(KTIMER& timer);
// Sets it as KeSetTimerEx, with times in ns; `due_ns` absolute. True if it was set before.
bool set_timer(KTIMER& timer, std::uint64_t due_ns, std::uint64_t period_ns, KDPC* dpc);

}  // namespace gpioclx::kernel::ke
