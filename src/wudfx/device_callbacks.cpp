#include "wudfx/device_callbacks.h"

#include "wudfx/device.h"
#include "wudfx/file.h"
#include "wudfx/hresult.h"

namespace wudfx {
namespace {

Device& device_of(WDFDEVICE device) { return *face_of<Device>(device); }

um::WDF_POWER_DEVICE_STATE state_of(WDF_POWER_DEVICE_STATE state) {
    return static_cast<um::WDF_POWER_DEVICE_STATE>(state);
}

void register_hardware(WDF_PNPPOWER_EVENT_CALLBACKS& routines, const DeviceCallbacks& callbacks) {
    // Always: resources are checked against interrupts that exist already.
    routines.EvtDevicePrepareHardware = [](WDFDEVICE device, WDFCMRESLIST raw,
                                           WDFCMRESLIST translated) -> NTSTATUS {
        return device_of(device).prepare(raw, translated);
    };
    routines.EvtDeviceReleaseHardware = [](WDFDEVICE device, WDFCMRESLIST translated) -> NTSTATUS {
        return device_of(device).release(translated);
    };
    if (!callbacks.interrupts) return;
    routines.EvtDeviceD0EntryPostInterruptsEnabled =
        [](WDFDEVICE device, WDF_POWER_DEVICE_STATE previous) -> NTSTATUS {
        Device& face = device_of(device);
        return status_from(
            face.callbacks().interrupts->OnD0EntryPostInterruptsEnabled(&face, state_of(previous)));
    };
    routines.EvtDeviceD0ExitPreInterruptsDisabled = [](WDFDEVICE device,
                                                       WDF_POWER_DEVICE_STATE target) -> NTSTATUS {
        Device& face = device_of(device);
        return status_from(
            face.callbacks().interrupts->OnD0ExitPreInterruptsDisabled(&face, state_of(target)));
    };
}

void register_pnp(WDF_PNPPOWER_EVENT_CALLBACKS& routines) {
    routines.EvtDeviceD0Entry = [](WDFDEVICE device, WDF_POWER_DEVICE_STATE previous) -> NTSTATUS {
        Device& face = device_of(device);
        return status_from(face.callbacks().pnp->OnD0Entry(&face, state_of(previous)));
    };
    routines.EvtDeviceD0Exit = [](WDFDEVICE device, WDF_POWER_DEVICE_STATE target) -> NTSTATUS {
        Device& face = device_of(device);
        return status_from(face.callbacks().pnp->OnD0Exit(&face, state_of(target)));
    };
    routines.EvtDeviceSurpriseRemoval = [](WDFDEVICE device) {
        Device& face = device_of(device);
        face.callbacks().pnp->OnSurpriseRemoval(&face);
    };
    routines.EvtDeviceQueryRemove = [](WDFDEVICE device) -> NTSTATUS {
        Device& face = device_of(device);
        return status_from(face.callbacks().pnp->OnQueryRemove(&face));
    };
    routines.EvtDeviceQueryStop = [](WDFDEVICE device) -> NTSTATUS {
        Device& face = device_of(device);
        return status_from(face.callbacks().pnp->OnQueryStop(&face));
    };
}

void register_self_managed(WDF_PNPPOWER_EVENT_CALLBACKS& routines) {
    routines.EvtDeviceSelfManagedIoInit = [](WDFDEVICE device) -> NTSTATUS {
        Device& face = device_of(device);
        return status_from(face.callbacks().self_managed->OnSelfManagedIoInit(&face));
    };
    routines.EvtDeviceSelfManagedIoSuspend = [](WDFDEVICE device) -> NTSTATUS {
        Device& face = device_of(device);
        return status_from(face.callbacks().self_managed->OnSelfManagedIoSuspend(&face));
    };
    routines.EvtDeviceSelfManagedIoRestart = [](WDFDEVICE device) -> NTSTATUS {
        Device& face = device_of(device);
        return status_from(face.callbacks().self_managed->OnSelfManagedIoRestart(&face));
    };
    routines.EvtDeviceSelfManagedIoFlush = [](WDFDEVICE device) {
        Device& face = device_of(device);
        face.callbacks().self_managed->OnSelfManagedIoFlush(&face);
    };
    routines.EvtDeviceSelfManagedIoCleanup = [](WDFDEVICE device) {
        Device& face = device_of(device);
        face.callbacks().self_managed->OnSelfManagedIoCleanup(&face);
    };
}

void register_wake(PWDFDEVICE_INIT init, const DeviceCallbacks& callbacks) {
    if (!callbacks.wake_s0 && !callbacks.wake_sx) return;
    WDF_POWER_POLICY_EVENT_CALLBACKS routines;
    WDF_POWER_POLICY_EVENT_CALLBACKS_INIT(&routines);
    if (callbacks.wake_s0) {
        routines.EvtDeviceArmWakeFromS0 = [](WDFDEVICE device) -> NTSTATUS {
            Device& face = device_of(device);
            return status_from(face.callbacks().wake_s0->OnArmWakeFromS0(&face));
        };
        routines.EvtDeviceDisarmWakeFromS0 = [](WDFDEVICE device) {
            Device& face = device_of(device);
            face.callbacks().wake_s0->OnDisarmWakeFromS0(&face);
        };
        routines.EvtDeviceWakeFromS0Triggered = [](WDFDEVICE device) {
            Device& face = device_of(device);
            face.callbacks().wake_s0->OnWakeFromS0Triggered(&face);
        };
    }
    if (callbacks.wake_sx) {
        routines.EvtDeviceArmWakeFromSx = [](WDFDEVICE device) -> NTSTATUS {
            Device& face = device_of(device);
            return status_from(face.callbacks().wake_sx->OnArmWakeFromSx(&face));
        };
        routines.EvtDeviceDisarmWakeFromSx = [](WDFDEVICE device) {
            Device& face = device_of(device);
            face.callbacks().wake_sx->OnDisarmWakeFromSx(&face);
        };
        routines.EvtDeviceWakeFromSxTriggered = [](WDFDEVICE device) {
            Device& face = device_of(device);
            face.callbacks().wake_sx->OnWakeFromSxTriggered(&face);
        };
    }
    WdfDeviceInitSetPowerPolicyEventCallbacks(init, &routines);
}

}  // namespace

void DeviceCallbacks::ask(um::IUnknown* object) {
    pnp.ask(object, um::IID_IPnpCallback);
    hardware2.ask(object, um::IID_IPnpCallbackHardware2);
    if (!hardware2) hardware.ask(object, um::IID_IPnpCallbackHardware);
    interrupts.ask(object, um::IID_IPnpCallbackHardwareInterrupt);
    self_managed.ask(object, um::IID_IPnpCallbackSelfManagedIo);
    wake_s0.ask(object, um::IID_IPowerPolicyCallbackWakeFromS0);
    wake_sx.ask(object, um::IID_IPowerPolicyCallbackWakeFromSx);
    file_cleanup.ask(object, um::IID_IFileCallbackCleanup);
    file_close.ask(object, um::IID_IFileCallbackClose);
}

void register_callbacks(PWDFDEVICE_INIT init, const DeviceCallbacks& callbacks) {
    WDF_PNPPOWER_EVENT_CALLBACKS routines;
    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&routines);
    register_hardware(routines, callbacks);
    if (callbacks.pnp) register_pnp(routines);
    if (callbacks.self_managed) register_self_managed(routines);
    WdfDeviceInitSetPnpPowerEventCallbacks(init, &routines);
    register_wake(init, callbacks);
}

}  // namespace wudfx
