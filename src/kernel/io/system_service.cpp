// Services of the I/O manager that this system accepts without much to do.
#include <ext/gx_export.h>

#include <algorithm>

#include "kernel/io/device_object.h"
#include "kernel/io/driver_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/pool_tag.h"

using namespace gpioclx::kernel::io;

extern "C" {

NTSTATUS IoWMIRegistrationControl(PDEVICE_OBJECT, ULONG) {
    IoCall call;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoWMIRegistrationControl);

BOOLEAN IoIsWdmVersionAvailable(UCHAR MajorVersion, UCHAR MinorVersion) {
    constexpr UCHAR major = 6;
    constexpr UCHAR minor = 0x30;
    return MajorVersion < major || (MajorVersion == major && MinorVersion <= minor);
}
GX_EXPORT_FUNCTION(IoIsWdmVersionAvailable);

NTSTATUS IoRegisterShutdownNotification(PDEVICE_OBJECT DeviceObject) {
    IoCall call;
    DeviceObject->Flags |= DO_SHUTDOWN_REGISTERED;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoRegisterShutdownNotification);

VOID IoUnregisterShutdownNotification(PDEVICE_OBJECT DeviceObject) {
    IoCall call;
    DeviceObject->Flags &= ~static_cast<ULONG>(DO_SHUTDOWN_REGISTERED);
}
GX_EXPORT_FUNCTION(IoUnregisterShutdownNotification);

// Error log entries become messages of the driver in the event stream.
PVOID IoAllocateErrorLogEntry(PVOID, UCHAR EntrySize) {
    IoCall call;
    if (EntrySize > ERROR_LOG_MAXIMUM_SIZE) return nullptr;
    return ExAllocatePool2(POOL_FLAG_NON_PAGED,
                           std::max<SIZE_T>(EntrySize, sizeof(IO_ERROR_LOG_PACKET)),
                           pool_tag("IoEl"));
}
GX_EXPORT_FUNCTION(IoAllocateErrorLogEntry);

VOID IoFreeErrorLogEntry(PVOID ElEntry) {
    IoCall call;
    ExFreePool(ElEntry);
}
GX_EXPORT_FUNCTION(IoFreeErrorLogEntry);

VOID IoWriteErrorLogEntry(PVOID ElEntry) {
    const auto entry = static_cast<const IO_ERROR_LOG_PACKET*>(ElEntry);
    DbgPrint("error log: code 0x%08x, status 0x%08x\n", entry->ErrorCode, entry->FinalStatus);
    ExFreePool(ElEntry);
}
GX_EXPORT_FUNCTION(IoWriteErrorLogEntry);

}  // extern "C"
