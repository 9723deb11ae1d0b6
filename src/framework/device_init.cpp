#include "framework/device_init.h"

#include "ext/gx_export.h"

#include <cstring>
#include <new>

#include "framework/attributes.h"
#include "framework/call.h"
#include "framework/device.h"
#include "framework/device_property.h"
#include "framework/driver.h"
#include "framework/registry_key.h"

namespace gpioclx::framework {

NTSTATUS Preprocess::assign(PFN_WDFDEVICE_WDM_IRP_PREPROCESS callback, UCHAR major,
                            const UCHAR* minors, ULONG count) {
    if (callback == nullptr || major >= entries.size() || (count != 0 && minors == nullptr)) {
        return STATUS_INVALID_PARAMETER;
    }
    Entry& entry = entries[major];
    entry.callback = callback;
    entry.all_minors = count == 0;
    for (ULONG i = 0; i < count; ++i) entry.minors[minors[i] / 32] |= 1u << (minors[i] % 32);
    return STATUS_SUCCESS;
}

PFN_WDFDEVICE_WDM_IRP_PREPROCESS Preprocess::find(UCHAR major, UCHAR minor) const {
    if (major >= entries.size()) return nullptr;
    const Entry& entry = entries[major];
    if (entry.callback == nullptr) return nullptr;
    return entry.all_minors || (entry.minors[minor / 32] >> (minor % 32) & 1) != 0 ? entry.callback
                                                                                   : nullptr;
}

static NTSTATUS add_notification(DeviceSettings& settings, UCHAR kind, ULONG state, void* callback,
                                 ULONG types) {
    if (callback == nullptr || types == 0 || (types & ~ULONG{StateNotificationAllStates}) != 0) {
        return STATUS_INVALID_PARAMETER;
    }
    if (settings.notification_count == settings.notifications.size())
        return STATUS_INSUFFICIENT_RESOURCES;
    settings.notifications[settings.notification_count++] = {state, types, callback, kind};
    return STATUS_SUCCESS;
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

WDFDEVICE_INIT* WDFDEVICE_INIT::create(Driver* driver, DeviceRole role) {
    gpioclx::machine::ArenaScope inside;
    auto* init = new WDFDEVICE_INIT;
    init->driver = driver;
    init->settings.role = role;
    init->settings.pnp.Size = sizeof(WDF_PNPPOWER_EVENT_CALLBACKS);
    return init;
}

void WDFDEVICE_INIT::destroy(WDFDEVICE_INIT* init) {
    while (init->extension_inits != nullptr) {
        WDFCXDEVICE_INIT* extension = init->extension_inits;
        init->extension_inits = extension->next;
        extension->signature = 0;
        delete extension;
    }
    while (init->settings.extensions != nullptr) {
        ExtensionSettings* extension = init->settings.extensions;
        init->settings.extensions = extension->next;
        delete extension;
    }
    init->signature = 0;
    delete init;
}

WDFDEVICE_INIT& WDFDEVICE_INIT::checked(PWDFDEVICE_INIT init, const char* function) {
    if (!gpioclx::machine::Arena::contains(init) || init->signature != live_signature) {
        violation("lifetime-213", nullptr, WDF_INVALID_HANDLE, reinterpret_cast<ULONG_PTR>(init), 0,
                  "%s was given a device init that is not valid (any more)", function);
    }
    return *init;
}

VOID WdfDeviceInitFree(PWDFDEVICE_INIT DeviceInit) {
    enter();
    WDFDEVICE_INIT::destroy(&WDFDEVICE_INIT::checked(DeviceInit, "WdfDeviceInitFree"));
}
GX_EXPORT_FUNCTION(WdfDeviceInitFree);

VOID WdfDeviceInitSetPnpPowerEventCallbacks(PWDFDEVICE_INIT DeviceInit,
                                            PWDF_PNPPOWER_EVENT_CALLBACKS PnpPowerEventCallbacks) {
    constexpr const char* function = "WdfDeviceInitSetPnpPowerEventCallbacks";
    enter();
    require_size(PnpPowerEventCallbacks, function, "PnpPowerEventCallbacks");
    settings_of(DeviceInit, function).pnp = *PnpPowerEventCallbacks;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetPnpPowerEventCallbacks);

VOID WdfDeviceInitSetPowerPolicyEventCallbacks(
    PWDFDEVICE_INIT DeviceInit, PWDF_POWER_POLICY_EVENT_CALLBACKS PowerPolicyEventCallbacks) {
    constexpr const char* function = "WdfDeviceInitSetPowerPolicyEventCallbacks";
    enter();
    require_size(PowerPolicyEventCallbacks, function, "PowerPolicyEventCallbacks");
    settings_of(DeviceInit, function).power_policy = *PowerPolicyEventCallbacks;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetPowerPolicyEventCallbacks);

VOID WdfDeviceInitSetPowerPolicyOwnership(PWDFDEVICE_INIT DeviceInit, BOOLEAN IsPowerPolicyOwner) {
    enter();
    DeviceSettings& settings = settings_of(DeviceInit, "WdfDeviceInitSetPowerPolicyOwnership");
    settings.owns_power_policy = IsPowerPolicyOwner != FALSE;
    settings.owns_power_policy_set = true;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetPowerPolicyOwnership);

NTSTATUS WdfDeviceInitRegisterPnpStateChangeCallback(
    PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_PNP_STATE PnpState,
    PFN_WDF_DEVICE_PNP_STATE_CHANGE_NOTIFICATION EvtDevicePnpStateChange, ULONG CallbackTypes) {
    enter();
    return add_notification(settings_of(DeviceInit, "WdfDeviceInitRegisterPnpStateChangeCallback"),
                            0, PnpState, reinterpret_cast<void*>(EvtDevicePnpStateChange),
                            CallbackTypes);
}
GX_EXPORT_FUNCTION(WdfDeviceInitRegisterPnpStateChangeCallback);

NTSTATUS WdfDeviceInitRegisterPowerStateChangeCallback(
    PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_POWER_STATE PowerState,
    PFN_WDF_DEVICE_POWER_STATE_CHANGE_NOTIFICATION EvtDevicePowerStateChange, ULONG CallbackTypes) {
    enter();
    return add_notification(
        settings_of(DeviceInit, "WdfDeviceInitRegisterPowerStateChangeCallback"), 1, PowerState,
        reinterpret_cast<void*>(EvtDevicePowerStateChange), CallbackTypes);
}
GX_EXPORT_FUNCTION(WdfDeviceInitRegisterPowerStateChangeCallback);

NTSTATUS WdfDeviceInitRegisterPowerPolicyStateChangeCallback(
    PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_POWER_POLICY_STATE PowerPolicyState,
    PFN_WDF_DEVICE_POWER_POLICY_STATE_CHANGE_NOTIFICATION EvtDevicePowerPolicyStateChange,
    ULONG CallbackTypes) {
    enter();
    return add_notification(
        settings_of(DeviceInit, "WdfDeviceInitRegisterPowerPolicyStateChangeCallback"), 2,
        PowerPolicyState, reinterpret_cast<void*>(EvtDevicePowerPolicyStateChange), CallbackTypes);
}
GX_EXPORT_FUNCTION(WdfDeviceInitRegisterPowerPolicyStateChangeCallback);

VOID WdfDeviceInitSetExclusive(PWDFDEVICE_INIT DeviceInit, BOOLEAN IsExclusive) {
    enter();
    settings_of(DeviceInit, "WdfDeviceInitSetExclusive").exclusive = IsExclusive != FALSE;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetExclusive);

VOID WdfDeviceInitSetIoType(PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_IO_TYPE IoType) {
    enter();
    settings_of(DeviceInit, "WdfDeviceInitSetIoType").io_type = IoType;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetIoType);

VOID WdfDeviceInitSetIoTypeEx(PWDFDEVICE_INIT DeviceInit, PWDF_IO_TYPE_CONFIG IoTypeConfig) {
    enter();
    require_size(IoTypeConfig, "WdfDeviceInitSetIoTypeEx", "IoTypeConfig");
    // In kernel mode an IOCTL's method is in its code; only reads and writes have a choice.
    settings_of(DeviceInit, "WdfDeviceInitSetIoTypeEx").io_type = IoTypeConfig->ReadWriteIoType;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetIoTypeEx);

VOID WdfDeviceInitSetPowerNotPageable(PWDFDEVICE_INIT DeviceInit) {
    enter();
    settings_of(DeviceInit, "WdfDeviceInitSetPowerNotPageable").power_pageable = false;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetPowerNotPageable);

VOID WdfDeviceInitSetPowerPageable(PWDFDEVICE_INIT DeviceInit) {
    enter();
    settings_of(DeviceInit, "WdfDeviceInitSetPowerPageable").power_pageable = true;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetPowerPageable);

VOID WdfDeviceInitSetPowerInrush(PWDFDEVICE_INIT DeviceInit) {
    enter();
    settings_of(DeviceInit, "WdfDeviceInitSetPowerInrush").power_inrush = true;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetPowerInrush);

VOID WdfDeviceInitSetDeviceType(PWDFDEVICE_INIT DeviceInit, DEVICE_TYPE DeviceType) {
    enter();
    settings_of(DeviceInit, "WdfDeviceInitSetDeviceType").device_type = DeviceType;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetDeviceType);

NTSTATUS WdfDeviceInitAssignName(PWDFDEVICE_INIT DeviceInit, PCUNICODE_STRING DeviceName) {
    enter();
    DeviceSettings& settings = settings_of(DeviceInit, "WdfDeviceInitAssignName");
    settings.automatic_name = false;
    return settings.name.assign(DeviceName) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}
GX_EXPORT_FUNCTION(WdfDeviceInitAssignName);

NTSTATUS WdfDeviceInitAssignSDDLString(PWDFDEVICE_INIT DeviceInit, PCUNICODE_STRING SDDLString) {
    enter();
    // Becomes the device object's at creation, which needs a name for it.
    return settings_of(DeviceInit, "WdfDeviceInitAssignSDDLString").sddl.assign(SDDLString)
               ? STATUS_SUCCESS
               : STATUS_INSUFFICIENT_RESOURCES;
}
GX_EXPORT_FUNCTION(WdfDeviceInitAssignSDDLString);

VOID WdfDeviceInitSetDeviceClass(PWDFDEVICE_INIT DeviceInit, const GUID* DeviceClassGuid) {
    enter();
    require(DeviceClassGuid, "WdfDeviceInitSetDeviceClass", "DeviceClassGuid");
    DeviceSettings& settings = settings_of(DeviceInit, "WdfDeviceInitSetDeviceClass");
    settings.device_class = *DeviceClassGuid;
    settings.has_device_class = true;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetDeviceClass);

VOID WdfDeviceInitSetCharacteristics(PWDFDEVICE_INIT DeviceInit, ULONG DeviceCharacteristics,
                                     BOOLEAN OrInValues) {
    enter();
    ULONG& value = settings_of(DeviceInit, "WdfDeviceInitSetCharacteristics").characteristics;
    value = OrInValues ? value | DeviceCharacteristics : DeviceCharacteristics;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetCharacteristics);

VOID WdfDeviceInitSetFileObjectConfig(PWDFDEVICE_INIT DeviceInit,
                                      PWDF_FILEOBJECT_CONFIG FileObjectConfig,
                                      PWDF_OBJECT_ATTRIBUTES FileObjectAttributes) {
    constexpr const char* function = "WdfDeviceInitSetFileObjectConfig";
    enter();
    require_size(FileObjectConfig, function, "FileObjectConfig");
    FileSettings& file = settings_of(DeviceInit, function).file;
    const NTSTATUS status = check_attributes(FileObjectAttributes, ObjectType::file_object);
    if (!NT_SUCCESS(status)) {
        violation("lifetime-214", nullptr, WDF_VERIFIER_FATAL_ERROR, static_cast<ULONG_PTR>(status),
                  0, "%s: the attributes are not valid (0x%08X)", function,
                  static_cast<unsigned>(status));
    }
    file.set = true;
    file.config = *FileObjectConfig;
    file.has_attributes = FileObjectAttributes != nullptr;
    if (file.has_attributes) file.attributes = *FileObjectAttributes;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetFileObjectConfig);

VOID WdfDeviceInitSetRequestAttributes(PWDFDEVICE_INIT DeviceInit,
                                       PWDF_OBJECT_ATTRIBUTES RequestAttributes) {
    constexpr const char* function = "WdfDeviceInitSetRequestAttributes";
    enter();
    require_size(RequestAttributes, function, "RequestAttributes");
    DeviceSettings& settings = settings_of(DeviceInit, function);
    const NTSTATUS status = check_attributes(RequestAttributes, ObjectType::request);
    if (!NT_SUCCESS(status) || RequestAttributes->ParentObject != nullptr) {
        violation("lifetime-214", nullptr, WDF_VERIFIER_FATAL_ERROR, static_cast<ULONG_PTR>(status),
                  0, "%s: the attributes are not valid (0x%08X)", function,
                  static_cast<unsigned>(status));
    }
    settings.has_request_attributes = true;
    settings.request_attributes = *RequestAttributes;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetRequestAttributes);

NTSTATUS WdfDeviceInitAssignWdmIrpPreprocessCallback(
    PWDFDEVICE_INIT DeviceInit, PFN_WDFDEVICE_WDM_IRP_PREPROCESS EvtDeviceWdmIrpPreprocess,
    UCHAR MajorFunction, PUCHAR MinorFunctions, ULONG NumMinorFunctions) {
    constexpr const char* function = "WdfDeviceInitAssignWdmIrpPreprocessCallback";
    enter();
    return settings_of(DeviceInit, function)
        .preprocess.assign(EvtDeviceWdmIrpPreprocess, MajorFunction, MinorFunctions,
                           NumMinorFunctions);
}
GX_EXPORT_FUNCTION(WdfDeviceInitAssignWdmIrpPreprocessCallback);

VOID WdfDeviceInitSetIoInCallerContextCallback(PWDFDEVICE_INIT DeviceInit,
                                               PFN_WDF_IO_IN_CALLER_CONTEXT EvtIoInCallerContext) {
    enter();
    settings_of(DeviceInit, "WdfDeviceInitSetIoInCallerContextCallback").in_caller_context =
        EvtIoInCallerContext;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetIoInCallerContextCallback);

VOID WdfDeviceInitSetRemoveLockOptions(PWDFDEVICE_INIT DeviceInit,
                                       PWDF_REMOVE_LOCK_OPTIONS Options) {
    enter();
    require_size(Options, "WdfDeviceInitSetRemoveLockOptions", "Options");
    settings_of(DeviceInit, "WdfDeviceInitSetRemoveLockOptions").remove_lock_for_io =
        (Options->Flags & WDF_REMOVE_LOCK_OPTION_ACQUIRE_FOR_IO) != 0;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetRemoveLockOptions);

VOID WdfDeviceInitSetReleaseHardwareOrderOnFailure(
    PWDFDEVICE_INIT DeviceInit,
    WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE ReleaseHardwareOrderOnFailure) {
    enter();
    settings_of(DeviceInit, "WdfDeviceInitSetReleaseHardwareOrderOnFailure").release_order =
        ReleaseHardwareOrderOnFailure;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetReleaseHardwareOrderOnFailure);
