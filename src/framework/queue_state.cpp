// Queues that start, stop, drain and purge, for the driver and for power.
#include "framework/callback.h"
#include "framework/device.h"
#include "framework/queue.h"
#include "kernel/vf/lock_order.h"

namespace gpioclx::framework {

WDF_IO_QUEUE_STATE Queue::state(ULONG* waiting, ULONG* delivered) const {
    if (waiting != nullptr) *waiting = static_cast<ULONG>(waiting_.size());
    if (delivered != nullptr) *delivered = static_cast<ULONG>(delivered_.size());
    ULONG bits = 0;
    if (accepting_) bits |= WdfIoQueueAcceptRequests;
    if (dispatching_) bits |= WdfIoQueueDispatchRequests;
    if (waiting_.empty()) bits |= WdfIoQueueNoRequests;
    if (delivered_.empty()) bits |= WdfIoQueueDriverNoRequests;
    if (power_held_) bits |= WdfIoQueuePnpHeld;
    return static_cast<WDF_IO_QUEUE_STATE>(bits);
}

void Queue::start() {
    const bool paused = !dispatching_;
    accepting_ = true;
    dispatching_ = true;
    if (paused && !waiting_.empty()) notify_ready(true);
    dispatch();
}

bool Queue::ended() const {
    switch (ending_) {
        case Ending::none: return false;
        case Ending::stop: return delivered_.empty();
        case Ending::stop_and_purge:
        case Ending::drain:
        case Ending::purge: return waiting_.empty() && canceled_.empty() && delivered_.empty();
    }
    return false;
}

void Queue::check_ended() {
    if (ending_ == Ending::none || !ended()) return;
    ending_ = Ending::none;
    const PFN_WDF_IO_QUEUE_STATE complete = end_complete_;
    const WDFCONTEXT context = end_context_;
    end_complete_ = nullptr;
    KeSetEvent(&changed_, IO_NO_INCREMENT, FALSE);
    if (complete == nullptr) return;
    CallbackScope scope(Callback::queue_state, device_);
    complete(queue_handle(), context);
}

// One at a time: a request whose callback the driver gets may change the list.
void Queue::cancel_waiting() {
    for (std::size_t bound = waiting_.size(); bound != 0 && !waiting_.empty(); --bound) {
        Request* request = waiting_.first();
        while (request != nullptr && !request->disarm_queue_cancel())
            request = RequestList::next(*request);
        if (request == nullptr) return;
        canceled_while_waiting(*request);
    }
}

void Queue::cancel_delivered() {
    for (std::size_t bound = delivered_.size(); bound != 0; --bound) {
        Request* request = delivered_.first();
        while (request != nullptr && !request->is_cancelable())
            request = RequestList::next(*request);
        if (request == nullptr) return;
        request->cancel_by_framework();
    }
}

void Queue::end(Ending ending, PFN_WDF_IO_QUEUE_STATE complete, WDFCONTEXT context,
                const char* function) {
    if (complete != nullptr && end_complete_ != nullptr) {
        violation("lifetime-228", &device_, WDF_QUEUE_FATAL_ERROR,
                  reinterpret_cast<ULONG_PTR>(this), 0,
                  "%s with a callback while an earlier one is outstanding", function);
    }
    reference();
    ending_ = ending;
    if (complete != nullptr) {
        end_complete_ = complete;
        end_context_ = context;
    }
    switch (ending) {
        case Ending::none: break;
        case Ending::stop: dispatching_ = false; break;
        case Ending::drain:
            accepting_ = false;
            dispatching_ = true;
            break;
        case Ending::purge:
            accepting_ = false;
            dispatching_ = true;
            cancel_waiting();
            cancel_delivered();
            break;
        case Ending::stop_and_purge:
            dispatching_ = false;
            cancel_waiting();
            cancel_delivered();
            break;
    }
    dispatch();
    check_ended();
    release();
}

kernel::ke::ObjectName Queue::wait_name() const {
    const void* routine = nullptr;
    for (const void* one : {reinterpret_cast<const void*>(config_.EvtIoDefault),
                            reinterpret_cast<const void*>(config_.EvtIoDeviceControl),
                            reinterpret_cast<const void*>(config_.EvtIoInternalDeviceControl),
                            reinterpret_cast<const void*>(config_.EvtIoRead),
                            reinterpret_cast<const void*>(config_.EvtIoWrite)}) {
        if (routine == nullptr) routine = one;
    }
    return kernel::vf::routine_name(
        &changed_, routine != nullptr ? "requests of the queue of" : "requests of a manual queue",
        routine);
}

void Queue::end_and_wait(Ending ending, const char* function) {
    if (in_context()) {
        violation("lock-205", &device_, WDF_QUEUE_FATAL_ERROR, reinterpret_cast<ULONG_PTR>(this), 0,
                  "%s in a callback of the same queue: it waits for its own request", function);
    }
    KeClearEvent(&changed_);
    end(ending, nullptr, nullptr, function);
    kernel::vf::note_wait(wait_name());
    while (ending_ != Ending::none) {
        KeWaitForSingleObject(&changed_, Executive, KernelMode, FALSE, nullptr);
        KeClearEvent(&changed_);
        check_ended();
    }
}

NTSTATUS Queue::ready_notify(PFN_WDF_IO_QUEUE_STATE callback, WDFCONTEXT context) {
    if (!is_manual()) return STATUS_INVALID_DEVICE_REQUEST;
    if (callback != nullptr && ready_ != nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    if (callback == nullptr && dispatching_ && !power_held_) return STATUS_INVALID_DEVICE_REQUEST;
    ready_ = callback;
    ready_context_ = context;
    if (callback != nullptr && !waiting_.empty()) notify_ready(true);
    return STATUS_SUCCESS;
}

void Queue::notify_ready(bool was_empty) {
    if (!was_empty || ready_ == nullptr || waiting_.empty() || !can_dispatch()) return;
    Serialized serialized(synchronization());
    CallbackScope scope(Callback::queue_state, device_);
    ready_(queue_handle(), ready_context_);
}

// ---- power ----

void Queue::power_start() {
    stopping_ = false;
    if (!power_held_) return;
    power_held_ = false;
    for (Request* request = delivered_.first(); request != nullptr;) {
        Request* next = RequestList::next(*request);
        if (request->stop_acknowledged) {
            request->stop_acknowledged = false;
            if (config_.EvtIoResume != nullptr) {
                Serialized serialized(synchronization());
                CallbackScope scope(Callback::io_resume, device_);
                config_.EvtIoResume(queue_handle(), request->request_handle());
                next = delivered_.first();  // the callback may have completed any of them
                while (next != nullptr && !next->stop_acknowledged) next = RequestList::next(*next);
            }
        }
        request = next;
    }
    notify_ready(true);
    dispatch();
}

void Queue::power_stop(bool purge) {
    power_held_ = true;
    stopping_ = true;
    KeClearEvent(&changed_);
    if (config_.EvtIoStop != nullptr) {
        // Each once; the bound is what the driver has now.
        for (Request* r = delivered_.first(); r != nullptr; r = RequestList::next(*r))
            r->stop_acknowledged = false;
        std::size_t bound = delivered_.size();
        for (Request* request = delivered_.first(); request != nullptr && bound != 0; --bound) {
            request->reference();
            const ULONG flags = (purge ? WdfRequestStopActionPurge : WdfRequestStopActionSuspend) |
                                (request->is_cancelable() ? WdfRequestStopRequestCancelable : 0);
            {
                Serialized serialized(synchronization());
                CallbackScope scope(Callback::io_stop, device_);
                config_.EvtIoStop(queue_handle(), request->request_handle(), flags);
            }
            Request* next =
                delivered_.contains(*request) ? RequestList::next(*request) : delivered_.first();
            while (next != nullptr && next->stop_acknowledged) next = RequestList::next(*next);
            request->release();
            request = next;
        }
    }
    while (true) {
        const Request* request = delivered_.first();
        while (request != nullptr && request->stop_acknowledged)
            request = RequestList::next(*request);
        if (request == nullptr) break;
        KeWaitForSingleObject(&changed_, Executive, KernelMode, FALSE, nullptr);
        KeClearEvent(&changed_);
    }
    stopping_ = false;
}

void Queue::acknowledge_stop(Request& request, bool requeue_it) {
    if (requeue_it) {
        forget(request);
        request.mark_seen();
        add_waiting(request, true);
    } else {
        request.stop_acknowledged = true;
    }
    KeSetEvent(&changed_, IO_NO_INCREMENT, FALSE);
}

void Queue::abandon() {
    accepting_ = false;
    for (RequestList* list : {&waiting_, &delivered_}) {
        for (std::size_t bound = list->size(); bound != 0 && !list->empty(); --bound) {
            Request& request = *list->first();
            if (list == &waiting_) {
                if (!request.disarm_queue_cancel()) continue;  // its sender takes it back just now
                list->remove(request);
                request.set_queue(nullptr);
            } else if (request.is_sent()) {
                // Completed when it comes back from its target.
                list->remove(request);
                list->push_back(request);
                request.cancel_sent();
                continue;
            } else if (request.is_cancelable()) {
                request.unmark_cancelable();
            }
            request.complete_by_framework(STATUS_DRIVER_PROCESS_TERMINATED);
        }
    }
}

void Queue::purge_for_removal() {
    accepting_ = false;
    dispatching_ = false;
    cancel_waiting();
    cancel_delivered();
    if (in_context())
        return;  // deleted out of its own callback: the request ends when that returns
    while (!waiting_.empty() || !canceled_.empty() || !delivered_.empty()) {
        // Only canceled requests are still handed to the driver.
        dispatch();
        if (waiting_.empty() && canceled_.empty() && delivered_.empty()) break;
        stopping_ = true;
        KeClearEvent(&changed_);
        if (!delivered_.empty() || !waiting_.empty() || !canceled_.empty()) {
            KeWaitForSingleObject(&changed_, Executive, KernelMode, FALSE, nullptr);
        }
    }
    stopping_ = false;
}

}  // namespace gpioclx::framework
