// Names, state and power of a device.
#include "wudfx/device.h"
#include "wudfx/hresult.h"

namespace wudfx {
namespace {

// Null for null: the functions that take one take that as none.
UNICODE_STRING* optional_string(PCWSTR text, UNICODE_STRING& place) {
    if (text == nullptr) return nullptr;
    RtlInitUnicodeString(&place, text);
    return &place;
}

WDF_TRI_STATE* member_for(um::WDF_PNP_STATE state, WDF_DEVICE_STATE& states) {
    switch (state) {
        case um::WdfPnpStateDisabled: return &states.Disabled;
        case um::WdfPnpStateFailed: return &states.Failed;
        case um::WdfPnpStateRemoved: return &states.Removed;
        case um::WdfPnpStateResourcesChanged: return &states.ResourcesChanged;
        case um::WdfPnpStateDontDisplayInUI: return &states.DontDisplayInUI;
        case um::WdfPnpStateNotDisableable: return &states.NotDisableable;
        default: return nullptr;
    }
}

}  // namespace

HRESULT Device::CreateDeviceInterface(LPCGUID interface_class, PCWSTR reference) {
    if (interface_class == nullptr) return E_POINTER;
    UNICODE_STRING text;
    return hresult_from(
        WdfDeviceCreateDeviceInterface(device_, interface_class, optional_string(reference, text)));
}

HRESULT Device::AssignDeviceInterfaceState(LPCGUID interface_class, PCWSTR reference, BOOL enable) {
    if (interface_class == nullptr) return E_POINTER;
    UNICODE_STRING text;
    WdfDeviceSetDeviceInterfaceState(device_, interface_class, optional_string(reference, text),
                                     enable ? TRUE : FALSE);
    return S_OK;
}

HRESULT Device::CreateSymbolicLink(PCWSTR name) {
    if (name == nullptr) return E_POINTER;
    UNICODE_STRING text;
    RtlInitUnicodeString(&text, name);
    return hresult_from(WdfDeviceCreateSymbolicLink(device_, &text));
}

void Device::SetPnpState(um::WDF_PNP_STATE state, um::WDF_TRI_STATE value) {
    WDF_TRI_STATE* member = member_for(state, pnp_state_);
    if (member != nullptr) *member = static_cast<WDF_TRI_STATE>(value);
}

um::WDF_TRI_STATE Device::GetPnpState(um::WDF_PNP_STATE state) {
    const WDF_TRI_STATE* member = member_for(state, pnp_state_);
    return member != nullptr ? static_cast<um::WDF_TRI_STATE>(*member) : um::WdfUseDefault;
}

void Device::CommitPnpState() { WdfDeviceSetDeviceState(device_, &pnp_state_); }

// ---- power ----

HRESULT Device::AssignS0IdleSettingsEx(um::PWUDF_DEVICE_POWER_POLICY_IDLE_SETTINGS settings) {
    if (settings == nullptr) return E_POINTER;
    if (settings->Size != sizeof(*settings)) return E_INVALIDARG;
    if (!owns_power_policy_) return HRESULT_FROM_NT(STATUS_INVALID_DEVICE_REQUEST);
    WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS wanted;
    WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(
        &wanted, static_cast<WDF_POWER_POLICY_S0_IDLE_CAPABILITIES>(settings->IdleCaps));
    if (settings->DxState != PowerDeviceMaximum) wanted.DxState = settings->DxState;
    wanted.IdleTimeout = settings->IdleTimeout;
    wanted.UserControlOfIdleSettings =
        static_cast<WDF_POWER_POLICY_S0_IDLE_USER_CONTROL>(settings->UserControlOfIdleSettings);
    wanted.Enabled = static_cast<WDF_TRI_STATE>(settings->Enabled);
    wanted.PowerUpIdleDeviceOnSystemWake =
        static_cast<WDF_TRI_STATE>(settings->PowerUpIdleDeviceOnSystemWake);
    wanted.ExcludeD3Cold = static_cast<WDF_TRI_STATE>(settings->ExcludeD3Cold);
    return hresult_from(WdfDeviceAssignS0IdleSettings(device_, &wanted));
}

HRESULT Device::AssignS0IdleSettings(um::WDF_POWER_POLICY_S0_IDLE_CAPABILITIES capabilities,
                                     DEVICE_POWER_STATE state, ULONG timeout,
                                     um::WDF_POWER_POLICY_S0_IDLE_USER_CONTROL user_control,
                                     um::WDF_TRI_STATE enabled) {
    um::WUDF_DEVICE_POWER_POLICY_IDLE_SETTINGS settings;
    um::WUDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(&settings, capabilities);
    settings.DxState = state;
    settings.IdleTimeout = timeout;
    settings.UserControlOfIdleSettings = user_control;
    settings.Enabled = enabled;
    return AssignS0IdleSettingsEx(&settings);
}

HRESULT Device::AssignSxWakeSettings(DEVICE_POWER_STATE state,
                                     um::WDF_POWER_POLICY_SX_WAKE_USER_CONTROL user_control,
                                     um::WDF_TRI_STATE enabled) {
    if (!owns_power_policy_) return HRESULT_FROM_NT(STATUS_INVALID_DEVICE_REQUEST);
    WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS settings;
    WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT(&settings);
    settings.DxState = state;
    settings.UserControlOfWakeSettings =
        static_cast<WDF_POWER_POLICY_SX_WAKE_USER_CONTROL>(user_control);
    settings.Enabled = static_cast<WDF_TRI_STATE>(enabled);
    return hresult_from(WdfDeviceAssignSxWakeSettings(device_, &settings));
}

HRESULT Device::StopIdle(BOOL wait_for_d0) {
    return hresult_from(WdfDeviceStopIdle(device_, wait_for_d0 ? TRUE : FALSE));
}
void Device::ResumeIdle() { WdfDeviceResumeIdle(device_); }
POWER_ACTION Device::GetSystemPowerAction() { return WdfDeviceGetSystemPowerAction(device_); }

}  // namespace wudfx
