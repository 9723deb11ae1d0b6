// The KMDF driver of all peripherals of a test.
#pragma once

#include <ntddk.h>
#include <wdf.h>

namespace gpioclx::conformance {

class PeripheralDriver {
  public:
    static NTSTATUS entry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path);

  private:
    static EVT_WDF_DRIVER_DEVICE_ADD add;
    static EVT_WDF_DEVICE_PREPARE_HARDWARE prepare;
    static EVT_WDF_DEVICE_RELEASE_HARDWARE release;
    static EVT_WDF_INTERRUPT_ISR isr;
};

}  // namespace gpioclx::conformance
