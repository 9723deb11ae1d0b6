// The timer of a device: its routine runs once a second at DISPATCH_LEVEL while it is started.
#include <ext/gx_export.h>

#include "kernel/io/device_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/pool_tag.h"

struct _IO_TIMER {
    KTIMER timer;
    KDPC dpc;
    PDEVICE_OBJECT device;
    PIO_TIMER_ROUTINE routine;
    PVOID context;
};

using namespace gpioclx::kernel::io;

namespace {

constexpr LONG period_ms = 1000;

VOID timer_fired(PKDPC, PVOID context, PVOID, PVOID) {
    auto timer = static_cast<PIO_TIMER>(context);
    timer->routine(timer->device, timer->context);
}

}  // namespace

extern "C" {

NTSTATUS IoInitializeTimer(PDEVICE_OBJECT DeviceObject, PIO_TIMER_ROUTINE TimerRoutine,
                           PVOID Context) {
    IoCall call;
    if (DeviceObject->Timer == nullptr) {
        DeviceObject->Timer = static_cast<PIO_TIMER>(
            ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(_IO_TIMER), pool_tag("IoTm")));
        if (DeviceObject->Timer == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
        KeInitializeTimer(&DeviceObject->Timer->timer);
        KeInitializeDpc(&DeviceObject->Timer->dpc, timer_fired, DeviceObject->Timer);
        DeviceObject->Timer->device = DeviceObject;
    }
    DeviceObject->Timer->routine = TimerRoutine;
    DeviceObject->Timer->context = Context;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoInitializeTimer);

VOID IoStartTimer(PDEVICE_OBJECT DeviceObject) {
    IoCall call;
    LARGE_INTEGER due;
    due.QuadPart = -10'000LL * period_ms;
    KeSetTimerEx(&DeviceObject->Timer->timer, due, period_ms, &DeviceObject->Timer->dpc);
}
GX_EXPORT_FUNCTION(IoStartTimer);

VOID IoStopTimer(PDEVICE_OBJECT DeviceObject) {
    IoCall call;
    KeCancelTimer(&DeviceObject->Timer->timer);
}
GX_EXPORT_FUNCTION(IoStopTimer);

}  // extern "C"
