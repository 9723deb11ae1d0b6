// The functions of WDFREQUEST for received requests.
#include "ext/gx_export.h"

#include "framework/device.h"
#include "framework/file_object.h"
#include "framework/queue.h"
#include "framework/request.h"

using namespace gpioclx::framework;

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
            to.Parameters.DeviceIoControl.OutputBufferLength =
                from.Parameters.DeviceIoControl.OutputBufferLength;
            to.Parameters.DeviceIoControl.InputBufferLength =
                from.Parameters.DeviceIoControl.InputBufferLength;
            to.Parameters.DeviceIoControl.IoControlCode =
                from.Parameters.DeviceIoControl.IoControlCode;
            to.Parameters.DeviceIoControl.Type3InputBuffer =
                from.Parameters.DeviceIoControl.Type3InputBuffer;
            break;
        default:
            to.Parameters.Others.Arg1 = from.Parameters.Others.Argument1;
            to.Parameters.Others.Arg2 = from.Parameters.Others.Argument2;
            to.Parameters.Others.Arg4 = from.Parameters.Others.Argument4;
            break;
    }
}

#define GX_REQUEST(function) from_handle<gpioclx::framework::Request>(Request, function)

// A request whose IRP the function looks at: one that was received and is not completed.
static gpioclx::framework::Request& with_irp(WDFREQUEST handle, const char* function) {
    auto& request = from_handle<gpioclx::framework::Request>(handle, function);
    if (request.irp() != nullptr) return request;
    violation("lifetime-224", request.device(), WDF_REQUEST_FATAL_ERROR,
              WDF_REQUEST_FATAL_ERROR_NULL_IRP, reinterpret_cast<ULONG_PTR>(handle),
              "%s of a request without an IRP (completed, or not formatted yet)", function);
}

VOID WdfRequestComplete(WDFREQUEST Request, NTSTATUS Status) {
    enter();
    GX_REQUEST("WdfRequestComplete").complete(Status, IO_NO_INCREMENT, "WdfRequestComplete");
}
GX_EXPORT_FUNCTION(WdfRequestComplete);

VOID WdfRequestCompleteWithPriorityBoost(WDFREQUEST Request, NTSTATUS Status, CCHAR PriorityBoost) {
    enter();
    GX_REQUEST("WdfRequestCompleteWithPriorityBoost")
        .complete(Status, PriorityBoost, "WdfRequestCompleteWithPriorityBoost");
}
GX_EXPORT_FUNCTION(WdfRequestCompleteWithPriorityBoost);

VOID WdfRequestCompleteWithInformation(WDFREQUEST Request, NTSTATUS Status, ULONG_PTR Information) {
    enter();
    auto& request = GX_REQUEST("WdfRequestCompleteWithInformation");
    request.information = Information;
    request.complete(Status, IO_NO_INCREMENT, "WdfRequestCompleteWithInformation");
}
GX_EXPORT_FUNCTION(WdfRequestCompleteWithInformation);

VOID WdfRequestSetInformation(WDFREQUEST Request, ULONG_PTR Information) {
    enter();
    GX_REQUEST("WdfRequestSetInformation").information = Information;
}
GX_EXPORT_FUNCTION(WdfRequestSetInformation);

ULONG_PTR WdfRequestGetInformation(WDFREQUEST Request) {
    enter();
    return GX_REQUEST("WdfRequestGetInformation").information;
}
GX_EXPORT_FUNCTION(WdfRequestGetInformation);

VOID WdfRequestGetParameters(WDFREQUEST Request, PWDF_REQUEST_PARAMETERS Parameters) {
    enter();
    auto& request = with_irp(Request, "WdfRequestGetParameters");
    require(Parameters, "WdfRequestGetParameters", "Parameters");
    if (Parameters->Size < sizeof(WDF_REQUEST_PARAMETERS)) {
        report("lifetime-214", request.device(),
               "WdfRequestGetParameters: Parameters was not initialized (Size is %u)",
               Parameters->Size);
    }
    fill_parameters(*request.stack(), *Parameters);
}
GX_EXPORT_FUNCTION(WdfRequestGetParameters);

WDFFILEOBJECT WdfRequestGetFileObject(WDFREQUEST Request) {
    enter();
    FileObject* file = file_object_of(with_irp(Request, "WdfRequestGetFileObject"));
    return file != nullptr ? static_cast<WDFFILEOBJECT>(file->handle()) : nullptr;
}
GX_EXPORT_FUNCTION(WdfRequestGetFileObject);

KPROCESSOR_MODE WdfRequestGetRequestorMode(WDFREQUEST Request) {
    enter();
    return with_irp(Request, "WdfRequestGetRequestorMode").irp()->RequestorMode;
}
GX_EXPORT_FUNCTION(WdfRequestGetRequestorMode);

ULONG WdfRequestGetRequestorProcessId(WDFREQUEST Request) {
    enter();
    with_irp(Request, "WdfRequestGetRequestorProcessId");
    return 4;  // all requests come from the system process
}
GX_EXPORT_FUNCTION(WdfRequestGetRequestorProcessId);

BOOLEAN WdfRequestIsFrom32BitProcess(WDFREQUEST Request) {
    enter();
    with_irp(Request, "WdfRequestIsFrom32BitProcess");
    return FALSE;
}
GX_EXPORT_FUNCTION(WdfRequestIsFrom32BitProcess);

PIRP WdfRequestWdmGetIrp(WDFREQUEST Request) {
    enter();
    return with_irp(Request, "WdfRequestWdmGetIrp").irp();
}
GX_EXPORT_FUNCTION(WdfRequestWdmGetIrp);

BOOLEAN WdfRequestIsReserved(WDFREQUEST Request) {
    enter();
    GX_REQUEST("WdfRequestIsReserved");
    return FALSE;
}
GX_EXPORT_FUNCTION(WdfRequestIsReserved);

WDFQUEUE WdfRequestGetIoQueue(WDFREQUEST Request) {
    enter();
    auto& request = GX_REQUEST("WdfRequestGetIoQueue");
    return request.queue() != nullptr ? static_cast<WDFQUEUE>(request.queue()->handle()) : nullptr;
}
GX_EXPORT_FUNCTION(WdfRequestGetIoQueue);

NTSTATUS WdfRequestForwardToIoQueue(WDFREQUEST Request, WDFQUEUE DestinationQueue) {
    enter();
    auto& request = GX_REQUEST("WdfRequestForwardToIoQueue");
    auto& queue =
        from_handle<gpioclx::framework::Queue>(DestinationQueue, "WdfRequestForwardToIoQueue");
    const bool created_request =
        request.in_caller_context() && request.received() && request.major() == IRP_MJ_CREATE;
    if (!created_request && (request.queue() == nullptr || request.queue() == &queue ||
                             request.owner() != gpioclx::framework::Request::Owner::driver)) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (request.device() != &queue.owner() || request.is_cancelable())
        return STATUS_INVALID_DEVICE_REQUEST;
    return queue.insert_forwarded(request);
}
GX_EXPORT_FUNCTION(WdfRequestForwardToIoQueue);

NTSTATUS WdfRequestForwardToParentDeviceIoQueue(WDFREQUEST Request, WDFQUEUE ParentDeviceQueue,
                                                PWDF_REQUEST_FORWARD_OPTIONS ForwardOptions) {
    enter();
    auto& request = GX_REQUEST("WdfRequestForwardToParentDeviceIoQueue");
    auto& queue = from_handle<gpioclx::framework::Queue>(ParentDeviceQueue,
                                                         "WdfRequestForwardToParentDeviceIoQueue");
    require(ForwardOptions, "WdfRequestForwardToParentDeviceIoQueue", "ForwardOptions");
    if (ForwardOptions->Size != sizeof(WDF_REQUEST_FORWARD_OPTIONS))
        return STATUS_INFO_LENGTH_MISMATCH;
    gpioclx::framework::Device* device = request.device();
    if (device == nullptr || device->parent_device != &queue.owner() ||
        !device->settings.allow_forwarding_to_parent ||
        request.owner() != gpioclx::framework::Request::Owner::driver || request.is_cancelable()) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    return queue.insert_forwarded(request);
}
GX_EXPORT_FUNCTION(WdfRequestForwardToParentDeviceIoQueue);

NTSTATUS WdfRequestRequeue(WDFREQUEST Request) {
    enter();
    auto& request = GX_REQUEST("WdfRequestRequeue");
    if (request.queue() == nullptr ||
        request.owner() != gpioclx::framework::Request::Owner::driver || request.is_cancelable() ||
        !request.queue()->is_manual()) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    request.queue()->requeue(request);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfRequestRequeue);

VOID WdfRequestStopAcknowledge(WDFREQUEST Request, BOOLEAN Requeue) {
    enter();
    auto& request = GX_REQUEST("WdfRequestStopAcknowledge");
    if (request.queue() == nullptr || !request.queue()->stopping()) {
        violation("lifetime-225", request.device(), WDF_REQUEST_FATAL_ERROR,
                  reinterpret_cast<ULONG_PTR>(Request), 0,
                  "WdfRequestStopAcknowledge outside EvtIoStop");
    }
    request.queue()->acknowledge_stop(request, Requeue != FALSE);
}
GX_EXPORT_FUNCTION(WdfRequestStopAcknowledge);
