// What can be asked about an open file of a device.
#include <ext/gx_export.h>

#include "kernel/io/device_object.h"
#include "kernel/io/file_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/irp.h"

using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace {

// The driver answers in the system buffer; the answer is copied to the caller's.
NTSTATUS ask_driver(PFILE_OBJECT file, UCHAR major, PVOID buffer, ULONG length,
                    FILE_INFORMATION_CLASS kind, PIO_STATUS_BLOCK status_block) {
    PDEVICE_OBJECT top = top_of_stack(file->DeviceObject);
    PIRP irp = IoAllocateIrp(top->StackSize, FALSE);
    if (irp == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    irp->AssociatedIrp.SystemBuffer = buffer;
    irp->Tail.Overlay.OriginalFileObject = file;
    PIO_STACK_LOCATION stack = IoGetNextIrpStackLocation(irp);
    stack->MajorFunction = major;
    stack->FileObject = file;
    // Query and set parameters begin with the same two members.
    stack->Parameters.QueryFile.Length = length;
    stack->Parameters.QueryFile.FileInformationClass = kind;
    const NTSTATUS status = call_and_wait(top, irp);
    *status_block = irp->IoStatus;
    IoFreeIrp(irp);
    return status;
}

}  // namespace

extern "C" {

NTSTATUS ZwQueryInformationFile(HANDLE FileHandle, PIO_STATUS_BLOCK IoStatusBlock,
                                PVOID FileInformation, ULONG Length,
                                FILE_INFORMATION_CLASS FileInformationClass) {
    IoCall call;
    auto file = static_cast<PFILE_OBJECT>(ob::body_of(FileHandle, &file_object_type));
    if (file == nullptr) return STATUS_INVALID_HANDLE;
    if (FileInformationClass == FilePositionInformation) {
        if (Length < sizeof(FILE_POSITION_INFORMATION)) return STATUS_INFO_LENGTH_MISMATCH;
        static_cast<FILE_POSITION_INFORMATION*>(FileInformation)->CurrentByteOffset =
            file->CurrentByteOffset;
        IoStatusBlock->Information = sizeof(FILE_POSITION_INFORMATION);
        return IoStatusBlock->Status = STATUS_SUCCESS;
    }
    return ask_driver(file, IRP_MJ_QUERY_INFORMATION, FileInformation, Length, FileInformationClass,
                      IoStatusBlock);
}
GX_EXPORT_FUNCTION(ZwQueryInformationFile);

NTSTATUS ZwSetInformationFile(HANDLE FileHandle, PIO_STATUS_BLOCK IoStatusBlock,
                              PVOID FileInformation, ULONG Length,
                              FILE_INFORMATION_CLASS FileInformationClass) {
    IoCall call;
    auto file = static_cast<PFILE_OBJECT>(ob::body_of(FileHandle, &file_object_type));
    if (file == nullptr) return STATUS_INVALID_HANDLE;
    if (FileInformationClass == FilePositionInformation) {
        if (Length < sizeof(FILE_POSITION_INFORMATION)) return STATUS_INFO_LENGTH_MISMATCH;
        file->CurrentByteOffset =
            static_cast<FILE_POSITION_INFORMATION*>(FileInformation)->CurrentByteOffset;
        return IoStatusBlock->Status = STATUS_SUCCESS;
    }
    return ask_driver(file, IRP_MJ_SET_INFORMATION, FileInformation, Length, FileInformationClass,
                      IoStatusBlock);
}
GX_EXPORT_FUNCTION(ZwSetInformationFile);

}  // extern "C"
