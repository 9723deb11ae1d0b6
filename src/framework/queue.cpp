#include "framework/queue.h"

#include <cstdio>

#include "framework/callback.h"
#include "framework/device.h"
#include "framework/driver.h"
#include "framework/file_object.h"
#include "framework/power_policy.h"
#include "kernel/ke/order.h"
#include "machine/machine.h"

namespace gpioclx::framework {

Queue::Queue(Device& device, const WDF_IO_QUEUE_CONFIG& config,
             const WDF_OBJECT_ATTRIBUTES* attributes)
    : Object(object_type, device.driver()), device_(device), config_(config) {
    power_managed_ =
        config.PowerManaged == WdfTrue ||
        (config.PowerManaged == WdfUseDefault && !device.is_filter() && !device.is_control());
    power_held_ = (power_managed_ && device.power != PowerPhase::d0) || device.initializing_control;
    passive_ = device.passive_execution();
    scope_ = device.scope();
    if (attributes != nullptr) {
        if (attributes->ExecutionLevel != WdfExecutionLevelInheritFromParent) {
            passive_ = attributes->ExecutionLevel == WdfExecutionLevelPassive ||
                       driver()->user_mode() != nullptr;
        }
        if (attributes->SynchronizationScope != WdfSynchronizationScopeInheritFromParent) {
            scope_ = attributes->SynchronizationScope;
        }
    }
    KeInitializeEvent(&changed_, NotificationEvent, FALSE);
    // A callback may still be returning when device and queue are deleted.
    device.reference();
    if (scope_ != WdfSynchronizationScopeDevice) {
        machine::ArenaScope inside;
        char name[96];
        std::snprintf(name, sizeof(name), "%s queue lock", device.name());
        lock_ = new CallbackLock(passive_, name);
    }
    Queue** end = &device.first_queue;
    while (*end != nullptr) end = &(*end)->next_;
    *end = this;
}

Queue::~Queue() {
    for (Queue** link = &device_.first_queue; *link != nullptr; link = &(*link)->next_) {
        if (*link != this) continue;
        *link = next_;
        break;
    }
    delete lock_;
    device_.release();
}

CallbackLock* Queue::callback_lock() { return lock_ != nullptr ? lock_ : device_.callback_lock(); }

void Queue::cleaned() {
    if (device_.default_queue == this) device_.default_queue = nullptr;
    for (Queue*& slot : device_.queues_by_major) {
        if (slot == this) slot = nullptr;
    }
}

void Queue::stop() { purge_for_removal(); }

// ---- requests in -------------------------------------------------------------------------------

void Queue::add_waiting(Request& request, bool at_head) {
    kernel::ke::note_order_before(&request);
    request.set_queue(this);
    request.set_owner(Request::Owner::queue);
    if (at_head) {
        waiting_.push_front(request);
    } else {
        waiting_.push_back(request);
    }
    if (request.arm_queue_cancel()) canceled_while_waiting(request);
}

static bool is_zero_length_transfer(const Request& request) {
    const IO_STACK_LOCATION& stack = *request.stack();
    return (stack.MajorFunction == IRP_MJ_READ || stack.MajorFunction == IRP_MJ_WRITE) &&
           stack.Parameters.Read.Length == 0;
}

NTSTATUS Queue::insert_new(Request& request) {
    if (!config_.AllowZeroLengthRequests && is_zero_length_transfer(request)) {
        request.complete_by_framework(STATUS_SUCCESS);
        return STATUS_SUCCESS;
    }
    if (!accepting_) {
        request.complete_by_framework(STATUS_INVALID_DEVICE_STATE);
        return STATUS_INVALID_DEVICE_STATE;
    }
    take_power_reference(request);
    const bool was_empty = waiting_.empty();
    reference();
    add_waiting(request, false);
    notify_ready(was_empty);
    dispatch();
    release();
    return STATUS_PENDING;
}

NTSTATUS Queue::insert_forwarded(Request& request) {
    if (!accepting_) return STATUS_WDF_BUSY;
    Queue* from = request.queue();
    if (from != nullptr) {
        from->reference();
        from->forget(request);
    }
    request.mark_seen();
    request.stop_acknowledged = false;
    take_power_reference(request);
    const bool was_empty = waiting_.empty();
    reference();
    add_waiting(request, false);
    if (from != nullptr) {
        from->request_ended();
        from->release();
    }
    notify_ready(was_empty);
    dispatch();
    release();
    return STATUS_SUCCESS;
}

void Queue::requeue(Request& request) {
    const bool was_empty = waiting_.empty();
    forget(request);
    request.mark_seen();
    take_power_reference(request);
    add_waiting(request, true);
    request_ended();
    notify_ready(was_empty);
}

// A request in a power-managed queue keeps the device from idling, or brings it back.
void Queue::take_power_reference(Request& request) {
    if (!power_managed_ || request.power_reference) return;
    request.power_reference = true;
    if (device_.policy != nullptr) device_.policy->reference_for_io();
}

void Queue::canceled_while_waiting(Request& request) {
    if (request.owner() != Request::Owner::queue) return;
    waiting_.remove(request);
    if (request.seen_by_driver() && config_.EvtIoCanceledOnQueue != nullptr) {
        canceled_.push_back(request);
        dispatch();
        return;
    }
    request.complete_by_framework(STATUS_CANCELLED);
}

// ---- requests out ----

bool Queue::may_present() const {
    if (waiting_.empty() || !can_dispatch() || is_manual()) return false;
    if (config_.DispatchType == WdfIoQueueDispatchSequential) return delivered_.empty();
    return delivered_.size() < config_.Settings.Parallel.NumberOfPresentedRequests;
}

// Whoever sent it has done so; one behind the other where there is only one at a time.
void Queue::note_taken(const Request& request) const {
    kernel::ke::note_order_after(&request);
    if (config_.DispatchType == WdfIoQueueDispatchSequential) kernel::ke::note_order_after(this);
}

Request* Queue::take_next() {
    while (may_present()) {
        Request* request = waiting_.first();
        // A request that is being cancelled is left to its cancel routine.
        while (request != nullptr && !request->disarm_queue_cancel())
            request = RequestList::next(*request);
        if (request == nullptr) return nullptr;
        waiting_.remove(*request);
        note_taken(*request);
        return request;
    }
    return nullptr;
}

bool Queue::in_context() const {
    machine::Machine& machine = machine::Machine::current();
    const machine::Processor& processor = machine.processor();
    for (const Frame* frame = frames_; frame != nullptr; frame = frame->next) {
        if (frame->deferred != processor.in_deferred) continue;
        if (frame->deferred ? frame->processor == processor.index
                            : frame->thread == KeGetCurrentThread())
            return true;
    }
    return false;
}

void Queue::dispatch() {
    if (canceled_.empty() && !may_present()) return;
    // Inside a callback of this queue: the loop below it takes the rest, so that a driver that
    // completes in its callback is not called again on top of itself.
    if (in_context()) return;
    CallbackLock* lock = synchronization();
    if ((passive_ && KeGetCurrentIrql() > PASSIVE_LEVEL) ||
        (lock != nullptr && lock->held_by_caller())) {
        defer();
        return;
    }
    machine::Processor& processor = machine::Machine::current().processor();
    Frame frame{frames_, KeGetCurrentThread(), processor.index, processor.in_deferred};
    frames_ = &frame;
    reference();
    while (true) {
        if (!canceled_.empty()) {
            deliver_canceled();
            continue;
        }
        Request* request = take_next();
        if (request == nullptr) break;
        deliver(*request);
    }
    for (Frame** link = &frames_; *link != nullptr; link = &(*link)->next) {
        if (*link != &frame) continue;
        *link = frame.next;
        break;
    }
    check_ended();
    release();
}

void Queue::defer() {
    if (deferred_) return;
    deferred_ = true;
    reference();
    ExInitializeWorkItem(&work_, &Queue::dispatch_worker, this);
    ExQueueWorkItem(&work_, DelayedWorkQueue);
}

void NTAPI Queue::dispatch_worker(PVOID context) {
    auto* queue = static_cast<Queue*>(context);
    queue->deferred_ = false;
    queue->dispatch();
    queue->release();
}

void Queue::deliver_canceled() {
    Request& request = *canceled_.first();
    canceled_.remove(request);
    request.set_owner(Request::Owner::driver);
    delivered_.push_back(request);
    Serialized serialized(synchronization());
    CallbackScope scope(Callback::io_canceled_on_queue, device_);
    config_.EvtIoCanceledOnQueue(queue_handle(), request.request_handle());
}

void Queue::deliver(Request& request) {
    request.set_owner(Request::Owner::driver);
    request.mark_seen();
    delivered_.push_back(request);
    Serialized serialized(synchronization());
    present(request);
}

void Queue::present(Request& request) {
    const IO_STACK_LOCATION& stack = *request.stack();
    const WDFQUEUE queue = queue_handle();
    const WDFREQUEST handle = request.request_handle();
    const auto& control = stack.Parameters.DeviceIoControl;
    if (stack.MajorFunction == IRP_MJ_READ && config_.EvtIoRead != nullptr) {
        CallbackScope scope(Callback::io_read, device_);
        config_.EvtIoRead(queue, handle, stack.Parameters.Read.Length);
    } else if (stack.MajorFunction == IRP_MJ_WRITE && config_.EvtIoWrite != nullptr) {
        CallbackScope scope(Callback::io_write, device_);
        config_.EvtIoWrite(queue, handle, stack.Parameters.Write.Length);
    } else if (stack.MajorFunction == IRP_MJ_DEVICE_CONTROL &&
               config_.EvtIoDeviceControl != nullptr) {
        CallbackScope scope(Callback::io_device_control, device_);
        config_.EvtIoDeviceControl(queue, handle, control.OutputBufferLength,
                                   control.InputBufferLength, control.IoControlCode);
    } else if (stack.MajorFunction == IRP_MJ_INTERNAL_DEVICE_CONTROL &&
               config_.EvtIoInternalDeviceControl != nullptr) {
        CallbackScope scope(Callback::io_internal_device_control, device_);
        config_.EvtIoInternalDeviceControl(queue, handle, control.OutputBufferLength,
                                           control.InputBufferLength, control.IoControlCode);
    } else if (config_.EvtIoDefault != nullptr) {
        CallbackScope scope(Callback::io_default, device_);
        config_.EvtIoDefault(queue, handle);
    } else {
        request.complete_by_framework(STATUS_INVALID_DEVICE_REQUEST);
    }
}

void Queue::forget(Request& request) {
    if (request.queue_link.linked) {
        if (request.owner() == Request::Owner::queue) {
            (canceled_.contains(request) ? canceled_ : waiting_).remove(request);
        } else {
            delivered_.remove(request);
        }
    }
    request.set_queue(nullptr);
    if (request.power_reference) {
        request.power_reference = false;
        if (device_.policy != nullptr) device_.policy->release_for_io();
    }
}

void Queue::request_ended() {
    kernel::ke::note_order_before(this);
    if (ending_ != Ending::none || stopping_) {
        check_ended();
        KeSetEvent(&changed_, IO_NO_INCREMENT, FALSE);
    }
    dispatch();
}

NTSTATUS Queue::retrieve(FileObject* file, Request** result) {
    *result = nullptr;
    if (is_parallel() && config_.Settings.Parallel.NumberOfPresentedRequests == ~ULONG{0})
        return STATUS_INVALID_DEVICE_STATE;
    if (power_held_ || !dispatching_) return STATUS_WDF_PAUSED;
    for (Request* request = waiting_.first(); request != nullptr;
         request = RequestList::next(*request)) {
        if (file != nullptr && file_object_of(*request) != file) continue;
        if (!request->disarm_queue_cancel()) continue;
        waiting_.remove(*request);
        note_taken(*request);
        request->set_owner(Request::Owner::driver);
        request->mark_seen();
        delivered_.push_back(*request);
        *result = request;
        return STATUS_SUCCESS;
    }
    return STATUS_NO_MORE_ENTRIES;
}

NTSTATUS Queue::find(Request* after, FileObject* file, Request** found) {
    *found = nullptr;
    Request* request = waiting_.first();
    if (after != nullptr) {
        if (!waiting_.contains(*after)) return STATUS_NOT_FOUND;
        request = RequestList::next(*after);
    }
    while (request != nullptr && file != nullptr && file_object_of(*request) != file)
        request = RequestList::next(*request);
    if (request == nullptr) return STATUS_NO_MORE_ENTRIES;
    request->reference();  // the driver drops it
    *found = request;
    return STATUS_SUCCESS;
}

NTSTATUS Queue::retrieve_found(Request& wanted) {
    if (power_held_ || !dispatching_) return STATUS_WDF_PAUSED;
    if (!waiting_.contains(wanted) || !wanted.disarm_queue_cancel()) return STATUS_NOT_FOUND;
    waiting_.remove(wanted);
    wanted.set_owner(Request::Owner::driver);
    wanted.mark_seen();
    delivered_.push_back(wanted);
    return STATUS_SUCCESS;
}

}  // namespace gpioclx::framework
