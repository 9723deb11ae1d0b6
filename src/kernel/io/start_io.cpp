// The old way to serialize requests: the device's queue and its driver's StartIo.
#include <ext/gx_export.h>

#include "kernel/io/device_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/irp.h"

using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

extern "C" {

VOID IoStartPacket(PDEVICE_OBJECT DeviceObject, PIRP Irp, PULONG, PDRIVER_CANCEL CancelFunction) {
    IoCall call;
    KIRQL irql;
    KIRQL cancel_irql = PASSIVE_LEVEL;
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    if (CancelFunction != nullptr) {
        IoAcquireCancelSpinLock(&cancel_irql);
        Irp->CancelRoutine = CancelFunction;
    }
    if (KeInsertDeviceQueue(&DeviceObject->DeviceQueue, &Irp->Tail.Overlay.DeviceQueueEntry)) {
        // Cancelled before it was queued: its routine finds it in the queue now.
        if (CancelFunction != nullptr && Irp->Cancel) {
            Irp->CancelIrql = cancel_irql;
            Irp->CancelRoutine = nullptr;
            CancelFunction(DeviceObject, Irp);
        } else if (CancelFunction != nullptr) {
            IoReleaseCancelSpinLock(cancel_irql);
        }
    } else {
        DeviceObject->CurrentIrp = Irp;
        if (CancelFunction != nullptr) IoReleaseCancelSpinLock(cancel_irql);
        DeviceObject->DriverObject->DriverStartIo(DeviceObject, Irp);
    }
    KeLowerIrql(irql);
}
GX_EXPORT_FUNCTION(IoStartPacket);

// DISPATCH_LEVEL.
VOID IoStartNextPacket(PDEVICE_OBJECT DeviceObject, BOOLEAN Cancelable) {
    IoCall call;
    KIRQL irql = DISPATCH_LEVEL;
    if (Cancelable) IoAcquireCancelSpinLock(&irql);
    DeviceObject->CurrentIrp = nullptr;
    PKDEVICE_QUEUE_ENTRY entry = KeRemoveDeviceQueue(&DeviceObject->DeviceQueue);
    PIRP irp =
        entry != nullptr ? CONTAINING_RECORD(entry, IRP, Tail.Overlay.DeviceQueueEntry) : nullptr;
    DeviceObject->CurrentIrp = irp;
    if (Cancelable) IoReleaseCancelSpinLock(irql);
    if (irp != nullptr) DeviceObject->DriverObject->DriverStartIo(DeviceObject, irp);
}
GX_EXPORT_FUNCTION(IoStartNextPacket);

}  // extern "C"
