// The old way to serialize requests: one device queue a device and its driver's StartIo.
#include <ext/gx_export.h>

#include "kernel/io/device_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/irp.h"

using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace {

constexpr CSHORT device_queue_type = 20;

}  // namespace

extern "C" {

VOID KeInitializeDeviceQueue(PKDEVICE_QUEUE DeviceQueue) {
    DeviceQueue->Type = device_queue_type;
    DeviceQueue->Size = sizeof(KDEVICE_QUEUE);
    InitializeListHead(&DeviceQueue->DeviceListHead);
    KeInitializeSpinLock(&DeviceQueue->Lock);
    DeviceQueue->Busy = FALSE;
}
GX_EXPORT_FUNCTION(KeInitializeDeviceQueue);

// FALSE if the queue was idle: the entry is not queued, the caller starts with it. DISPATCH_LEVEL.
BOOLEAN KeInsertDeviceQueue(PKDEVICE_QUEUE DeviceQueue, PKDEVICE_QUEUE_ENTRY DeviceQueueEntry) {
    IoCall call;
    const KIRQL irql = KeAcquireSpinLockRaiseToDpc(&DeviceQueue->Lock);
    const BOOLEAN queued = DeviceQueue->Busy;
    DeviceQueue->Busy = TRUE;
    DeviceQueueEntry->Inserted = queued;
    if (queued) InsertTailList(&DeviceQueue->DeviceListHead, &DeviceQueueEntry->DeviceListEntry);
    KeReleaseSpinLock(&DeviceQueue->Lock, irql);
    return queued;
}
GX_EXPORT_FUNCTION(KeInsertDeviceQueue);

// NULL: the queue was empty and is idle now.
PKDEVICE_QUEUE_ENTRY KeRemoveDeviceQueue(PKDEVICE_QUEUE DeviceQueue) {
    IoCall call;
    const KIRQL irql = KeAcquireSpinLockRaiseToDpc(&DeviceQueue->Lock);
    PKDEVICE_QUEUE_ENTRY entry = nullptr;
    if (IsListEmpty(&DeviceQueue->DeviceListHead)) {
        DeviceQueue->Busy = FALSE;
    } else {
        entry = CONTAINING_RECORD(RemoveHeadList(&DeviceQueue->DeviceListHead), KDEVICE_QUEUE_ENTRY, DeviceListEntry);
        entry->Inserted = FALSE;
    }
    KeReleaseSpinLock(&DeviceQueue->Lock, irql);
    return entry;
}
GX_EXPORT_FUNCTION(KeRemoveDeviceQueue);

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
    PIRP irp = entry != nullptr ? CONTAINING_RECORD(entry, IRP, Tail.Overlay.DeviceQueueEntry) : nullptr;
    DeviceObject->CurrentIrp = irp;
    if (Cancelable) IoReleaseCancelSpinLock(irql);
    if (irp != nullptr) DeviceObject->DriverObject->DriverStartIo(DeviceObject, irp);
}
GX_EXPORT_FUNCTION(IoStartNextPacket);

}  // extern "C"
