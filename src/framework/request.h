// WDFREQUEST: an I/O request, either one that arrived (received) or one that the driver made
// (created). Who may do what depends on who has it: see Owner.
#pragma once

#include <new>

#include "framework/list.h"
#include "framework/memory.h"
#include "framework/object.h"

namespace gpioclx::framework {

class FileObject;
class IoTarget;
class Queue;

class Request : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::request;
    enum class Owner : std::uint8_t {
        idle,    // created and not sent (any more)
        caller,  // in EvtIoInCallerContext or EvtDeviceFileCreate: the driver has it, no queue yet
        queue,   // waits in a queue
        driver,  // delivered
        target,  // sent to a target
        completed
    };

    Request(Driver* driver, Device* device, PIRP irp, bool received)
        : Object(object_type, driver), irp_(irp), device_(device), received_(received) {}
    ~Request() override;

    // A request for an IRP that arrived at `device`, with the attributes of driver and extensions.
    // Null if memory is short.
    static Request* receive(Device& device, PIRP irp);
    static void destroy_cached(Request* request);
    Request* cache_next() const { return cache_next_; }

    // ---- what it is -----------------------------------------------------------------------------
    PIRP irp() const { return irp_; }
    WDFREQUEST request_handle() { return static_cast<WDFREQUEST>(handle()); }
    bool received() const { return received_; }
    Device* device() override { return device_ != nullptr ? device_ : Object::device(); }
    Owner owner() const { return owner_; }
    Queue* queue() const { return queue_; }
    UCHAR major() const { return IoGetCurrentIrpStackLocation(irp_)->MajorFunction; }
    IO_STACK_LOCATION* stack() const { return IoGetCurrentIrpStackLocation(irp_); }
    bool in_caller_context() const { return owner_ == Owner::caller; }
    void leave_caller_context() {
        owner_ = Owner::driver;
        seen_by_driver_ = true;
    }

    // ---- completion -----------------------------------------------------------------------------
    // By the driver: checks that it may. Completing twice is a finding and a bug check.
    void complete(NTSTATUS status, CCHAR boost, const char* function);
    void complete_by_framework(NTSTATUS status, ULONG_PTR information = 0);
    // Sends the IRP on and is done with it.
    NTSTATUS forward_and_forget(DEVICE_OBJECT* lower);
    ULONG_PTR information = 0;

    // ---- cancellation by its sender ----
    NTSTATUS mark_cancelable(PFN_WDF_REQUEST_CANCEL callback, const char* function);
    NTSTATUS unmark_cancelable();
    bool is_cancelable() const { return cancel_callback_ != nullptr; }
    // A purge cancels what the driver holds cancelable.
    void cancel_by_framework();

    // ---- sending --------------------------------------------------------------------------------
    // One buffer of a formatted request: where its bytes are, and whose they are.
    struct Buffer {
        Memory* memory = nullptr;  // referenced while formatted
        PVOID start = nullptr;
        size_t length = 0;
        MDL* mdl = nullptr;  // given by the driver
        size_t offset = 0;
    };
    struct Format {
        WDF_REQUEST_TYPE type = WdfRequestTypeNoFormat;
        Buffer input, output, other;
        ULONG code = 0;
        bool formatted = false;
    };
    // Drops what an earlier format took.
    void drop_format();
    // Makes an IRP with enough stack locations, if it is the driver's own request.
    NTSTATUS ensure_irp(DEVICE_OBJECT* target);
    // Keeps what a format is about to replace in a received IRP.
    void save_fields();
    NTSTATUS reuse(const WDF_REQUEST_REUSE_PARAMS& params);
    NTSTATUS allocate_timer();
    BOOLEAN cancel_sent();
    // Sends through `target` (checked by the caller to be in a state that lets it through).
    void send(IoTarget& target, DEVICE_OBJECT* device, LONGLONG timeout, bool synchronous);
    // Waits for a synchronous send to end. PASSIVE_LEVEL.
    NTSTATUS wait_sent();
    bool is_sent() const { return owner_ == Owner::target; }
    NTSTATUS sent_status() const { return status_; }
    void set_sent_status(NTSTATUS status) { status_ = status; }
    void set_completion(PFN_WDF_REQUEST_COMPLETION_ROUTINE routine, WDFCONTEXT context) {
        completion_ = routine;
        completion_context_ = context;
    }
    bool has_completion() const { return completion_ != nullptr; }
    // Held back by a stopped target: cancelled before it was sent.
    void finish_unsent(NTSTATUS status);
    void fill_completion_params(WDF_REQUEST_COMPLETION_PARAMS& params) const;
    void pend_in_target(IoTarget& target, LONGLONG timeout, bool synchronous);

    Format format;
    PVOID system_buffer = nullptr;  // allocated for a buffered transfer
    PVOID copy_out_to = nullptr;    // where its result goes
    size_t copy_out_length = 0;
    MDL* own_mdl = nullptr;  // made for a direct transfer
    IoTarget* sent_target = nullptr;
    LONGLONG pending_timeout = 0;
    bool pending_synchronous = false;
    bool irp_is_ours = false;  // freed with the request
    bool from_irp = false;     // WdfRequestCreateFromIrp

    // ---- queues ----
    Link<Request> queue_link;   // waiting, delivered or canceled list of its queue
    Link<Request> target_link;  // sent or pending list of its target
    bool stop_acknowledged = false;
    bool power_reference = false;
    void set_owner(Owner owner) { owner_ = owner; }
    void set_queue(Queue* queue) { queue_ = queue; }
    bool seen_by_driver() const { return seen_by_driver_; }
    void mark_seen() { seen_by_driver_ = true; }
    // Takes the IRP back from cancellation; false if it is being cancelled.
    bool disarm_queue_cancel();
    // True if the IRP was cancelled before it could be armed (then it is not armed).
    bool arm_queue_cancel();

    // ---- buffers ----
    NTSTATUS input(PVOID* buffer, size_t* length);
    NTSTATUS output(PVOID* buffer, size_t* length);
    NTSTATUS input_memory(Memory** memory);
    NTSTATUS output_memory(Memory** memory);

  protected:
    void last_release() override;
    void cleaned() override;

  private:
    void start_life(Device& device, PIRP irp);
    void finish(NTSTATUS status, CCHAR boost);
    void check_completable(const char* function);
    NTSTATUS memory_for(bool output, Memory** memory);
    void drop_memories();
    void finish_sent();
    void call_completion();
    void stop_timer();
    void restore_fields();
    void run_cancel_callback(PFN_WDF_REQUEST_CANCEL callback);
    static void NTAPI cancel_worker(PVOID request);
    static void NTAPI completion_worker(PVOID request);
    static void queue_cancel_routine(PDEVICE_OBJECT device, PIRP irp);
    static void driver_cancel_routine(PDEVICE_OBJECT device, PIRP irp);
    static NTSTATUS sent_completion(PDEVICE_OBJECT device, PIRP irp, PVOID context);
    static void timeout_dpc(PKDPC dpc, PVOID context, PVOID, PVOID);

    struct SendTimer {
        KTIMER timer;
        KDPC dpc;
    };
    // Fields of a received IRP that a format replaces for the target.
    struct SavedFields {
        bool saved;
        PVOID system_buffer;
        PMDL mdl;
        PVOID user_buffer;
        ULONG flags;
    };

    PIRP irp_;
    Device* device_;
    Queue* queue_ = nullptr;
    Owner owner_ = Owner::idle;
    bool received_;
    bool seen_by_driver_ = false;
    bool has_input_memory_ = false;
    bool has_output_memory_ = false;
    bool timed_out_ = false;
    bool timer_running_ = false;
    bool synchronous_ = false;
    bool completion_held_back_ = false;
    bool irp_used_ = false;  // since it was made or reused
    ULONG cancelers_ = 0;    // are inside IoCancelIrp: the IRP must not go
    NTSTATUS status_ = STATUS_SUCCESS;
    PFN_WDF_REQUEST_CANCEL cancel_callback_ = nullptr;
    PFN_WDF_REQUEST_COMPLETION_ROUTINE completion_ = nullptr;
    WDFCONTEXT completion_context_ = nullptr;
    SendTimer* timer_ = nullptr;
    SavedFields saved_{};
    WORK_QUEUE_ITEM cancel_item_{};
    WORK_QUEUE_ITEM completion_item_{};
    PFN_WDF_REQUEST_CANCEL deferred_cancel_ = nullptr;
    KEVENT sent_event_{};
    Request* cache_next_ = nullptr;
    alignas(16) unsigned char input_memory_[sizeof(Memory)];
    alignas(16) unsigned char output_memory_[sizeof(Memory)];
};

// The target of a received request's IRP: its file object of the framework, or null.
FileObject* file_object_of(Request& request);

}  // namespace gpioclx::framework
