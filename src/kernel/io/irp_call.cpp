// The way of a request: down a device stack (IoCallDriver) and up again (IoCompleteRequest).
#include <fmt/format.h>
#include <ext/gx_export.h>
#include <ext/gx_observe.h>

#include <string>

#include "kernel/dbg/finding.h"
#include "kernel/io/device_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/irp.h"
#include "kernel/vf/lock_order.h"

using namespace gpioclx;
using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace {

constexpr ULONG no_more_irp_stack_locations = 0x35;

bool is_ioctl(UCHAR major) {
    return major == IRP_MJ_DEVICE_CONTROL || major == IRP_MJ_INTERNAL_DEVICE_CONTROL;
}

void note_sent(PDEVICE_OBJECT device, PIRP irp, const IO_STACK_LOCATION& stack) {
    IrpRecord& record = record_of(irp);
    if (record.sent_location != 0) return;  // only passed on to the next driver
    record.number = ++part<IrpState>().last_number;
    record.sent_location = irp->CurrentLocation;
    if (vf::on()) {
        machine::ArenaScope inside;
        part<IrpState>().under_way.push_back(irp);
    }
    System::current().machine().emit(
        machine::EventKind::request_sent, device_name(device),
        request_name(stack.MajorFunction, stack.MinorFunction), record.number,
        is_ioctl(stack.MajorFunction) ? stack.Parameters.DeviceIoControl.IoControlCode : 0);
}

void note_completed(PIRP irp, const IO_STACK_LOCATION& stack) {
    IrpRecord& record = record_of(irp);
    record.sent_location = 0;
    if (vf::on()) std::erase(part<IrpState>().under_way, irp);
    // Answers of PnP queries are pointers, which have no place in the event stream.
    const ULONG_PTR information = stack.MajorFunction == IRP_MJ_PNP ? 0 : irp->IoStatus.Information;
    System::current().machine().emit(
        machine::EventKind::request_completed, device_name(stack.DeviceObject),
        request_name(stack.MajorFunction, stack.MinorFunction), record.number, information,
        static_cast<std::uint32_t>(irp->IoStatus.Status));
}

// The device in whose name a finding about `irp` is reported: the driver that holds it now.
PDEVICE_OBJECT holder_of(PIRP irp) {
    if (irp->CurrentLocation < 1 || irp->CurrentLocation > irp->StackCount) return nullptr;
    PDEVICE_OBJECT device = IoGetCurrentIrpStackLocation(irp)->DeviceObject;
    return device != nullptr ? physical_device_of(device) : nullptr;
}

}  // namespace

// Those that wait for another one are left out: PnP requests of the shut-down itself.
void gpioclx::kernel::io::report_incomplete_requests() {
    const machine::Machine& machine = System::current().machine();
    for (PIRP irp : part<IrpState>().under_way) {
        const IO_STACK_LOCATION* stack = IoGetCurrentIrpStackLocation(irp);
        if (stack->MajorFunction == IRP_MJ_PNP || stack->MajorFunction == IRP_MJ_POWER) continue;
        const PDEVICE_OBJECT device = holder_of(irp);
        if (device == nullptr) continue;
        std::string name(machine.text(request_name(stack->MajorFunction, stack->MinorFunction)));
        if (is_ioctl(stack->MajorFunction))
            name += fmt::format(" {:#x}", stack->Parameters.DeviceIoControl.IoControlCode);
        dbg::report_finding(
            dbg::id::request_incomplete,
            fmt::format("{} to {} is not completed, and nothing is left to do that could", name,
                        machine.text(device_name(stack->DeviceObject))));
    }
}

namespace {

void check_completion(PIRP irp) {
    if (irp->Type != IO_TYPE_IRP || irp->CurrentLocation > irp->StackCount) {
        GxReportFinding("lifetime-020", nullptr,
                        "IoCompleteRequest: request %p was already completed%s", irp,
                        irp->Type != IO_TYPE_IRP ? " and freed" : "");
        KeBugCheckEx(MULTIPLE_IRP_COMPLETE_REQUESTS, reinterpret_cast<ULONG_PTR>(irp), 0, 0, 0);
    }
    if (irp->CancelRoutine != nullptr) {
        GxReportFinding("lifetime-021", holder_of(irp),
                        "request completed while its cancel routine is still set; "
                        "IoSetCancelRoutine(Irp, NULL) comes first");
    }
    if (irp->IoStatus.Status == STATUS_PENDING) {
        GxReportFinding(
            "lifetime-022", holder_of(irp),
            "request completed with status STATUS_PENDING, which is not a final status");
    }
}

bool wants_routine(const IO_STACK_LOCATION& stack, const IRP& irp) {
    if (stack.CompletionRoutine == nullptr) return false;
    if (irp.Cancel && (stack.Control & SL_INVOKE_ON_CANCEL)) return true;
    return (stack.Control &
            (NT_SUCCESS(irp.IoStatus.Status) ? SL_INVOKE_ON_SUCCESS : SL_INVOKE_ON_ERROR)) != 0;
}

}  // namespace

extern "C" {

NTSTATUS IofCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    IoCall call;
    if (Irp->Type != IO_TYPE_IRP) {
        GxReportFinding("lifetime-023", physical_device_of(DeviceObject),
                        "IoCallDriver: %p is not a request, or was freed", Irp);
        KeBugCheckEx(MULTIPLE_IRP_COMPLETE_REQUESTS, reinterpret_cast<ULONG_PTR>(Irp), 0, 0, 0);
    }
    if (--Irp->CurrentLocation <= 0) {
        GxReportFinding("lifetime-024", physical_device_of(DeviceObject),
                        "IoCallDriver: the request has no stack location left for this driver; it "
                        "was allocated with %u, the stack needs %u",
                        Irp->StackCount, DeviceObject->StackSize);
        KeBugCheckEx(no_more_irp_stack_locations, reinterpret_cast<ULONG_PTR>(Irp), 0, 0, 0);
    }
    PIO_STACK_LOCATION stack = IoGetNextIrpStackLocation(Irp);
    Irp->Tail.Overlay.CurrentStackLocation = stack;
    stack->DeviceObject = DeviceObject;
    note_sent(DeviceObject, Irp, *stack);
    return DeviceObject->DriverObject->MajorFunction[stack->MajorFunction](DeviceObject, Irp);
}
GX_EXPORT_FUNCTION(IofCallDriver);

NTSTATUS IoCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    return IofCallDriver(DeviceObject, Irp);
}
GX_EXPORT_FUNCTION(IoCallDriver);

// Completion routines run from the one set last to the one set first. A routine belongs to the
// driver above the location it is kept in, so it is called with that driver's location current.
VOID IofCompleteRequest(PIRP Irp, CCHAR PriorityBoost) {
    IoCall call;
    check_completion(Irp);
    while (Irp->CurrentLocation <= Irp->StackCount) {
        PIO_STACK_LOCATION stack = Irp->Tail.Overlay.CurrentStackLocation;
        const IrpRecord& record = record_of(Irp);
        if (record.sent_location != 0 && Irp->CurrentLocation >= record.sent_location) {
            note_completed(Irp, *stack);
        }
        Irp->PendingReturned = (stack->Control & SL_PENDING_RETURNED) != 0;
        ++Irp->CurrentLocation;
        ++Irp->Tail.Overlay.CurrentStackLocation;
        const bool top = Irp->CurrentLocation > Irp->StackCount;
        if (wants_routine(*stack, *Irp)) {
            PDEVICE_OBJECT device = top ? nullptr : IoGetCurrentIrpStackLocation(Irp)->DeviceObject;
            const NTSTATUS status = stack->CompletionRoutine(device, Irp, stack->Context);
            if (status == STATUS_MORE_PROCESSING_REQUIRED) return;
        } else if (Irp->PendingReturned && !top) {
            IoMarkIrpPending(Irp);
        }
    }
    finish_irp(Irp, PriorityBoost);
}
GX_EXPORT_FUNCTION(IofCompleteRequest);

VOID IoCompleteRequest(PIRP Irp, CCHAR PriorityBoost) { IofCompleteRequest(Irp, PriorityBoost); }
GX_EXPORT_FUNCTION(IoCompleteRequest);

BOOLEAN IoForwardIrpSynchronously(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    if (Irp->CurrentLocation <= 1) return FALSE;
    IoCopyCurrentIrpStackLocationToNext(Irp);
    call_and_wait(DeviceObject, Irp);
    return TRUE;
}
GX_EXPORT_FUNCTION(IoForwardIrpSynchronously);

}  // extern "C"

namespace gpioclx::kernel::io {
namespace {

NTSTATUS set_event_and_keep(PDEVICE_OBJECT, PIRP, PVOID event) {
    KeSetEvent(static_cast<PKEVENT>(event), IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

}  // namespace

NTSTATUS call_and_wait(PDEVICE_OBJECT device, PIRP irp) {
    KEVENT done;
    KeInitializeEvent(&done, NotificationEvent, FALSE);
    IoSetCompletionRoutine(irp, set_event_and_keep, &done, TRUE, TRUE, TRUE);
    IofCallDriver(device, irp);
    KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, nullptr);
    return irp->IoStatus.Status;
}

}  // namespace gpioclx::kernel::io
