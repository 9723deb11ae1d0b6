// A request on its way to a target and back: completion, time-out, cancellation, reuse.
#include <cstring>

#include "framework/attributes.h"
#include "framework/callback.h"
#include "framework/device.h"
#include "framework/driver.h"
#include "framework/io_target.h"
#include "framework/pool_tag.h"
#include "framework/request.h"
#include "kernel/io/device_object.h"
#include "kernel/vf/lock_order.h"

namespace gpioclx::framework {
namespace {
constexpr ULONG timer_tag = make_tag("WqTm");
constexpr ULONG buffer_tag = make_tag("WqBf");
}  // namespace

NTSTATUS Request::ensure_irp(DEVICE_OBJECT* target) {
    if (received_ || from_irp) {
        if (irp_ == nullptr) return STATUS_REQUEST_NOT_ACCEPTED;
        if (irp_->CurrentLocation <= 1) return STATUS_REQUEST_NOT_ACCEPTED;
        return STATUS_SUCCESS;
    }
    if (irp_ != nullptr && irp_->StackCount < target->StackSize) return STATUS_REQUEST_NOT_ACCEPTED;
    if (irp_ == nullptr) {
        irp_ = IoAllocateIrp(target->StackSize, FALSE);
        if (irp_ == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
        irp_is_ours = true;
    } else if (irp_used_) {
        report("lifetime-237", device(),
               "a request that is back from its target is prepared for another one without "
               "WdfRequestReuse");
        IoReuseIrp(irp_, STATUS_SUCCESS);
    }
    irp_used_ = false;
    irp_->RequestorMode = KernelMode;
    return STATUS_SUCCESS;
}

void Request::save_fields() {
    if (saved_.saved || !received_) return;
    saved_ = {true, irp_->AssociatedIrp.SystemBuffer, irp_->MdlAddress, irp_->UserBuffer,
              irp_->Flags};
}

void Request::restore_fields() {
    if (!saved_.saved || irp_ == nullptr) return;
    irp_->AssociatedIrp.SystemBuffer = saved_.system_buffer;
    irp_->MdlAddress = saved_.mdl;
    irp_->UserBuffer = saved_.user_buffer;
    irp_->Flags = saved_.flags;
    saved_ = {};
}

void Request::drop_format() {
    if (format.formatted) {
        for (Buffer* buffer : {&format.input, &format.output, &format.other}) {
            if (buffer->memory != nullptr) static_cast<Object*>(buffer->memory)->release();
        }
        format = {};
    }
    if (system_buffer != nullptr) {
        ExFreePoolWithTag(system_buffer, buffer_tag);
        system_buffer = nullptr;
    }
    copy_out_to = nullptr;
    if (own_mdl != nullptr) {
        IoFreeMdl(own_mdl);
        own_mdl = nullptr;
    }
    restore_fields();
}

NTSTATUS Request::reuse(const WDF_REQUEST_REUSE_PARAMS& params) {
    if (params.Size != sizeof(params)) return STATUS_INVALID_PARAMETER;
    if (is_sent()) {
        violation("lifetime-233", device(), WDF_REQUEST_FATAL_ERROR,
                  WDF_REQUEST_FATAL_ERROR_REQUEST_ALREADY_SENT, reinterpret_cast<ULONG_PTR>(this),
                  "WdfRequestReuse of a request that was sent to a target and is not back");
    }
    if ((params.Flags & WDF_REQUEST_REUSE_SET_NEW_IRP) != 0) {
        if (!from_irp) return STATUS_WDF_REQUEST_INVALID_STATE;
        drop_format();
        irp_ = params.NewIrp;
    } else {
        drop_format();
        if (irp_ != nullptr && !received_ && !from_irp) IoReuseIrp(irp_, params.Status);
    }
    irp_used_ = false;
    completion_ = nullptr;
    completion_context_ = nullptr;
    information = 0;
    status_ = params.Status;
    timed_out_ = false;
    if (!received_) owner_ = Owner::idle;
    if (irp_ != nullptr) irp_->IoStatus.Status = params.Status;
    return STATUS_SUCCESS;
}

NTSTATUS Request::allocate_timer() {
    if (timer_ != nullptr) return STATUS_SUCCESS;
    auto* timer = static_cast<SendTimer*>(
        ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(SendTimer), timer_tag));
    if (timer == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    std::memset(static_cast<void*>(timer), 0, sizeof(*timer));
    KeInitializeTimer(&timer->timer);
    KeInitializeDpc(&timer->dpc, &Request::timeout_dpc, this);
    timer_ = timer;
    return STATUS_SUCCESS;
}

// The timer's reference keeps the request until the DPC is known not to run any more.
void Request::stop_timer() {
    if (!timer_running_) return;
    timer_running_ = false;
    if (KeCancelTimer(&timer_->timer) || KeRemoveQueueDpc(&timer_->dpc)) Object::release();
}

void Request::timeout_dpc(PKDPC, PVOID context, PVOID, PVOID) {
    auto* request = static_cast<Request*>(context);
    if (request->timer_running_ && request->is_sent()) {
        request->timed_out_ = true;
        request->timer_running_ = false;
        request->cancel_sent();
    }
    static_cast<Object*>(request)->release();
}

void Request::pend_in_target(IoTarget& target, LONGLONG timeout, bool synchronous) {
    reference();
    pending_timeout = timeout;
    pending_synchronous = synchronous;
    sent_target = &target;
    status_ = STATUS_PENDING;
    owner_ = Owner::target;
    if (synchronous) KeInitializeEvent(&sent_event_, NotificationEvent, FALSE);
    target.add_pending(*this);
}

void Request::finish_unsent(NTSTATUS status) {
    status_ = status;
    irp_->IoStatus.Status = status;
    irp_->IoStatus.Information = 0;
    information = 0;
    owner_ = received_ ? Owner::driver : Owner::idle;
    const IoTarget::CompletionScope scope(*sent_target);
    synchronous_ = pending_synchronous;
    if (pending_synchronous) {
        KeSetEvent(&sent_event_, IO_NO_INCREMENT, FALSE);
    } else {
        call_completion();
    }
    Object::release();
}

void Request::send(IoTarget& target, DEVICE_OBJECT* device, LONGLONG timeout, bool synchronous) {
    reference();
    const bool was_pending = owner_ == Owner::target;
    sent_target = &target;
    synchronous_ = synchronous;
    timed_out_ = false;
    completion_held_back_ = false;
    status_ = STATUS_PENDING;
    owner_ = Owner::target;
    irp_used_ = true;
    write_back_views(false);
    if (synchronous && !was_pending) KeInitializeEvent(&sent_event_, NotificationEvent, FALSE);
    target.add_sent(*this);
    IoSetCompletionRoutine(irp_, &Request::sent_completion, this, TRUE, TRUE, TRUE);
    if (timeout != 0 && timer_ != nullptr) {
        reference();
        timer_running_ = true;
        LARGE_INTEGER due;
        due.QuadPart = timeout;
        KeSetTimer(&timer_->timer, due, &timer_->dpc);
    }
    IoCallDriver(device, irp_);
}

NTSTATUS Request::sent_completion(PDEVICE_OBJECT, PIRP, PVOID context) {
    auto* request = static_cast<Request*>(context);
    if (request->cancelers_ != 0) {
        request->completion_held_back_ = true;  // whoever cancels it finishes it
    } else {
        request->finish_sent();
    }
    return STATUS_MORE_PROCESSING_REQUIRED;
}

void Request::finish_sent() {
    stop_timer();
    status_ = irp_->IoStatus.Status;
    if (timed_out_ && status_ == STATUS_CANCELLED)
        status_ = irp_->IoStatus.Status = STATUS_IO_TIMEOUT;
    information = irp_->IoStatus.Information;
    if (copy_out_to != nullptr && !NT_ERROR(status_)) {
        const size_t length = information < copy_out_length ? information : copy_out_length;
        std::memcpy(copy_out_to, system_buffer, length);
    }
    restore_fields();
    owner_ = received_ ? Owner::driver : Owner::idle;
    const IoTarget::CompletionScope scope(*sent_target);
    sent_target->remove_sent(*this);
    if (synchronous_) {
        KeSetEvent(&sent_event_, IO_NO_INCREMENT, FALSE);
    } else {
        call_completion();
    }
    Object::release();
}

void Request::call_completion() {
    if (driver() != nullptr && driver()->lost()) {
        if (received_ && owner_ == Owner::driver)
            complete_by_framework(STATUS_DRIVER_PROCESS_TERMINATED);
        return;
    }
    if (completion_ == nullptr) {
        if (received_) {
            report("lifetime-220", device(),
                   "a request from a queue was sent without a completion routine, a wait or "
                   "SEND_AND_FORGET: nobody completes it");
        }
        return;
    }
    if (driver() != nullptr && driver()->user_mode() != nullptr &&
        KeGetCurrentIrql() > PASSIVE_LEVEL) {
        // In user mode nothing runs at a raised IRQL.
        reference();
        static_cast<Object*>(sent_target)->reference();
        sent_target->expect_completion();
        ExInitializeWorkItem(&completion_item_, &Request::completion_worker, this);
        ExQueueWorkItem(&completion_item_, DelayedWorkQueue);
        return;
    }
    WDF_REQUEST_COMPLETION_PARAMS params;
    fill_completion_params(params);
    UserView view;
    void* seen = view.show_copy(process_of(driver()), &params, sizeof params);
    if (seen == nullptr) return;
    const PFN_WDF_REQUEST_COMPLETION_ROUTINE routine = completion_;
    CallbackScope scope(Callback::request_completion, sent_target->owner());
    routine(request_handle(), sent_target->target_handle(),
            static_cast<PWDF_REQUEST_COMPLETION_PARAMS>(seen), completion_context_);
}

void NTAPI Request::completion_worker(PVOID context) {
    auto* request = static_cast<Request*>(context);
    IoTarget* target = request->sent_target;
    {
        const IoTarget::CompletionScope scope(*target);
        target->forget_completion();
        request->call_completion();
    }
    static_cast<Object*>(target)->release();
    static_cast<Object*>(request)->release();
}

static WDFMEMORY memory_handle(const Request::Buffer& buffer) {
    return buffer.memory != nullptr ? static_cast<WDFMEMORY>(buffer.memory->handle()) : nullptr;
}

void Request::fill_completion_params(WDF_REQUEST_COMPLETION_PARAMS& params) const {
    WDF_REQUEST_COMPLETION_PARAMS_INIT(&params);
    params.Type = format.type;
    params.IoStatus.Status = status_;
    params.IoStatus.Information = information;
    switch (format.type) {
        case WdfRequestTypeRead:
            params.Parameters.Read.Buffer = memory_handle(format.output);
            params.Parameters.Read.Length = information;
            params.Parameters.Read.Offset = format.output.offset;
            break;
        case WdfRequestTypeWrite:
            params.Parameters.Write.Buffer = memory_handle(format.input);
            params.Parameters.Write.Length = information;
            params.Parameters.Write.Offset = format.input.offset;
            break;
        case WdfRequestTypeDeviceControl:
        case WdfRequestTypeDeviceControlInternal:
            params.Parameters.Ioctl.IoControlCode = format.code;
            params.Parameters.Ioctl.Input.Buffer = memory_handle(format.input);
            params.Parameters.Ioctl.Input.Offset = format.input.offset;
            params.Parameters.Ioctl.Output.Buffer = memory_handle(format.output);
            params.Parameters.Ioctl.Output.Offset = format.output.offset;
            params.Parameters.Ioctl.Output.Length = information;
            break;
        case WdfRequestTypeOther:
            params.Parameters.Others.Argument1.Ptr = format.input.start;
            params.Parameters.Others.Argument2.Ptr = format.output.start;
            params.Parameters.Others.Argument4.Ptr = format.other.start;
            break;
        default: break;
    }
}

BOOLEAN Request::cancel_sent() {
    if (!is_sent()) return FALSE;
    if (sent_target->remove_pending(*this)) {
        finish_unsent(STATUS_CANCELLED);
        return TRUE;
    }
    ++cancelers_;
    const BOOLEAN cancelled = IoCancelIrp(irp_);
    if (--cancelers_ == 0 && completion_held_back_) {
        completion_held_back_ = false;
        finish_sent();
    }
    return cancelled;
}

NTSTATUS Request::wait_sent() {
    // A time-out works by cancelling, so the wait itself has none.
    if (is_sent()) KeWaitForSingleObject(&sent_event_, Executive, KernelMode, FALSE, nullptr);
    return status_;
}

}  // namespace gpioclx::framework
