// The six functions as Msgpioclxstub.lib gives them to a driver: they find the loaded extension.
#include <ntddk.h>
#include <wdf.h>

#include <gpioclx.h>
#include <gtest/gtest.h>

#include "kernel/ldr/image.h"

namespace {

template <typename Function>
Function* in_extension(Function*, const char* name) {
    void* address = gpioclx::kernel::ldr::find_export(name);
    EXPECT_NE(address, nullptr) << "msgpioclx.sys is not loaded, or does not export " << name;
    return reinterpret_cast<Function*>(address);
}

}  // namespace

#define FORWARD(function, ...) in_extension(&function, #function)(__VA_ARGS__)

extern "C" {

NTSTATUS GPIO_CLX_RegisterClient(WDFDRIVER Driver,
                                 PGPIO_CLIENT_REGISTRATION_PACKET RegistrationPacket,
                                 PUNICODE_STRING RegistryPath) {
    return FORWARD(GPIO_CLX_RegisterClient, Driver, RegistrationPacket, RegistryPath);
}
NTSTATUS GPIO_CLX_UnregisterClient(WDFDRIVER Driver) {
    return FORWARD(GPIO_CLX_UnregisterClient, Driver);
}
NTSTATUS GPIO_CLX_ProcessAddDevicePreDeviceCreate(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit,
                                                  PWDF_OBJECT_ATTRIBUTES FdoAttributes) {
    return FORWARD(GPIO_CLX_ProcessAddDevicePreDeviceCreate, Driver, DeviceInit, FdoAttributes);
}
NTSTATUS GPIO_CLX_ProcessAddDevicePostDeviceCreate(WDFDRIVER Driver, WDFDEVICE Device) {
    return FORWARD(GPIO_CLX_ProcessAddDevicePostDeviceCreate, Driver, Device);
}
VOID GPIO_CLX_AcquireInterruptLock(PVOID Context, BANK_ID BankId) {
    FORWARD(GPIO_CLX_AcquireInterruptLock, Context, BankId);
}
VOID GPIO_CLX_ReleaseInterruptLock(PVOID Context, BANK_ID BankId) {
    FORWARD(GPIO_CLX_ReleaseInterruptLock, Context, BankId);
}

}  // extern "C"
