#include "wudfx/request.h"

#include "wudfx/device.h"
#include "wudfx/file.h"
#include "wudfx/hresult.h"
#include "wudfx/memory.h"
#include "wudfx/queue.h"

namespace wudfx {
namespace {

WDF_REQUEST_PARAMETERS parameters_of(WDFREQUEST request) {
    WDF_REQUEST_PARAMETERS parameters;
    WDF_REQUEST_PARAMETERS_INIT(&parameters);
    WdfRequestGetParameters(request, &parameters);
    return parameters;
}

um::WDF_REQUEST_TYPE type_of(WDFREQUEST request) {
    switch (parameters_of(request).Type) {
        case WdfRequestTypeCreate: return um::WdfRequestCreate;
        case WdfRequestTypeCleanup: return um::WdfRequestCleanup;
        case WdfRequestTypeClose: return um::WdfRequestClose;
        case WdfRequestTypeRead: return um::WdfRequestRead;
        case WdfRequestTypeWrite: return um::WdfRequestWrite;
        case WdfRequestTypeDeviceControl: return um::WdfRequestDeviceIoControl;
        case WdfRequestTypeDeviceControlInternal: return um::WdfRequestInternalIoctl;
        case WdfRequestTypeFlushBuffers: return um::WdfRequestFlushBuffers;
        case WdfRequestTypeQueryInformation: return um::WdfRequestQueryInformation;
        case WdfRequestTypeSetInformation: return um::WdfRequestSetInformation;
        default: return um::WdfRequestOther;
    }
}

}  // namespace

Request* Request::of(WDFREQUEST request, Device& device) {
    if (Request* face = face_of<Request>(request)) return face;
    return face_at_sight<Request>(request, device, type_of(request));
}

HRESULT Request::create(Device& device, um::IUnknown* callbacks, WDFOBJECT parent,
                        um::IWDFIoRequest** request) {
    if (request == nullptr) return E_POINTER;
    *request = nullptr;
    WDF_OBJECT_ATTRIBUTES attributes = attributes_for<Request>(parent);
    WDFREQUEST handle = nullptr;
    const NTSTATUS status = WdfRequestCreate(&attributes, nullptr, &handle);
    if (!NT_SUCCESS(status)) return hresult_from(status);
    auto* face = build_face<Request>(handle, device, um::WdfRequestTypeNoFormat);
    face->watch(callbacks);
    hand_out(face, request);
    return S_OK;
}

void* Request::find_interface(REFIID id) {
    const bool ours = IsEqualIID(id, um::IID_IWDFIoRequest) ||
                      IsEqualIID(id, um::IID_IWDFIoRequest2) ||
                      IsEqualIID(id, um::IID_IWDFIoRequest3);
    return ours ? this : nullptr;
}

// ---- what was asked for ----

void Request::GetCreateParameters(ULONG* options, USHORT* attributes, USHORT* share) {
    const auto create = parameters_of(request_).Parameters.Create;
    put(options, create.Options);
    put(attributes, create.FileAttributes);
    put(share, create.ShareAccess);
}

void Request::GetReadParameters(SIZE_T* size, LONGLONG* offset, ULONG* key) {
    const auto read = parameters_of(request_).Parameters.Read;
    put(size, SIZE_T{read.Length});
    put(offset, LONGLONG{read.DeviceOffset});
    put(key, ULONG{read.Key});
}

void Request::GetWriteParameters(SIZE_T* size, LONGLONG* offset, ULONG* key) {
    const auto write = parameters_of(request_).Parameters.Write;
    put(size, SIZE_T{write.Length});
    put(offset, LONGLONG{write.DeviceOffset});
    put(key, ULONG{write.Key});
}

void Request::GetDeviceIoControlParameters(ULONG* code, SIZE_T* input, SIZE_T* output) {
    const auto control = parameters_of(request_).Parameters.DeviceIoControl;
    put(code, ULONG{control.IoControlCode});
    put(input, SIZE_T{control.InputBufferLength});
    put(output, SIZE_T{control.OutputBufferLength});
}

void Request::GetInputMemory(um::IWDFMemory** memory) { RetrieveInputMemory(memory); }
void Request::GetOutputMemory(um::IWDFMemory** memory) { RetrieveOutputMemory(memory); }

HRESULT Request::RetrieveInputMemory(um::IWDFMemory** memory) {
    *memory = nullptr;
    WDFMEMORY handle = nullptr;
    const NTSTATUS status = WdfRequestRetrieveInputMemory(request_, &handle);
    if (NT_SUCCESS(status)) hand_out(face_at_sight<Memory>(handle), memory);
    return hresult_from(status);
}

HRESULT Request::RetrieveOutputMemory(um::IWDFMemory** memory) {
    *memory = nullptr;
    WDFMEMORY handle = nullptr;
    const NTSTATUS status = WdfRequestRetrieveOutputMemory(request_, &handle);
    if (NT_SUCCESS(status)) hand_out(face_at_sight<Memory>(handle), memory);
    return hresult_from(status);
}

HRESULT Request::RetrieveInputBuffer(SIZE_T minimum, PVOID* buffer, SIZE_T* size) {
    return hresult_from(WdfRequestRetrieveInputBuffer(request_, minimum, buffer, size));
}

HRESULT Request::RetrieveOutputBuffer(SIZE_T minimum, PVOID* buffer, SIZE_T* size) {
    return hresult_from(WdfRequestRetrieveOutputBuffer(request_, minimum, buffer, size));
}

void Request::GetFileObject(um::IWDFFile** file) {
    const WDFFILEOBJECT handle = WdfRequestGetFileObject(request_);
    hand_out(handle != nullptr ? face_at_sight<File>(handle) : nullptr, file);
}

void Request::GetIoQueue(um::IWDFIoQueue** queue) {
    hand_out(face_of<Queue>(WdfRequestGetIoQueue(request_)), queue);
}

ULONG Request::GetRequestorProcessId() { return WdfRequestGetRequestorProcessId(request_); }
BOOL Request::IsFrom32BitProcess() { return WdfRequestIsFrom32BitProcess(request_); }

um::WDF_KPROCESSOR_MODE Request::GetRequestorMode() {
    return WdfRequestGetRequestorMode(request_) == KernelMode ? um::WdfKernelMode : um::WdfUserMode;
}

um::WDF_DEVICE_IO_TYPE Request::GetEffectiveIoType() { return device_.io_type(); }

// ---- what becomes of it ----

void Request::Complete(HRESULT result) { WdfRequestComplete(request_, status_from(result)); }

void Request::CompleteWithInformation(HRESULT result, SIZE_T information) {
    WdfRequestCompleteWithInformation(request_, status_from(result), information);
}

void Request::SetInformation(ULONG_PTR information) {
    WdfRequestSetInformation(request_, information);
}

// A callback that came too late is not called; the request stays with the driver, as in KMDF.
void Request::MarkCancelable(um::IRequestCallbackCancel* callback) {
    cancel_.keep(callback);
    WdfRequestMarkCancelable(request_, [](WDFREQUEST request) {
        auto* face = face_of<Request>(request);
        // The driver completes the request in there, which may end this object.
        um::IRequestCallbackCancel* called = face->cancel_.detach();
        called->OnCancel(face);
        called->Release();
    });
}

HRESULT Request::UnmarkCancelable() {
    const NTSTATUS status = WdfRequestUnmarkCancelable(request_);
    if (NT_SUCCESS(status)) cancel_.drop();
    return hresult_from(status);
}

BOOL Request::IsCanceled() { return WdfRequestIsCanceled(request_); }
void Request::StopAcknowledge(BOOL requeue) {
    WdfRequestStopAcknowledge(request_, requeue ? TRUE : FALSE);
}
HRESULT Request::Requeue() { return hresult_from(WdfRequestRequeue(request_)); }

HRESULT Request::ForwardToIoQueue(um::IWDFIoQueue* queue) {
    const WDFQUEUE handle = Queue::handle_of(queue);
    if (handle == nullptr) return E_INVALIDARG;
    return hresult_from(WdfRequestForwardToIoQueue(request_, handle));
}

void Request::SetUserModeDriverInitiatedIo(BOOL initiated) { initiated_ = initiated; }

void Request::SetActivityId(LPGUID id) {
    has_activity_ = id != nullptr;
    if (has_activity_) activity_ = *id;
}

HRESULT Request::RetrieveActivityId(LPGUID id) {
    if (!has_activity_) return HRESULT_FROM_WIN32(ERROR_NOT_FOUND);
    *id = activity_;
    return S_OK;
}

}  // namespace wudfx
