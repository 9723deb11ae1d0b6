// Formatting requests for a target, and the functions that format, send and wait in one.
#include "ext/gx_export.h"

#include <cstddef>
#include <cstring>

#include "framework/device.h"
#include "framework/driver.h"
#include "framework/io_target.h"
#include "framework/pool_tag.h"

namespace gpioclx::framework {
namespace {

constexpr ULONG buffer_tag = make_tag("WqBf");

NTSTATUS begin(IoTarget& target, Request& request) {
    if (request.is_sent()) return STATUS_INVALID_DEVICE_REQUEST;
    if (target.wdm() == nullptr) return STATUS_INVALID_DEVICE_STATE;
    request.drop_format();
    const NTSTATUS status = request.ensure_irp(target.wdm());
    if (!NT_SUCCESS(status)) return status;
    request.save_fields();
    PIRP irp = request.irp();
    irp->AssociatedIrp.SystemBuffer = nullptr;
    irp->MdlAddress = nullptr;
    irp->UserBuffer = nullptr;
    IO_STACK_LOCATION* next = IoGetNextIrpStackLocation(irp);
    std::memset(static_cast<void*>(next), 0, sizeof(*next));
    next->FileObject = target.file();
    return STATUS_SUCCESS;
}

void keep(Request& request, WDF_REQUEST_TYPE type, const Request::Buffer& input,
          const Request::Buffer& output, const Request::Buffer& other) {
    request.format.type = type;
    request.format.input = input;
    request.format.output = output;
    request.format.other = other;
    request.format.formatted = true;
    for (const Request::Buffer* buffer : {&input, &output, &other}) {
        if (buffer->memory != nullptr) buffer->memory->reference();
    }
}

NTSTATUS attach_mdl(Request& request, const Request::Buffer& buffer) {
    if (buffer.length == 0) return STATUS_SUCCESS;
    if (buffer.mdl != nullptr) {
        request.irp()->MdlAddress = buffer.mdl;
        return STATUS_SUCCESS;
    }
    request.own_mdl =
        IoAllocateMdl(buffer.start, static_cast<ULONG>(buffer.length), FALSE, FALSE, nullptr);
    if (request.own_mdl == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    MmBuildMdlForNonPagedPool(request.own_mdl);
    request.irp()->MdlAddress = request.own_mdl;
    return STATUS_SUCCESS;
}

// One system buffer serves both directions. Where one block of memory can do that it is used as it
// is; else a buffer of its own is filled before and read after.
NTSTATUS attach_buffered(Request& request, const Request::Buffer& input,
                         const Request::Buffer& output) {
    PIRP irp = request.irp();
    const bool one_block = input.length == 0 || output.length == 0 || (input.start == output.start);
    if (one_block) {
        irp->AssociatedIrp.SystemBuffer =
            input.length >= output.length ? input.start : output.start;
        return STATUS_SUCCESS;
    }
    const size_t size = input.length > output.length ? input.length : output.length;
    request.system_buffer = ExAllocatePoolWithTag(NonPagedPoolNx, size, buffer_tag);
    if (request.system_buffer == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    std::memset(request.system_buffer, 0, size);
    std::memcpy(request.system_buffer, input.start, input.length);
    request.copy_out_to = output.start;
    request.copy_out_length = output.length;
    irp->AssociatedIrp.SystemBuffer = request.system_buffer;
    return STATUS_SUCCESS;
}

}  // namespace

NTSTATUS buffer_from(WDFMEMORY handle, const WDFMEMORY_OFFSET* offset, const char* function,
                     Request::Buffer* buffer) {
    *buffer = {};
    if (handle == nullptr) return STATUS_SUCCESS;
    auto& memory = from_handle<Memory>(handle, function);
    buffer->memory = &memory;
    buffer->offset = offset != nullptr ? offset->BufferOffset : 0;
    return memory.part(offset, &buffer->start, &buffer->length);
}

NTSTATUS buffer_from(const WDF_MEMORY_DESCRIPTOR* descriptor, const char* function,
                     Request::Buffer* buffer) {
    *buffer = {};
    if (descriptor == nullptr) return STATUS_SUCCESS;
    switch (descriptor->Type) {
        case WdfMemoryDescriptorTypeBuffer:
            buffer->start = descriptor->u.BufferType.Buffer;
            buffer->length = descriptor->u.BufferType.Length;
            return buffer->start != nullptr || buffer->length == 0 ? STATUS_SUCCESS
                                                                   : STATUS_INVALID_PARAMETER;
        case WdfMemoryDescriptorTypeMdl:
            if (descriptor->u.MdlType.Mdl == nullptr) return STATUS_INVALID_PARAMETER;
            buffer->mdl = descriptor->u.MdlType.Mdl;
            buffer->start = MmGetSystemAddressForMdlSafe(buffer->mdl, NormalPagePriority);
            buffer->length = descriptor->u.MdlType.BufferLength;
            return buffer->start != nullptr ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
        case WdfMemoryDescriptorTypeHandle:
            return buffer_from(descriptor->u.HandleType.Memory, descriptor->u.HandleType.Offsets,
                               function, buffer);
        default: return STATUS_INVALID_PARAMETER;
    }
}

NTSTATUS format_transfer(IoTarget& target, Request& request, WDF_REQUEST_TYPE type,
                         const Request::Buffer& buffer, const LONGLONG* offset) {
    NTSTATUS status = begin(target, request);
    if (!NT_SUCCESS(status)) return status;
    const bool read = type == WdfRequestTypeRead;
    keep(request, type, read ? Request::Buffer{} : buffer, read ? buffer : Request::Buffer{}, {});
    PIRP irp = request.irp();
    IO_STACK_LOCATION* next = IoGetNextIrpStackLocation(irp);
    next->MajorFunction = read ? IRP_MJ_READ : IRP_MJ_WRITE;
    next->Parameters.Read.Length = static_cast<ULONG>(buffer.length);
    next->Parameters.Read.ByteOffset.QuadPart = offset != nullptr ? *offset : 0;
    if ((target.wdm()->Flags & DO_BUFFERED_IO) != 0) {
        irp->AssociatedIrp.SystemBuffer = buffer.start;
    } else if ((target.wdm()->Flags & DO_DIRECT_IO) != 0) {
        status = attach_mdl(request, buffer);
    } else {
        irp->UserBuffer = buffer.start;
    }
    return status;
}

NTSTATUS format_control(IoTarget& target, Request& request, WDF_REQUEST_TYPE type, ULONG code,
                        const Request::Buffer& input, const Request::Buffer& output) {
    NTSTATUS status = begin(target, request);
    if (!NT_SUCCESS(status)) return status;
    keep(request, type, input, output, {});
    request.format.code = code;
    PIRP irp = request.irp();
    IO_STACK_LOCATION* next = IoGetNextIrpStackLocation(irp);
    next->MajorFunction = type == WdfRequestTypeDeviceControl ? IRP_MJ_DEVICE_CONTROL
                                                              : IRP_MJ_INTERNAL_DEVICE_CONTROL;
    next->Parameters.DeviceIoControl.IoControlCode = code;
    next->Parameters.DeviceIoControl.InputBufferLength = static_cast<ULONG>(input.length);
    next->Parameters.DeviceIoControl.OutputBufferLength = static_cast<ULONG>(output.length);
    switch (METHOD_FROM_CTL_CODE(code)) {
        case METHOD_BUFFERED: return attach_buffered(request, input, output);
        case METHOD_IN_DIRECT:
        case METHOD_OUT_DIRECT:
            irp->AssociatedIrp.SystemBuffer = input.start;
            return attach_mdl(request, output);
        default:
            next->Parameters.DeviceIoControl.Type3InputBuffer = input.start;
            irp->UserBuffer = output.start;
            return STATUS_SUCCESS;
    }
}

NTSTATUS format_others(IoTarget& target, Request& request, ULONG code, const Request::Buffer& first,
                       const Request::Buffer& second, const Request::Buffer& fourth) {
    const NTSTATUS status = begin(target, request);
    if (!NT_SUCCESS(status)) return status;
    keep(request, WdfRequestTypeOther, first, second, fourth);
    request.format.code = code;
    IO_STACK_LOCATION* next = IoGetNextIrpStackLocation(request.irp());
    next->MajorFunction = IRP_MJ_INTERNAL_DEVICE_CONTROL;
    next->Parameters.Others.Argument1 = first.start;
    next->Parameters.Others.Argument2 = second.start;
    next->Parameters.Others.Argument4 = fourth.start;
    // The code has the place of the third argument.
    next->Parameters.DeviceIoControl.IoControlCode = code;
    return STATUS_SUCCESS;
}

namespace {

// A request for the duration of a call that waits for it. Its last reference goes before the wait
// ends, unless a time-out may still be about to fire: such a request is a block of pool.
class RequestOfCall final : public Request {
  public:
    explicit RequestOfCall(Driver* driver) : Request(driver, nullptr, nullptr, false) {}
    static void* operator new(std::size_t, void* place) noexcept { return place; }
    static void operator delete(void*) noexcept {}

  protected:
    void last_release() override { this->~RequestOfCall(); }
};

// The driver's request, or one made for the duration of the call.
class SynchronousSend {
  public:
    SynchronousSend(WDFIOTARGET target, WDFREQUEST request, PWDF_REQUEST_SEND_OPTIONS options,
                    const char* function)
        : target_(from_handle<IoTarget>(target, function)), options_(options) {
        enter();
        if (request != nullptr) {
            request_ = &from_handle<Request>(request, function);
            return;
        }
        // Nobody sees this one: it need not be a child of anything.
        const bool may_time_out =
            options != nullptr && (options->Flags & WDF_REQUEST_SEND_OPTION_TIMEOUT) != 0;
        own_ = request_ = may_time_out ? new Request(target_.driver(), nullptr, nullptr, false)
                                       : new (place_) RequestOfCall(target_.driver());
    }
    ~SynchronousSend() {
        if (own_ != nullptr) own_->delete_object();
    }
    NTSTATUS check() const {
        if (request_ == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
        if (options_ != nullptr && options_->Size != sizeof(*options_))
            return STATUS_INFO_LENGTH_MISMATCH;
        if (options_ != nullptr && (options_->Flags & WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET) != 0)
            return STATUS_INVALID_PARAMETER;
        return request_->is_sent() ? STATUS_INVALID_DEVICE_REQUEST : STATUS_SUCCESS;
    }
    IoTarget& target() { return target_; }
    Request& request() { return *request_; }
    NTSTATUS run(PULONG_PTR transferred) {
        const ULONG flags =
            (options_ != nullptr ? options_->Flags : 0) | WDF_REQUEST_SEND_OPTION_SYNCHRONOUS;
        const bool sent =
            target_.send(*request_, flags, options_ != nullptr ? options_->Timeout : 0);
        const NTSTATUS status = sent ? request_->wait_sent() : request_->sent_status();
        if (transferred != nullptr) *transferred = sent ? request_->information : 0;
        return status;
    }

  private:
    IoTarget& target_;
    PWDF_REQUEST_SEND_OPTIONS options_;
    Request* request_ = nullptr;
    Request* own_ = nullptr;
    alignas(RequestOfCall) std::byte place_[sizeof(RequestOfCall)];
};

NTSTATUS send_transfer(WDFIOTARGET target, WDFREQUEST request, PWDF_MEMORY_DESCRIPTOR memory,
                       PLONGLONG offset, PWDF_REQUEST_SEND_OPTIONS options, PULONG_PTR transferred,
                       WDF_REQUEST_TYPE type, const char* function) {
    SynchronousSend send(target, request, options, function);
    if (transferred != nullptr) *transferred = 0;
    NTSTATUS status = send.check();
    Request::Buffer buffer;
    if (NT_SUCCESS(status)) status = buffer_from(memory, function, &buffer);
    if (NT_SUCCESS(status))
        status = format_transfer(send.target(), send.request(), type, buffer, offset);
    return NT_SUCCESS(status) ? send.run(transferred) : status;
}

NTSTATUS send_control(WDFIOTARGET target, WDFREQUEST request, ULONG code, PWDF_MEMORY_DESCRIPTOR in,
                      PWDF_MEMORY_DESCRIPTOR out, PWDF_REQUEST_SEND_OPTIONS options,
                      PULONG_PTR transferred, WDF_REQUEST_TYPE type, const char* function) {
    SynchronousSend send(target, request, options, function);
    if (transferred != nullptr) *transferred = 0;
    NTSTATUS status = send.check();
    Request::Buffer input, output;
    if (NT_SUCCESS(status)) status = buffer_from(in, function, &input);
    if (NT_SUCCESS(status)) status = buffer_from(out, function, &output);
    if (NT_SUCCESS(status))
        status = format_control(send.target(), send.request(), type, code, input, output);
    return NT_SUCCESS(status) ? send.run(transferred) : status;
}

NTSTATUS format_for(WDFIOTARGET target, WDFREQUEST request, WDFMEMORY memory,
                    PWDFMEMORY_OFFSET part, PLONGLONG offset, WDF_REQUEST_TYPE type,
                    const char* function) {
    enter();
    auto& to = from_handle<IoTarget>(target, function);
    auto& what = from_handle<Request>(request, function);
    Request::Buffer buffer;
    const NTSTATUS status = buffer_from(memory, part, function, &buffer);
    return NT_SUCCESS(status) ? format_transfer(to, what, type, buffer, offset) : status;
}

NTSTATUS format_control_for(WDFIOTARGET target, WDFREQUEST request, ULONG code, WDFMEMORY in,
                            PWDFMEMORY_OFFSET in_part, WDFMEMORY out, PWDFMEMORY_OFFSET out_part,
                            WDF_REQUEST_TYPE type, const char* function) {
    enter();
    auto& to = from_handle<IoTarget>(target, function);
    auto& what = from_handle<Request>(request, function);
    Request::Buffer input, output;
    NTSTATUS status = buffer_from(in, in_part, function, &input);
    if (NT_SUCCESS(status)) status = buffer_from(out, out_part, function, &output);
    return NT_SUCCESS(status) ? format_control(to, what, type, code, input, output) : status;
}

}  // namespace
}  // namespace gpioclx::framework

using namespace gpioclx::framework;

NTSTATUS WdfIoTargetSendReadSynchronously(WDFIOTARGET IoTarget, WDFREQUEST Request,
                                          PWDF_MEMORY_DESCRIPTOR OutputBuffer,
                                          PLONGLONG DeviceOffset,
                                          PWDF_REQUEST_SEND_OPTIONS RequestOptions,
                                          PULONG_PTR BytesRead) {
    return send_transfer(IoTarget, Request, OutputBuffer, DeviceOffset, RequestOptions, BytesRead,
                         WdfRequestTypeRead, "WdfIoTargetSendReadSynchronously");
}
GX_EXPORT_FUNCTION(WdfIoTargetSendReadSynchronously);

NTSTATUS WdfIoTargetSendWriteSynchronously(WDFIOTARGET IoTarget, WDFREQUEST Request,
                                           PWDF_MEMORY_DESCRIPTOR InputBuffer,
                                           PLONGLONG DeviceOffset,
                                           PWDF_REQUEST_SEND_OPTIONS RequestOptions,
                                           PULONG_PTR BytesWritten) {
    return send_transfer(IoTarget, Request, InputBuffer, DeviceOffset, RequestOptions, BytesWritten,
                         WdfRequestTypeWrite, "WdfIoTargetSendWriteSynchronously");
}
GX_EXPORT_FUNCTION(WdfIoTargetSendWriteSynchronously);

NTSTATUS WdfIoTargetSendIoctlSynchronously(WDFIOTARGET IoTarget, WDFREQUEST Request,
                                           ULONG IoctlCode, PWDF_MEMORY_DESCRIPTOR InputBuffer,
                                           PWDF_MEMORY_DESCRIPTOR OutputBuffer,
                                           PWDF_REQUEST_SEND_OPTIONS RequestOptions,
                                           PULONG_PTR BytesReturned) {
    return send_control(IoTarget, Request, IoctlCode, InputBuffer, OutputBuffer, RequestOptions,
                        BytesReturned, WdfRequestTypeDeviceControl,
                        "WdfIoTargetSendIoctlSynchronously");
}
GX_EXPORT_FUNCTION(WdfIoTargetSendIoctlSynchronously);

NTSTATUS WdfIoTargetSendInternalIoctlSynchronously(WDFIOTARGET IoTarget, WDFREQUEST Request,
                                                   ULONG IoctlCode,
                                                   PWDF_MEMORY_DESCRIPTOR InputBuffer,
                                                   PWDF_MEMORY_DESCRIPTOR OutputBuffer,
                                                   PWDF_REQUEST_SEND_OPTIONS RequestOptions,
                                                   PULONG_PTR BytesReturned) {
    return send_control(IoTarget, Request, IoctlCode, InputBuffer, OutputBuffer, RequestOptions,
                        BytesReturned, WdfRequestTypeDeviceControlInternal,
                        "WdfIoTargetSendInternalIoctlSynchronously");
}
GX_EXPORT_FUNCTION(WdfIoTargetSendInternalIoctlSynchronously);

NTSTATUS WdfIoTargetSendInternalIoctlOthersSynchronously(
    WDFIOTARGET IoTarget, WDFREQUEST Request, ULONG IoctlCode, PWDF_MEMORY_DESCRIPTOR OtherArg1,
    PWDF_MEMORY_DESCRIPTOR OtherArg2, PWDF_MEMORY_DESCRIPTOR OtherArg4,
    PWDF_REQUEST_SEND_OPTIONS RequestOptions, PULONG_PTR BytesReturned) {
    constexpr const char* function = "WdfIoTargetSendInternalIoctlOthersSynchronously";
    SynchronousSend send(IoTarget, Request, RequestOptions, function);
    if (BytesReturned != nullptr) *BytesReturned = 0;
    NTSTATUS status = send.check();
    gpioclx::framework::Request::Buffer first, second, fourth;
    if (NT_SUCCESS(status)) status = buffer_from(OtherArg1, function, &first);
    if (NT_SUCCESS(status)) status = buffer_from(OtherArg2, function, &second);
    if (NT_SUCCESS(status)) status = buffer_from(OtherArg4, function, &fourth);
    if (NT_SUCCESS(status))
        status = format_others(send.target(), send.request(), IoctlCode, first, second, fourth);
    return NT_SUCCESS(status) ? send.run(BytesReturned) : status;
}
GX_EXPORT_FUNCTION(WdfIoTargetSendInternalIoctlOthersSynchronously);

NTSTATUS WdfIoTargetFormatRequestForRead(WDFIOTARGET IoTarget, WDFREQUEST Request,
                                         WDFMEMORY OutputBuffer,
                                         PWDFMEMORY_OFFSET OutputBufferOffset,
                                         PLONGLONG DeviceOffset) {
    return format_for(IoTarget, Request, OutputBuffer, OutputBufferOffset, DeviceOffset,
                      WdfRequestTypeRead, "WdfIoTargetFormatRequestForRead");
}
GX_EXPORT_FUNCTION(WdfIoTargetFormatRequestForRead);

NTSTATUS WdfIoTargetFormatRequestForWrite(WDFIOTARGET IoTarget, WDFREQUEST Request,
                                          WDFMEMORY InputBuffer,
                                          PWDFMEMORY_OFFSET InputBufferOffset,
                                          PLONGLONG DeviceOffset) {
    return format_for(IoTarget, Request, InputBuffer, InputBufferOffset, DeviceOffset,
                      WdfRequestTypeWrite, "WdfIoTargetFormatRequestForWrite");
}
GX_EXPORT_FUNCTION(WdfIoTargetFormatRequestForWrite);

NTSTATUS WdfIoTargetFormatRequestForIoctl(WDFIOTARGET IoTarget, WDFREQUEST Request, ULONG IoctlCode,
                                          WDFMEMORY InputBuffer,
                                          PWDFMEMORY_OFFSET InputBufferOffset,
                                          WDFMEMORY OutputBuffer,
                                          PWDFMEMORY_OFFSET OutputBufferOffset) {
    return format_control_for(IoTarget, Request, IoctlCode, InputBuffer, InputBufferOffset,
                              OutputBuffer, OutputBufferOffset, WdfRequestTypeDeviceControl,
                              "WdfIoTargetFormatRequestForIoctl");
}
GX_EXPORT_FUNCTION(WdfIoTargetFormatRequestForIoctl);

NTSTATUS WdfIoTargetFormatRequestForInternalIoctl(WDFIOTARGET IoTarget, WDFREQUEST Request,
                                                  ULONG IoctlCode, WDFMEMORY InputBuffer,
                                                  PWDFMEMORY_OFFSET InputBufferOffset,
                                                  WDFMEMORY OutputBuffer,
                                                  PWDFMEMORY_OFFSET OutputBufferOffset) {
    return format_control_for(IoTarget, Request, IoctlCode, InputBuffer, InputBufferOffset,
                              OutputBuffer, OutputBufferOffset, WdfRequestTypeDeviceControlInternal,
                              "WdfIoTargetFormatRequestForInternalIoctl");
}
GX_EXPORT_FUNCTION(WdfIoTargetFormatRequestForInternalIoctl);

NTSTATUS WdfIoTargetFormatRequestForInternalIoctlOthers(
    WDFIOTARGET IoTarget, WDFREQUEST Request, ULONG IoctlCode, WDFMEMORY OtherArg1,
    PWDFMEMORY_OFFSET OtherArg1Offset, WDFMEMORY OtherArg2, PWDFMEMORY_OFFSET OtherArg2Offset,
    WDFMEMORY OtherArg4, PWDFMEMORY_OFFSET OtherArg4Offset) {
    constexpr const char* function = "WdfIoTargetFormatRequestForInternalIoctlOthers";
    enter();
    auto& target = from_handle<gpioclx::framework::IoTarget>(IoTarget, function);
    auto& request = from_handle<gpioclx::framework::Request>(Request, function);
    gpioclx::framework::Request::Buffer first, second, fourth;
    NTSTATUS status = buffer_from(OtherArg1, OtherArg1Offset, function, &first);
    if (NT_SUCCESS(status)) status = buffer_from(OtherArg2, OtherArg2Offset, function, &second);
    if (NT_SUCCESS(status)) status = buffer_from(OtherArg4, OtherArg4Offset, function, &fourth);
    return NT_SUCCESS(status) ? format_others(target, request, IoctlCode, first, second, fourth)
                              : status;
}
GX_EXPORT_FUNCTION(WdfIoTargetFormatRequestForInternalIoctlOthers);
