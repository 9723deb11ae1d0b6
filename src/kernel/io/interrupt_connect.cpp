// IoConnectInterruptEx and its kin (specification 11.3).
#include <ext/gx_export.h>
#include <fmt/core.h>

#include <algorithm>

#include "kernel/io/device_object.h"
#include "kernel/io/interrupt_line.h"
#include "kernel/io/interrupt_object.h"
#include "kernel/io/interrupt_primary.h"
#include "kernel/io/interrupt_secondary.h"
#include "kernel/io/io_call.h"
#include "kernel/ke/irql.h"
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
    KIRQL synchronize_irql = PASSIVE_LEVEL;
    bool shared = false;
    ULONG vector = 0;
    KIRQL irql = PASSIVE_LEVEL;
    KINTERRUPT_MODE mode = LevelSensitive;
    KAFFINITY affinity = ~KAFFINITY{0};
};

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
    interrupt->lock = request.lock != nullptr ? request.lock : &interrupt->own_lock;
    interrupt->synchronize_irql = request.synchronize_irql;
    interrupt->vector = request.vector;
    interrupt->mode = request.mode;
    // I18: both the driver and the firmware must want to share.
    const pnp::AssignedInterrupt* own = pnp::assigned_interrupt(request.physical_device, request.vector);
    interrupt->shared = request.shared && (own == nullptr || own->shared);
    interrupt->affinity = request.affinity;
    interrupt->device_name =
        request.physical_device != nullptr ? device_name(request.physical_device) : line->name;
    interrupt->actor = m.name(fmt::format("{} ISR", m.text(interrupt->device_name)));
    KeInitializeSpinLock(&interrupt->own_lock);
    KeInitializeEvent(&interrupt->passive_lock, SynchronizationEvent, TRUE);
    // The routine may run, and look at its interrupt object, before this call returns.
    *result = interrupt;
    const NTSTATUS status = line->connect(*interrupt, request.irql);
    if (NT_SUCCESS(status)) return status;
    *result = nullptr;
    delete interrupt;
    return status;
}

NTSTATUS connect_fully_specified(const IO_CONNECT_INTERRUPT_FULLY_SPECIFIED_PARAMETERS& p) {
    if (p.InterruptObject == nullptr || p.ServiceRoutine == nullptr) return STATUS_INVALID_PARAMETER;
    // W22: a passive routine is synchronized by an event, so a lock makes no sense for it.
    const bool passive = p.Irql == PASSIVE_LEVEL;
    if (passive ? p.SpinLock != nullptr || p.SynchronizeIrql != PASSIVE_LEVEL
                : p.Irql <= DISPATCH_LEVEL || p.SynchronizeIrql < p.Irql) {
        return STATUS_INVALID_PARAMETER;
    }
    const KAFFINITY processors = (KAFFINITY{1} << machine::Machine::current().processor_count()) - 1;
    if ((p.ProcessorEnableMask & processors) == 0) return STATUS_INVALID_PARAMETER_10;
    ConnectRequest request{p.PhysicalDeviceObject, p.ServiceRoutine, p.ServiceContext, p.SpinLock,
                           p.SynchronizeIrql, p.ShareVector != FALSE, p.Vector, p.Irql,
                           p.InterruptMode, p.ProcessorEnableMask};
    return connect_one(request, p.InterruptObject);
}

void disconnect_all(PKINTERRUPT interrupt) {
    while (interrupt != nullptr) {
        PKINTERRUPT next = interrupt->next_of_device;
        interrupt->line->disconnect(*interrupt);
        delete interrupt;
        interrupt = next;
    }
}

// All line interrupts of the device, under one lock at the highest of their IRQLs.
NTSTATUS connect_line_based(const IO_CONNECT_INTERRUPT_LINE_BASED_PARAMETERS& p) {
    if (p.PhysicalDeviceObject == nullptr || p.InterruptObject == nullptr || p.ServiceRoutine == nullptr) {
        return STATUS_INVALID_PARAMETER;
    }
    const auto& assigned = pnp::assigned_interrupts(p.PhysicalDeviceObject);
    if (assigned.empty()) return STATUS_NOT_FOUND;
    KIRQL highest = PASSIVE_LEVEL;
    for (const auto& a : assigned) highest = std::max(highest, a.irql);
    // W22: without a wish for an IRQL the routine is passive only if all lines are.
    if (highest == PASSIVE_LEVEL && p.SpinLock != nullptr) return STATUS_INVALID_PARAMETER;
    KIRQL synchronize = std::max(highest, p.SynchronizeIrql);
    if (highest == PASSIVE_LEVEL) synchronize = PASSIVE_LEVEL;

    PKINTERRUPT first = nullptr;
    PKINTERRUPT last = nullptr;
    for (const auto& a : assigned) {
        ConnectRequest request{p.PhysicalDeviceObject, p.ServiceRoutine, p.ServiceContext,
                               first != nullptr ? first->lock : p.SpinLock, synchronize, a.shared,
                               a.vector, a.irql, a.line.Mode};
        if (highest != PASSIVE_LEVEL && a.irql == PASSIVE_LEVEL) request.lock = nullptr;
        if (a.irql == PASSIVE_LEVEL) request.synchronize_irql = PASSIVE_LEVEL;
        PKINTERRUPT connected = nullptr;
        const NTSTATUS status = connect_one(request, first == nullptr ? p.InterruptObject : &connected);
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
    parameters.Version = CONNECT_LINE_BASED;
    return status;
}

}  // namespace

extern "C" {

NTSTATUS IoConnectInterruptEx(PIO_CONNECT_INTERRUPT_PARAMETERS Parameters) {
    IoCall call;
    ke::require_irql_at_most(PASSIVE_LEVEL, "IoConnectInterruptEx");
    switch (Parameters->Version) {
        case CONNECT_FULLY_SPECIFIED:
        case CONNECT_FULLY_SPECIFIED_GROUP:
            return connect_fully_specified(Parameters->FullySpecified);
        case CONNECT_LINE_BASED:
            return connect_line_based(Parameters->LineBased);
        case CONNECT_MESSAGE_BASED:
        case CONNECT_MESSAGE_BASED_PASSIVE:
            return connect_message_based(*Parameters);
        default:
            return STATUS_INVALID_PARAMETER_1;
    }
}
GX_EXPORT_FUNCTION(IoConnectInterruptEx);

VOID IoDisconnectInterruptEx(PIO_DISCONNECT_INTERRUPT_PARAMETERS Parameters) {
    IoCall call;
    ke::require_irql_at_most(PASSIVE_LEVEL, "IoDisconnectInterruptEx");
    disconnect_all(Parameters->ConnectionContext.InterruptObject);
}
GX_EXPORT_FUNCTION(IoDisconnectInterruptEx);

NTSTATUS IoConnectInterrupt(PKINTERRUPT* InterruptObject, PKSERVICE_ROUTINE ServiceRoutine,
                            PVOID ServiceContext, PKSPIN_LOCK SpinLock, ULONG Vector, KIRQL Irql,
                            KIRQL SynchronizeIrql, KINTERRUPT_MODE InterruptMode, BOOLEAN ShareVector,
                            KAFFINITY ProcessorEnableMask, BOOLEAN FloatingSave) {
    IoCall call;
    ke::require_irql_at_most(PASSIVE_LEVEL, "IoConnectInterrupt");
    return connect_fully_specified({nullptr, InterruptObject, ServiceRoutine, ServiceContext, SpinLock,
                                    SynchronizeIrql, FloatingSave, ShareVector, Vector, Irql,
                                    InterruptMode, ProcessorEnableMask, 0});
}
GX_EXPORT_FUNCTION(IoConnectInterrupt);

VOID IoDisconnectInterrupt(PKINTERRUPT InterruptObject) {
    IoCall call;
    ke::require_irql_at_most(PASSIVE_LEVEL, "IoDisconnectInterrupt");
    disconnect_all(InterruptObject);
}
GX_EXPORT_FUNCTION(IoDisconnectInterrupt);

VOID IoReportInterruptActive(PIO_REPORT_INTERRUPT_ACTIVE_STATE_PARAMETERS Parameters) {
    IoCall call;
    ke::require_irql_at_most(DISPATCH_LEVEL, "IoReportInterruptActive");
    for (PKINTERRUPT i = Parameters->ConnectionContext.InterruptObject; i != nullptr; i = i->next_of_device) {
        i->active = true;
        i->line->update();
    }
}
GX_EXPORT_FUNCTION(IoReportInterruptActive);

VOID IoReportInterruptInactive(PIO_REPORT_INTERRUPT_ACTIVE_STATE_PARAMETERS Parameters) {
    IoCall call;
    ke::require_irql_at_most(DISPATCH_LEVEL, "IoReportInterruptInactive");
    for (PKINTERRUPT i = Parameters->ConnectionContext.InterruptObject; i != nullptr; i = i->next_of_device) {
        i->active = false;
        i->line->update();
    }
}
GX_EXPORT_FUNCTION(IoReportInterruptInactive);

}  // extern "C"
