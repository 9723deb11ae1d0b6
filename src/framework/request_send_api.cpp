// The functions of WDFREQUEST for requests that are sent.
#include "ext/gx_export.h"

#include "framework/attributes.h"
#include "framework/device.h"
#include "framework/driver.h"
#include "framework/io_target.h"
#include "framework/request.h"
#include "framework/spin_lock.h"

using namespace gpioclx::framework;

#define GX_REQUEST(function) from_handle<gpioclx::framework::Request>(Request, function)

GX_ASKS_CALLER
NTSTATUS WdfRequestCreate(PWDF_OBJECT_ATTRIBUTES RequestAttributes, WDFIOTARGET IoTarget,
                          WDFREQUEST* Request) {
    enter();
    require(Request, "WdfRequestCreate", "Request");
    *Request = nullptr;
    auto* target = IoTarget != nullptr
                       ? &from_handle<gpioclx::framework::IoTarget>(IoTarget, "WdfRequestCreate")
                       : nullptr;
    Driver* driver =
        target != nullptr ? target->driver() : Driver::calling(__builtin_return_address(0));
    NTSTATUS status = check_attributes(RequestAttributes, ObjectType::request);
    Object* parent = nullptr;
    if (NT_SUCCESS(status))
        status = resolve_parent(RequestAttributes, driver, "WdfRequestCreate", &parent);
    if (!NT_SUCCESS(status)) return status;
    auto* request = create_object<gpioclx::framework::Request>(parent, RequestAttributes, driver,
                                                               nullptr, nullptr, false);
    if (request == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    if (target != nullptr && target->wdm() != nullptr) status = request->ensure_irp(target->wdm());
    if (!NT_SUCCESS(status)) {
        request->delete_object();
        return status;
    }
    *Request = request->request_handle();
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfRequestCreate);

GX_ASKS_CALLER
NTSTATUS WdfRequestCreateFromIrp(PWDF_OBJECT_ATTRIBUTES RequestAttributes, PIRP Irp,
                                 BOOLEAN RequestFreesIrp, WDFREQUEST* Request) {
    enter();
    require(Irp, "WdfRequestCreateFromIrp", "Irp");
    require(Request, "WdfRequestCreateFromIrp", "Request");
    *Request = nullptr;
    Driver* driver = Driver::calling(__builtin_return_address(0));
    NTSTATUS status = check_attributes(RequestAttributes, ObjectType::request);
    Object* parent = nullptr;
    if (NT_SUCCESS(status))
        status = resolve_parent(RequestAttributes, driver, "WdfRequestCreateFromIrp", &parent);
    if (!NT_SUCCESS(status)) return status;
    auto* request = create_object<gpioclx::framework::Request>(parent, RequestAttributes, driver,
                                                               nullptr, Irp, false);
    if (request == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    request->from_irp = true;
    request->irp_is_ours = RequestFreesIrp != FALSE;
    *Request = request->request_handle();
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfRequestCreateFromIrp);

NTSTATUS WdfRequestReuse(WDFREQUEST Request, PWDF_REQUEST_REUSE_PARAMS ReuseParams) {
    enter();
    require(ReuseParams, "WdfRequestReuse", "ReuseParams");
    return GX_REQUEST("WdfRequestReuse").reuse(*ReuseParams);
}
GX_EXPORT_FUNCTION(WdfRequestReuse);

NTSTATUS WdfRequestChangeTarget(WDFREQUEST Request, WDFIOTARGET IoTarget) {
    enter();
    auto& request = GX_REQUEST("WdfRequestChangeTarget");
    auto& target = from_handle<gpioclx::framework::IoTarget>(IoTarget, "WdfRequestChangeTarget");
    if (request.is_sent() || target.wdm() == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    return request.ensure_irp(target.wdm());
}
GX_EXPORT_FUNCTION(WdfRequestChangeTarget);

NTSTATUS WdfRequestAllocateTimer(WDFREQUEST Request) {
    enter();
    return GX_REQUEST("WdfRequestAllocateTimer").allocate_timer();
}
GX_EXPORT_FUNCTION(WdfRequestAllocateTimer);

VOID WdfRequestSetCompletionRoutine(WDFREQUEST Request,
                                    PFN_WDF_REQUEST_COMPLETION_ROUTINE CompletionRoutine,
                                    WDFCONTEXT CompletionContext) {
    enter();
    GX_REQUEST("WdfRequestSetCompletionRoutine")
        .set_completion(CompletionRoutine, CompletionContext);
}
GX_EXPORT_FUNCTION(WdfRequestSetCompletionRoutine);

VOID WdfRequestGetCompletionParams(WDFREQUEST Request, PWDF_REQUEST_COMPLETION_PARAMS Params) {
    enter();
    require(Params, "WdfRequestGetCompletionParams", "Params");
    GX_REQUEST("WdfRequestGetCompletionParams").fill_completion_params(*Params);
}
GX_EXPORT_FUNCTION(WdfRequestGetCompletionParams);

NTSTATUS WdfRequestGetStatus(WDFREQUEST Request) {
    enter();
    return GX_REQUEST("WdfRequestGetStatus").sent_status();
}
GX_EXPORT_FUNCTION(WdfRequestGetStatus);

BOOLEAN WdfRequestCancelSentRequest(WDFREQUEST Request) {
    enter();
    auto& request = GX_REQUEST("WdfRequestCancelSentRequest");
    request.reference();
    const BOOLEAN cancelled = request.cancel_sent();
    static_cast<Object&>(request).release();
    return cancelled;
}
GX_EXPORT_FUNCTION(WdfRequestCancelSentRequest);

BOOLEAN WdfRequestSend(WDFREQUEST Request, WDFIOTARGET Target, PWDF_REQUEST_SEND_OPTIONS Options) {
    const bool synchronous =
        Options != nullptr && (Options->Flags & WDF_REQUEST_SEND_OPTION_SYNCHRONOUS) != 0;
    enter("WdfRequestSend", synchronous ? PASSIVE_LEVEL : DISPATCH_LEVEL);
    auto& request = GX_REQUEST("WdfRequestSend");
    auto& target = from_handle<gpioclx::framework::IoTarget>(Target, "WdfRequestSend");
    if (Options != nullptr && Options->Size != sizeof(*Options)) {
        request.set_sent_status(STATUS_INFO_LENGTH_MISMATCH);
        return FALSE;
    }
    if (request.is_sent()) {
        violation("lifetime-233", target.device(), WDF_REQUEST_FATAL_ERROR,
                  WDF_REQUEST_FATAL_ERROR_REQUEST_ALREADY_SENT,
                  reinterpret_cast<ULONG_PTR>(Request),
                  "WdfRequestSend of a request that was sent already and is not back");
    }
    if (request.irp() == nullptr) {
        request.set_sent_status(STATUS_INVALID_DEVICE_REQUEST);
        return FALSE;
    }
    const bool forget =
        Options != nullptr && (Options->Flags & WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET) != 0;
    if (!forget && request.irp()->CurrentLocation <= 1) {
        violation("lifetime-234", target.device(), WDF_REQUEST_FATAL_ERROR,
                  WDF_REQUEST_FATAL_ERROR_NO_MORE_STACK_LOCATIONS,
                  reinterpret_cast<ULONG_PTR>(request.irp()),
                  "WdfRequestSend: the IRP has no stack location left for the target");
    }
    if (request.is_cancelable()) {
        report("lifetime-217", target.device(),
               "WdfRequestSend of a request that is still marked cancelable");
        request.unmark_cancelable();
    }
    // The target may complete it at once, in this call.
    if (const SpinLock* held = SpinLock::held_here(*target.driver()); held != nullptr) {
        report("lock-208", target.device(), "WdfRequestSend with %.*s held",
               static_cast<int>(held->name().size()), held->name().data());
    }
    const bool sent = target.send(request, Options != nullptr ? Options->Flags : 0,
                                  Options != nullptr ? Options->Timeout : 0);
    if (sent && synchronous) request.wait_sent();
    return sent;
}
GX_EXPORT_FUNCTION(WdfRequestSend);

VOID WdfRequestFormatRequestUsingCurrentType(WDFREQUEST Request) {
    enter();
    auto& request = GX_REQUEST("WdfRequestFormatRequestUsingCurrentType");
    if (request.irp() == nullptr || request.irp()->CurrentLocation <= 1) {
        violation("lifetime-234", request.device(), WDF_REQUEST_FATAL_ERROR,
                  WDF_REQUEST_FATAL_ERROR_NO_MORE_STACK_LOCATIONS, 0,
                  "WdfRequestFormatRequestUsingCurrentType: the IRP has no stack location left for "
                  "the target");
    }
    IoCopyCurrentIrpStackLocationToNext(request.irp());
    request.format.type = static_cast<WDF_REQUEST_TYPE>(request.major());
}
GX_EXPORT_FUNCTION(WdfRequestFormatRequestUsingCurrentType);

VOID WdfRequestWdmFormatUsingStackLocation(WDFREQUEST Request, PIO_STACK_LOCATION Stack) {
    enter();
    auto& request = GX_REQUEST("WdfRequestWdmFormatUsingStackLocation");
    require(Stack, "WdfRequestWdmFormatUsingStackLocation", "Stack");
    if (request.irp() == nullptr || request.irp()->CurrentLocation <= 1) {
        violation("lifetime-234", request.device(), WDF_REQUEST_FATAL_ERROR,
                  WDF_REQUEST_FATAL_ERROR_NO_MORE_STACK_LOCATIONS, 0,
                  "WdfRequestWdmFormatUsingStackLocation: the IRP has no stack location left for "
                  "the target");
    }
    *IoGetNextIrpStackLocation(request.irp()) = *Stack;
    request.format.type = static_cast<WDF_REQUEST_TYPE>(Stack->MajorFunction);
}
GX_EXPORT_FUNCTION(WdfRequestWdmFormatUsingStackLocation);
