// Cancellation: one system-wide lock, one routine per request.
#include <ext/gx_export.h>
#include <ext/gx_observe.h>

#include "kernel/io/device_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/irp.h"

using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

extern "C" {

VOID IoAcquireCancelSpinLock(PKIRQL Irql) {
    *Irql = KeAcquireSpinLockRaiseToDpc(&part<IrpState>().cancel_lock);
}
GX_EXPORT_FUNCTION(IoAcquireCancelSpinLock);

VOID IoReleaseCancelSpinLock(KIRQL Irql) { KeReleaseSpinLock(&part<IrpState>().cancel_lock, Irql); }
GX_EXPORT_FUNCTION(IoReleaseCancelSpinLock);

// The cancel routine is called with the cancel lock held and releases it with Irp->CancelIrql.
BOOLEAN IoCancelIrp(PIRP Irp) {
    IoCall call;
    KIRQL irql;
    IoAcquireCancelSpinLock(&irql);
    Irp->Cancel = TRUE;
    PDRIVER_CANCEL routine = IoSetCancelRoutine(Irp, nullptr);
    if (routine == nullptr) {
        IoReleaseCancelSpinLock(irql);
        return FALSE;
    }
    if (Irp->CurrentLocation > Irp->StackCount) {
        GxReportFinding("lifetime-025", nullptr,
                        "IoCancelIrp: the request %p has a cancel routine, but no driver holds it",
                        Irp);
        KeBugCheckEx(CANCEL_STATE_IN_COMPLETED_IRP, reinterpret_cast<ULONG_PTR>(Irp),
                     reinterpret_cast<ULONG_PTR>(routine), 0, 0);
    }
    Irp->CancelIrql = irql;
    routine(IoGetCurrentIrpStackLocation(Irp)->DeviceObject, Irp);
    return TRUE;
}
GX_EXPORT_FUNCTION(IoCancelIrp);

}  // extern "C"

namespace gpioclx::kernel::io {

// The request may end while its cancel routine runs, or while we wait for the cancel lock.
bool cancel(Cancellable& cancellable) {
    PIRP irp = cancellable.irp;
    if (irp == nullptr) return false;
    cancellable.busy = true;
    const bool called = IoCancelIrp(irp);
    cancellable.busy = false;
    PIRP ended = cancellable.ended;
    cancellable.ended = nullptr;
    if (ended != nullptr) IoFreeIrp(ended);
    return called;
}

}  // namespace gpioclx::kernel::io
