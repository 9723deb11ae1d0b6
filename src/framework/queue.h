// WDFQUEUE: holds requests until the driver may have them, and knows which ones it has.
//
// A request is in one of three lists: waiting (the framework's), canceled (to be handed to
// EvtIoCanceledOnQueue) or delivered (the driver's until it is completed, forwarded or sent on).
// The queue presents waiting requests as its dispatch type allows, in the context that execution
// level and synchronization scope ask for: the caller's if that fits, else a system thread.
#pragma once

#include "framework/callback_lock.h"
#include "framework/list.h"
#include "framework/object.h"
#include "framework/request.h"
#include "kernel/ke/object_name.h"

namespace gpioclx::framework {

class Queue final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::queue;
    Queue(Device& device, const WDF_IO_QUEUE_CONFIG& config,
          const WDF_OBJECT_ATTRIBUTES* attributes);
    ~Queue() override;
    // What somebody waits for who stops it: its requests.
    kernel::ke::ObjectName wait_name() const;

    Device& owner() const { return device_; }
    Device* device() override { return &device_; }
    Queue* next_of_device() const { return next_; }
    CallbackLock* callback_lock() override;
    // The lock held around callbacks, or null without a synchronization scope.
    CallbackLock* synchronization() {
        return scope_ == WdfSynchronizationScopeNone ? nullptr : callback_lock();
    }
    bool passive_execution() override { return passive_; }
    bool is_manual() const { return config_.DispatchType == WdfIoQueueDispatchManual; }
    bool is_parallel() const { return config_.DispatchType == WdfIoQueueDispatchParallel; }
    bool power_managed() const { return power_managed_; }
    WDFQUEUE queue_handle() { return static_cast<WDFQUEUE>(handle()); }

    // ---- requests in ----------------------------------------------------------------------------
    bool accepts() const { return accepting_; }
    // From an IRP, or out of EvtIoInCallerContext. Completes what it does not accept.
    NTSTATUS insert_new(Request& request);
    // From another queue of the driver: STATUS_WDF_BUSY if it does not accept.
    NTSTATUS insert_forwarded(Request& request);
    void requeue(Request& request);
    void canceled_while_waiting(Request& request);

    // ---- requests out ----
    NTSTATUS retrieve(FileObject* file, Request** request);
    NTSTATUS find(Request* after, FileObject* file, Request** found);
    NTSTATUS retrieve_found(Request& wanted);
    // A delivered request was completed or sent on: out of the lists, then (with the IRP gone) what
    // follows from that.
    void forget(Request& request);
    void request_ended();

    // ---- states ----
    WDF_IO_QUEUE_STATE state(ULONG* waiting, ULONG* delivered) const;
    void start();
    enum class Ending : std::uint8_t { none, stop, drain, purge, stop_and_purge };
    // Begins an ending; `complete` (may be null) is called when it is over.
    void end(Ending ending, PFN_WDF_IO_QUEUE_STATE complete, WDFCONTEXT context,
             const char* function);
    void end_and_wait(Ending ending, const char* function);
    NTSTATUS ready_notify(PFN_WDF_IO_QUEUE_STATE callback, WDFCONTEXT context);

    // ---- power (pnp thread, PASSIVE_LEVEL) ----
    void power_start();
    // EvtIoStop for what the driver has, then waits until all of it is completed or acknowledged.
    void power_stop(bool purge);
    bool stopping() const { return stopping_; }
    void acknowledge_stop(Request& request, bool requeue);
    // The driver is gone: completes what it had and what waits for it.
    void abandon();
    // Nothing comes any more; waits for what the driver has.
    void purge_for_removal();

  protected:
    void stop() override;
    void cleaned() override;

  private:
    using RequestList = List<Request, &Request::queue_link>;
    // One processor or thread inside the dispatch loop.
    struct Frame {
        Frame* next;
        PKTHREAD thread;
        std::uint8_t processor;
        bool deferred;
    };

    bool can_dispatch() const { return dispatching_ && !power_held_; }
    bool may_present() const;
    void note_taken(const Request& request) const;
    Request* take_next();
    void add_waiting(Request& request, bool at_head);
    void dispatch();
    bool in_context() const;
    void defer();
    void deliver(Request& request);
    void present(Request& request);
    void deliver_canceled();
    void notify_ready(bool was_empty);
    void check_ended();
    void cancel_waiting();
    void cancel_delivered();
    bool ended() const;
    void take_power_reference(Request& request);
    static void NTAPI dispatch_worker(PVOID queue);

    Device& device_;
    WDF_IO_QUEUE_CONFIG config_;
    bool power_managed_;
    bool passive_;
    WDF_SYNCHRONIZATION_SCOPE scope_;
    CallbackLock* lock_ = nullptr;  // of its own, for queue scope
    Queue* next_ = nullptr;

    bool accepting_ = true;
    bool dispatching_ = true;
    bool power_held_;
    bool stopping_ = false;
    bool deferred_ = false;
    RequestList waiting_;
    RequestList canceled_;
    RequestList delivered_;
    Frame* frames_ = nullptr;

    Ending ending_ = Ending::none;
    PFN_WDF_IO_QUEUE_STATE end_complete_ = nullptr;
    WDFCONTEXT end_context_ = nullptr;
    PFN_WDF_IO_QUEUE_STATE ready_ = nullptr;
    WDFCONTEXT ready_context_ = nullptr;
    KEVENT changed_{};  // pulsed by setting: an ending or a power stop looks again
    WORK_QUEUE_ITEM work_{};
};

}  // namespace gpioclx::framework
