// Interrupt objects: one service routine connected to one interrupt, primary or secondary.
#pragma once

#include <wdm.h>

#include <cstdint>

#include "kernel/io/interrupt_chain.h"
#include "kernel/io/waiters.h"
#include "machine/name_table.h"

namespace gpioclx::kernel::io {

class InterruptLineBase;

// What KeSynchronizeExecution waits for when the service routine is passive (W24).
struct PassiveLock {
    KEVENT free{};
    PKTHREAD holder = nullptr;
};

}  // namespace gpioclx::kernel::io

// Opaque to drivers (PKINTERRUPT).
struct _KINTERRUPT {
    PKSERVICE_ROUTINE routine = nullptr;
    PVOID context = nullptr;
    PDEVICE_OBJECT physical_device = nullptr;  // null for the legacy connect

    // The routine runs at `synchronize_irql`, under `lock` (the driver's or an own one) or, where
    // that is PASSIVE_LEVEL, under `passive_lock`. The objects of one line-based connect share the
    // locks of the first.
    KIRQL synchronize_irql = PASSIVE_LEVEL;
    KSPIN_LOCK own_lock = 0;
    PKSPIN_LOCK lock = nullptr;
    gpioclx::kernel::io::PassiveLock own_passive_lock;
    gpioclx::kernel::io::PassiveLock* passive_lock = nullptr;
    bool has_spin_lock() const { return synchronize_irql != PASSIVE_LEVEL; }
    // The routine is called by a thread, after the interrupt.
    bool passive = false;

    ULONG vector = 0;
    KINTERRUPT_MODE mode = LevelSensitive;
    bool shared = false;
    KAFFINITY affinity = ~KAFFINITY{0};

    bool active = true;          // IoReportInterruptInactive takes it out of dispatch
    bool masked = false;         // GxMaskPrimaryInterrupt
    bool disconnecting = false;  // no longer dispatched
    std::uint32_t running = 0;   // instances of the routine
    gpioclx::kernel::io::Waiters drained;

    std::uint64_t order = 0;  // of connection
    gpioclx::kernel::io::InterruptLineBase* line = nullptr;
    struct _KINTERRUPT* next_of_device = nullptr;  // a line-based connect of several lines

    gpioclx::machine::NameId device_name = gpioclx::machine::no_name;
    gpioclx::machine::NameId actor = gpioclx::machine::no_name;  // "\_SB.BTN0 ISR"

    bool dispatched() const { return active && !masked && !disconnecting; }
};

namespace gpioclx::kernel::io {

// Runs the service routine under its lock and reports it to observers. True if it claimed.
bool run_service_routine(_KINTERRUPT& interrupt);

}  // namespace gpioclx::kernel::io
