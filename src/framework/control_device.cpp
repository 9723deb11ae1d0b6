// Control devices: devices outside the PnP tree, made by drivers that want a name to be opened by.
#include "ext/gx_export.h"

#include "framework/call.h"
#include "framework/device.h"
#include "framework/device_init.h"
#include "framework/driver.h"
#include "framework/queue.h"

using namespace gpioclx::framework;

PWDFDEVICE_INIT WdfControlDeviceInitAllocate(WDFDRIVER Driver, const UNICODE_STRING* SDDLString) {
    enter();
    auto& driver = from_handle<gpioclx::framework::Driver>(Driver, "WdfControlDeviceInitAllocate");
    require(SDDLString, "WdfControlDeviceInitAllocate", "SDDLString");
    WDFDEVICE_INIT* init = WDFDEVICE_INIT::create(&driver, DeviceRole::control);
    if (init->settings.sddl.assign(SDDLString)) return init;
    WDFDEVICE_INIT::destroy(init);
    return nullptr;
}
GX_EXPORT_FUNCTION(WdfControlDeviceInitAllocate);

VOID WdfControlDeviceInitSetShutdownNotification(PWDFDEVICE_INIT DeviceInit,
                                                 PFN_WDF_DEVICE_SHUTDOWN_NOTIFICATION Notification,
                                                 UCHAR Flags) {
    enter();
    DeviceSettings& settings =
        WDFDEVICE_INIT::checked(DeviceInit, "WdfControlDeviceInitSetShutdownNotification").settings;
    settings.shutdown = Notification;
    settings.shutdown_flags = Flags;
}
GX_EXPORT_FUNCTION(WdfControlDeviceInitSetShutdownNotification);

VOID WdfControlFinishInitializing(WDFDEVICE Device) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfControlFinishInitializing");
    device.initializing_control = false;
    device.power = PowerPhase::d0;
    device.phase = PnpPhase::started;
    if (device.settings.shutdown != nullptr) IoRegisterShutdownNotification(device.wdm());
    device.wdm()->Flags &= ~ULONG{DO_DEVICE_INITIALIZING};
    for (Queue* queue = device.first_queue; queue != nullptr; queue = queue->next_of_device())
        queue->power_start();
}
GX_EXPORT_FUNCTION(WdfControlFinishInitializing);
