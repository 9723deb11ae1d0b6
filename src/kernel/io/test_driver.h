// A driver of the tests: dispatch routines are lambdas, devices are stacked as wanted.
#pragma once

#include <wdm.h>

#include <array>
#include <functional>
#include <string>

#include "kernel/io/driver_object.h"
#include "kernel/io/text.h"

namespace gpioclx::kernel::io {

using Dispatch = std::function<NTSTATUS(PDEVICE_OBJECT, PIRP)>;

struct TestDevice {
    PDEVICE_OBJECT lower = nullptr;
    Dispatch* dispatch = nullptr;
};

inline NTSTATUS complete(PIRP irp, NTSTATUS status, ULONG_PTR information = 0) {
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

// To be used inside the machine.
class TestDriver {
  public:
    explicit TestDriver(const char* name) : object(create_driver(name)) {
        for (PDRIVER_DISPATCH& routine : object->MajorFunction) routine = &TestDriver::call;
    }

    // `dispatch` must outlive the device. `below` null: a device that stands alone.
    PDEVICE_OBJECT add_device(Dispatch& dispatch, PDEVICE_OBJECT below = nullptr,
                              const char* name = "", bool exclusive = false) const {
        const std::u16string wide = widen(name);
        UNICODE_STRING view = unicode_view(wide);
        PDEVICE_OBJECT device = nullptr;
        const NTSTATUS status =
            IoCreateDevice(object, sizeof(TestDevice), wide.empty() ? nullptr : &view,
                           FILE_DEVICE_UNKNOWN, 0, exclusive, &device);
        if (!NT_SUCCESS(status)) return nullptr;
        auto extension = static_cast<TestDevice*>(device->DeviceExtension);
        extension->dispatch = &dispatch;
        if (below != nullptr) extension->lower = IoAttachDeviceToDeviceStack(device, below);
        device->Flags &= ~static_cast<ULONG>(DO_DEVICE_INITIALIZING);
        return device;
    }

    PDRIVER_OBJECT object;

  private:
    static NTSTATUS call(PDEVICE_OBJECT device, PIRP irp) {
        return (*static_cast<TestDevice*>(device->DeviceExtension)->dispatch)(device, irp);
    }
};

inline PDEVICE_OBJECT lower_of(PDEVICE_OBJECT device) {
    return static_cast<TestDevice*>(device->DeviceExtension)->lower;
}

}  // namespace gpioclx::kernel::io
