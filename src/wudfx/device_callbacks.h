// What a driver's device object implements, and how the framework gets to it.
#pragma once

#include "wudfx/reference.h"

namespace wudfx {

struct DeviceCallbacks {
    Reference<um::IPnpCallback> pnp;
    Reference<um::IPnpCallbackHardware>
        hardware;  // without the resources; if there is no hardware2
    Reference<um::IPnpCallbackHardware2> hardware2;
    Reference<um::IPnpCallbackHardwareInterrupt> interrupts;
    Reference<um::IPnpCallbackSelfManagedIo> self_managed;
    Reference<um::IPowerPolicyCallbackWakeFromS0> wake_s0;
    Reference<um::IPowerPolicyCallbackWakeFromSx> wake_sx;
    Reference<um::IFileCallbackCleanup> file_cleanup;
    Reference<um::IFileCallbackClose> file_close;

    void ask(um::IUnknown* callbacks);
};

// Registers the routines for what `callbacks` has, before the device exists.
void register_callbacks(PWDFDEVICE_INIT init, const DeviceCallbacks& callbacks);

}  // namespace wudfx
