#include <ntddk.h>
#include <wdf.h>

#include <spbcx.h>

DRIVER_INITIALIZE DriverEntry;

/* What there is neither an SpbCx nor a power framework for (docs/limits.md). */
static const PVOID Refused[] = {
    (PVOID)SpbControllerSetIoOtherCallback,
    (PVOID)SpbControllerSetTargetAttributes,
    (PVOID)SpbDeviceInitConfig,
    (PVOID)SpbDeviceInitialize,
    (PVOID)SpbRequestCaptureIoOtherTransferList,
    (PVOID)SpbRequestComplete,
    (PVOID)SpbRequestGetParameters,
    (PVOID)SpbRequestGetTransferParameters,
    (PVOID)SpbTargetGetConnectionParameters,
};

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverSection = Refused[DriverObject->Size % ARRAYSIZE(Refused)];
    return STATUS_SUCCESS;
}
