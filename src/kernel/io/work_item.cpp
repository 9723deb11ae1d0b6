// Work items of devices: the device object stays until the routine returned.
#include <ext/gx_export.h>
#include <ext/gx_observe.h>

#include "kernel/ex/pool.h"
#include "kernel/io/device_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/pool_tag.h"

struct _IO_WORKITEM {
    WORK_QUEUE_ITEM item;
    PVOID object;  // a device or driver object
    PIO_WORKITEM_ROUTINE routine;
    PIO_WORKITEM_ROUTINE_EX routine_ex;
    PVOID context;
    bool queued;
};

using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace {

constexpr ULONG work_item_tag = pool_tag("IoWi");

// The item may be freed, or queued again, by the routine itself.
VOID run_work_item(PVOID parameter) {
    auto work = static_cast<PIO_WORKITEM>(parameter);
    PVOID object = work->object;
    work->queued = false;
    if (work->routine_ex != nullptr) {
        work->routine_ex(object, work->context, work);
    } else {
        work->routine(static_cast<PDEVICE_OBJECT>(object), work->context);
    }
    ObDereferenceObject(object);
}

void queue(PIO_WORKITEM work, PIO_WORKITEM_ROUTINE routine, PIO_WORKITEM_ROUTINE_EX routine_ex,
           WORK_QUEUE_TYPE queue_type, PVOID context) {
    if (work->queued) {
        GxReportFinding(
            "lifetime-029", nullptr,
            "IoQueueWorkItem: the work item is queued already; its routine has not run yet");
        return;
    }
    work->queued = true;
    work->routine = routine;
    work->routine_ex = routine_ex;
    work->context = context;
    ObReferenceObject(work->object);
    ExInitializeWorkItem(&work->item, run_work_item, work);
    ExQueueWorkItem(&work->item, queue_type);
}

}  // namespace

extern "C" {

ULONG IoSizeofWorkItem(VOID) { return sizeof(_IO_WORKITEM); }
GX_EXPORT_FUNCTION(IoSizeofWorkItem);

VOID IoInitializeWorkItem(PVOID IoObject, PIO_WORKITEM IoWorkItem) {
    *IoWorkItem = {};
    IoWorkItem->object = IoObject;
}
GX_EXPORT_FUNCTION(IoInitializeWorkItem);

VOID IoUninitializeWorkItem(PIO_WORKITEM IoWorkItem) {
    if (IoWorkItem->queued) {
        GxReportFinding("lifetime-030", nullptr, "a work item is given up while it is queued");
    }
}
GX_EXPORT_FUNCTION(IoUninitializeWorkItem);

GX_ASKS_CALLER
PIO_WORKITEM IoAllocateWorkItem(PDEVICE_OBJECT DeviceObject) {
    IoCall call;
    auto work = static_cast<PIO_WORKITEM>(gpioclx::kernel::ex::allocate_for(
        __builtin_return_address(0), sizeof(_IO_WORKITEM), work_item_tag));
    if (work != nullptr) IoInitializeWorkItem(DeviceObject, work);
    return work;
}
GX_EXPORT_FUNCTION(IoAllocateWorkItem);

VOID IoFreeWorkItem(PIO_WORKITEM IoWorkItem) {
    IoCall call;
    IoUninitializeWorkItem(IoWorkItem);
    ExFreePoolWithTag(IoWorkItem, work_item_tag);
}
GX_EXPORT_FUNCTION(IoFreeWorkItem);

VOID IoQueueWorkItem(PIO_WORKITEM IoWorkItem, PIO_WORKITEM_ROUTINE WorkerRoutine,
                     WORK_QUEUE_TYPE QueueType, PVOID Context) {
    IoCall call;
    queue(IoWorkItem, WorkerRoutine, nullptr, QueueType, Context);
}
GX_EXPORT_FUNCTION(IoQueueWorkItem);

VOID IoQueueWorkItemEx(PIO_WORKITEM IoWorkItem, PIO_WORKITEM_ROUTINE_EX WorkerRoutine,
                       WORK_QUEUE_TYPE QueueType, PVOID Context) {
    IoCall call;
    queue(IoWorkItem, nullptr, WorkerRoutine, QueueType, Context);
}
GX_EXPORT_FUNCTION(IoQueueWorkItemEx);

}  // extern "C"
