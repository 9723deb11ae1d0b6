// Where the bytes of a received request are: by the device's I/O type for reads and writes, by the
// method in the code for controls.
#include "ext/gx_export.h"

#include "framework/device.h"
#include "framework/driver.h"
#include "framework/request.h"

namespace gpioclx::framework {
namespace {

NTSTATUS from_mdl(MDL* mdl, size_t size, PVOID* buffer, size_t* length) {
    *length = size;
    if (size == 0) return STATUS_BUFFER_TOO_SMALL;
    if (mdl == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    *buffer = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
    return *buffer != nullptr ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS from_buffer(PVOID address, size_t size, PVOID* buffer, size_t* length) {
    *length = size;
    *buffer = address;
    if (size == 0) return STATUS_BUFFER_TOO_SMALL;
    return address != nullptr ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_REQUEST;
}

NTSTATUS transfer(const Device& device, PIRP irp, size_t size, PVOID* buffer, size_t* length) {
    if ((device.wdm()->Flags & DO_BUFFERED_IO) != 0) {
        return from_buffer(irp->AssociatedIrp.SystemBuffer, size, buffer, length);
    }
    if ((device.wdm()->Flags & DO_DIRECT_IO) != 0)
        return from_mdl(irp->MdlAddress, size, buffer, length);
    return STATUS_INVALID_DEVICE_REQUEST;
}

bool is_control(UCHAR major) {
    return major == IRP_MJ_DEVICE_CONTROL || major == IRP_MJ_INTERNAL_DEVICE_CONTROL;
}

// Drivers may hand each other plain pointers in internal controls. In user mode the framework
// copies, if the .inx wants that at all (user_mode.h).
bool plain_pointers_allowed(const Driver& driver, PIRP irp, UCHAR major) {
    if (driver.user_mode() != nullptr) return true;
    return major == IRP_MJ_INTERNAL_DEVICE_CONTROL && irp->RequestorMode == KernelMode;
}

}  // namespace

NTSTATUS Request::input(PVOID* buffer, size_t* length) {
    *buffer = nullptr;
    *length = 0;
    if (irp_ == nullptr || !received_) return STATUS_INVALID_DEVICE_REQUEST;
    const IO_STACK_LOCATION& here = *stack();
    if (here.MajorFunction == IRP_MJ_WRITE)
        return transfer(*device_, irp_, here.Parameters.Write.Length, buffer, length);
    if (!is_control(here.MajorFunction)) return STATUS_INVALID_DEVICE_REQUEST;
    const size_t size = here.Parameters.DeviceIoControl.InputBufferLength;
    if (METHOD_FROM_CTL_CODE(here.Parameters.DeviceIoControl.IoControlCode) != METHOD_NEITHER) {
        return from_buffer(irp_->AssociatedIrp.SystemBuffer, size, buffer, length);
    }
    if (!plain_pointers_allowed(*driver(), irp_, here.MajorFunction))
        return STATUS_INVALID_DEVICE_REQUEST;
    return from_buffer(here.Parameters.DeviceIoControl.Type3InputBuffer, size, buffer, length);
}

NTSTATUS Request::output(PVOID* buffer, size_t* length) {
    *buffer = nullptr;
    *length = 0;
    if (irp_ == nullptr || !received_) return STATUS_INVALID_DEVICE_REQUEST;
    const IO_STACK_LOCATION& here = *stack();
    if (here.MajorFunction == IRP_MJ_READ)
        return transfer(*device_, irp_, here.Parameters.Read.Length, buffer, length);
    if (!is_control(here.MajorFunction)) return STATUS_INVALID_DEVICE_REQUEST;
    const size_t size = here.Parameters.DeviceIoControl.OutputBufferLength;
    switch (METHOD_FROM_CTL_CODE(here.Parameters.DeviceIoControl.IoControlCode)) {
        case METHOD_BUFFERED:
            return from_buffer(irp_->AssociatedIrp.SystemBuffer, size, buffer, length);
        case METHOD_IN_DIRECT:
        case METHOD_OUT_DIRECT: return from_mdl(irp_->MdlAddress, size, buffer, length);
        default: break;
    }
    if (!plain_pointers_allowed(*driver(), irp_, here.MajorFunction))
        return STATUS_INVALID_DEVICE_REQUEST;
    return from_buffer(irp_->UserBuffer, size, buffer, length);
}

NTSTATUS Request::memory_for(bool output_side, Memory** memory) {
    bool& present = output_side ? has_output_memory_ : has_input_memory_;
    auto* place = reinterpret_cast<Memory*>(output_side ? output_memory_ : input_memory_);
    if (!present) {
        PVOID buffer;
        size_t length;
        const NTSTATUS status = output_side ? output(&buffer, &length) : input(&buffer, &length);
        if (!NT_SUCCESS(status)) return status;
        // In the request itself: it lives as long as somebody refers to the memory.
        ::new (static_cast<void*>(place)) Memory(driver(), Memory::Kind::request);
        place->assign(buffer, length);
        place->embed(this);
        reference();
        present = true;
    }
    *memory = place;
    return STATUS_SUCCESS;
}

NTSTATUS Request::input_memory(Memory** memory) { return memory_for(false, memory); }
NTSTATUS Request::output_memory(Memory** memory) { return memory_for(true, memory); }

void Request::drop_memories() {
    if (has_input_memory_) {
        has_input_memory_ = false;
        reinterpret_cast<Memory*>(input_memory_)->delete_object();
    }
    if (has_output_memory_) {
        has_output_memory_ = false;
        reinterpret_cast<Memory*>(output_memory_)->delete_object();
    }
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

static NTSTATUS retrieve(NTSTATUS status, PVOID found, size_t length, size_t minimum, PVOID* buffer,
                         size_t* result) {
    *buffer = nullptr;
    if (result != nullptr) *result = 0;
    if (!NT_SUCCESS(status)) return status;
    if (length < minimum) return STATUS_BUFFER_TOO_SMALL;
    *buffer = found;
    if (result != nullptr) *result = length;
    return STATUS_SUCCESS;
}

NTSTATUS WdfRequestRetrieveInputBuffer(WDFREQUEST Request, size_t MinimumRequiredLength,
                                       PVOID* Buffer, size_t* Length) {
    enter();
    auto& request =
        from_handle<gpioclx::framework::Request>(Request, "WdfRequestRetrieveInputBuffer");
    require(Buffer, "WdfRequestRetrieveInputBuffer", "Buffer");
    PVOID found;
    size_t length;
    const NTSTATUS status = request.input(&found, &length);
    return retrieve(status, found, length, MinimumRequiredLength, Buffer, Length);
}
GX_EXPORT_FUNCTION(WdfRequestRetrieveInputBuffer);

NTSTATUS WdfRequestRetrieveOutputBuffer(WDFREQUEST Request, size_t MinimumRequiredSize,
                                        PVOID* Buffer, size_t* Length) {
    enter();
    auto& request =
        from_handle<gpioclx::framework::Request>(Request, "WdfRequestRetrieveOutputBuffer");
    require(Buffer, "WdfRequestRetrieveOutputBuffer", "Buffer");
    PVOID found;
    size_t length;
    const NTSTATUS status = request.output(&found, &length);
    return retrieve(status, found, length, MinimumRequiredSize, Buffer, Length);
}
GX_EXPORT_FUNCTION(WdfRequestRetrieveOutputBuffer);

NTSTATUS WdfRequestRetrieveInputMemory(WDFREQUEST Request, WDFMEMORY* Memory) {
    enter();
    auto& request =
        from_handle<gpioclx::framework::Request>(Request, "WdfRequestRetrieveInputMemory");
    require(Memory, "WdfRequestRetrieveInputMemory", "Memory");
    *Memory = nullptr;
    gpioclx::framework::Memory* memory;
    const NTSTATUS status = request.input_memory(&memory);
    if (NT_SUCCESS(status)) *Memory = static_cast<WDFMEMORY>(memory->handle());
    return status;
}
GX_EXPORT_FUNCTION(WdfRequestRetrieveInputMemory);

NTSTATUS WdfRequestRetrieveOutputMemory(WDFREQUEST Request, WDFMEMORY* Memory) {
    enter();
    auto& request =
        from_handle<gpioclx::framework::Request>(Request, "WdfRequestRetrieveOutputMemory");
    require(Memory, "WdfRequestRetrieveOutputMemory", "Memory");
    *Memory = nullptr;
    gpioclx::framework::Memory* memory;
    const NTSTATUS status = request.output_memory(&memory);
    if (NT_SUCCESS(status)) *Memory = static_cast<WDFMEMORY>(memory->handle());
    return status;
}
GX_EXPORT_FUNCTION(WdfRequestRetrieveOutputMemory);

// An MDL over the side's buffer: the IRP's own for direct transfers, else one of the request.
static NTSTATUS wdm_mdl(gpioclx::framework::Request& request, bool output, PMDL* mdl) {
    *mdl = nullptr;
    PVOID buffer;
    size_t length;
    const NTSTATUS status =
        output ? request.output(&buffer, &length) : request.input(&buffer, &length);
    if (!NT_SUCCESS(status)) return status;
    if (request.irp()->MdlAddress != nullptr &&
        MmGetMdlVirtualAddress(request.irp()->MdlAddress) == buffer) {
        *mdl = request.irp()->MdlAddress;
        return STATUS_SUCCESS;
    }
    if (request.own_mdl == nullptr) {
        request.own_mdl = IoAllocateMdl(buffer, static_cast<ULONG>(length), FALSE, FALSE, nullptr);
        if (request.own_mdl == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
        MmBuildMdlForNonPagedPool(request.own_mdl);
    }
    *mdl = request.own_mdl;
    return STATUS_SUCCESS;
}

NTSTATUS WdfRequestRetrieveInputWdmMdl(WDFREQUEST Request, PMDL* Mdl) {
    enter();
    require(Mdl, "WdfRequestRetrieveInputWdmMdl", "Mdl");
    return wdm_mdl(
        from_handle<gpioclx::framework::Request>(Request, "WdfRequestRetrieveInputWdmMdl"), false,
        Mdl);
}
GX_EXPORT_FUNCTION(WdfRequestRetrieveInputWdmMdl);

NTSTATUS WdfRequestRetrieveOutputWdmMdl(WDFREQUEST Request, PMDL* Mdl) {
    enter();
    require(Mdl, "WdfRequestRetrieveOutputWdmMdl", "Mdl");
    return wdm_mdl(
        from_handle<gpioclx::framework::Request>(Request, "WdfRequestRetrieveOutputWdmMdl"), true,
        Mdl);
}
GX_EXPORT_FUNCTION(WdfRequestRetrieveOutputWdmMdl);

// Pointers as the sender gave them, for METHOD_NEITHER; only while its context is still there.
static NTSTATUS unsafe(gpioclx::framework::Request& request, bool output, size_t minimum,
                       PVOID* buffer, size_t* length) {
    *buffer = nullptr;
    if (length != nullptr) *length = 0;
    if (!request.in_caller_context()) return STATUS_INVALID_DEVICE_REQUEST;
    const IO_STACK_LOCATION& here = *request.stack();
    PVOID found = nullptr;
    size_t size = 0;
    const auto& control = here.Parameters.DeviceIoControl;
    const bool neither = (request.device()->wdm()->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO)) == 0;
    if (is_control(here.MajorFunction) &&
        METHOD_FROM_CTL_CODE(control.IoControlCode) == METHOD_NEITHER) {
        found = output ? request.irp()->UserBuffer : control.Type3InputBuffer;
        size = output ? control.OutputBufferLength : control.InputBufferLength;
    } else if (neither && here.MajorFunction == (output ? IRP_MJ_READ : IRP_MJ_WRITE)) {
        found = request.irp()->UserBuffer;
        size = here.Parameters.Read.Length;
    } else {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (size == 0 || size < minimum) return STATUS_BUFFER_TOO_SMALL;
    *buffer = found;
    if (length != nullptr) *length = size;
    return STATUS_SUCCESS;
}

NTSTATUS WdfRequestRetrieveUnsafeUserInputBuffer(WDFREQUEST Request, size_t MinimumRequiredLength,
                                                 PVOID* InputBuffer, size_t* Length) {
    enter();
    require(InputBuffer, "WdfRequestRetrieveUnsafeUserInputBuffer", "InputBuffer");
    return unsafe(from_handle<gpioclx::framework::Request>(
                      Request, "WdfRequestRetrieveUnsafeUserInputBuffer"),
                  false, MinimumRequiredLength, InputBuffer, Length);
}
GX_EXPORT_FUNCTION(WdfRequestRetrieveUnsafeUserInputBuffer);

NTSTATUS WdfRequestRetrieveUnsafeUserOutputBuffer(WDFREQUEST Request, size_t MinimumRequiredLength,
                                                  PVOID* OutputBuffer, size_t* Length) {
    enter();
    require(OutputBuffer, "WdfRequestRetrieveUnsafeUserOutputBuffer", "OutputBuffer");
    return unsafe(from_handle<gpioclx::framework::Request>(
                      Request, "WdfRequestRetrieveUnsafeUserOutputBuffer"),
                  true, MinimumRequiredLength, OutputBuffer, Length);
}
GX_EXPORT_FUNCTION(WdfRequestRetrieveUnsafeUserOutputBuffer);

// Nothing is paged here: the memory object describes the sender's bytes as they are.
static NTSTATUS lock_user_buffer(WDFREQUEST handle, PVOID buffer, size_t length, WDFMEMORY* result,
                                 const char* function) {
    auto& request = from_handle<gpioclx::framework::Request>(handle, function);
    require(result, function, "MemoryObject");
    *result = nullptr;
    if (buffer == nullptr) return STATUS_INVALID_USER_BUFFER;
    if (length == 0) return STATUS_INVALID_USER_BUFFER;
    if (!request.in_caller_context()) return STATUS_INVALID_DEVICE_REQUEST;
    auto* memory = create_object<gpioclx::framework::Memory>(
        &request, nullptr, request.driver(), gpioclx::framework::Memory::Kind::preallocated);
    if (memory == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    memory->assign(buffer, length);
    *result = static_cast<WDFMEMORY>(memory->handle());
    return STATUS_SUCCESS;
}

NTSTATUS WdfRequestProbeAndLockUserBufferForRead(WDFREQUEST Request, PVOID Buffer, size_t Length,
                                                 WDFMEMORY* MemoryObject) {
    enter();
    return lock_user_buffer(Request, Buffer, Length, MemoryObject,
                            "WdfRequestProbeAndLockUserBufferForRead");
}
GX_EXPORT_FUNCTION(WdfRequestProbeAndLockUserBufferForRead);

NTSTATUS WdfRequestProbeAndLockUserBufferForWrite(WDFREQUEST Request, PVOID Buffer, size_t Length,
                                                  WDFMEMORY* MemoryObject) {
    enter();
    return lock_user_buffer(Request, Buffer, Length, MemoryObject,
                            "WdfRequestProbeAndLockUserBufferForWrite");
}
GX_EXPORT_FUNCTION(WdfRequestProbeAndLockUserBufferForWrite);
