// Cancellation of a received request by its sender, while it waits in a queue and while the driver
// has it.
#include "ext/gx_export.h"

#include "framework/callback.h"
#include "framework/device.h"
#include "framework/queue.h"
#include "framework/request.h"

namespace gpioclx::framework {

bool Request::arm_queue_cancel() {
    IoSetCancelRoutine(irp_, &Request::queue_cancel_routine);
    // Cancelled before: whoever takes the routine back handles it.
    return irp_->Cancel && IoSetCancelRoutine(irp_, nullptr) != nullptr;
}

bool Request::disarm_queue_cancel() { return IoSetCancelRoutine(irp_, nullptr) != nullptr; }

void Request::queue_cancel_routine(PDEVICE_OBJECT, PIRP irp) {
    auto* request = static_cast<Request*>(irp->Tail.Overlay.DriverContext[0]);
    request->reference();
    IoReleaseCancelSpinLock(irp->CancelIrql);
    if (request->queue_ != nullptr) request->queue_->canceled_while_waiting(*request);
    request->release();
}

NTSTATUS Request::mark_cancelable(PFN_WDF_REQUEST_CANCEL callback, const char* function) {
    require(reinterpret_cast<const void*>(callback), function, "EvtRequestCancel");
    if ((owner_ != Owner::driver && owner_ != Owner::caller) || cancel_callback_ != nullptr ||
        !received_) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    cancel_callback_ = callback;
    IoSetCancelRoutine(irp_, &Request::driver_cancel_routine);
    if (irp_->Cancel && IoSetCancelRoutine(irp_, nullptr) != nullptr) {
        cancel_callback_ = nullptr;
        return STATUS_CANCELLED;
    }
    return STATUS_SUCCESS;
}

NTSTATUS Request::unmark_cancelable() {
    if (owner_ != Owner::driver && owner_ != Owner::caller) return STATUS_INVALID_DEVICE_REQUEST;
    if (cancel_callback_ == nullptr)
        return irp_->Cancel ? STATUS_CANCELLED : STATUS_INVALID_PARAMETER;
    if (IoSetCancelRoutine(irp_, nullptr) == nullptr)
        return STATUS_CANCELLED;  // EvtRequestCancel comes
    cancel_callback_ = nullptr;
    return STATUS_SUCCESS;
}

void Request::driver_cancel_routine(PDEVICE_OBJECT, PIRP irp) {
    auto* request = static_cast<Request*>(irp->Tail.Overlay.DriverContext[0]);
    request->reference();
    IoReleaseCancelSpinLock(irp->CancelIrql);
    const PFN_WDF_REQUEST_CANCEL callback = request->cancel_callback_;
    request->cancel_callback_ = nullptr;
    request->run_cancel_callback(callback);
    request->release();
}

void Request::cancel_by_framework() {
    if (cancel_callback_ == nullptr || IoSetCancelRoutine(irp_, nullptr) == nullptr) return;
    const PFN_WDF_REQUEST_CANCEL callback = cancel_callback_;
    cancel_callback_ = nullptr;
    reference();
    run_cancel_callback(callback);
    release();
}

// In the context that the queue's execution level asks for.
void Request::run_cancel_callback(PFN_WDF_REQUEST_CANCEL callback) {
    CallbackLock* lock = queue_ != nullptr ? queue_->synchronization() : nullptr;
    const bool passive = queue_ != nullptr && queue_->passive_execution();
    if (passive && KeGetCurrentIrql() > PASSIVE_LEVEL) {
        reference();
        deferred_cancel_ = callback;
        ExInitializeWorkItem(&cancel_item_, &Request::cancel_worker, this);
        ExQueueWorkItem(&cancel_item_, DelayedWorkQueue);
        return;
    }
    Device& device = *this->device();
    Serialized serialized(lock);
    CallbackScope scope(Callback::request_cancel, device);
    callback(request_handle());
}

void NTAPI Request::cancel_worker(PVOID context) {
    auto* request = static_cast<Request*>(context);
    request->run_cancel_callback(request->deferred_cancel_);
    request->release();
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

VOID WdfRequestMarkCancelable(WDFREQUEST Request, PFN_WDF_REQUEST_CANCEL EvtRequestCancel) {
    enter();
    auto& request = from_handle<gpioclx::framework::Request>(Request, "WdfRequestMarkCancelable");
    const NTSTATUS status = request.mark_cancelable(EvtRequestCancel, "WdfRequestMarkCancelable");
    if (status == STATUS_CANCELLED) {
        // This form calls the driver back at once; the Ex form lets the caller handle it.
        CallbackScope scope(Callback::request_cancel, *request.device());
        EvtRequestCancel(Request);
    } else if (!NT_SUCCESS(status)) {
        violation("lifetime-226", request.device(), WDF_REQUEST_FATAL_ERROR,
                  reinterpret_cast<ULONG_PTR>(Request), 0,
                  "WdfRequestMarkCancelable of a request that %s",
                  request.is_cancelable() ? "is cancelable already" : "the driver does not have");
    }
}
GX_EXPORT_FUNCTION(WdfRequestMarkCancelable);

NTSTATUS WdfRequestMarkCancelableEx(WDFREQUEST Request, PFN_WDF_REQUEST_CANCEL EvtRequestCancel) {
    enter();
    return from_handle<gpioclx::framework::Request>(Request, "WdfRequestMarkCancelableEx")
        .mark_cancelable(EvtRequestCancel, "WdfRequestMarkCancelableEx");
}
GX_EXPORT_FUNCTION(WdfRequestMarkCancelableEx);

NTSTATUS WdfRequestUnmarkCancelable(WDFREQUEST Request) {
    enter();
    return from_handle<gpioclx::framework::Request>(Request, "WdfRequestUnmarkCancelable")
        .unmark_cancelable();
}
GX_EXPORT_FUNCTION(WdfRequestUnmarkCancelable);

BOOLEAN WdfRequestIsCanceled(WDFREQUEST Request) {
    enter();
    auto& request = from_handle<gpioclx::framework::Request>(Request, "WdfRequestIsCanceled");
    if (request.is_cancelable()) {
        report("lifetime-227", request.device(),
               "WdfRequestIsCanceled of a request that is marked cancelable");
    }
    return request.irp() != nullptr && request.irp()->Cancel;
}
GX_EXPORT_FUNCTION(WdfRequestIsCanceled);
