// WDFIOTARGET: where requests are sent, the next lower device (local) or one opened by name
// (remote).
#pragma once

#include "framework/list.h"
#include "framework/object.h"
#include "framework/owned_string.h"
#include "framework/request.h"

namespace gpioclx::framework {

class IoTarget final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::io_target;
    explicit IoTarget(Device& device);
    static IoTarget* create_local(Device& device);

    Device* device() override { return &device_; }
    Device& owner() const { return device_; }
    WDF_IO_TARGET_STATE state() const { return state_; }
    DEVICE_OBJECT* wdm() const { return target_; }
    DEVICE_OBJECT* target_pdo() const;
    FILE_OBJECT* file() const { return file_; }
    HANDLE file_handle() const { return handle_; }
    bool is_local() const { return local_; }
    WDFIOTARGET target_handle() { return static_cast<WDFIOTARGET>(handle()); }

    // ---- PASSIVE_LEVEL ----
    NTSTATUS open(const WDF_IO_TARGET_OPEN_PARAMS& params);
    void close(WDF_IO_TARGET_STATE state);

    // ---- states ----
    NTSTATUS start();
    void stop_target(WDF_IO_TARGET_SENT_IO_ACTION action);
    // The driver is gone: what it sent comes back.
    void abandon() { cancel_all(); }
    void purge(WDF_IO_TARGET_PURGE_IO_ACTION action);

    // ---- sending
    // ---------------------------------------------------------------------------------- TRUE if it
    // went out (or waits for the target to start). On false the request's status tells why.
    bool send(Request& request, ULONG flags, LONGLONG timeout);
    using SentList = List<Request, &Request::target_link>;
    void add_sent(Request& request) { sent_.push_back(request); }
    void remove_sent(Request& request);

    // A completion routine of the driver for a request that was sent here. Whoever stops or closes
    // the target waits for it too, unless it does so inside.
    class CompletionScope {
      public:
        explicit CompletionScope(IoTarget& target);
        ~CompletionScope();

      private:
        friend class IoTarget;
        IoTarget& target_;
        PKTHREAD thread_;
        CompletionScope* next_;
    };
    // One that a worker thread will run.
    void expect_completion() { ++completions_; }
    void forget_completion() { --completions_; }
    // Requests held back while the target is stopped.
    bool remove_pending(Request& request);
    void add_pending(Request& request) { pending_.push_back(request); }

    // Another driver's device goes away.
    NTSTATUS notify(const TARGET_DEVICE_REMOVAL_NOTIFICATION& notification);

  protected:
    void stop() override;

  private:
    NTSTATUS open_by_name(const WDF_IO_TARGET_OPEN_PARAMS& params);
    NTSTATUS open_existing(const WDF_IO_TARGET_OPEN_PARAMS& params);
    void remember(const WDF_IO_TARGET_OPEN_PARAMS& params);
    void cancel_all();
    void wait_until_empty();
    bool is_empty() const;
    void tell_waiters();

    Device& device_;
    bool local_ = false;
    bool owns_file_ = false;
    WDF_IO_TARGET_STATE state_ = WdfIoTargetClosed;
    DEVICE_OBJECT* target_ = nullptr;
    FILE_OBJECT* file_ = nullptr;
    HANDLE handle_ = nullptr;
    PVOID notification_ = nullptr;
    SentList sent_;
    SentList pending_;
    unsigned completions_ = 0;  // routines that run, or will
    CompletionScope* running_ = nullptr;
    unsigned waiters_ = 0;  // for the end of all of them
    KEVENT empty_{};
    WDF_IO_TARGET_OPEN_PARAMS params_{};  // for a reopen
    OwnedString name_;
};

// ---- formats ----

// The part of a memory object or of a plain descriptor that a request transfers.
NTSTATUS buffer_from(WDFMEMORY memory, const WDFMEMORY_OFFSET* offset, const char* function,
                     Request::Buffer* buffer);
NTSTATUS buffer_from(const WDF_MEMORY_DESCRIPTOR* descriptor, const char* function,
                     Request::Buffer* buffer);
// Fills the next stack location. `offset` for reads and writes, `code` for controls.
NTSTATUS format_transfer(IoTarget& target, Request& request, WDF_REQUEST_TYPE type,
                         const Request::Buffer& buffer, const LONGLONG* offset);
NTSTATUS format_control(IoTarget& target, Request& request, WDF_REQUEST_TYPE type, ULONG code,
                        const Request::Buffer& input, const Request::Buffer& output);
NTSTATUS format_others(IoTarget& target, Request& request, ULONG code, const Request::Buffer& first,
                       const Request::Buffer& second, const Request::Buffer& fourth);

}  // namespace gpioclx::framework
