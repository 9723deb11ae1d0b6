#include "framework/request.h"

#include "framework/attributes.h"
#include "framework/callback.h"
#include "framework/device.h"
#include "framework/dispatch.h"
#include "framework/driver.h"
#include "framework/file_object.h"
#include "framework/io_target.h"
#include "framework/pool_tag.h"
#include "framework/queue.h"
#include "kernel/vf/lock_order.h"

namespace gpioclx::framework {
namespace {

// Spare requests of a device, used again in order, oldest first: a handle stays dead for a while.
constexpr ULONG cache_limit = 8;

}  // namespace

Request* Request::receive(Device& device, PIRP irp) {
    Request* request = nullptr;
    if (device.request_cache_size >= cache_limit / 2) {
        request = device.request_cache;
        device.request_cache = request->cache_next_;
        --device.request_cache_size;
        request->revive();
        request->start_life(device, irp);
    } else {
        request = new Request(device.driver(), &device, irp, true);
        if (request == nullptr) return nullptr;
    }
    bool complete = !device.settings.has_request_attributes ||
                    request->add_context(&device.settings.request_attributes);
    for (ExtensionSettings* e = device.settings.extensions; e != nullptr && complete; e = e->next) {
        if (e->has_request_attributes) complete = request->add_context(&e->request_attributes);
    }
    if (!complete) {
        request->drop_contexts();
        device.reference();
        request->release();
        return nullptr;
    }
    irp->Tail.Overlay.DriverContext[0] = request;
    request->owner_ = Owner::caller;
    ++device.open_requests;
    device.reference();  // as long as the driver may refer to the request
    return request;
}

void Request::start_life(Device& device, PIRP irp) {
    irp_ = irp;
    device_ = &device;
    queue_ = nullptr;
    owner_ = Owner::idle;
    received_ = true;
    seen_by_driver_ = has_input_memory_ = has_output_memory_ = false;
    timed_out_ = timer_running_ = synchronous_ = completion_held_back_ = irp_used_ = false;
    stop_acknowledged = power_reference = false;
    information = 0;
    status_ = STATUS_SUCCESS;
    cancel_callback_ = nullptr;
    completion_ = nullptr;
    completion_context_ = nullptr;
    saved_ = {};
    format = {};
}

Request::~Request() {
    if (timer_ != nullptr) ExFreePoolWithTag(timer_, make_tag("WqTm"));
    if (irp_ != nullptr && irp_is_ours) IoFreeIrp(irp_);
}

void Request::destroy_cached(Request* request) { delete request; }

void Request::cleaned() {
    drop_format();
    drop_memories();
}

void Request::last_release() {
    Device* device = device_;
    if (!received_) {
        delete this;
        return;
    }
    if (device->deleting() || device->request_cache_size >= cache_limit) {
        delete this;
        device->release();
        return;
    }
    irp_ = nullptr;
    cache_next_ = nullptr;
    Request** end = &device->request_cache;
    while (*end != nullptr) end = &(*end)->cache_next_;
    *end = this;
    ++device->request_cache_size;
    device->release();
}

void Request::check_completable(const char* function) {
    if (owner_ == Owner::driver || owner_ == Owner::caller) {
        if (cancel_callback_ == nullptr) return;
        report("lifetime-217", device_,
               "%s of a request that is still marked cancelable; call WdfRequestUnmarkCancelable "
               "first",
               function);
        if (NT_SUCCESS(unmark_cancelable())) return;
        return;
    }
    const char* why = owner_ == Owner::completed ? "was completed already"
                      : owner_ == Owner::queue   ? "is in a queue"
                      : owner_ == Owner::target  ? "was sent to a target and is not back"
                                                 : "did not come from an I/O queue";
    violation("lifetime-205", device(), WDF_REQUEST_FATAL_ERROR, reinterpret_cast<ULONG_PTR>(this),
              0, "%s of a request that %s", function, why);
}

void Request::complete(NTSTATUS status, CCHAR boost, const char* function) {
    if (!received_ && !from_irp) {
        violation("lifetime-221", device(), WDF_REQUEST_FATAL_ERROR,
                  reinterpret_cast<ULONG_PTR>(this), 0,
                  "%s of a request that the driver created itself; delete or reuse it", function);
    }
    if (from_irp && owner_ == Owner::idle) owner_ = Owner::driver;
    check_completable(function);
    if (status == STATUS_PENDING) {
        report("lifetime-222", device(), "%s with STATUS_PENDING", function);
    }
    const IO_STACK_LOCATION* here = stack();
    ULONG limit = ~ULONG{0};
    if (here->MajorFunction == IRP_MJ_READ) limit = here->Parameters.Read.Length;
    if (here->MajorFunction == IRP_MJ_DEVICE_CONTROL &&
        METHOD_FROM_CTL_CODE(here->Parameters.DeviceIoControl.IoControlCode) == METHOD_BUFFERED) {
        // Without an output buffer nothing is copied, and the count may mean anything: requests to
        // a simple peripheral bus tell the bytes on the wire.
        const ULONG length = here->Parameters.DeviceIoControl.OutputBufferLength;
        if (length != 0) limit = length;
    }
    if (NT_SUCCESS(status) && information > limit) {
        violation("lifetime-223", device(), WDF_REQUEST_FATAL_ERROR,
                  WDF_REQUEST_FATAL_ERROR_INFORMATION_LENGTH_MISMATCH,
                  reinterpret_cast<ULONG_PTR>(irp_),
                  "%s says %llu bytes were returned; the output buffer has %u", function,
                  static_cast<unsigned long long>(information), static_cast<unsigned>(limit));
    }
    finish(status, boost);
}

void Request::complete_by_framework(NTSTATUS status, ULONG_PTR transferred) {
    information = transferred;
    finish(status, IO_NO_INCREMENT);
}

void Request::finish(NTSTATUS status, CCHAR boost) {
    PIRP irp = irp_;
    Queue* queue = queue_;
    owner_ = Owner::completed;
    if (queue != nullptr) {
        kernel::vf::note_done(queue->wait_name());
        queue->reference();
        queue->forget(*this);
    }
    queue_ = nullptr;
    if (device_ != nullptr && received_) --device_->open_requests;
    drop_format();
    write_back_views(true);
    if (received_ && !NT_SUCCESS(status) && stack()->MajorFunction == IRP_MJ_CREATE) {
        // The open failed: no cleanup and close will come for its file object.
        if (FileObject* file = device_->file_object(stack()->FileObject)) {
            file->unlink();
            file->delete_object();
        }
    }
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    // A buffer that views the IRP's memory must not outlive it.
    if (irp_is_ours) irp_is_ours = false;
    irp_ = nullptr;
    IoCompleteRequest(irp, boost);
    delete_object();
    if (queue != nullptr) {
        queue->request_ended();
        queue->release();
    }
}

NTSTATUS Request::forward_and_forget(DEVICE_OBJECT* lower) {
    PIRP irp = irp_;
    Queue* queue = queue_;
    if (cancel_callback_ != nullptr) unmark_cancelable();
    owner_ = Owner::completed;
    if (queue != nullptr) {
        queue->reference();
        queue->forget(*this);
    }
    queue_ = nullptr;
    if (device_ != nullptr && received_) --device_->open_requests;
    drop_format();
    write_back_views(true);
    irp_ = nullptr;
    IoSkipCurrentIrpStackLocation(irp);
    const NTSTATUS status = IoCallDriver(lower, irp);
    delete_object();
    if (queue != nullptr) {
        queue->request_ended();
        queue->release();
    }
    return status;
}

FileObject* file_object_of(Request& request) {
    Device* device = request.device();
    if (device == nullptr || !request.received()) return nullptr;
    FILE_OBJECT* wdm = request.stack()->FileObject;
    return wdm != nullptr ? device->file_object(wdm) : nullptr;
}

}  // namespace gpioclx::framework
