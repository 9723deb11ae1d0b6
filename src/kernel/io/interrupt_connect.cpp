// IoConnectInterruptEx and its kin (specification 11.3).
#include <fmt/core.h>
#include <ext/gx_export.h>

#include <algorithm>

#include "kernel/io/device_object.h"
#include "kernel/io/interrupt_line.h"
#include "kernel/io/interrupt_object.h"
#include "kernel/io/interrupt_primary.h"
#include "kernel/io/interrupt_secondary.h"
#include "kernel/io/io_call.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/object_name.h"
#include "kernel/ke/order.h"
#include "kernel/pnp/assigned_interrupt.h"
#include "machine/arena.h"

using namespace gpioclx;
using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace gpioclx::kernel::io {

InterruptLineBase* find_interrupt_line(ULONG vector) {
    if (vector >= first_secondary_gsi) return find_secondary_line(vector);
    auto& lines = part<PrimaryInterrupts>().lines;
    const auto found = lines.find(vector);
    return found != lines.end() && found->second->configured() ? found->second.get() : nullptr;
}

}  // namespace gpioclx::kernel::io

namespace {

struct ConnectRequest {
    PDEVICE_OBJECT physical_device = nullptr;
    PKSERVICE_ROUTINE routine = nullptr;
    PVOID context = nullptr;
    PKSPIN_LOCK lock = nullptr;
    PKINTERRUPT locks_of = nullptr;  // shares the locks of this object
    KIRQL synchronize_irql = PASSIVE_LEVEL;
    bool shared = false;
    ULONG vector = 0;
    KIRQL irql = PASSIVE_LEVEL;
    KINTERRUPT_MODE mode = LevelSensitive;
    KAFFINITY affinity = ~KAFFINITY{0};
};

// Its locks are gone; the next object at this address has others.
void free_interrupt(PKINTERRUPT interrupt) {
    ke::forget_names_in(interrupt, sizeof(*interrupt));
    delete interrupt;
}

NTSTATUS connect_one(const ConnectRequest& request, PKINTERRUPT* result) {
    InterruptLineBase* line = find_interrupt_line(request.vector);
    if (line == nullptr) return STATUS_NOT_FOUND;
    machine::Machine& m = machine::Machine::current();
    machine::ArenaScope inside;
    auto* interrupt = new _KINTERRUPT;
    interrupt->routine = request.routine;
    interrupt->context = request.context;
    interrupt->physical_device = request.physical_device;
    interrupt->passive = request.irql == PASSIVE_LEVEL;
    const PKINTERRUPT locks_of = request.locks_of != nullptr ? request.locks_of : interrupt;
    interrupt->lock = request.lock != nullptr ? request.lock : &locks_of->own_lock;
    interrupt->passive_lock = &locks_of->own_passive_lock;
    interrupt->synchronize_irql = request.synchronize_irql;
    interrupt->vector = request.vector;
    interrupt->mode = request.mode;
    // I18: both the driver and the firmware must want to share.
    const pnp::AssignedInterrupt* own =
        pnp::assigned_interrupt(request.physical_device, request.vector);
    interrupt->shared = request.shared && (own == nullptr || own->shared);
    interrupt->affinity = request.affinity;
    interrupt->device_name =
        request.physical_device != nullptr ? device_name(request.physical_device) : line->name;
    interrupt->actor = m.name(fmt::format("{} ISR", m.text(interrupt->device_name)));
    KeInitializeSpinLock(&interrupt->own_lock);
    KeInitializeEvent(&interrupt->own_passive_lock.free, SynchronizationEvent, TRUE);
    // The routine may run, and look at its interrupt object, before this call returns.
    *result = interrupt;
    ke::note_order_before(interrupt);
    const NTSTATUS status = line->connect(*interrupt, request.irql);
    if (NT_SUCCESS(status)) return status;
    *result = nullptr;
    free_interrupt(interrupt);
    return status;
}

NTSTATUS connect_fully_specified(const IO_CONNECT_INTERRUPT_FULLY_SPECIFIED_PARAMETERS& p) {
    if (p.InterruptObject == nullptr || p.ServiceRoutine == nullptr)
        return STATUS_INVALID_PARAMETER;
    // W22: a passive routine is synchronized by an event, so a lock makes no sense for it.
    const bool passive = p.Irql == PASSIVE_LEVEL;
    if (passive ? p.SpinLock != nullptr || p.SynchronizeIrql != PASSIVE_LEVEL
                : p.Irql <= DISPATCH_LEVEL || p.SynchronizeIrql < p.Irql) {
        return STATUS_INVALID_PARAMETER;
    }
    const KAFFINITY processors =
        (KAFFINITY{1} << machine::Machine::current().processor_count()) - 1;
    if ((p.ProcessorEnableMask & processors) == 0) return STATUS_INVALID_PARAMETER_10;
    const ConnectRequest request{.physical_device = p.PhysicalDeviceObject,
                                 .routine = p.ServiceRoutine,
                                 .context = p.ServiceContext,
                                 .lock = p.SpinLock,
                                 .synchronize_irql = p.SynchronizeIrql,
                                 .shared = p.ShareVector != FALSE,
                                 .vector = p.Vector,
                                 .irql = p.Irql,
                                 .mode = p.InterruptMode,
                                 .affinity = p.ProcessorEnableMask};
    return connect_one(request, p.InterruptObject);
}

// Frees them at the end only: the later ones use the locks of the first.
void disconnect_all(PKINTERRUPT set) {
    for (PKINTERRUPT i = set; i != nullptr; i = i->next_of_device) i->line->disconnect(*i);
    while (set != nullptr) {
        PKINTERRUPT next = set->next_of_device;
        free_interrupt(set);
        set = next;
    }
}

// One routine for all line interrupts of the device, at one IRQL under one lock: the highest of
// theirs, or a higher one that the driver asks for. It is passive only if all of them are (W22);
// else a thread raises its IRQL to call it for those that are.
NTSTATUS connect_line_based(const IO_CONNECT_INTERRUPT_LINE_BASED_PARAMETERS& p) {
    if (p.PhysicalDeviceObject == nullptr || p.InterruptObject == nullptr ||
        p.ServiceRoutine == nullptr) {
        return STATUS_INVALID_PARAMETER;
    }
    const auto& assigned = pnp::assigned_interrupts(p.PhysicalDeviceObject);
    if (assigned.empty()) return STATUS_NOT_FOUND;
    KIRQL highest = PASSIVE_LEVEL;
    for (const auto& a : assigned) highest = std::max(highest, a.irql);
    if (highest == PASSIVE_LEVEL && (p.SpinLock != nullptr || p.SynchronizeIrql != PASSIVE_LEVEL)) {
        return STATUS_INVALID_PARAMETER;
    }

    PKINTERRUPT first = nullptr;
    PKINTERRUPT last = nullptr;
    for (const auto& a : assigned) {
        const ConnectRequest request{.physical_device = p.PhysicalDeviceObject,
                                     .routine = p.ServiceRoutine,
                                     .context = p.ServiceContext,
                                     .lock = p.SpinLock,
                                     .locks_of = first,
                                     .synchronize_irql = std::max(highest, p.SynchronizeIrql),
                                     .shared = a.shared,
                                     .vector = a.vector,
                                     .irql = a.irql,
                                     .mode = a.line.Mode};
        PKINTERRUPT connected = nullptr;
        const NTSTATUS status =
            connect_one(request, first == nullptr ? p.InterruptObject : &connected);
        if (!NT_SUCCESS(status)) {
            disconnect_all(first);
            *p.InterruptObject = nullptr;
            return status;
        }
        if (first == nullptr) {
            first = last = *p.InterruptObject;
        } else {
            last = last->next_of_device = connected;
        }
    }
    return STATUS_SUCCESS;
}

// The machine has no message-signalled interrupts: the driver's line routine is connected instead.
NTSTATUS connect_message_based(IO_CONNECT_INTERRUPT_PARAMETERS& parameters) {
    const IO_CONNECT_INTERRUPT_MESSAGE_BASED_PARAMETERS& p = parameters.MessageBased;
    if (p.PhysicalDeviceObject == nullptr || p.MessageServiceRoutine == nullptr) {
        return STATUS_INVALID_PARAMETER;
    }
    if (p.FallBackServiceRoutine == nullptr) return STATUS_NOT_FOUND;
    const NTSTATUS status = connect_line_based(
        {p.PhysicalDeviceObject, p.ConnectionContext.InterruptObject, p.FallBackServiceRoutine,
         p.ServiceContext, p.SpinLock, p.SynchronizeIrql, p.FloatingSave});
    if (NT_SUCCESS(status)) parameters.Version = CONNECT_LINE_BASED;
    return status;
}

}  // namespace

extern "C" {

NTSTATUS IoConnectInterruptEx(PIO_CONNECT_INTERRUPT_PARAMETERS Parameters) {
    IoCall call;
    switch (Parameters->Version) {
        case CONNECT_FULLY_SPECIFIED_GROUP:
            if (Parameters->FullySpecified.Group != 0)
                return STATUS_INVALID_PARAMETER;  // there is one
            [[fallthrough]];
        case CONNECT_FULLY_SPECIFIED:
            if (Parameters->FullySpecified.PhysicalDeviceObject == nullptr)
                return STATUS_INVALID_PARAMETER;
            return connect_fully_specified(Parameters->FullySpecified);
        case CONNECT_LINE_BASED: return connect_line_based(Parameters->LineBased);
        case CONNECT_MESSAGE_BASED:
        case CONNECT_MESSAGE_BASED_PASSIVE: return connect_message_based(*Parameters);
        default: return STATUS_INVALID_PARAMETER_1;
    }
}
GX_EXPORT_FUNCTION(IoConnectInterruptEx);

VOID IoDisconnectInterruptEx(PIO_DISCONNECT_INTERRUPT_PARAMETERS Parameters) {
    IoCall call;
    disconnect_all(Parameters->ConnectionContext.InterruptObject);
}
GX_EXPORT_FUNCTION(IoDisconnectInterruptEx);

NTSTATUS IoConnectInterrupt(PKINTERRUPT* InterruptObject, PKSERVICE_ROUTINE ServiceRoutine,
                            PVOID ServiceContext, PKSPIN_LOCK SpinLock, ULONG Vector, KIRQL Irql,
                            KIRQL SynchronizeIrql, KINTERRUPT_MODE InterruptMode,
                            BOOLEAN ShareVector, KAFFINITY ProcessorEnableMask,
                            BOOLEAN FloatingSave) {
    IoCall call;
    return connect_fully_specified({nullptr, InterruptObject, ServiceRoutine, ServiceContext,
                                    SpinLock, SynchronizeIrql, FloatingSave, ShareVector, Vector,
                                    Irql, InterruptMode, ProcessorEnableMask, 0});
}
GX_EXPORT_FUNCTION(IoConnectInterrupt);

VOID IoDisconnectInterrupt(PKINTERRUPT InterruptObject) {
    IoCall call;
    disconnect_all(InterruptObject);
}
GX_EXPORT_FUNCTION(IoDisconnectInterrupt);

VOID IoReportInterruptActive(PIO_REPORT_INTERRUPT_ACTIVE_STATE_PARAMETERS Parameters) {
    IoCall call;
    for (PKINTERRUPT i = Parameters->ConnectionContext.InterruptObject; i != nullptr;
         i = i->next_of_device) {
        i->active = true;
        i->line->update();
    }
}
GX_EXPORT_FUNCTION(IoReportInterruptActive);

VOID IoReportInterruptInactive(PIO_REPORT_INTERRUPT_ACTIVE_STATE_PARAMETERS Parameters) {
    IoCall call;
    for (PKINTERRUPT i = Parameters->ConnectionContext.InterruptObject; i != nullptr;
         i = i->next_of_device) {
        i->active = false;
        i->line->update();
    }
}
GX_EXPORT_FUNCTION(IoReportInterruptInactive);

}  // extern "C"
