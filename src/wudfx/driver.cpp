#include "wudfx/driver.h"

#include "wudfx/device.h"
#include "wudfx/device_initialize.h"
#include "wudfx/hresult.h"
#include "wudfx/memory.h"
#include "wudfx/module.h"
#include "wudfx/plain_object.h"

namespace wudfx {
namespace {

constexpr ULONG version_major = 1;
constexpr ULONG version_minor = 11;
constexpr WCHAR version_text[] = L"1.11.0";

}  // namespace

NTSTATUS Driver::load() {
    HRESULT result = make_driver_entry(entry_);
    if (FAILED(result)) return status_from(result);
    result = entry_->OnInitialize(this);
    if (FAILED(result)) entry_.drop();
    return status_from(result);
}

void Driver::unload() {
    if (!entry_) return;
    entry_->OnDeinitialize(this);
    entry_.drop();
}

NTSTATUS Driver::add_device(PWDFDEVICE_INIT init) {
    auto* settings = new DeviceInitialize(init);
    if (settings == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    const HRESULT result = entry_->OnDeviceAdd(this, settings);
    const bool created = settings->init() == nullptr;
    if (SUCCEEDED(result) && !created) {
        GxReportFinding("umdf-103", WdfFdoInitWdmGetPhysicalDevice(init),
                        "IDriverEntry::OnDeviceAdd returned 0x%08X without having created a device",
                        static_cast<unsigned>(result));
    }
    settings->use_up();
    settings->Release();
    if (FAILED(result)) return status_from(result);
    return created ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_STATE;
}

WDFOBJECT Driver::parent_of(um::IWDFObject* parent) {
    if (parent == nullptr) return driver_;
    Face* face = Face::of(parent);
    return face != nullptr ? face->handle() : nullptr;
}

HRESULT Driver::CreateDevice(um::IWDFDeviceInitialize* init, um::IUnknown* callbacks,
                             um::IWDFDevice** device) {
    if (device == nullptr) return E_POINTER;
    *device = nullptr;
    DeviceInitialize* settings = DeviceInitialize::of(init);
    if (settings == nullptr) return E_INVALIDARG;
    if (settings->init() == nullptr) return HRESULT_FROM_WIN32(ERROR_INVALID_STATE);
    return Device::create(*settings, callbacks, device);
}

HRESULT Driver::CreateWdfObject(um::IUnknown* callbacks, um::IWDFObject* parent,
                                um::IWDFObject** object) {
    if (object == nullptr) return E_POINTER;
    *object = nullptr;
    const WDFOBJECT below = parent_of(parent);
    if (below == nullptr) return E_INVALIDARG;
    WDF_OBJECT_ATTRIBUTES attributes = attributes_for<PlainObject>(below);
    WDFOBJECT handle = nullptr;
    const NTSTATUS status = WdfObjectCreate(&attributes, &handle);
    if (!NT_SUCCESS(status)) return hresult_from(status);
    auto* face = build_face<PlainObject>(handle);
    face->watch(callbacks);
    hand_out(face, object);
    return S_OK;
}

HRESULT Driver::CreatePreallocatedWdfMemory(BYTE* buffer, SIZE_T size, um::IUnknown* callbacks,
                                            um::IWDFObject* parent, um::IWDFMemory** memory) {
    const WDFOBJECT below = parent_of(parent);
    if (below == nullptr || buffer == nullptr) return E_INVALIDARG;
    return Memory::create(buffer, size, callbacks, below, memory);
}

HRESULT Driver::CreateWdfMemory(SIZE_T size, um::IUnknown* callbacks, um::IWDFObject* parent,
                                um::IWDFMemory** memory) {
    const WDFOBJECT below = parent_of(parent);
    if (below == nullptr) return E_INVALIDARG;
    return Memory::create(nullptr, size, callbacks, below, memory);
}

BOOL Driver::IsVersionAvailable(um::UMDF_VERSION_DATA* minimum) {
    if (minimum->MajorNumber != version_major) return FALSE;
    return minimum->MinorNumber <= version_minor;
}

// Lengths are in characters, the terminating zero included.
HRESULT Driver::RetrieveVersionString(PWSTR version, DWORD* length) {
    if (length == nullptr) return E_POINTER;
    constexpr DWORD needed = sizeof(version_text) / sizeof(WCHAR);
    const DWORD room = *length;
    *length = needed;
    if (version == nullptr) return S_OK;
    if (room < needed) return HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER);
    RtlCopyMemory(version, version_text, sizeof(version_text));
    return S_OK;
}

}  // namespace wudfx
