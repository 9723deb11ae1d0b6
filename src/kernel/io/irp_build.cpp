// Requests that the I/O manager builds for a driver, and the end of every request.
#include <ext/gx_export.h>

#include <algorithm>
#include <cstring>

#include "kernel/io/io_call.h"
#include "kernel/io/irp.h"
#include "kernel/io/pool_tag.h"

using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace {

constexpr ULONG buffer_tag = pool_tag("IoBf");

bool attach_system_buffer(PIRP irp, PVOID source, ULONG source_length, ULONG size) {
    if (size == 0) return true;
    PVOID buffer = ExAllocatePool2(POOL_FLAG_NON_PAGED, size, buffer_tag);
    if (buffer == nullptr) return false;
    if (source_length != 0) std::memcpy(buffer, source, source_length);
    irp->AssociatedIrp.SystemBuffer = buffer;
    irp->Flags |= IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER;
    return true;
}

bool attach_mdl(PIRP irp, PVOID buffer, ULONG length) {
    if (length == 0) return true;
    PMDL mdl = IoAllocateMdl(buffer, length, FALSE, FALSE, irp);
    if (mdl == nullptr) return false;
    MmBuildMdlForNonPagedPool(mdl);
    irp->AllocationFlags |= irp_owns_mdl;
    return true;
}

void release_buffers(PIRP irp) {
    if ((irp->Flags & IRP_DEALLOCATE_BUFFER) != 0 && irp->AssociatedIrp.SystemBuffer != nullptr) {
        ExFreePool(irp->AssociatedIrp.SystemBuffer);
    }
    irp->Flags &=
        ~static_cast<ULONG>(IRP_DEALLOCATE_BUFFER | IRP_BUFFERED_IO | IRP_INPUT_OPERATION);
    if ((irp->AllocationFlags & irp_owns_mdl) == 0) return;
    for (PMDL mdl = irp->MdlAddress; mdl != nullptr;) {
        PMDL next = mdl->Next;
        IoFreeMdl(mdl);
        mdl = next;
    }
    irp->MdlAddress = nullptr;
}

PIRP discard(PIRP irp) {
    release_buffers(irp);
    IoFreeIrp(irp);
    return nullptr;
}

bool attach_ioctl_buffers(PIRP irp, IO_STACK_LOCATION& stack, PVOID input, ULONG input_length,
                          PVOID output, ULONG output_length) {
    const ULONG code = stack.Parameters.DeviceIoControl.IoControlCode;
    switch (METHOD_FROM_CTL_CODE(code)) {
        case METHOD_BUFFERED:
            irp->UserBuffer = output;
            if (output != nullptr && output_length != 0) irp->Flags |= IRP_INPUT_OPERATION;
            return attach_system_buffer(irp, input, input_length,
                                        std::max(input_length, output_length));
        case METHOD_IN_DIRECT:
        case METHOD_OUT_DIRECT:
            return attach_system_buffer(irp, input, input_length, input_length) &&
                   attach_mdl(irp, output, output_length);
        default:
            irp->UserBuffer = output;
            stack.Parameters.DeviceIoControl.Type3InputBuffer = input;
            return true;
    }
}

bool attach_data_buffer(PIRP irp, PDEVICE_OBJECT device, ULONG major, PVOID buffer, ULONG length) {
    if ((device->Flags & DO_BUFFERED_IO) != 0) {
        const bool reads = major == IRP_MJ_READ;
        irp->UserBuffer = buffer;
        if (reads && length != 0) irp->Flags |= IRP_INPUT_OPERATION;
        return attach_system_buffer(irp, buffer, reads ? 0 : length, length);
    }
    if ((device->Flags & DO_DIRECT_IO) != 0) return attach_mdl(irp, buffer, length);
    irp->UserBuffer = buffer;
    return true;
}

}  // namespace

extern "C" {

// The request belongs to the I/O manager: it is freed when it completed. PASSIVE_LEVEL.
PIRP IoBuildDeviceIoControlRequest(ULONG IoControlCode, PDEVICE_OBJECT DeviceObject,
                                   PVOID InputBuffer, ULONG InputBufferLength, PVOID OutputBuffer,
                                   ULONG OutputBufferLength, BOOLEAN InternalDeviceIoControl,
                                   PKEVENT Event, PIO_STATUS_BLOCK IoStatusBlock) {
    IoCall call;
    PIRP irp = IoAllocateIrp(DeviceObject->StackSize, FALSE);
    if (irp == nullptr) return nullptr;
    PIO_STACK_LOCATION stack = IoGetNextIrpStackLocation(irp);
    stack->MajorFunction =
        InternalDeviceIoControl ? IRP_MJ_INTERNAL_DEVICE_CONTROL : IRP_MJ_DEVICE_CONTROL;
    stack->Parameters.DeviceIoControl.IoControlCode = IoControlCode;
    stack->Parameters.DeviceIoControl.InputBufferLength = InputBufferLength;
    stack->Parameters.DeviceIoControl.OutputBufferLength = OutputBufferLength;
    if (!attach_ioctl_buffers(irp, *stack, InputBuffer, InputBufferLength, OutputBuffer,
                              OutputBufferLength)) {
        return discard(irp);
    }
    irp->UserEvent = Event;
    irp->UserIosb = IoStatusBlock;
    irp->Tail.Overlay.Thread = PsGetCurrentThread();
    return irp;
}
GX_EXPORT_FUNCTION(IoBuildDeviceIoControlRequest);

// Freed by the completion routine of whoever built it.
PIRP IoBuildAsynchronousFsdRequest(ULONG MajorFunction, PDEVICE_OBJECT DeviceObject, PVOID Buffer,
                                   ULONG Length, PLARGE_INTEGER StartingOffset,
                                   PIO_STATUS_BLOCK IoStatusBlock) {
    IoCall call;
    PIRP irp = IoAllocateIrp(DeviceObject->StackSize, FALSE);
    if (irp == nullptr) return nullptr;
    PIO_STACK_LOCATION stack = IoGetNextIrpStackLocation(irp);
    stack->MajorFunction = static_cast<UCHAR>(MajorFunction);
    if (MajorFunction == IRP_MJ_READ || MajorFunction == IRP_MJ_WRITE) {
        // Read and write parameters have the same layout.
        stack->Parameters.Read.Length = Length;
        if (StartingOffset != nullptr) stack->Parameters.Read.ByteOffset = *StartingOffset;
        if (!attach_data_buffer(irp, DeviceObject, MajorFunction, Buffer, Length))
            return discard(irp);
    }
    irp->UserIosb = IoStatusBlock;
    irp->Tail.Overlay.Thread = PsGetCurrentThread();
    return irp;
}
GX_EXPORT_FUNCTION(IoBuildAsynchronousFsdRequest);

PIRP IoBuildSynchronousFsdRequest(ULONG MajorFunction, PDEVICE_OBJECT DeviceObject, PVOID Buffer,
                                  ULONG Length, PLARGE_INTEGER StartingOffset, PKEVENT Event,
                                  PIO_STATUS_BLOCK IoStatusBlock) {
    PIRP irp = IoBuildAsynchronousFsdRequest(MajorFunction, DeviceObject, Buffer, Length,
                                             StartingOffset, IoStatusBlock);
    if (irp == nullptr) return nullptr;
    irp->UserEvent = Event;
    return irp;
}
GX_EXPORT_FUNCTION(IoBuildSynchronousFsdRequest);

}  // extern "C"

namespace gpioclx::kernel::io {

// Kernel threads share one address space, so the results can be handed over right here; no
// asynchronous call to the requesting thread is needed.
void finish_irp(PIRP irp, CCHAR priority_boost) {
    const bool copies_back = (irp->Flags & IRP_INPUT_OPERATION) != 0 &&
                             !NT_ERROR(irp->IoStatus.Status) && irp->IoStatus.Information != 0;
    if (copies_back) {
        std::memcpy(irp->UserBuffer, irp->AssociatedIrp.SystemBuffer, irp->IoStatus.Information);
    }
    release_buffers(irp);
    if (irp->UserIosb != nullptr) *irp->UserIosb = irp->IoStatus;
    PKEVENT event = irp->UserEvent;
    PFILE_OBJECT file = irp->Tail.Overlay.OriginalFileObject;
    if (event == nullptr && file != nullptr) event = &file->Event;
    Cancellable* cancellable = record_of(irp).cancellable;
    if (cancellable != nullptr) {
        cancellable->irp = nullptr;
        if (cancellable->busy) cancellable->ended = irp;
    }
    const bool kept = cancellable != nullptr && cancellable->busy;
    if (!kept && (irp->AllocationFlags & irp_from_system) != 0) IoFreeIrp(irp);
    // Last, for the waiter may take its status block off the stack at once.
    if (event != nullptr) KeSetEvent(event, priority_boost, FALSE);
    if (file != nullptr) ObDereferenceObjectDeferDelete(file);  // a close needs PASSIVE_LEVEL
}

}  // namespace gpioclx::kernel::io
