#include "kernel/io/file_object.h"

#include <ext/gx_export.h>

#include "kernel/io/device_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/irp.h"
#include "kernel/io/object_name.h"
#include "kernel/io/pool_tag.h"
#include "kernel/io/text.h"

using namespace gpioclx::kernel::io;

namespace gpioclx::kernel::io {
namespace {

constexpr int max_reparses = 16;
constexpr ULONG name_tag = pool_tag("IoNm");

PFILE_OBJECT create_file(PDEVICE_OBJECT device, std::u16string_view name,
                         const OpenRequest& request) {
    auto file = static_cast<PFILE_OBJECT>(ob::create(file_object_type, sizeof(FILE_OBJECT)));
    file->Type = IO_TYPE_FILE;
    file->Size = sizeof(FILE_OBJECT);
    file->DeviceObject = device;
    file->RelatedFileObject = request.related;
    file->ReadAccess = (request.access & (FILE_READ_DATA | GENERIC_READ | GENERIC_ALL)) != 0;
    file->WriteAccess =
        (request.access & (FILE_WRITE_DATA | FILE_APPEND_DATA | GENERIC_WRITE | GENERIC_ALL)) != 0;
    file->DeleteAccess = (request.access & (DELETE | GENERIC_ALL)) != 0;
    file->SharedRead = (request.share_access & FILE_SHARE_READ) != 0;
    file->SharedWrite = (request.share_access & FILE_SHARE_WRITE) != 0;
    file->SharedDelete = (request.share_access & FILE_SHARE_DELETE) != 0;
    if (request.options & (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT)) {
        file->Flags |= FO_SYNCHRONOUS_IO;
    }
    if (!name.empty()) file->FileName = unicode_copy(name, name_tag);
    KeInitializeEvent(&file->Lock, SynchronizationEvent, TRUE);
    KeInitializeEvent(&file->Event, NotificationEvent, FALSE);
    KeInitializeSpinLock(&file->IrpListLock);
    InitializeListHead(&file->IrpList);
    count_open(device, +1);
    return file;
}

NTSTATUS send_file_request(PFILE_OBJECT file, UCHAR major, const OpenRequest* open,
                           ULONG_PTR* information) {
    PDEVICE_OBJECT top = top_of_stack(file->DeviceObject);
    PIRP irp = IoAllocateIrp(top->StackSize, FALSE);
    if (irp == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    irp->Tail.Overlay.Thread = PsGetCurrentThread();
    irp->Tail.Overlay.OriginalFileObject = file;
    irp->IoStatus.Status = STATUS_SUCCESS;
    PIO_STACK_LOCATION stack = IoGetNextIrpStackLocation(irp);
    stack->MajorFunction = major;
    stack->FileObject = file;
    ACCESS_STATE access_state{};
    IO_SECURITY_CONTEXT security{};
    if (open != nullptr) {
        irp->Flags |= IRP_CREATE_OPERATION;
        irp->RequestorMode = open->mode;
        access_state.OriginalDesiredAccess = access_state.PreviouslyGrantedAccess = open->access;
        security.AccessState = &access_state;
        security.DesiredAccess = open->access;
        security.FullCreateOptions = open->options;
        stack->Parameters.Create.SecurityContext = &security;
        stack->Parameters.Create.Options = (open->disposition << 24) | (open->options & 0x00ffffff);
        stack->Parameters.Create.FileAttributes = static_cast<USHORT>(open->attributes);
        stack->Parameters.Create.ShareAccess = static_cast<USHORT>(open->share_access);
    } else {
        irp->Flags |= IRP_CLOSE_OPERATION;
    }
    const NTSTATUS status = call_and_wait(top, irp);
    if (information != nullptr) *information = irp->IoStatus.Information;
    IoFreeIrp(irp);
    return status;
}

// A file whose create failed never was open: no cleanup, no close.
void abandon_file(PFILE_OBJECT file) {
    file->Flags &= ~static_cast<ULONG>(FO_FILE_OPEN);
    ObDereferenceObject(file);
}

void delete_file(void* object) {
    auto file = static_cast<PFILE_OBJECT>(object);
    if (file->Flags & FO_FILE_OPEN) {
        clean_up_file(file);
        send_file_request(file, IRP_MJ_CLOSE, nullptr, nullptr);
    }
    if (file->FileName.Buffer != nullptr) ExFreePool(file->FileName.Buffer);
    count_open(file->DeviceObject, -1);
}

void last_handle_closed(void* object) { clean_up_file(static_cast<PFILE_OBJECT>(object)); }

// Names behind the device's are the driver's own, unless it wants them checked, too.
bool may_open(PDEVICE_OBJECT device, std::u16string_view rest, const OpenRequest& request) {
    const auto& access = record_of(device).access;
    if (request.mode == KernelMode || !access) return true;
    if (!rest.empty() && (device->Characteristics & FILE_DEVICE_SECURE_OPEN) == 0) return true;
    return grants(*access, request.access);
}

NTSTATUS check_device(PDEVICE_OBJECT device) {
    if (device->Flags & DO_DEVICE_INITIALIZING) return STATUS_NO_SUCH_DEVICE;
    if ((device->Flags & DO_EXCLUSIVE) && device->ReferenceCount > 0) return STATUS_ACCESS_DENIED;
    return STATUS_SUCCESS;
}

}  // namespace

const ob::Type file_object_type = {"File", delete_file, last_handle_closed};

NTSTATUS open_file(std::u16string_view name, const OpenRequest& request, OpenResult& result) {
    std::u16string current(name);
    for (int reparses = 0; reparses < max_reparses; ++reparses) {
        const auto target = resolve_name(current);
        if (!target) return STATUS_OBJECT_NAME_NOT_FOUND;
        NTSTATUS status = check_device(target->device);
        if (!NT_SUCCESS(status)) return status;
        if (!may_open(target->device, target->rest, request)) return STATUS_ACCESS_DENIED;
        PFILE_OBJECT file = create_file(target->device, target->rest, request);
        status = send_file_request(file, IRP_MJ_CREATE, &request, &result.information);
        if (status == STATUS_REPARSE) {
            // The driver wrote the full path to go on with into FileName.
            current = to_u16(&file->FileName);
            abandon_file(file);
            continue;
        }
        if (!NT_SUCCESS(status)) {
            abandon_file(file);
            return status;
        }
        file->Flags |= FO_FILE_OPEN;
        result.file = file;
        return status;
    }
    return STATUS_OBJECT_NAME_INVALID;
}

void clean_up_file(PFILE_OBJECT file) {
    if ((file->Flags & FO_FILE_OPEN) == 0 || (file->Flags & FO_CLEANUP_COMPLETE) != 0) return;
    file->Flags |= FO_CLEANUP_COMPLETE;
    send_file_request(file, IRP_MJ_CLEANUP, nullptr, nullptr);
}

}  // namespace gpioclx::kernel::io

extern "C" {

// Both results come with the reference of the file: dereferencing the file gives up the device too.
NTSTATUS IoGetDeviceObjectPointer(PUNICODE_STRING ObjectName, ACCESS_MASK DesiredAccess,
                                  PFILE_OBJECT* FileObject, PDEVICE_OBJECT* DeviceObject) {
    IoCall call;
    gpioclx::machine::ArenaScope inside;
    OpenRequest request;
    request.access = DesiredAccess;
    OpenResult result;
    const NTSTATUS status = open_file(to_u16(ObjectName), request, result);
    if (!NT_SUCCESS(status)) return status;
    // Windows opens and closes a handle on the way.
    clean_up_file(result.file);
    *FileObject = result.file;
    *DeviceObject = top_of_stack(result.file->DeviceObject);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoGetDeviceObjectPointer);

PDEVICE_OBJECT IoGetRelatedDeviceObject(PFILE_OBJECT FileObject) {
    return top_of_stack(FileObject->DeviceObject);
}
GX_EXPORT_FUNCTION(IoGetRelatedDeviceObject);

}  // extern "C"
