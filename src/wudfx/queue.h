// IWDFIoQueue. The driver's callbacks run at PASSIVE_LEVEL and, unless it gave that up, one at a
// time for the whole device.
#pragma once

#include "wudfx/object.h"

namespace wudfx {

class Device;

class Queue final : public ObjectFace<um::IWDFIoQueue> {
  public:
    static constexpr const char* type_name = "IWDFIoQueue";
    Queue(WDFQUEUE queue, Device& device)
        : ObjectFace(queue, type_name), queue_(queue), device_(device) {}

    void STDMETHODCALLTYPE AcquireLock() override;
    void STDMETHODCALLTYPE ReleaseLock() override;
    void STDMETHODCALLTYPE GetDevice(um::IWDFDevice** device) override;
    HRESULT STDMETHODCALLTYPE ConfigureRequestDispatching(um::WDF_REQUEST_TYPE type,
                                                          BOOL forward) override;
    um::WDF_IO_QUEUE_STATE STDMETHODCALLTYPE GetState(ULONG* in_queue, ULONG* in_driver) override;
    HRESULT STDMETHODCALLTYPE RetrieveNextRequest(um::IWDFIoRequest** request) override;
    HRESULT STDMETHODCALLTYPE RetrieveNextRequestByFileObject(um::IWDFFile* file,
                                                              um::IWDFIoRequest** request) override;
    void STDMETHODCALLTYPE Start() override { WdfIoQueueStart(queue_); }
    void STDMETHODCALLTYPE Stop(um::IQueueCallbackStateChange* done) override;
    void STDMETHODCALLTYPE StopSynchronously() override { WdfIoQueueStopSynchronously(queue_); }
    void STDMETHODCALLTYPE Drain(um::IQueueCallbackStateChange* done) override;
    void STDMETHODCALLTYPE DrainSynchronously() override { WdfIoQueueDrainSynchronously(queue_); }
    void STDMETHODCALLTYPE Purge(um::IQueueCallbackStateChange* done) override;
    void STDMETHODCALLTYPE PurgeSynchronously() override { WdfIoQueuePurgeSynchronously(queue_); }

    // Null for null and for what is no queue.
    static WDFQUEUE handle_of(um::IWDFIoQueue* queue);

    struct Settings {
        bool is_default;
        um::WDF_IO_QUEUE_DISPATCH_TYPE dispatch;
        bool power_managed;
        bool zero_length;
    };
    static HRESULT create(Device& device, um::IUnknown* callbacks, const Settings& settings,
                          um::IWDFIoQueue** queue);

  private:
    struct Callbacks {
        Reference<um::IQueueCallbackCreate> create;
        Reference<um::IQueueCallbackDefaultIoHandler> other;
        Reference<um::IQueueCallbackDeviceIoControl> control;
        Reference<um::IQueueCallbackRead> read;
        Reference<um::IQueueCallbackWrite> write;
        Reference<um::IQueueCallbackIoStop> stop;
        Reference<um::IQueueCallbackIoResume> resume;
        Reference<um::IQueueCallbackIoCanceledOnQueue> canceled;
    };

    void* find_interface(REFIID id) override {
        return IsEqualIID(id, um::IID_IWDFIoQueue) ? this : nullptr;
    }
    void ask(um::IUnknown* callbacks);
    static void add_callbacks(WDF_IO_QUEUE_CONFIG& config, um::IUnknown* callbacks);
    void present(WDFREQUEST request);
    HRESULT hand_out_request(NTSTATUS status, WDFREQUEST request, um::IWDFIoRequest** place);

    WDFQUEUE queue_;
    Device& device_;
    Callbacks callbacks_;
};

}  // namespace wudfx
