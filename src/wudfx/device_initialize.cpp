#include "wudfx/device_initialize.h"

namespace wudfx {

const IID DeviceInitialize::own_id = {
    0x1C57E0B4, 0x92F1, 0x4D6A, {0x8E, 0x33, 0x70, 0x4B, 0xCD, 0x21, 0x95, 0xFE}};

namespace {
constexpr ULONG initialize_tag = 'iWDU';
}

void* DeviceInitialize::operator new(size_t size) noexcept {
    return ExAllocatePool2(POOL_FLAG_NON_PAGED, size, initialize_tag);
}

void DeviceInitialize::operator delete(void* memory) noexcept {
    ExFreePoolWithTag(memory, initialize_tag);
}

DeviceInitialize::DeviceInitialize(PWDFDEVICE_INIT init) : init_(init) {
    for (um::WDF_TRI_STATE& value : capabilities_) value = um::WdfUseDefault;
}

DeviceInitialize* DeviceInitialize::of(um::IWDFDeviceInitialize* object) {
    void* found = nullptr;
    if (object == nullptr || FAILED(object->QueryInterface(own_id, &found))) return nullptr;
    return static_cast<DeviceInitialize*>(found);
}

HRESULT DeviceInitialize::QueryInterface(REFIID id, void** object) {
    if (object == nullptr) return E_POINTER;
    *object = this;
    if (IsEqualIID(id, own_id)) return S_OK;  // of(): no reference
    const bool ours = IsEqualIID(id, um::IID_IUnknown) ||
                      IsEqualIID(id, um::IID_IWDFDeviceInitialize) ||
                      IsEqualIID(id, um::IID_IWDFDeviceInitialize2);
    if (!ours) *object = nullptr;
    if (!ours) return E_NOINTERFACE;
    AddRef();
    return S_OK;
}

ULONG DeviceInitialize::AddRef() { return static_cast<ULONG>(InterlockedIncrement(&references_)); }

ULONG DeviceInitialize::Release() {
    const LONG left = InterlockedDecrement(&references_);
    if (left == 0) delete this;
    return static_cast<ULONG>(left);
}

void DeviceInitialize::SetPnpCapability(um::WDF_PNP_CAPABILITY capability,
                                        um::WDF_TRI_STATE value) {
    if (capability > um::WdfPnpCapInvalid && capability < um::WdfPnpCapMaximum)
        capabilities_[capability] = value;
}

um::WDF_TRI_STATE DeviceInitialize::GetPnpCapability(um::WDF_PNP_CAPABILITY capability) {
    const bool known = capability > um::WdfPnpCapInvalid && capability < um::WdfPnpCapMaximum;
    return known ? capabilities_[capability] : um::WdfUseDefault;
}

void DeviceInitialize::SetLockingConstraint(um::WDF_CALLBACK_CONSTRAINT type) {
    constraint_ = type;
}

void DeviceInitialize::SetFilter() {
    if (init_ != nullptr) WdfFdoInitSetFilter(init_);
}

// A device of the framework has one type for reads and writes; controls have theirs in their code.
void DeviceInitialize::SetIoTypePreference(um::WDF_DEVICE_IO_BUFFER_RETRIEVAL retrieval,
                                           um::WDF_DEVICE_IO_TYPE read_write,
                                           um::WDF_DEVICE_IO_TYPE control) {
    UNREFERENCED_PARAMETER(retrieval);
    UNREFERENCED_PARAMETER(control);
    const bool direct =
        read_write == um::WdfDeviceIoDirect || read_write == um::WdfDeviceIoBufferedOrDirect;
    io_type_ = direct ? um::WdfDeviceIoDirect : um::WdfDeviceIoBuffered;
    if (init_ != nullptr)
        WdfDeviceInitSetIoType(init_, direct ? WdfDeviceIoDirect : WdfDeviceIoBuffered);
}

void DeviceInitialize::apply_capabilities(WDFDEVICE device) const {
    WDF_DEVICE_PNP_CAPABILITIES settings;
    WDF_DEVICE_PNP_CAPABILITIES_INIT(&settings);
    const auto value = [this](um::WDF_PNP_CAPABILITY capability) {
        return static_cast<WDF_TRI_STATE>(capabilities_[capability]);
    };
    settings.LockSupported = value(um::WdfPnpCapLockSupported);
    settings.EjectSupported = value(um::WdfPnpCapEjectSupported);
    settings.Removable = value(um::WdfPnpCapRemovable);
    settings.DockDevice = value(um::WdfPnpCapDockDevice);
    settings.SurpriseRemovalOK = value(um::WdfPnpCapSurpriseRemovalOk);
    settings.NoDisplayInUI = value(um::WdfPnpCapNoDisplayInUI);
    WdfDeviceSetPnpCapabilities(device, &settings);
}

}  // namespace wudfx
