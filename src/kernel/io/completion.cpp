// Completion routines that outlive their driver's image, and associated requests.
#include <ext/gx_export.h>

#include "kernel/io/device_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/irp.h"
#include "kernel/io/pool_tag.h"

using namespace gpioclx::kernel::io;

namespace {

struct KeptRoutine {
    PDEVICE_OBJECT device;  // referenced until the routine returned
    PIO_COMPLETION_ROUTINE routine;
    PVOID context;
    UCHAR control;
};

constexpr ULONG routine_tag = pool_tag("IoCr");

NTSTATUS call_kept_routine(PDEVICE_OBJECT device, PIRP irp, PVOID context) {
    const KeptRoutine kept = *static_cast<KeptRoutine*>(context);
    ExFreePoolWithTag(context, routine_tag);
    const bool wanted = (irp->Cancel && (kept.control & SL_INVOKE_ON_CANCEL)) ||
                        (kept.control & (NT_SUCCESS(irp->IoStatus.Status) ? SL_INVOKE_ON_SUCCESS
                                                                          : SL_INVOKE_ON_ERROR));
    NTSTATUS status = STATUS_CONTINUE_COMPLETION;
    if (wanted) {
        status = kept.routine(device, irp, kept.context);
    } else if (irp->PendingReturned && irp->CurrentLocation <= irp->StackCount) {
        IoMarkIrpPending(irp);
    }
    ObDereferenceObject(kept.device);
    return status;
}

}  // namespace

extern "C" {

// As IoSetCompletionRoutine; the device, and so its driver, stays until the routine has run.
NTSTATUS IoSetCompletionRoutineEx(PDEVICE_OBJECT DeviceObject, PIRP Irp,
                                  PIO_COMPLETION_ROUTINE CompletionRoutine, PVOID Context,
                                  BOOLEAN InvokeOnSuccess, BOOLEAN InvokeOnError,
                                  BOOLEAN InvokeOnCancel) {
    IoCall call;
    auto kept = static_cast<KeptRoutine*>(
        ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(KeptRoutine), routine_tag));
    if (kept == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    *kept = {DeviceObject, CompletionRoutine, Context,
             static_cast<UCHAR>((InvokeOnSuccess ? SL_INVOKE_ON_SUCCESS : 0) |
                                (InvokeOnError ? SL_INVOKE_ON_ERROR : 0) |
                                (InvokeOnCancel ? SL_INVOKE_ON_CANCEL : 0))};
    ObReferenceObject(DeviceObject);
    // The wrapper itself always runs, for it owns memory.
    IoSetCompletionRoutine(Irp, call_kept_routine, kept, TRUE, TRUE, TRUE);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoSetCompletionRoutineEx);

}  // extern "C"
