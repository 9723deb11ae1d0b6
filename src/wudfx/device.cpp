#include "wudfx/device.h"

#include "wudfx/device_initialize.h"
#include "wudfx/driver.h"
#include "wudfx/file.h"
#include "wudfx/hresult.h"
#include "wudfx/interrupt.h"
#include "wudfx/io_target.h"
#include "wudfx/queue.h"
#include "wudfx/request.h"
#include "wudfx/resource_list.h"
#include "wudfx/work_item.h"

namespace wudfx {
namespace {

void set_file_callbacks(PWDFDEVICE_INIT init, const DeviceCallbacks& callbacks,
                        um::WDF_TRI_STATE auto_forward) {
    WDF_FILEOBJECT_CONFIG config;
    WDF_FILEOBJECT_CONFIG_INIT(&config, nullptr, nullptr, nullptr);
    config.AutoForwardCleanupClose = static_cast<WDF_TRI_STATE>(auto_forward);
    if (callbacks.file_cleanup) {
        config.EvtFileCleanup = [](WDFFILEOBJECT file) {
            auto* device = face_of<Device>(WdfFileObjectGetDevice(file));
            device->callbacks().file_cleanup->OnCleanupFile(face_at_sight<File>(file));
        };
    }
    if (callbacks.file_close) {
        config.EvtFileClose = [](WDFFILEOBJECT file) {
            auto* device = face_of<Device>(WdfFileObjectGetDevice(file));
            device->callbacks().file_close->OnCloseFile(face_at_sight<File>(file));
        };
    }
    WDF_OBJECT_ATTRIBUTES attributes = attributes_for<File>();
    WdfDeviceInitSetFileObjectConfig(init, &config, &attributes);
}

}  // namespace

Device::Device(WDFDEVICE device, const DeviceInitialize& init)
    : ObjectFace(device, type_name),
      device_(device),
      serializes_(init.serializes()),
      owns_power_policy_(init.owns_power_policy()),
      io_type_(init.io_type()) {
    WDF_DEVICE_STATE_INIT(&pnp_state_);
}

HRESULT Device::create(DeviceInitialize& init, um::IUnknown* callbacks, um::IWDFDevice** device) {
    PWDFDEVICE_INIT settings = init.init();
    DeviceCallbacks asked;
    asked.ask(callbacks);
    register_callbacks(settings, asked);
    set_file_callbacks(settings, asked, init.auto_forward());
    WDF_OBJECT_ATTRIBUTES request_attributes = attributes_for<Request>();
    WdfDeviceInitSetRequestAttributes(settings, &request_attributes);

    WDF_OBJECT_ATTRIBUTES attributes = attributes_for<Device>();
    attributes.ExecutionLevel = WdfExecutionLevelPassive;
    attributes.SynchronizationScope =
        init.serializes() ? WdfSynchronizationScopeDevice : WdfSynchronizationScopeNone;
    WDFDEVICE handle = nullptr;
    const NTSTATUS status = WdfDeviceCreate(&settings, &attributes, &handle);
    if (!NT_SUCCESS(status)) return hresult_from(status);
    init.use_up();
    auto* face = build_face<Device>(handle, init);
    face->callbacks_.ask(callbacks);
    face->watch(callbacks);
    init.apply_capabilities(handle);
    hand_out(face, device);
    return S_OK;
}

void* Device::find_interface(REFIID id) {
    const bool ours = IsEqualIID(id, um::IID_IWDFDevice) || IsEqualIID(id, um::IID_IWDFDevice2) ||
                      IsEqualIID(id, um::IID_IWDFDevice3);
    return ours ? this : nullptr;
}

WDFOBJECT Device::parent_of(um::IWDFObject* parent) {
    if (parent == nullptr) return device_;
    Face* face = Face::of(parent);
    return face != nullptr ? face->handle() : nullptr;
}

void Device::AcquireLock() {
    if (serializes_) WdfObjectAcquireLock(device_);
}
void Device::ReleaseLock() {
    if (serializes_) WdfObjectReleaseLock(device_);
}

void Device::GetDriver(um::IWDFDriver** driver) {
    hand_out(face_of<Driver>(WdfDeviceGetDriver(device_)), driver);
}

// ---- hardware ----

NTSTATUS Device::prepare(WDFCMRESLIST raw, WDFCMRESLIST translated) {
    auto* raw_list = face_at_sight<ResourceList>(raw);
    auto* translated_list = face_at_sight<ResourceList>(translated);
    if (raw_list == nullptr || translated_list == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    HRESULT result = S_OK;
    preparing_ = true;
    if (callbacks_.hardware2) {
        result = callbacks_.hardware2->OnPrepareHardware(this, raw_list, translated_list);
    } else if (callbacks_.hardware) {
        result = callbacks_.hardware->OnPrepareHardware(this);
    }
    preparing_ = false;
    if (FAILED(result)) return status_from(result);
    return check_sharing(translated) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS Device::release(WDFCMRESLIST translated) {
    if (callbacks_.hardware2) {
        auto* list = face_at_sight<ResourceList>(translated);
        return status_from(callbacks_.hardware2->OnReleaseHardware(this, list));
    }
    if (!callbacks_.hardware) return STATUS_SUCCESS;
    return status_from(callbacks_.hardware->OnReleaseHardware(this));
}

// Interrupts of OnDeviceAdd have got their lines now, in the order of the firmware.
bool Device::check_sharing(WDFCMRESLIST translated) {
    const Interrupt* interrupt = first_interrupt;
    const ULONG count = WdfCmResourceListGetCount(translated);
    for (ULONG i = 0; i < count; ++i) {
        while (interrupt != nullptr && !interrupt->waits_for_resource())
            interrupt = interrupt->next;
        if (interrupt == nullptr) break;
        const CM_PARTIAL_RESOURCE_DESCRIPTOR* line = WdfCmResourceListGetDescriptor(translated, i);
        if (line->Type != CmResourceTypeInterrupt) continue;
        if (!Interrupt::may_use(*this, interrupt->share_vector(), *line)) return false;
        interrupt = interrupt->next;
    }
    return true;
}

HRESULT Device::CreateInterrupt(um::PWUDF_INTERRUPT_CONFIG configuration,
                                um::IWDFInterrupt** interrupt) {
    return Interrupt::create(*this, configuration, preparing_, interrupt);
}

HRESULT Device::CreateWorkItem(um::PWUDF_WORKITEM_CONFIG configuration, um::IWDFObject* parent,
                               um::IWDFWorkItem** item) {
    const WDFOBJECT below = parent_of(parent);
    if (below == nullptr) return E_INVALIDARG;
    um::IWDFObject* face = parent != nullptr ? parent : this;
    return WorkItem::create(configuration, below, face, serializes_, item);
}

// ---- requests ----

void Device::GetDefaultIoTarget(um::IWDFIoTarget** target) {
    *target = nullptr;
    const WDFIOTARGET handle = WdfDeviceGetIoTarget(device_);
    if (handle != nullptr) hand_out(face_at_sight<IoTarget>(handle, *this, false), target);
}

void Device::GetDefaultIoQueue(um::IWDFIoQueue** queue) {
    hand_out(face_of<Queue>(WdfDeviceGetDefaultQueue(device_)), queue);
}

HRESULT Device::CreateIoQueue(um::IUnknown* callbacks, BOOL is_default,
                              um::WDF_IO_QUEUE_DISPATCH_TYPE dispatch, BOOL power_managed,
                              BOOL zero_length, um::IWDFIoQueue** queue) {
    return Queue::create(*this, callbacks,
                         {.is_default = is_default != FALSE,
                          .dispatch = dispatch,
                          .power_managed = power_managed != FALSE,
                          .zero_length = zero_length != FALSE},
                         queue);
}

HRESULT Device::ConfigureRequestDispatching(um::IWDFIoQueue* queue, um::WDF_REQUEST_TYPE type,
                                            BOOL forward) {
    Queue* face = behind<Queue>(queue);
    return face != nullptr ? face->ConfigureRequestDispatching(type, forward) : E_INVALIDARG;
}

HRESULT Device::CreateRequest(um::IUnknown* callbacks, um::IWDFObject* parent,
                              um::IWDFIoRequest** request) {
    const WDFOBJECT below = parent_of(parent);
    if (below == nullptr) return E_INVALIDARG;
    return Request::create(*this, callbacks, below, request);
}

HRESULT Device::CreateRemoteTarget(um::IUnknown* callbacks, um::IWDFObject* parent,
                                   um::IWDFRemoteTarget** target) {
    const WDFOBJECT below = parent_of(parent);
    if (below == nullptr) return HRESULT_FROM_WIN32(ERROR_INVALID_PARAMETER);
    return IoTarget::create(*this, callbacks, below, target);
}

}  // namespace wudfx
