#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;

NTSTATUS NtFrobnicate(_In_ PDRIVER_OBJECT DriverObject);

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    return NtFrobnicate(DriverObject);
}
