#include "framework/io_target.h"

#include "framework/attributes.h"
#include "framework/callback.h"
#include "framework/device.h"
#include "framework/device_property.h"
#include "framework/driver.h"
#include "framework/user_mode.h"

namespace gpioclx::framework {
namespace {

constexpr GUID target_query_remove = {
    0xcb3a4006, 0x46f0, 0x11d0, {0xb0, 0x8f, 0x00, 0x60, 0x97, 0x13, 0x05, 0x3f}};
constexpr GUID target_remove_cancelled = {
    0xcb3a4007, 0x46f0, 0x11d0, {0xb0, 0x8f, 0x00, 0x60, 0x97, 0x13, 0x05, 0x3f}};
constexpr GUID target_remove_complete = {
    0xcb3a4008, 0x46f0, 0x11d0, {0xb0, 0x8f, 0x00, 0x60, 0x97, 0x13, 0x05, 0x3f}};

NTSTATUS removal_notification(PVOID structure, PVOID context) {
    return static_cast<IoTarget*>(context)->notify(
        *static_cast<const TARGET_DEVICE_REMOVAL_NOTIFICATION*>(structure));
}

}  // namespace

IoTarget::IoTarget(Device& device) : Object(object_type, device.driver()), device_(device) {
    KeInitializeEvent(&empty_, NotificationEvent, TRUE);
}

IoTarget* IoTarget::create_local(Device& device) {
    IoTarget* target = create_object<IoTarget>(&device, nullptr, device);
    if (target == nullptr) return nullptr;
    target->local_ = true;
    target->target_ = device.lower();
    target->state_ = WdfIoTargetStarted;
    return target;
}

DEVICE_OBJECT* IoTarget::target_pdo() const {
    if (local_) return device_.pdo();
    if (target_ == nullptr) return nullptr;
    // The bottom of the target's stack.
    DEVICE_OBJECT* bottom = target_;
    ObReferenceObject(bottom);
    for (int depth = 0; depth < 64; ++depth) {
        DEVICE_OBJECT* lower = IoGetLowerDeviceObject(bottom);
        if (lower == nullptr) break;
        ObDereferenceObject(bottom);
        bottom = lower;
    }
    ObDereferenceObject(bottom);
    return bottom;
}

// ---- opening and closing ----

NTSTATUS IoTarget::open(const WDF_IO_TARGET_OPEN_PARAMS& params) {
    if (params.Size != sizeof(WDF_IO_TARGET_OPEN_PARAMS)) return STATUS_INFO_LENGTH_MISMATCH;
    if (local_) return STATUS_INVALID_DEVICE_REQUEST;
    if (params.Type == WdfIoTargetOpenReopen) {
        if (state_ != WdfIoTargetClosedForQueryRemove || params_.Size == 0)
            return STATUS_INVALID_DEVICE_STATE;
        const WDF_IO_TARGET_OPEN_PARAMS again = params_;
        return open(again);
    }
    if (state_ != WdfIoTargetClosed && state_ != WdfIoTargetClosedForQueryRemove)
        return STATUS_INVALID_DEVICE_STATE;
    WDF_IO_TARGET_OPEN_PARAMS kernel_params = params;
    NTSTATUS status = translate_open(*driver(), kernel_params);
    if (!NT_SUCCESS(status)) return status;
    switch (params.Type) {
        case WdfIoTargetOpenByName: status = open_by_name(kernel_params); break;
        case WdfIoTargetOpenUseExistingDevice: status = open_existing(params); break;
        case WdfIoTargetOpenLocalTargetByFile:
            // The local stack without a name of its own: requests carry no file.
            target_ = device_.lower();
            status = target_ != nullptr ? STATUS_SUCCESS : STATUS_NO_SUCH_DEVICE;
            break;
        default: status = STATUS_INVALID_PARAMETER; break;
    }
    if (!NT_SUCCESS(status)) return status;
    state_ = WdfIoTargetStarted;
    if (params.Type == WdfIoTargetOpenByName) {
        remember(params);
        // Without notification the target only ends with the driver's own close.
        IoRegisterPlugPlayNotification(EventCategoryTargetDeviceChange, 0, file_, driver()->wdm(),
                                       &removal_notification, this, &notification_);
    }
    return STATUS_SUCCESS;
}

void IoTarget::remember(const WDF_IO_TARGET_OPEN_PARAMS& params) {
    const bool again = params.TargetDeviceName.Buffer == name_.get()->Buffer;
    if (!again) name_.assign(&params.TargetDeviceName);
    params_ = params;
    params_.TargetDeviceName = *name_.get();
    params_.EaBuffer = nullptr;
    params_.EaBufferLength = 0;
    params_.AllocationSize = nullptr;
}

NTSTATUS IoTarget::open_by_name(const WDF_IO_TARGET_OPEN_PARAMS& params) {
    if (params.TargetDeviceName.Length == 0 || params.TargetDeviceName.Buffer == nullptr)
        return STATUS_INVALID_PARAMETER;
    UNICODE_STRING name = params.TargetDeviceName;
    OBJECT_ATTRIBUTES where;
    InitializeObjectAttributes(&where, &name, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, nullptr,
                               nullptr);
    IO_STATUS_BLOCK outcome{};
    LARGE_INTEGER size{};
    if (params.AllocationSize != nullptr) size.QuadPart = *params.AllocationSize;
    HANDLE handle = nullptr;
    NTSTATUS status =
        ZwCreateFile(&handle, params.DesiredAccess, &where, &outcome,
                     params.AllocationSize != nullptr ? &size : nullptr,
                     params.FileAttributes != 0 ? params.FileAttributes : FILE_ATTRIBUTE_NORMAL,
                     params.ShareAccess, params.CreateDisposition, params.CreateOptions,
                     params.EaBuffer, params.EaBufferLength);
    if (!NT_SUCCESS(status)) return status;
    PVOID file = nullptr;
    status = ObReferenceObjectByHandle(handle, params.DesiredAccess, *IoFileObjectType, KernelMode,
                                       &file, nullptr);
    if (!NT_SUCCESS(status)) {
        ZwClose(handle);
        return status;
    }
    handle_ = handle;
    file_ = static_cast<FILE_OBJECT*>(file);
    owns_file_ = true;
    target_ = IoGetRelatedDeviceObject(file_);
    if (target_ == nullptr) {
        close(WdfIoTargetClosed);
        return STATUS_NO_SUCH_DEVICE;
    }
    ObReferenceObject(target_);
    return STATUS_SUCCESS;
}

NTSTATUS IoTarget::open_existing(const WDF_IO_TARGET_OPEN_PARAMS& params) {
    if (params.TargetDeviceObject == nullptr) return STATUS_INVALID_PARAMETER;
    target_ = params.TargetDeviceObject;
    ObReferenceObject(target_);
    file_ = params.TargetFileObject;
    if (file_ != nullptr) {
        ObReferenceObject(file_);
        owns_file_ = true;
    }
    return STATUS_SUCCESS;
}

void IoTarget::close(WDF_IO_TARGET_STATE state) {
    if (local_) return;
    state_ = state;
    cancel_all();
    wait_until_empty();
    if (state != WdfIoTargetClosedForQueryRemove && notification_ != nullptr) {
        PVOID notification = notification_;
        notification_ = nullptr;
        IoUnregisterPlugPlayNotificationEx(notification);
    }
    if (target_ != nullptr &&
        (handle_ != nullptr || params_.Type != WdfIoTargetOpenLocalTargetByFile) &&
        target_ != device_.lower()) {
        ObDereferenceObject(target_);
    }
    target_ = nullptr;
    if (file_ != nullptr && owns_file_) ObDereferenceObject(file_);
    file_ = nullptr;
    if (handle_ != nullptr) ZwClose(handle_);
    handle_ = nullptr;
}

void IoTarget::stop() {
    if (local_) {
        state_ = WdfIoTargetDeleted;
        cancel_all();
        wait_until_empty();
        return;
    }
    if (target_ != nullptr) close(WdfIoTargetClosed);
    state_ = WdfIoTargetDeleted;
}

NTSTATUS IoTarget::notify(const TARGET_DEVICE_REMOVAL_NOTIFICATION& notification) {
    if (IsEqualGUID(notification.Event, target_query_remove)) {
        if (params_.EvtIoTargetQueryRemove == nullptr) {
            close(WdfIoTargetClosedForQueryRemove);
            return STATUS_SUCCESS;
        }
        CallbackScope scope(Callback::target_query_remove, device_);
        return scope.returned(params_.EvtIoTargetQueryRemove(target_handle()));
    }
    if (IsEqualGUID(notification.Event, target_remove_cancelled)) {
        if (params_.EvtIoTargetRemoveCanceled != nullptr) {
            CallbackScope scope(Callback::target_remove_canceled, device_);
            params_.EvtIoTargetRemoveCanceled(target_handle());
        } else if (state_ == WdfIoTargetClosedForQueryRemove) {
            const WDF_IO_TARGET_OPEN_PARAMS again = params_;
            return open(again);
        }
    } else if (IsEqualGUID(notification.Event, target_remove_complete)) {
        if (params_.EvtIoTargetRemoveComplete != nullptr) {
            CallbackScope scope(Callback::target_remove_complete, device_);
            params_.EvtIoTargetRemoveComplete(target_handle());
        } else if (target_ != nullptr) {
            close(WdfIoTargetClosed);
        }
    }
    return STATUS_SUCCESS;
}

// ---- states ----

NTSTATUS IoTarget::start() {
    if (target_ == nullptr || state_ == WdfIoTargetDeleted || state_ == WdfIoTargetClosed)
        return STATUS_INVALID_DEVICE_STATE;
    if (local_ &&
        (device_.phase == PnpPhase::removed || device_.phase == PnpPhase::surprise_removed))
        return STATUS_INVALID_DEVICE_STATE;
    state_ = WdfIoTargetStarted;
    while (state_ == WdfIoTargetStarted && !pending_.empty()) {
        Request& request = *pending_.first();
        pending_.remove(request);
        request.send(*this, target_, request.pending_timeout, request.pending_synchronous);
        request.release();
    }
    return STATUS_SUCCESS;
}

void IoTarget::remove_sent(Request& request) {
    sent_.remove(request);
    tell_waiters();
}

void IoTarget::tell_waiters() {
    if (waiters_ != 0 && sent_.empty()) KeSetEvent(&empty_, IO_NO_INCREMENT, FALSE);
}

IoTarget::CompletionScope::CompletionScope(IoTarget& target)
    : target_(target), thread_(KeGetCurrentThread()), next_(target.running_) {
    target.reference();
    target.running_ = this;
    ++target.completions_;
}

IoTarget::CompletionScope::~CompletionScope() {
    for (CompletionScope** at = &target_.running_; *at != nullptr; at = &(*at)->next_) {
        if (*at != this) continue;
        *at = next_;
        break;
    }
    --target_.completions_;
    target_.tell_waiters();
    static_cast<Object&>(target_).release();
}

bool IoTarget::is_empty() const {
    const PKTHREAD caller = KeGetCurrentThread();  // a step: the list may be another one after it
    unsigned own = 0;
    for (const CompletionScope* one = running_; one != nullptr; one = one->next_)
        own += one->thread_ == caller;
    return sent_.empty() && completions_ <= own;
}

bool IoTarget::remove_pending(Request& request) {
    if (!request.target_link.linked || !pending_.contains(request)) return false;
    pending_.remove(request);
    return true;
}

// Each once: what a completion routine sends again is not this call's.
void IoTarget::cancel_all() {
    for (std::size_t bound = pending_.size(); bound != 0 && !pending_.empty(); --bound) {
        Request& request = *pending_.first();
        pending_.remove(request);
        request.finish_unsent(STATUS_CANCELLED);
    }
    for (std::size_t bound = sent_.size(); bound != 0 && !sent_.empty(); --bound) {
        Request& request = *sent_.first();
        request.reference();
        // To the end, so that one that is slow to cancel does not hide the others.
        sent_.remove(request);
        sent_.push_back(request);
        request.cancel_sent();
        request.release();
    }
}

void IoTarget::wait_until_empty() {
    ++waiters_;
    while (!is_empty()) {
        KeClearEvent(&empty_);
        if (!is_empty()) KeWaitForSingleObject(&empty_, Executive, KernelMode, FALSE, nullptr);
    }
    --waiters_;
}

void IoTarget::stop_target(WDF_IO_TARGET_SENT_IO_ACTION action) {
    if (state_ != WdfIoTargetStarted && state_ != WdfIoTargetPurged) return;
    state_ = WdfIoTargetStopped;
    if (action == WdfIoTargetCancelSentIo) cancel_all();
    if (action != WdfIoTargetLeaveSentIoPending) wait_until_empty();
}

void IoTarget::purge(WDF_IO_TARGET_PURGE_IO_ACTION action) {
    if (state_ != WdfIoTargetStarted && state_ != WdfIoTargetStopped) return;
    state_ = WdfIoTargetPurged;
    cancel_all();
    if (action == WdfIoTargetPurgeIoAndWait) wait_until_empty();
}

bool IoTarget::send(Request& request, ULONG flags, LONGLONG timeout) {
    const bool ignore = (flags & WDF_REQUEST_SEND_OPTION_IGNORE_TARGET_STATE) != 0;
    const bool synchronous = (flags & WDF_REQUEST_SEND_OPTION_SYNCHRONOUS) != 0;
    if ((flags & WDF_REQUEST_SEND_OPTION_TIMEOUT) == 0) timeout = 0;
    if (target_ == nullptr || (state_ != WdfIoTargetStarted && state_ != WdfIoTargetStopped &&
                               !(ignore && state_ == WdfIoTargetPurged))) {
        request.set_sent_status(STATUS_INVALID_DEVICE_STATE);
        return false;
    }
    if ((flags & WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET) != 0) {
        if (!request.received() || synchronous) {
            request.set_sent_status(STATUS_INVALID_DEVICE_REQUEST);
            return false;
        }
        request.forward_and_forget(target_);
        return true;
    }
    if (timeout != 0) {
        const NTSTATUS status = request.allocate_timer();
        if (!NT_SUCCESS(status)) {
            request.set_sent_status(status);
            return false;
        }
    }
    if (state_ == WdfIoTargetStopped && !ignore) {
        request.pend_in_target(*this, timeout, synchronous);
        return true;
    }
    request.send(*this, target_, timeout, synchronous);
    return true;
}

}  // namespace gpioclx::framework
