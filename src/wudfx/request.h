// IWDFIoRequest3: a request that the driver was given, or one that it made.
#pragma once

#include "wudfx/object.h"

namespace wudfx {

class Device;
class IoTarget;
class Request;

// How a request that was sent has ended; a part of that request.
class CompletionParams final : public um::IWDFIoRequestCompletionParams {
  public:
    explicit CompletionParams(Request& request) : request_(request) {}

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID id, void** object) override;
    ULONG STDMETHODCALLTYPE AddRef() override;
    ULONG STDMETHODCALLTYPE Release() override;
    HRESULT STDMETHODCALLTYPE GetCompletionStatus() override;
    ULONG_PTR STDMETHODCALLTYPE GetInformation() override;
    um::WDF_REQUEST_TYPE STDMETHODCALLTYPE GetCompletedRequestType() override;
    void STDMETHODCALLTYPE GetWriteParameters(um::IWDFMemory** memory, SIZE_T* bytes,
                                              SIZE_T* offset) override;
    void STDMETHODCALLTYPE GetReadParameters(um::IWDFMemory** memory, SIZE_T* bytes,
                                             SIZE_T* offset) override;
    void STDMETHODCALLTYPE GetIoctlParameters(ULONG* code, um::IWDFMemory** input,
                                              SIZE_T* input_offset, um::IWDFMemory** output,
                                              SIZE_T* output_offset, SIZE_T* bytes) override;

  private:
    WDF_REQUEST_COMPLETION_PARAMS params() const;
    Request& request_;
};

class Request final : public ObjectFace<um::IWDFIoRequest3> {
  public:
    static constexpr const char* type_name = "IWDFIoRequest";
    // `type`: of a request that was received; WdfRequestTypeNoFormat for one that the driver made.
    Request(WDFREQUEST request, Device& device, um::WDF_REQUEST_TYPE type)
        : ObjectFace(request, type_name),
          request_(request),
          device_(device),
          type_(type),
          completion_params_(*this) {}

    void STDMETHODCALLTYPE CompleteWithInformation(HRESULT result, SIZE_T information) override;
    void STDMETHODCALLTYPE SetInformation(ULONG_PTR information) override;
    void STDMETHODCALLTYPE Complete(HRESULT result) override;
    void STDMETHODCALLTYPE SetCompletionCallback(um::IRequestCallbackRequestCompletion* callback,
                                                 void* context) override;
    um::WDF_REQUEST_TYPE STDMETHODCALLTYPE GetType() override { return type_; }
    void STDMETHODCALLTYPE GetCreateParameters(ULONG* options, USHORT* attributes,
                                               USHORT* share) override;
    void STDMETHODCALLTYPE GetReadParameters(SIZE_T* size, LONGLONG* offset, ULONG* key) override;
    void STDMETHODCALLTYPE GetWriteParameters(SIZE_T* size, LONGLONG* offset, ULONG* key) override;
    void STDMETHODCALLTYPE GetDeviceIoControlParameters(ULONG* code, SIZE_T* input,
                                                        SIZE_T* output) override;
    void STDMETHODCALLTYPE GetOutputMemory(um::IWDFMemory** memory) override;
    void STDMETHODCALLTYPE GetInputMemory(um::IWDFMemory** memory) override;
    void STDMETHODCALLTYPE MarkCancelable(um::IRequestCallbackCancel* callback) override;
    HRESULT STDMETHODCALLTYPE UnmarkCancelable() override;
    HRESULT STDMETHODCALLTYPE ForwardToIoQueue(um::IWDFIoQueue* queue) override;
    HRESULT STDMETHODCALLTYPE Send(um::IWDFIoTarget* target, ULONG flags,
                                   LONGLONG timeout) override;
    void STDMETHODCALLTYPE GetFileObject(um::IWDFFile** file) override;
    void STDMETHODCALLTYPE FormatUsingCurrentType() override;
    ULONG STDMETHODCALLTYPE GetRequestorProcessId() override;
    void STDMETHODCALLTYPE GetIoQueue(um::IWDFIoQueue** queue) override;
    BOOL STDMETHODCALLTYPE IsFrom32BitProcess() override;
    BOOL STDMETHODCALLTYPE CancelSentRequest() override;
    void STDMETHODCALLTYPE GetCompletionParams(um::IWDFRequestCompletionParams** params) override;

    void STDMETHODCALLTYPE Reuse(HRESULT status) override;
    HRESULT STDMETHODCALLTYPE GetStatus() override;
    HRESULT STDMETHODCALLTYPE RetrieveInputMemory(um::IWDFMemory** memory) override;
    HRESULT STDMETHODCALLTYPE RetrieveInputBuffer(SIZE_T minimum, PVOID* buffer,
                                                  SIZE_T* size) override;
    HRESULT STDMETHODCALLTYPE RetrieveOutputMemory(um::IWDFMemory** memory) override;
    HRESULT STDMETHODCALLTYPE RetrieveOutputBuffer(SIZE_T minimum, PVOID* buffer,
                                                   SIZE_T* size) override;
    BOOL STDMETHODCALLTYPE IsCanceled() override;
    void STDMETHODCALLTYPE StopAcknowledge(BOOL requeue) override;
    HRESULT STDMETHODCALLTYPE Requeue() override;
    um::WDF_KPROCESSOR_MODE STDMETHODCALLTYPE GetRequestorMode() override;
    um::WDF_DEVICE_IO_TYPE STDMETHODCALLTYPE GetEffectiveIoType() override;

    void STDMETHODCALLTYPE SetUserModeDriverInitiatedIo(BOOL initiated) override;
    BOOL STDMETHODCALLTYPE GetUserModeDriverInitiatedIo() override { return initiated_; }
    void STDMETHODCALLTYPE SetActivityId(LPGUID id) override;
    HRESULT STDMETHODCALLTYPE RetrieveActivityId(LPGUID id) override;

    WDFREQUEST request_handle() const { return request_; }
    Device& device() const { return device_; }
    // A target has formatted it, or could not.
    void formatted(um::WDF_REQUEST_TYPE type, NTSTATUS status) {
        if (NT_SUCCESS(status)) type_ = type;
    }

    // The face of a request that a queue presents.
    static Request* of(WDFREQUEST request, Device& device);
    static HRESULT create(Device& device, um::IUnknown* callbacks, WDFOBJECT parent,
                          um::IWDFIoRequest** request);

  private:
    void* find_interface(REFIID id) override;
    // The target has finished with it: tells the driver.
    void completed();

    WDFREQUEST request_;
    Device& device_;
    um::WDF_REQUEST_TYPE type_;
    CompletionParams completion_params_;
    IoTarget* sent_to_ = nullptr;
    Reference<um::IRequestCallbackRequestCompletion> completion_;
    void* completion_context_ = nullptr;
    Reference<um::IRequestCallbackCancel> cancel_;
    BOOL initiated_ = FALSE;
    bool has_activity_ = false;
    GUID activity_{};
};

}  // namespace wudfx
