// DriverEntry, AddDevice and unload of a client driver of a test.
#pragma once

#include <ntddk.h>
#include <wdf.h>

#include "controller.h"

namespace gpioclx::conformance {

class ClientDriverEntry {
  public:
    static NTSTATUS entry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path);
    // What AddDevice does unless the test says otherwise: Pre, WdfDeviceCreate, Post.
    static NTSTATUS add_with_extension(WDFDRIVER driver, PWDFDEVICE_INIT init);

  private:
    static EVT_WDF_DRIVER_DEVICE_ADD add;
    static EVT_WDF_DRIVER_UNLOAD unload;
};

}  // namespace gpioclx::conformance
