#include "wudfx/queue.h"

#include "wudfx/device.h"
#include "wudfx/file.h"
#include "wudfx/hresult.h"
#include "wudfx/request.h"

namespace wudfx {
namespace {

Queue& queue_of(WDFQUEUE queue) { return *face_of<Queue>(queue); }

// One for each state change that somebody waits for: the reference that was handed to the
// framework.
void NTAPI state_changed(WDFQUEUE queue, WDFCONTEXT context) {
    auto* callback = static_cast<um::IQueueCallbackStateChange*>(context);
    const auto state =
        static_cast<um::WDF_IO_QUEUE_STATE>(WdfIoQueueGetState(queue, nullptr, nullptr));
    callback->OnStateChange(face_of<Queue>(queue), state);
    callback->Release();
}

PFN_WDF_IO_QUEUE_STATE routine_for(um::IQueueCallbackStateChange* callback) {
    if (callback == nullptr) return nullptr;
    callback->AddRef();
    return &state_changed;
}

bool implements(um::IUnknown* callbacks, const IID& id) {
    Reference<um::IUnknown> found;
    found.ask(callbacks, id);
    return static_cast<bool>(found);
}

// The request types that a driver may route; WdfRequestTypeNoFormat for others.
WDF_REQUEST_TYPE framework_type(um::WDF_REQUEST_TYPE type) {
    switch (type) {
        case um::WdfRequestCreate: return WdfRequestTypeCreate;
        case um::WdfRequestRead: return WdfRequestTypeRead;
        case um::WdfRequestWrite: return WdfRequestTypeWrite;
        case um::WdfRequestDeviceIoControl: return WdfRequestTypeDeviceControl;
        case um::WdfRequestInternalIoctl: return WdfRequestTypeDeviceControlInternal;
        default: return WdfRequestTypeNoFormat;
    }
}

}  // namespace

WDFQUEUE Queue::handle_of(um::IWDFIoQueue* queue) {
    Queue* face = behind<Queue>(queue);
    return face != nullptr ? face->queue_ : nullptr;
}

HRESULT Queue::create(Device& device, um::IUnknown* callbacks, const Settings& settings,
                      um::IWDFIoQueue** queue) {
    if (queue == nullptr) return E_POINTER;
    *queue = nullptr;
    if (callbacks == nullptr && settings.dispatch != um::WdfIoQueueDispatchManual)
        return E_INVALIDARG;  // requests would be presented to nobody
    WDF_IO_QUEUE_CONFIG config;
    WDF_IO_QUEUE_CONFIG_INIT(&config, static_cast<WDF_IO_QUEUE_DISPATCH_TYPE>(settings.dispatch));
    config.DefaultQueue = settings.is_default;
    config.PowerManaged = settings.power_managed ? WdfTrue : WdfFalse;
    config.AllowZeroLengthRequests = settings.zero_length;
    if (settings.dispatch != um::WdfIoQueueDispatchManual) add_callbacks(config, callbacks);
    WDF_OBJECT_ATTRIBUTES attributes = attributes_for<Queue>();
    WDFQUEUE handle = nullptr;
    NTSTATUS status = WdfIoQueueCreate(device.device_handle(), &config, &attributes, &handle);
    if (!NT_SUCCESS(status)) return hresult_from(status);
    auto* face = build_face<Queue>(handle, device);
    face->ask(callbacks);
    face->watch(callbacks);
    // Requests to create a file go to a queue only if it asks for them.
    if (settings.is_default && face->callbacks_.create) {
        status = WdfDeviceConfigureRequestDispatching(device.device_handle(), handle,
                                                      WdfRequestTypeCreate);
        if (!NT_SUCCESS(status)) return hresult_from(status);
    }
    hand_out(face, queue);
    return S_OK;
}

void Queue::ask(um::IUnknown* callbacks) {
    callbacks_.create.ask(callbacks, um::IID_IQueueCallbackCreate);
    callbacks_.other.ask(callbacks, um::IID_IQueueCallbackDefaultIoHandler);
    callbacks_.control.ask(callbacks, um::IID_IQueueCallbackDeviceIoControl);
    callbacks_.read.ask(callbacks, um::IID_IQueueCallbackRead);
    callbacks_.write.ask(callbacks, um::IID_IQueueCallbackWrite);
    callbacks_.stop.ask(callbacks, um::IID_IQueueCallbackIoStop);
    callbacks_.resume.ask(callbacks, um::IID_IQueueCallbackIoResume);
    callbacks_.canceled.ask(callbacks, um::IID_IQueueCallbackIoCanceledOnQueue);
}

// The framework wants to know before the queue exists.
void Queue::add_callbacks(WDF_IO_QUEUE_CONFIG& config, um::IUnknown* callbacks) {
    if (implements(callbacks, um::IID_IQueueCallbackDefaultIoHandler) ||
        implements(callbacks, um::IID_IQueueCallbackCreate)) {
        config.EvtIoDefault = [](WDFQUEUE queue, WDFREQUEST request) {
            queue_of(queue).present(request);
        };
    }
    if (implements(callbacks, um::IID_IQueueCallbackDeviceIoControl)) {
        config.EvtIoDeviceControl = [](WDFQUEUE queue, WDFREQUEST request, size_t output,
                                       size_t input, ULONG code) {
            Queue& face = queue_of(queue);
            face.callbacks_.control->OnDeviceIoControl(&face, Request::of(request, face.device_),
                                                       code, input, output);
        };
    }
    if (implements(callbacks, um::IID_IQueueCallbackRead)) {
        config.EvtIoRead = [](WDFQUEUE queue, WDFREQUEST request, size_t length) {
            Queue& face = queue_of(queue);
            face.callbacks_.read->OnRead(&face, Request::of(request, face.device_), length);
        };
    }
    if (implements(callbacks, um::IID_IQueueCallbackWrite)) {
        config.EvtIoWrite = [](WDFQUEUE queue, WDFREQUEST request, size_t length) {
            Queue& face = queue_of(queue);
            face.callbacks_.write->OnWrite(&face, Request::of(request, face.device_), length);
        };
    }
    if (implements(callbacks, um::IID_IQueueCallbackIoStop)) {
        config.EvtIoStop = [](WDFQUEUE queue, WDFREQUEST request, ULONG action) {
            Queue& face = queue_of(queue);
            face.callbacks_.stop->OnIoStop(&face, Request::of(request, face.device_), action);
        };
    }
    if (implements(callbacks, um::IID_IQueueCallbackIoResume)) {
        config.EvtIoResume = [](WDFQUEUE queue, WDFREQUEST request) {
            Queue& face = queue_of(queue);
            face.callbacks_.resume->OnIoResume(&face, Request::of(request, face.device_));
        };
    }
    if (implements(callbacks, um::IID_IQueueCallbackIoCanceledOnQueue)) {
        config.EvtIoCanceledOnQueue = [](WDFQUEUE queue, WDFREQUEST request) {
            Queue& face = queue_of(queue);
            face.callbacks_.canceled->OnIoCanceledOnQueue(&face,
                                                          Request::of(request, face.device_));
        };
    }
}

void Queue::present(WDFREQUEST handle) {
    Request* request = Request::of(handle, device_);
    if (request->GetType() == um::WdfRequestCreate && callbacks_.create) {
        const WDFFILEOBJECT file = WdfRequestGetFileObject(handle);
        callbacks_.create->OnCreateFile(this, request,
                                        file != nullptr ? face_at_sight<File>(file) : nullptr);
    } else if (callbacks_.other) {
        callbacks_.other->OnDefaultIoHandler(this, request);
    } else {
        WdfRequestComplete(handle, STATUS_INVALID_DEVICE_REQUEST);
    }
}

void Queue::AcquireLock() {
    if (device_.serializes()) WdfObjectAcquireLock(queue_);
}
void Queue::ReleaseLock() {
    if (device_.serializes()) WdfObjectReleaseLock(queue_);
}

void Queue::GetDevice(um::IWDFDevice** device) { hand_out(&device_, device); }

// Without `forward` requests of the type would fail; the framework does that for a type that no
// queue takes, and there is nothing to take back before the device starts.
HRESULT Queue::ConfigureRequestDispatching(um::WDF_REQUEST_TYPE type, BOOL forward) {
    const WDF_REQUEST_TYPE wanted = framework_type(type);
    if (wanted == WdfRequestTypeNoFormat || !forward) return E_INVALIDARG;
    return hresult_from(
        WdfDeviceConfigureRequestDispatching(device_.device_handle(), queue_, wanted));
}

um::WDF_IO_QUEUE_STATE Queue::GetState(ULONG* in_queue, ULONG* in_driver) {
    return static_cast<um::WDF_IO_QUEUE_STATE>(WdfIoQueueGetState(queue_, in_queue, in_driver));
}

HRESULT Queue::hand_out_request(NTSTATUS status, WDFREQUEST request, um::IWDFIoRequest** place) {
    *place = nullptr;
    if (status == STATUS_NO_MORE_ENTRIES) return HRESULT_FROM_WIN32(ERROR_NO_MORE_ITEMS);
    if (!NT_SUCCESS(status)) return hresult_from(status);
    hand_out(Request::of(request, device_), place);
    return S_OK;
}

HRESULT Queue::RetrieveNextRequest(um::IWDFIoRequest** request) {
    WDFREQUEST handle = nullptr;
    const NTSTATUS status = WdfIoQueueRetrieveNextRequest(queue_, &handle);
    return hand_out_request(status, handle, request);
}

HRESULT Queue::RetrieveNextRequestByFileObject(um::IWDFFile* file, um::IWDFIoRequest** request) {
    File* face = behind<File>(file);
    if (face == nullptr || face->file_handle() == nullptr) return E_INVALIDARG;
    WDFREQUEST handle = nullptr;
    const NTSTATUS status =
        WdfIoQueueRetrieveRequestByFileObject(queue_, face->file_handle(), &handle);
    return hand_out_request(status, handle, request);
}

void Queue::Stop(um::IQueueCallbackStateChange* done) {
    WdfIoQueueStop(queue_, routine_for(done), done);
}
void Queue::Drain(um::IQueueCallbackStateChange* done) {
    WdfIoQueueDrain(queue_, routine_for(done), done);
}
void Queue::Purge(um::IQueueCallbackStateChange* done) {
    WdfIoQueuePurge(queue_, routine_for(done), done);
}

}  // namespace wudfx
