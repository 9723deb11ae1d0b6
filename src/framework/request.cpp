#include "framework/request.h"

#include "ext/gx_export.h"

#include "framework/attributes.h"
#include "framework/callback.h"
#include "framework/device.h"
#include "framework/dispatch.h"
#include "framework/driver.h"
#include "framework/file_object.h"
#include "framework/io_target.h"
#include "framework/queue.h"
#include "framework/pool_tag.h"

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
        request->release();
        return nullptr;
    }
    irp->Tail.Overlay.DriverContext[0] = request;
    request->owner_ = Owner::caller;
    ++device.open_requests;
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
    if (!received_ || device == nullptr || device->deleting() || device->request_cache_size >= cache_limit) {
        delete this;
        return;
    }
    irp_ = nullptr;
    cache_next_ = nullptr;
    Request** end = &device->request_cache;
    while (*end != nullptr) end = &(*end)->cache_next_;
    *end = this;
    ++device->request_cache_size;
}

void Request::check_completable(const char* function) {
    if (owner_ == Owner::driver || owner_ == Owner::caller) {
        if (cancel_callback_ == nullptr) return;
        report("lifetime-217", device_, "%s of a request that is still marked cancelable; call WdfRequestUnmarkCancelable first",
               function);
        if (NT_SUCCESS(unmark_cancelable())) return;
        return;
    }
    const char* why = owner_ == Owner::completed ? "was completed already"
                      : owner_ == Owner::queue   ? "is in a queue"
                      : owner_ == Owner::target  ? "was sent to a target and is not back"
                                                 : "did not come from an I/O queue";
    violation("lifetime-205", device(), WDF_REQUEST_FATAL_ERROR, reinterpret_cast<ULONG_PTR>(this), 0,
              "%s of a request that %s", function, why);
}

void Request::complete(NTSTATUS status, CCHAR boost, const char* function) {
    if (!received_ && !from_irp) {
        violation("lifetime-221", device(), WDF_REQUEST_FATAL_ERROR, reinterpret_cast<ULONG_PTR>(this), 0,
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
        limit = here->Parameters.DeviceIoControl.OutputBufferLength;
    }
    if (NT_SUCCESS(status) && information > limit) {
        violation("lifetime-223", device(), WDF_REQUEST_FATAL_ERROR, WDF_REQUEST_FATAL_ERROR_INFORMATION_LENGTH_MISMATCH,
                  reinterpret_cast<ULONG_PTR>(irp_), "%s says %llu bytes were returned; the output buffer has %u", function,
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
        queue->reference();
        queue->forget(*this);
    }
    queue_ = nullptr;
    if (device_ != nullptr && received_) --device_->open_requests;
    drop_format();
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

static void fill_parameters(const IO_STACK_LOCATION& from, WDF_REQUEST_PARAMETERS& to) {
    to.Type = static_cast<WDF_REQUEST_TYPE>(from.MajorFunction);
    to.MinorFunction = from.MinorFunction;
    switch (from.MajorFunction) {
        case IRP_MJ_CREATE:
            to.Parameters.Create.SecurityContext = from.Parameters.Create.SecurityContext;
            to.Parameters.Create.Options = from.Parameters.Create.Options;
            to.Parameters.Create.FileAttributes = from.Parameters.Create.FileAttributes;
            to.Parameters.Create.ShareAccess = from.Parameters.Create.ShareAccess;
            to.Parameters.Create.EaLength = from.Parameters.Create.EaLength;
            break;
        case IRP_MJ_READ:
        case IRP_MJ_WRITE:
            to.Parameters.Read.Length = from.Parameters.Read.Length;
            to.Parameters.Read.Key = from.Parameters.Read.Key;
            to.Parameters.Read.DeviceOffset = from.Parameters.Read.ByteOffset.QuadPart;
            break;
        case IRP_MJ_DEVICE_CONTROL:
        case IRP_MJ_INTERNAL_DEVICE_CONTROL:
            to.Parameters.DeviceIoControl.OutputBufferLength = from.Parameters.DeviceIoControl.OutputBufferLength;
            to.Parameters.DeviceIoControl.InputBufferLength = from.Parameters.DeviceIoControl.InputBufferLength;
            to.Parameters.DeviceIoControl.IoControlCode = from.Parameters.DeviceIoControl.IoControlCode;
            to.Parameters.DeviceIoControl.Type3InputBuffer = from.Parameters.DeviceIoControl.Type3InputBuffer;
            break;
        default:
            to.Parameters.Others.Arg1 = from.Parameters.Others.Argument1;
            to.Parameters.Others.Arg2 = from.Parameters.Others.Argument2;
            to.Parameters.Others.Arg4 = from.Parameters.Others.Argument4;
            break;
    }
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

#define GX_REQUEST(function) from_handle<gpioclx::framework::Request>(Request, function)

// A request whose IRP the function looks at: one that was received and is not completed.
static gpioclx::framework::Request& with_irp(WDFREQUEST handle, const char* function) {
    auto& request = from_handle<gpioclx::framework::Request>(handle, function);
    if (request.irp() != nullptr) return request;
    violation("lifetime-224", request.device(), WDF_REQUEST_FATAL_ERROR, WDF_REQUEST_FATAL_ERROR_NULL_IRP,
              reinterpret_cast<ULONG_PTR>(handle), "%s of a request without an IRP (completed, or not formatted yet)", function);
}

VOID WdfRequestComplete(WDFREQUEST Request, NTSTATUS Status) {
    enter("WdfRequestComplete");
    GX_REQUEST("WdfRequestComplete").complete(Status, IO_NO_INCREMENT, "WdfRequestComplete");
}
GX_EXPORT_FUNCTION(WdfRequestComplete);

VOID WdfRequestCompleteWithPriorityBoost(WDFREQUEST Request, NTSTATUS Status, CCHAR PriorityBoost) {
    enter("WdfRequestCompleteWithPriorityBoost");
    GX_REQUEST("WdfRequestCompleteWithPriorityBoost").complete(Status, PriorityBoost, "WdfRequestCompleteWithPriorityBoost");
}
GX_EXPORT_FUNCTION(WdfRequestCompleteWithPriorityBoost);

VOID WdfRequestCompleteWithInformation(WDFREQUEST Request, NTSTATUS Status, ULONG_PTR Information) {
    enter("WdfRequestCompleteWithInformation");
    auto& request = GX_REQUEST("WdfRequestCompleteWithInformation");
    request.information = Information;
    request.complete(Status, IO_NO_INCREMENT, "WdfRequestCompleteWithInformation");
}
GX_EXPORT_FUNCTION(WdfRequestCompleteWithInformation);

VOID WdfRequestSetInformation(WDFREQUEST Request, ULONG_PTR Information) {
    enter("WdfRequestSetInformation");
    GX_REQUEST("WdfRequestSetInformation").information = Information;
}
GX_EXPORT_FUNCTION(WdfRequestSetInformation);

ULONG_PTR WdfRequestGetInformation(WDFREQUEST Request) {
    enter("WdfRequestGetInformation");
    return GX_REQUEST("WdfRequestGetInformation").information;
}
GX_EXPORT_FUNCTION(WdfRequestGetInformation);

VOID WdfRequestGetParameters(WDFREQUEST Request, PWDF_REQUEST_PARAMETERS Parameters) {
    enter("WdfRequestGetParameters");
    auto& request = with_irp(Request, "WdfRequestGetParameters");
    require(Parameters, "WdfRequestGetParameters", "Parameters");
    if (Parameters->Size < sizeof(WDF_REQUEST_PARAMETERS)) {
        report("lifetime-214", request.device(), "WdfRequestGetParameters: Parameters was not initialized (Size is %u)", Parameters->Size);
    }
    fill_parameters(*request.stack(), *Parameters);
}
GX_EXPORT_FUNCTION(WdfRequestGetParameters);

WDFFILEOBJECT WdfRequestGetFileObject(WDFREQUEST Request) {
    enter("WdfRequestGetFileObject");
    FileObject* file = file_object_of(with_irp(Request, "WdfRequestGetFileObject"));
    return file != nullptr ? static_cast<WDFFILEOBJECT>(file->handle()) : nullptr;
}
GX_EXPORT_FUNCTION(WdfRequestGetFileObject);

KPROCESSOR_MODE WdfRequestGetRequestorMode(WDFREQUEST Request) {
    enter("WdfRequestGetRequestorMode");
    return with_irp(Request, "WdfRequestGetRequestorMode").irp()->RequestorMode;
}
GX_EXPORT_FUNCTION(WdfRequestGetRequestorMode);

ULONG WdfRequestGetRequestorProcessId(WDFREQUEST Request) {
    enter("WdfRequestGetRequestorProcessId");
    with_irp(Request, "WdfRequestGetRequestorProcessId");
    return 4;  // all requests come from the system process
}
GX_EXPORT_FUNCTION(WdfRequestGetRequestorProcessId);

BOOLEAN WdfRequestIsFrom32BitProcess(WDFREQUEST Request) {
    enter("WdfRequestIsFrom32BitProcess", APC_LEVEL);
    with_irp(Request, "WdfRequestIsFrom32BitProcess");
    return FALSE;
}
GX_EXPORT_FUNCTION(WdfRequestIsFrom32BitProcess);

PIRP WdfRequestWdmGetIrp(WDFREQUEST Request) {
    enter("WdfRequestWdmGetIrp");
    return with_irp(Request, "WdfRequestWdmGetIrp").irp();
}
GX_EXPORT_FUNCTION(WdfRequestWdmGetIrp);

BOOLEAN WdfRequestIsReserved(WDFREQUEST Request) {
    enter("WdfRequestIsReserved");
    GX_REQUEST("WdfRequestIsReserved");
    return FALSE;
}
GX_EXPORT_FUNCTION(WdfRequestIsReserved);

WDFQUEUE WdfRequestGetIoQueue(WDFREQUEST Request) {
    enter("WdfRequestGetIoQueue");
    auto& request = GX_REQUEST("WdfRequestGetIoQueue");
    return request.queue() != nullptr ? static_cast<WDFQUEUE>(request.queue()->handle()) : nullptr;
}
GX_EXPORT_FUNCTION(WdfRequestGetIoQueue);

NTSTATUS WdfRequestForwardToIoQueue(WDFREQUEST Request, WDFQUEUE DestinationQueue) {
    enter("WdfRequestForwardToIoQueue");
    auto& request = GX_REQUEST("WdfRequestForwardToIoQueue");
    auto& queue = from_handle<gpioclx::framework::Queue>(DestinationQueue, "WdfRequestForwardToIoQueue");
    const bool created_request = request.in_caller_context() && request.received() && request.major() == IRP_MJ_CREATE;
    if (!created_request && (request.queue() == nullptr || request.queue() == &queue ||
                             request.owner() != gpioclx::framework::Request::Owner::driver)) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (request.device() != &queue.owner() || request.is_cancelable()) return STATUS_INVALID_DEVICE_REQUEST;
    return queue.insert_forwarded(request);
}
GX_EXPORT_FUNCTION(WdfRequestForwardToIoQueue);

NTSTATUS WdfRequestForwardToParentDeviceIoQueue(WDFREQUEST Request, WDFQUEUE ParentDeviceQueue,
                                                PWDF_REQUEST_FORWARD_OPTIONS ForwardOptions) {
    enter("WdfRequestForwardToParentDeviceIoQueue");
    auto& request = GX_REQUEST("WdfRequestForwardToParentDeviceIoQueue");
    auto& queue = from_handle<gpioclx::framework::Queue>(ParentDeviceQueue, "WdfRequestForwardToParentDeviceIoQueue");
    require(ForwardOptions, "WdfRequestForwardToParentDeviceIoQueue", "ForwardOptions");
    if (ForwardOptions->Size != sizeof(WDF_REQUEST_FORWARD_OPTIONS)) return STATUS_INFO_LENGTH_MISMATCH;
    gpioclx::framework::Device* device = request.device();
    if (device == nullptr || device->parent_device != &queue.owner() || !device->settings.allow_forwarding_to_parent ||
        request.owner() != gpioclx::framework::Request::Owner::driver || request.is_cancelable()) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    return queue.insert_forwarded(request);
}
GX_EXPORT_FUNCTION(WdfRequestForwardToParentDeviceIoQueue);

NTSTATUS WdfRequestRequeue(WDFREQUEST Request) {
    enter("WdfRequestRequeue");
    auto& request = GX_REQUEST("WdfRequestRequeue");
    if (request.queue() == nullptr || request.owner() != gpioclx::framework::Request::Owner::driver ||
        request.is_cancelable() || !request.queue()->is_manual()) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    request.queue()->requeue(request);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfRequestRequeue);

VOID WdfRequestStopAcknowledge(WDFREQUEST Request, BOOLEAN Requeue) {
    enter("WdfRequestStopAcknowledge");
    auto& request = GX_REQUEST("WdfRequestStopAcknowledge");
    if (request.queue() == nullptr || !request.queue()->stopping()) {
        violation("lifetime-225", request.device(), WDF_REQUEST_FATAL_ERROR, reinterpret_cast<ULONG_PTR>(Request), 0,
                  "WdfRequestStopAcknowledge outside EvtIoStop");
    }
    request.queue()->acknowledge_stop(request, Requeue != FALSE);
}
GX_EXPORT_FUNCTION(WdfRequestStopAcknowledge);
