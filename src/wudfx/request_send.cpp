// Requests on their way to a target and back.
#include "wudfx/device.h"
#include "wudfx/hresult.h"
#include "wudfx/io_target.h"
#include "wudfx/memory.h"
#include "wudfx/request.h"

namespace wudfx {
namespace {

constexpr ULONG options_of_framework =
    WDF_REQUEST_SEND_OPTION_TIMEOUT | WDF_REQUEST_SEND_OPTION_SYNCHRONOUS |
    WDF_REQUEST_SEND_OPTION_IGNORE_TARGET_STATE | WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET;

void put_memory(um::IWDFMemory** place, WDFMEMORY memory) {
    if (place != nullptr) hand_out(face_at_sight<Memory>(memory), place);
}

}  // namespace

void Request::SetCompletionCallback(um::IRequestCallbackRequestCompletion* callback,
                                    void* context) {
    completion_.keep(callback);
    completion_context_ = context;
}

void Request::FormatUsingCurrentType() { WdfRequestFormatRequestUsingCurrentType(request_); }

// The result is that of sending; how the request ended stands in its completion parameters.
HRESULT Request::Send(um::IWDFIoTarget* target, ULONG flags, LONGLONG timeout) {
    auto* face = behind<IoTarget>(target);
    if (face == nullptr) return E_INVALIDARG;
    WDF_REQUEST_SEND_OPTIONS options;
    WDF_REQUEST_SEND_OPTIONS_INIT(&options, flags & options_of_framework);
    options.Timeout = timeout;
    if (timeout == 0) options.Flags &= ~static_cast<ULONG>(WDF_REQUEST_SEND_OPTION_TIMEOUT);
    sent_to_ = face;
    const bool waits = (options.Flags & WDF_REQUEST_SEND_OPTION_SYNCHRONOUS) != 0;
    const bool forgets = (options.Flags & WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET) != 0;
    if (completion_ && !waits && !forgets) {
        WdfRequestSetCompletionRoutine(
            request_,
            [](WDFREQUEST request, WDFIOTARGET, PWDF_REQUEST_COMPLETION_PARAMS, WDFCONTEXT) {
                face_of<Request>(request)->completed();
            },
            nullptr);
    }
    if (WdfRequestSend(request_, face->target_handle(), &options)) return S_OK;
    return hresult_from(WdfRequestGetStatus(request_));
}

void Request::completed() {
    // The driver may send the request again, or delete it, before it returns.
    um::IRequestCallbackRequestCompletion* callback = completion_.detach();
    callback->OnCompletion(this, sent_to_, &completion_params_, completion_context_);
    callback->Release();
}

BOOL Request::CancelSentRequest() { return WdfRequestCancelSentRequest(request_); }
HRESULT Request::GetStatus() { return hresult_from(WdfRequestGetStatus(request_)); }

void Request::Reuse(HRESULT status) {
    WDF_REQUEST_REUSE_PARAMS parameters;
    WDF_REQUEST_REUSE_PARAMS_INIT(&parameters, WDF_REQUEST_REUSE_NO_FLAGS, status_from(status));
    if (!NT_SUCCESS(WdfRequestReuse(request_, &parameters))) {
        GxReportFinding("umdf-105", device_.physical_device(),
                        "IWDFIoRequest2::Reuse of a request that has not been completed");
        return;
    }
    completion_.drop();
    sent_to_ = nullptr;
}

void Request::GetCompletionParams(um::IWDFRequestCompletionParams** params) {
    completion_params_.AddRef();
    *params = &completion_params_;
}

// ---- completion parameters ----

WDF_REQUEST_COMPLETION_PARAMS CompletionParams::params() const {
    WDF_REQUEST_COMPLETION_PARAMS params;
    WDF_REQUEST_COMPLETION_PARAMS_INIT(&params);
    WdfRequestGetCompletionParams(request_.request_handle(), &params);
    return params;
}

HRESULT CompletionParams::QueryInterface(REFIID id, void** object) {
    if (object == nullptr) return E_POINTER;
    const bool ours = IsEqualIID(id, um::IID_IUnknown) ||
                      IsEqualIID(id, um::IID_IWDFRequestCompletionParams) ||
                      IsEqualIID(id, um::IID_IWDFIoRequestCompletionParams);
    *object = ours ? this : nullptr;
    if (!ours) return E_NOINTERFACE;
    AddRef();
    return S_OK;
}

ULONG CompletionParams::AddRef() { return request_.AddRef(); }
ULONG CompletionParams::Release() { return request_.Release(); }

HRESULT CompletionParams::GetCompletionStatus() { return hresult_from(params().IoStatus.Status); }
ULONG_PTR CompletionParams::GetInformation() { return params().IoStatus.Information; }
um::WDF_REQUEST_TYPE CompletionParams::GetCompletedRequestType() { return request_.GetType(); }

void CompletionParams::GetWriteParameters(um::IWDFMemory** memory, SIZE_T* bytes, SIZE_T* offset) {
    const WDF_REQUEST_COMPLETION_PARAMS all = params();
    put_memory(memory, all.Parameters.Write.Buffer);
    put(bytes, all.Parameters.Write.Length);
    put(offset, all.Parameters.Write.Offset);
}

void CompletionParams::GetReadParameters(um::IWDFMemory** memory, SIZE_T* bytes, SIZE_T* offset) {
    const WDF_REQUEST_COMPLETION_PARAMS all = params();
    put_memory(memory, all.Parameters.Read.Buffer);
    put(bytes, all.Parameters.Read.Length);
    put(offset, all.Parameters.Read.Offset);
}

void CompletionParams::GetIoctlParameters(ULONG* code, um::IWDFMemory** input, SIZE_T* input_offset,
                                          um::IWDFMemory** output, SIZE_T* output_offset,
                                          SIZE_T* bytes) {
    const WDF_REQUEST_COMPLETION_PARAMS all = params();
    const auto& control = all.Parameters.Ioctl;
    put(code, control.IoControlCode);
    put_memory(input, control.Input.Buffer);
    put(input_offset, control.Input.Offset);
    put_memory(output, control.Output.Buffer);
    put(output_offset, control.Output.Offset);
    put(bytes, control.Output.Length);
}

}  // namespace wudfx
