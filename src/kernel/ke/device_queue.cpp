// Device queues: an entry is either started at once (the queue becomes busy) or waits its turn.
#include <wdm.h>

#include "ext/gx_export.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/spin_lock.h"

namespace ke = gpioclx::kernel::ke;

namespace {

constexpr CSHORT device_queue_type = 20;

// Callers stand at DISPATCH_LEVEL, as documented.
class QueueLock {
  public:
    QueueLock(PKDEVICE_QUEUE queue, const char* function) : queue_(queue), function_(function) {
        ke::acquire_lock(&queue->Lock, gpioclx::machine::Machine::current().level(), false,
                         function);
    }
    ~QueueLock() { ke::release_lock(&queue_->Lock, function_); }
    QueueLock(const QueueLock&) = delete;
    QueueLock& operator=(const QueueLock&) = delete;

  private:
    PKDEVICE_QUEUE queue_;
    const char* function_;
};

}  // namespace

VOID KeInitializeDeviceQueue(PKDEVICE_QUEUE DeviceQueue) {
    ke::charge();
    DeviceQueue->Type = device_queue_type;
    DeviceQueue->Size = sizeof(KDEVICE_QUEUE);
    InitializeListHead(&DeviceQueue->DeviceListHead);
    DeviceQueue->Lock = 0;
    DeviceQueue->Busy = FALSE;
}
GX_EXPORT_FUNCTION(KeInitializeDeviceQueue);

BOOLEAN KeInsertDeviceQueue(PKDEVICE_QUEUE DeviceQueue, PKDEVICE_QUEUE_ENTRY DeviceQueueEntry) {
    const QueueLock lock(DeviceQueue, "KeInsertDeviceQueue");
    DeviceQueueEntry->Inserted = DeviceQueue->Busy;
    if (DeviceQueue->Busy)
        InsertTailList(&DeviceQueue->DeviceListHead, &DeviceQueueEntry->DeviceListEntry);
    DeviceQueue->Busy = TRUE;
    return DeviceQueueEntry->Inserted;
}
GX_EXPORT_FUNCTION(KeInsertDeviceQueue);

PKDEVICE_QUEUE_ENTRY KeRemoveDeviceQueue(PKDEVICE_QUEUE DeviceQueue) {
    const QueueLock lock(DeviceQueue, "KeRemoveDeviceQueue");
    if (IsListEmpty(&DeviceQueue->DeviceListHead)) {
        DeviceQueue->Busy = FALSE;
        return nullptr;
    }
    PLIST_ENTRY entry = RemoveHeadList(&DeviceQueue->DeviceListHead);
    auto* removed = CONTAINING_RECORD(entry, KDEVICE_QUEUE_ENTRY, DeviceListEntry);
    removed->Inserted = FALSE;
    return removed;
}
GX_EXPORT_FUNCTION(KeRemoveDeviceQueue);
