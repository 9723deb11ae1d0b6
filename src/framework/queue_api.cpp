// The functions of WDFQUEUE.
#include "ext/gx_export.h"

#include "framework/attributes.h"
#include "framework/device.h"
#include "framework/file_object.h"
#include "framework/queue.h"

using namespace gpioclx::framework;

#define GX_QUEUE(function) from_handle<gpioclx::framework::Queue>(Queue, function)
using QueueEnding = gpioclx::framework::Queue::Ending;

static NTSTATUS check_config(const gpioclx::framework::Device& device,
                             const WDF_IO_QUEUE_CONFIG& config) {
    if (config.Size != sizeof(WDF_IO_QUEUE_CONFIG)) return STATUS_INFO_LENGTH_MISMATCH;
    if (config.DispatchType <= WdfIoQueueDispatchInvalid ||
        config.DispatchType >= WdfIoQueueDispatchMax) {
        return STATUS_INVALID_PARAMETER;
    }
    const bool has_handler = config.EvtIoDefault != nullptr || config.EvtIoRead != nullptr ||
                             config.EvtIoWrite != nullptr || config.EvtIoDeviceControl != nullptr ||
                             config.EvtIoInternalDeviceControl != nullptr;
    // A manual queue presents nothing; any other needs somebody to present to.
    if (config.DispatchType == WdfIoQueueDispatchManual ? has_handler : !has_handler)
        return STATUS_INVALID_PARAMETER;
    if (config.DispatchType == WdfIoQueueDispatchParallel &&
        config.Settings.Parallel.NumberOfPresentedRequests == 0) {
        return STATUS_INVALID_PARAMETER;
    }
    if (config.DefaultQueue && device.default_queue != nullptr) return STATUS_UNSUCCESSFUL;
    return STATUS_SUCCESS;
}

NTSTATUS WdfIoQueueCreate(WDFDEVICE Device, PWDF_IO_QUEUE_CONFIG Config,
                          PWDF_OBJECT_ATTRIBUTES QueueAttributes, WDFQUEUE* Queue) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfIoQueueCreate");
    require(Config, "WdfIoQueueCreate", "Config");
    if (Queue != nullptr) *Queue = nullptr;
    NTSTATUS status = check_config(device, *Config);
    if (NT_SUCCESS(status)) status = check_attributes(QueueAttributes, ObjectType::queue);
    Object* parent = nullptr;
    if (NT_SUCCESS(status))
        status = resolve_parent(QueueAttributes, &device, "WdfIoQueueCreate", &parent);
    if (NT_SUCCESS(status) && parent->device() != &device) status = STATUS_INVALID_DEVICE_REQUEST;
    if (!NT_SUCCESS(status)) return status;
    auto* queue = create_object<gpioclx::framework::Queue>(parent, QueueAttributes, device, *Config,
                                                           QueueAttributes);
    if (queue == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    if (Config->DefaultQueue) device.default_queue = queue;
    if (Queue != nullptr) *Queue = queue->queue_handle();
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfIoQueueCreate);

WDF_IO_QUEUE_STATE WdfIoQueueGetState(WDFQUEUE Queue, PULONG QueueRequests, PULONG DriverRequests) {
    enter();
    return GX_QUEUE("WdfIoQueueGetState").state(QueueRequests, DriverRequests);
}
GX_EXPORT_FUNCTION(WdfIoQueueGetState);

WDFDEVICE WdfIoQueueGetDevice(WDFQUEUE Queue) {
    enter();
    return GX_QUEUE("WdfIoQueueGetDevice").owner().device_handle();
}
GX_EXPORT_FUNCTION(WdfIoQueueGetDevice);

VOID WdfIoQueueStart(WDFQUEUE Queue) {
    enter();
    GX_QUEUE("WdfIoQueueStart").start();
}
GX_EXPORT_FUNCTION(WdfIoQueueStart);

VOID WdfIoQueueStop(WDFQUEUE Queue, PFN_WDF_IO_QUEUE_STATE StopComplete, WDFCONTEXT Context) {
    enter();
    GX_QUEUE("WdfIoQueueStop").end(QueueEnding::stop, StopComplete, Context, "WdfIoQueueStop");
}
GX_EXPORT_FUNCTION(WdfIoQueueStop);

VOID WdfIoQueueStopSynchronously(WDFQUEUE Queue) {
    enter();
    GX_QUEUE("WdfIoQueueStopSynchronously")
        .end_and_wait(QueueEnding::stop, "WdfIoQueueStopSynchronously");
}
GX_EXPORT_FUNCTION(WdfIoQueueStopSynchronously);

VOID WdfIoQueueDrain(WDFQUEUE Queue, PFN_WDF_IO_QUEUE_STATE DrainComplete, WDFCONTEXT Context) {
    enter();
    GX_QUEUE("WdfIoQueueDrain").end(QueueEnding::drain, DrainComplete, Context, "WdfIoQueueDrain");
}
GX_EXPORT_FUNCTION(WdfIoQueueDrain);

VOID WdfIoQueueDrainSynchronously(WDFQUEUE Queue) {
    enter();
    GX_QUEUE("WdfIoQueueDrainSynchronously")
        .end_and_wait(QueueEnding::drain, "WdfIoQueueDrainSynchronously");
}
GX_EXPORT_FUNCTION(WdfIoQueueDrainSynchronously);

VOID WdfIoQueuePurge(WDFQUEUE Queue, PFN_WDF_IO_QUEUE_STATE PurgeComplete, WDFCONTEXT Context) {
    enter();
    GX_QUEUE("WdfIoQueuePurge").end(QueueEnding::purge, PurgeComplete, Context, "WdfIoQueuePurge");
}
GX_EXPORT_FUNCTION(WdfIoQueuePurge);

VOID WdfIoQueuePurgeSynchronously(WDFQUEUE Queue) {
    enter();
    GX_QUEUE("WdfIoQueuePurgeSynchronously")
        .end_and_wait(QueueEnding::purge, "WdfIoQueuePurgeSynchronously");
}
GX_EXPORT_FUNCTION(WdfIoQueuePurgeSynchronously);

VOID WdfIoQueueStopAndPurge(WDFQUEUE Queue, PFN_WDF_IO_QUEUE_STATE StopAndPurgeComplete,
                            WDFCONTEXT Context) {
    enter();
    GX_QUEUE("WdfIoQueueStopAndPurge")
        .end(QueueEnding::stop_and_purge, StopAndPurgeComplete, Context, "WdfIoQueueStopAndPurge");
}
GX_EXPORT_FUNCTION(WdfIoQueueStopAndPurge);

VOID WdfIoQueueStopAndPurgeSynchronously(WDFQUEUE Queue) {
    enter();
    GX_QUEUE("WdfIoQueueStopAndPurgeSynchronously")
        .end_and_wait(QueueEnding::stop_and_purge, "WdfIoQueueStopAndPurgeSynchronously");
}
GX_EXPORT_FUNCTION(WdfIoQueueStopAndPurgeSynchronously);

static NTSTATUS hand_out(NTSTATUS status, gpioclx::framework::Request* request,
                         WDFREQUEST* result) {
    *result = NT_SUCCESS(status) ? request->request_handle() : nullptr;
    return status;
}

NTSTATUS WdfIoQueueRetrieveNextRequest(WDFQUEUE Queue, WDFREQUEST* OutRequest) {
    enter();
    require(OutRequest, "WdfIoQueueRetrieveNextRequest", "OutRequest");
    gpioclx::framework::Request* request;
    const NTSTATUS status = GX_QUEUE("WdfIoQueueRetrieveNextRequest").retrieve(nullptr, &request);
    return hand_out(status, request, OutRequest);
}
GX_EXPORT_FUNCTION(WdfIoQueueRetrieveNextRequest);

NTSTATUS WdfIoQueueRetrieveRequestByFileObject(WDFQUEUE Queue, WDFFILEOBJECT FileObject,
                                               WDFREQUEST* OutRequest) {
    enter();
    require(OutRequest, "WdfIoQueueRetrieveRequestByFileObject", "OutRequest");
    auto& file = from_handle<gpioclx::framework::FileObject>(
        FileObject, "WdfIoQueueRetrieveRequestByFileObject");
    gpioclx::framework::Request* request;
    const NTSTATUS status =
        GX_QUEUE("WdfIoQueueRetrieveRequestByFileObject").retrieve(&file, &request);
    return hand_out(status, request, OutRequest);
}
GX_EXPORT_FUNCTION(WdfIoQueueRetrieveRequestByFileObject);

NTSTATUS WdfIoQueueFindRequest(WDFQUEUE Queue, WDFREQUEST FoundRequest, WDFFILEOBJECT FileObject,
                               PWDF_REQUEST_PARAMETERS Parameters, WDFREQUEST* OutRequest) {
    enter();
    require(OutRequest, "WdfIoQueueFindRequest", "OutRequest");
    auto& queue = GX_QUEUE("WdfIoQueueFindRequest");
    auto* after = FoundRequest != nullptr ? &from_handle<gpioclx::framework::Request>(
                                                FoundRequest, "WdfIoQueueFindRequest")
                                          : nullptr;
    auto* file = FileObject != nullptr ? &from_handle<gpioclx::framework::FileObject>(
                                             FileObject, "WdfIoQueueFindRequest")
                                       : nullptr;
    gpioclx::framework::Request* request;
    const NTSTATUS status = queue.find(after, file, &request);
    hand_out(status, request, OutRequest);
    if (NT_SUCCESS(status) && Parameters != nullptr)
        WdfRequestGetParameters(*OutRequest, Parameters);
    return status;
}
GX_EXPORT_FUNCTION(WdfIoQueueFindRequest);

NTSTATUS WdfIoQueueRetrieveFoundRequest(WDFQUEUE Queue, WDFREQUEST FoundRequest,
                                        WDFREQUEST* OutRequest) {
    enter();
    require(OutRequest, "WdfIoQueueRetrieveFoundRequest", "OutRequest");
    auto& request =
        from_handle<gpioclx::framework::Request>(FoundRequest, "WdfIoQueueRetrieveFoundRequest");
    const NTSTATUS status = GX_QUEUE("WdfIoQueueRetrieveFoundRequest").retrieve_found(request);
    return hand_out(status, &request, OutRequest);
}
GX_EXPORT_FUNCTION(WdfIoQueueRetrieveFoundRequest);

NTSTATUS WdfIoQueueReadyNotify(WDFQUEUE Queue, PFN_WDF_IO_QUEUE_STATE QueueReady,
                               WDFCONTEXT Context) {
    enter();
    return GX_QUEUE("WdfIoQueueReadyNotify").ready_notify(QueueReady, Context);
}
GX_EXPORT_FUNCTION(WdfIoQueueReadyNotify);

NTSTATUS WdfIoQueueAssignForwardProgressPolicy(
    WDFQUEUE Queue, PWDF_IO_QUEUE_FORWARD_PROGRESS_POLICY ForwardProgressPolicy) {
    enter();
    GX_QUEUE("WdfIoQueueAssignForwardProgressPolicy");
    require(ForwardProgressPolicy, "WdfIoQueueAssignForwardProgressPolicy",
            "ForwardProgressPolicy");
    if (ForwardProgressPolicy->Size != sizeof(WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY))
        return STATUS_INFO_LENGTH_MISMATCH;
    // No paging, so no I/O that must make progress without memory.
    return STATUS_NOT_SUPPORTED;
}
GX_EXPORT_FUNCTION(WdfIoQueueAssignForwardProgressPolicy);
