#include "kernel/io/file_request.h"

#include <ext/gx_export.h>

#include "kernel/io/device_object.h"
#include "kernel/io/file_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/irp.h"
#include "kernel/io/text.h"
#include "kernel/ob/object.h"

using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace gpioclx::kernel::io {
namespace {

PIRP build(PFILE_OBJECT file, const FileRequest& request, PKEVENT event,
           PIO_STATUS_BLOCK status_block) {
    PDEVICE_OBJECT top = top_of_stack(file->DeviceObject);
    PIRP irp = nullptr;
    if (request.major == IRP_MJ_DEVICE_CONTROL) {
        irp = IoBuildDeviceIoControlRequest(request.code, top, request.input, request.input_length,
                                            request.output, request.output_length, FALSE, event,
                                            status_block);
    } else {
        const bool reads = request.major == IRP_MJ_READ;
        LARGE_INTEGER offset = request.offset;
        irp = IoBuildSynchronousFsdRequest(
            request.major, top, reads ? request.output : request.input,
            reads ? request.output_length : request.input_length, &offset, event, status_block);
    }
    if (irp == nullptr) return nullptr;
    ObReferenceObject(file);  // until the request ends, see finish_irp
    irp->Tail.Overlay.OriginalFileObject = file;
    irp->RequestorMode = request.mode;
    IoGetNextIrpStackLocation(irp)->FileObject = file;
    return irp;
}

}  // namespace

NTSTATUS send(PFILE_OBJECT file, const FileRequest& request, PKEVENT event,
              PIO_STATUS_BLOCK status_block) {
    PIRP irp = build(file, request, event, status_block);
    if (irp == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    if (request.cancellable != nullptr) {
        request.cancellable->irp = irp;
        record_of(irp).cancellable = request.cancellable;
    }
    status_block->Status = STATUS_PENDING;
    KeClearEvent(event != nullptr ? event : &file->Event);
    return IofCallDriver(top_of_stack(file->DeviceObject), irp);
}

NTSTATUS send_and_wait(PFILE_OBJECT file, const FileRequest& request,
                       PIO_STATUS_BLOCK status_block) {
    KEVENT done;
    KeInitializeEvent(&done, NotificationEvent, FALSE);
    const NTSTATUS status = send(file, request, &done, status_block);
    if (status == STATUS_INSUFFICIENT_RESOURCES && status_block->Status != STATUS_PENDING)
        return status;
    KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, nullptr);
    return status_block->Status;
}

namespace {

PFILE_OBJECT file_of(HANDLE handle) {
    return static_cast<PFILE_OBJECT>(ob::body_of(handle, &file_object_type));
}

NTSTATUS transfer(HANDLE handle, HANDLE event_handle, const FileRequest& request,
                  PIO_STATUS_BLOCK status_block) {
    PFILE_OBJECT file = file_of(handle);
    if (file == nullptr) return STATUS_INVALID_HANDLE;
    if (request.major == IRP_MJ_READ && !file->ReadAccess) return STATUS_ACCESS_DENIED;
    if (request.major == IRP_MJ_WRITE && !file->WriteAccess) return STATUS_ACCESS_DENIED;
    if (file->Flags & FO_SYNCHRONOUS_IO) return send_and_wait(file, request, status_block);
    auto event = event_handle != nullptr
                     ? static_cast<PKEVENT>(ob::body_of(event_handle, *ExEventObjectType))
                     : nullptr;
    if (event_handle != nullptr && event == nullptr) return STATUS_INVALID_HANDLE;
    return send(file, request, event, status_block);
}

}  // namespace
}  // namespace gpioclx::kernel::io

extern "C" {

NTSTATUS ZwCreateFile(PHANDLE FileHandle, ACCESS_MASK DesiredAccess,
                      POBJECT_ATTRIBUTES ObjectAttributes, PIO_STATUS_BLOCK IoStatusBlock,
                      PLARGE_INTEGER, ULONG FileAttributes, ULONG ShareAccess,
                      ULONG CreateDisposition, ULONG CreateOptions, PVOID, ULONG) {
    IoCall call;
    gpioclx::machine::ArenaScope inside;
    *FileHandle = nullptr;
    OpenRequest request{DesiredAccess, ShareAccess, FileAttributes, CreateDisposition,
                        CreateOptions};
    std::u16string name = to_u16(ObjectAttributes->ObjectName);
    if (ObjectAttributes->RootDirectory != nullptr) {
        request.related = file_of(ObjectAttributes->RootDirectory);
        if (request.related == nullptr) return STATUS_INVALID_HANDLE;
        name = record_of(request.related->DeviceObject).name + u"\\" + name;
    }
    OpenResult result;
    const NTSTATUS status = open_file(name, request, result);
    IoStatusBlock->Status = status;
    IoStatusBlock->Information = NT_SUCCESS(status) ? result.information : 0;
    if (!NT_SUCCESS(status)) return status;
    *FileHandle = ob::open_handle(result.file);
    result.file->Flags |= FO_HANDLE_CREATED;
    ObDereferenceObject(result.file);  // the handle keeps it
    return status;
}
GX_EXPORT_FUNCTION(ZwCreateFile);

NTSTATUS ZwOpenFile(PHANDLE FileHandle, ACCESS_MASK DesiredAccess,
                    POBJECT_ATTRIBUTES ObjectAttributes, PIO_STATUS_BLOCK IoStatusBlock,
                    ULONG ShareAccess, ULONG OpenOptions) {
    return ZwCreateFile(FileHandle, DesiredAccess, ObjectAttributes, IoStatusBlock, nullptr, 0,
                        ShareAccess, FILE_OPEN, OpenOptions, nullptr, 0);
}
GX_EXPORT_FUNCTION(ZwOpenFile);

NTSTATUS ZwReadFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE, PVOID,
                    PIO_STATUS_BLOCK IoStatusBlock, PVOID Buffer, ULONG Length,
                    PLARGE_INTEGER ByteOffset, PULONG) {
    IoCall call;
    FileRequest request;
    request.major = IRP_MJ_READ;
    request.output = Buffer;
    request.output_length = Length;
    if (ByteOffset != nullptr) request.offset = *ByteOffset;
    return transfer(FileHandle, Event, request, IoStatusBlock);
}
GX_EXPORT_FUNCTION(ZwReadFile);

NTSTATUS ZwWriteFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE, PVOID,
                     PIO_STATUS_BLOCK IoStatusBlock, PVOID Buffer, ULONG Length,
                     PLARGE_INTEGER ByteOffset, PULONG) {
    IoCall call;
    FileRequest request;
    request.major = IRP_MJ_WRITE;
    request.input = Buffer;
    request.input_length = Length;
    if (ByteOffset != nullptr) request.offset = *ByteOffset;
    return transfer(FileHandle, Event, request, IoStatusBlock);
}
GX_EXPORT_FUNCTION(ZwWriteFile);

NTSTATUS ZwDeviceIoControlFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE, PVOID,
                               PIO_STATUS_BLOCK IoStatusBlock, ULONG IoControlCode,
                               PVOID InputBuffer, ULONG InputBufferLength, PVOID OutputBuffer,
                               ULONG OutputBufferLength) {
    IoCall call;
    FileRequest request;
    request.major = IRP_MJ_DEVICE_CONTROL;
    request.code = IoControlCode;
    request.input = InputBuffer;
    request.input_length = InputBufferLength;
    request.output = OutputBuffer;
    request.output_length = OutputBufferLength;
    return transfer(FileHandle, Event, request, IoStatusBlock);
}
GX_EXPORT_FUNCTION(ZwDeviceIoControlFile);

}  // extern "C"
