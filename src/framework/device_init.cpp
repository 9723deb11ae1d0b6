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

NTSTATUS Preprocess::assign(PFN_WDFDEVICE_WDM_IRP_PREPROCESS callback, UCHAR major, const UCHAR* minors,
                            ULONG count) {
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
    return entry.all_minors || (entry.minors[minor / 32] >> (minor % 32) & 1) != 0 ? entry.callback : nullptr;
}

DeviceSettings::~DeviceSettings() {
    // Moved into a device, the extensions are the device's: see Device.
}

static NTSTATUS add_notification(DeviceSettings& settings, UCHAR kind, ULONG state, void* callback, ULONG types) {
    if (callback == nullptr || types == 0 || (types & ~ULONG{StateNotificationAllStates}) != 0) {
        return STATUS_INVALID_PARAMETER;
    }
    if (settings.notification_count == settings.notifications.size()) return STATUS_INSUFFICIENT_RESOURCES;
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

namespace {

WDFCXDEVICE_INIT& checked(PWDFCXDEVICE_INIT init, const char* function) {
    if (!gpioclx::machine::Arena::contains(init) || init->signature != WDFCXDEVICE_INIT::live_signature) {
        violation("lifetime-213", nullptr, WDF_INVALID_HANDLE, reinterpret_cast<ULONG_PTR>(init), 0,
                  "%s was given an extension's device init that is not valid (any more)", function);
    }
    return *init;
}

DeviceSettings& settings_of(PWDFDEVICE_INIT init, const char* function) {
    return WDFDEVICE_INIT::checked(init, function).settings;
}

// Structures without a status to return: a wrong size is the driver's bug.
template <typename T>
void require_size(const T* structure, const char* function, const char* name) {
    require(structure, function, name);
    if (structure->Size == sizeof(T)) return;
    violation("lifetime-214", nullptr, WDF_VERIFIER_FATAL_ERROR, structure->Size, sizeof(T),
              "%s: %s has Size %u; it is %zu bytes", function, name, static_cast<unsigned>(structure->Size), sizeof(T));
}

}  // namespace

VOID WdfDeviceInitFree(PWDFDEVICE_INIT DeviceInit) {
    enter("WdfDeviceInitFree");
    WDFDEVICE_INIT::destroy(&WDFDEVICE_INIT::checked(DeviceInit, "WdfDeviceInitFree"));
}
GX_EXPORT_FUNCTION(WdfDeviceInitFree);

VOID WdfDeviceInitSetPnpPowerEventCallbacks(PWDFDEVICE_INIT DeviceInit,
                                            PWDF_PNPPOWER_EVENT_CALLBACKS PnpPowerEventCallbacks) {
    constexpr const char* function = "WdfDeviceInitSetPnpPowerEventCallbacks";
    enter(function);
    require_size(PnpPowerEventCallbacks, function, "PnpPowerEventCallbacks");
    settings_of(DeviceInit, function).pnp = *PnpPowerEventCallbacks;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetPnpPowerEventCallbacks);

VOID WdfDeviceInitSetPowerPolicyEventCallbacks(PWDFDEVICE_INIT DeviceInit,
                                               PWDF_POWER_POLICY_EVENT_CALLBACKS PowerPolicyEventCallbacks) {
    constexpr const char* function = "WdfDeviceInitSetPowerPolicyEventCallbacks";
    enter(function);
    require_size(PowerPolicyEventCallbacks, function, "PowerPolicyEventCallbacks");
    settings_of(DeviceInit, function).power_policy = *PowerPolicyEventCallbacks;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetPowerPolicyEventCallbacks);

VOID WdfDeviceInitSetPowerPolicyOwnership(PWDFDEVICE_INIT DeviceInit, BOOLEAN IsPowerPolicyOwner) {
    enter("WdfDeviceInitSetPowerPolicyOwnership");
    DeviceSettings& settings = settings_of(DeviceInit, "WdfDeviceInitSetPowerPolicyOwnership");
    settings.owns_power_policy = IsPowerPolicyOwner != FALSE;
    settings.owns_power_policy_set = true;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetPowerPolicyOwnership);

NTSTATUS WdfDeviceInitRegisterPnpStateChangeCallback(
    PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_PNP_STATE PnpState,
    PFN_WDF_DEVICE_PNP_STATE_CHANGE_NOTIFICATION EvtDevicePnpStateChange, ULONG CallbackTypes) {
    enter("WdfDeviceInitRegisterPnpStateChangeCallback", PASSIVE_LEVEL);
    return add_notification(settings_of(DeviceInit, "WdfDeviceInitRegisterPnpStateChangeCallback"), 0, PnpState,
                            reinterpret_cast<void*>(EvtDevicePnpStateChange), CallbackTypes);
}
GX_EXPORT_FUNCTION(WdfDeviceInitRegisterPnpStateChangeCallback);

NTSTATUS WdfDeviceInitRegisterPowerStateChangeCallback(
    PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_POWER_STATE PowerState,
    PFN_WDF_DEVICE_POWER_STATE_CHANGE_NOTIFICATION EvtDevicePowerStateChange, ULONG CallbackTypes) {
    enter("WdfDeviceInitRegisterPowerStateChangeCallback", PASSIVE_LEVEL);
    return add_notification(settings_of(DeviceInit, "WdfDeviceInitRegisterPowerStateChangeCallback"), 1,
                            PowerState, reinterpret_cast<void*>(EvtDevicePowerStateChange), CallbackTypes);
}
GX_EXPORT_FUNCTION(WdfDeviceInitRegisterPowerStateChangeCallback);

NTSTATUS WdfDeviceInitRegisterPowerPolicyStateChangeCallback(
    PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_POWER_POLICY_STATE PowerPolicyState,
    PFN_WDF_DEVICE_POWER_POLICY_STATE_CHANGE_NOTIFICATION EvtDevicePowerPolicyStateChange,
    ULONG CallbackTypes) {
    enter("WdfDeviceInitRegisterPowerPolicyStateChangeCallback", PASSIVE_LEVEL);
    return add_notification(settings_of(DeviceInit, "WdfDeviceInitRegisterPowerPolicyStateChangeCallback"), 2,
                            PowerPolicyState, reinterpret_cast<void*>(EvtDevicePowerPolicyStateChange),
                            CallbackTypes);
}
GX_EXPORT_FUNCTION(WdfDeviceInitRegisterPowerPolicyStateChangeCallback);

VOID WdfDeviceInitSetExclusive(PWDFDEVICE_INIT DeviceInit, BOOLEAN IsExclusive) {
    enter("WdfDeviceInitSetExclusive");
    settings_of(DeviceInit, "WdfDeviceInitSetExclusive").exclusive = IsExclusive != FALSE;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetExclusive);

VOID WdfDeviceInitSetIoType(PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_IO_TYPE IoType) {
    enter("WdfDeviceInitSetIoType");
    settings_of(DeviceInit, "WdfDeviceInitSetIoType").io_type = IoType;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetIoType);

VOID WdfDeviceInitSetIoTypeEx(PWDFDEVICE_INIT DeviceInit, PWDF_IO_TYPE_CONFIG IoTypeConfig) {
    enter("WdfDeviceInitSetIoTypeEx", PASSIVE_LEVEL);
    require_size(IoTypeConfig, "WdfDeviceInitSetIoTypeEx", "IoTypeConfig");
    // In kernel mode an IOCTL's method is in its code; only reads and writes have a choice.
    settings_of(DeviceInit, "WdfDeviceInitSetIoTypeEx").io_type = IoTypeConfig->ReadWriteIoType;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetIoTypeEx);

VOID WdfDeviceInitSetPowerNotPageable(PWDFDEVICE_INIT DeviceInit) {
    enter("WdfDeviceInitSetPowerNotPageable");
    settings_of(DeviceInit, "WdfDeviceInitSetPowerNotPageable").power_pageable = false;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetPowerNotPageable);

VOID WdfDeviceInitSetPowerPageable(PWDFDEVICE_INIT DeviceInit) {
    enter("WdfDeviceInitSetPowerPageable");
    settings_of(DeviceInit, "WdfDeviceInitSetPowerPageable").power_pageable = true;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetPowerPageable);

VOID WdfDeviceInitSetPowerInrush(PWDFDEVICE_INIT DeviceInit) {
    enter("WdfDeviceInitSetPowerInrush");
    settings_of(DeviceInit, "WdfDeviceInitSetPowerInrush").power_inrush = true;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetPowerInrush);

VOID WdfDeviceInitSetDeviceType(PWDFDEVICE_INIT DeviceInit, DEVICE_TYPE DeviceType) {
    enter("WdfDeviceInitSetDeviceType");
    settings_of(DeviceInit, "WdfDeviceInitSetDeviceType").device_type = DeviceType;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetDeviceType);

NTSTATUS WdfDeviceInitAssignName(PWDFDEVICE_INIT DeviceInit, PCUNICODE_STRING DeviceName) {
    enter("WdfDeviceInitAssignName", PASSIVE_LEVEL);
    DeviceSettings& settings = settings_of(DeviceInit, "WdfDeviceInitAssignName");
    settings.automatic_name = false;
    return settings.name.assign(DeviceName) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}
GX_EXPORT_FUNCTION(WdfDeviceInitAssignName);

NTSTATUS WdfDeviceInitAssignSDDLString(PWDFDEVICE_INIT DeviceInit, PCUNICODE_STRING SDDLString) {
    enter("WdfDeviceInitAssignSDDLString", PASSIVE_LEVEL);
    // Kept, and checked for a name at creation; nobody is refused access here.
    return settings_of(DeviceInit, "WdfDeviceInitAssignSDDLString").sddl.assign(SDDLString)
               ? STATUS_SUCCESS
               : STATUS_INSUFFICIENT_RESOURCES;
}
GX_EXPORT_FUNCTION(WdfDeviceInitAssignSDDLString);

VOID WdfDeviceInitSetDeviceClass(PWDFDEVICE_INIT DeviceInit, const GUID* DeviceClassGuid) {
    enter("WdfDeviceInitSetDeviceClass");
    require(DeviceClassGuid, "WdfDeviceInitSetDeviceClass", "DeviceClassGuid");
    DeviceSettings& settings = settings_of(DeviceInit, "WdfDeviceInitSetDeviceClass");
    settings.device_class = *DeviceClassGuid;
    settings.has_device_class = true;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetDeviceClass);

VOID WdfDeviceInitSetCharacteristics(PWDFDEVICE_INIT DeviceInit, ULONG DeviceCharacteristics, BOOLEAN OrInValues) {
    enter("WdfDeviceInitSetCharacteristics");
    ULONG& value = settings_of(DeviceInit, "WdfDeviceInitSetCharacteristics").characteristics;
    value = OrInValues ? value | DeviceCharacteristics : DeviceCharacteristics;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetCharacteristics);

VOID WdfDeviceInitSetFileObjectConfig(PWDFDEVICE_INIT DeviceInit, PWDF_FILEOBJECT_CONFIG FileObjectConfig,
                                      PWDF_OBJECT_ATTRIBUTES FileObjectAttributes) {
    constexpr const char* function = "WdfDeviceInitSetFileObjectConfig";
    enter(function);
    require_size(FileObjectConfig, function, "FileObjectConfig");
    FileSettings& file = settings_of(DeviceInit, function).file;
    const NTSTATUS status = check_attributes(FileObjectAttributes, ObjectType::file_object);
    if (!NT_SUCCESS(status)) {
        violation("lifetime-214", nullptr, WDF_VERIFIER_FATAL_ERROR, static_cast<ULONG_PTR>(status), 0,
                  "%s: the attributes are not valid (%s)", function, status_text(status));
    }
    file.set = true;
    file.config = *FileObjectConfig;
    file.has_attributes = FileObjectAttributes != nullptr;
    if (file.has_attributes) file.attributes = *FileObjectAttributes;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetFileObjectConfig);

VOID WdfDeviceInitSetRequestAttributes(PWDFDEVICE_INIT DeviceInit, PWDF_OBJECT_ATTRIBUTES RequestAttributes) {
    constexpr const char* function = "WdfDeviceInitSetRequestAttributes";
    enter(function);
    require_size(RequestAttributes, function, "RequestAttributes");
    DeviceSettings& settings = settings_of(DeviceInit, function);
    const NTSTATUS status = check_attributes(RequestAttributes, ObjectType::request);
    if (!NT_SUCCESS(status) || RequestAttributes->ParentObject != nullptr) {
        violation("lifetime-214", nullptr, WDF_VERIFIER_FATAL_ERROR, static_cast<ULONG_PTR>(status), 0,
                  "%s: the attributes are not valid (%s)", function, status_text(status));
    }
    settings.has_request_attributes = true;
    settings.request_attributes = *RequestAttributes;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetRequestAttributes);

NTSTATUS WdfDeviceInitAssignWdmIrpPreprocessCallback(PWDFDEVICE_INIT DeviceInit,
                                                     PFN_WDFDEVICE_WDM_IRP_PREPROCESS EvtDeviceWdmIrpPreprocess,
                                                     UCHAR MajorFunction, PUCHAR MinorFunctions,
                                                     ULONG NumMinorFunctions) {
    constexpr const char* function = "WdfDeviceInitAssignWdmIrpPreprocessCallback";
    enter(function);
    return settings_of(DeviceInit, function)
        .preprocess.assign(EvtDeviceWdmIrpPreprocess, MajorFunction, MinorFunctions, NumMinorFunctions);
}
GX_EXPORT_FUNCTION(WdfDeviceInitAssignWdmIrpPreprocessCallback);

VOID WdfDeviceInitSetIoInCallerContextCallback(PWDFDEVICE_INIT DeviceInit,
                                               PFN_WDF_IO_IN_CALLER_CONTEXT EvtIoInCallerContext) {
    enter("WdfDeviceInitSetIoInCallerContextCallback");
    settings_of(DeviceInit, "WdfDeviceInitSetIoInCallerContextCallback").in_caller_context = EvtIoInCallerContext;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetIoInCallerContextCallback);

VOID WdfDeviceInitSetRemoveLockOptions(PWDFDEVICE_INIT DeviceInit, PWDF_REMOVE_LOCK_OPTIONS Options) {
    enter("WdfDeviceInitSetRemoveLockOptions");
    require_size(Options, "WdfDeviceInitSetRemoveLockOptions", "Options");
    settings_of(DeviceInit, "WdfDeviceInitSetRemoveLockOptions").remove_lock_for_io =
        (Options->Flags & WDF_REMOVE_LOCK_OPTION_ACQUIRE_FOR_IO) != 0;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetRemoveLockOptions);

VOID WdfDeviceInitSetReleaseHardwareOrderOnFailure(
    PWDFDEVICE_INIT DeviceInit, WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE ReleaseHardwareOrderOnFailure) {
    enter("WdfDeviceInitSetReleaseHardwareOrderOnFailure");
    settings_of(DeviceInit, "WdfDeviceInitSetReleaseHardwareOrderOnFailure").release_order =
        ReleaseHardwareOrderOnFailure;
}
GX_EXPORT_FUNCTION(WdfDeviceInitSetReleaseHardwareOrderOnFailure);

// ---- function devices ----------------------------------------------------------------------------

PDEVICE_OBJECT WdfFdoInitWdmGetPhysicalDevice(PWDFDEVICE_INIT DeviceInit) {
    enter("WdfFdoInitWdmGetPhysicalDevice");
    return WDFDEVICE_INIT::checked(DeviceInit, "WdfFdoInitWdmGetPhysicalDevice").pdo;
}
GX_EXPORT_FUNCTION(WdfFdoInitWdmGetPhysicalDevice);

NTSTATUS WdfFdoInitOpenRegistryKey(PWDFDEVICE_INIT DeviceInit, ULONG DeviceInstanceKeyType,
                                   ACCESS_MASK DesiredAccess, PWDF_OBJECT_ATTRIBUTES KeyAttributes, WDFKEY* Key) {
    enter("WdfFdoInitOpenRegistryKey", PASSIVE_LEVEL);
    WDFDEVICE_INIT& init = WDFDEVICE_INIT::checked(DeviceInit, "WdfFdoInitOpenRegistryKey");
    return open_device_key(*init.driver, init.driver, init.pdo, DeviceInstanceKeyType, DesiredAccess, KeyAttributes,
                           Key);
}
GX_EXPORT_FUNCTION(WdfFdoInitOpenRegistryKey);

NTSTATUS WdfFdoInitQueryProperty(PWDFDEVICE_INIT DeviceInit, DEVICE_REGISTRY_PROPERTY DeviceProperty,
                                 ULONG BufferLength, PVOID PropertyBuffer, PULONG ResultLength) {
    enter("WdfFdoInitQueryProperty", PASSIVE_LEVEL);
    require(ResultLength, "WdfFdoInitQueryProperty", "ResultLength");
    return query_property(WDFDEVICE_INIT::checked(DeviceInit, "WdfFdoInitQueryProperty").pdo, DeviceProperty,
                          BufferLength, PropertyBuffer, ResultLength);
}
GX_EXPORT_FUNCTION(WdfFdoInitQueryProperty);

NTSTATUS WdfFdoInitAllocAndQueryProperty(PWDFDEVICE_INIT DeviceInit, DEVICE_REGISTRY_PROPERTY DeviceProperty,
                                         POOL_TYPE PoolType, PWDF_OBJECT_ATTRIBUTES PropertyMemoryAttributes,
                                         WDFMEMORY* PropertyMemory) {
    enter("WdfFdoInitAllocAndQueryProperty", PASSIVE_LEVEL);
    WDFDEVICE_INIT& init = WDFDEVICE_INIT::checked(DeviceInit, "WdfFdoInitAllocAndQueryProperty");
    return query_property_memory(*init.driver, init.driver, init.pdo, DeviceProperty, PoolType,
                                 PropertyMemoryAttributes, PropertyMemory);
}
GX_EXPORT_FUNCTION(WdfFdoInitAllocAndQueryProperty);

NTSTATUS WdfFdoInitQueryPropertyEx(PWDFDEVICE_INIT DeviceInit, PWDF_DEVICE_PROPERTY_DATA DeviceProperty,
                                   ULONG BufferLength, PVOID PropertyBuffer, PULONG ResultLength,
                                   PDEVPROPTYPE Type) {
    enter("WdfFdoInitQueryPropertyEx", PASSIVE_LEVEL);
    return query_property_ex(WDFDEVICE_INIT::checked(DeviceInit, "WdfFdoInitQueryPropertyEx").pdo, DeviceProperty,
                             BufferLength, PropertyBuffer, ResultLength, Type);
}
GX_EXPORT_FUNCTION(WdfFdoInitQueryPropertyEx);

NTSTATUS WdfFdoInitAllocAndQueryPropertyEx(PWDFDEVICE_INIT DeviceInit, PWDF_DEVICE_PROPERTY_DATA DeviceProperty,
                                           POOL_TYPE PoolType, PWDF_OBJECT_ATTRIBUTES PropertyMemoryAttributes,
                                           WDFMEMORY* PropertyMemory, PDEVPROPTYPE Type) {
    enter("WdfFdoInitAllocAndQueryPropertyEx", PASSIVE_LEVEL);
    WDFDEVICE_INIT& init = WDFDEVICE_INIT::checked(DeviceInit, "WdfFdoInitAllocAndQueryPropertyEx");
    return query_property_memory_ex(*init.driver, init.driver, init.pdo, DeviceProperty, PoolType,
                                    PropertyMemoryAttributes, PropertyMemory, Type);
}
GX_EXPORT_FUNCTION(WdfFdoInitAllocAndQueryPropertyEx);

VOID WdfFdoInitSetEventCallbacks(PWDFDEVICE_INIT DeviceInit, PWDF_FDO_EVENT_CALLBACKS FdoEventCallbacks) {
    enter("WdfFdoInitSetEventCallbacks", PASSIVE_LEVEL);
    require_size(FdoEventCallbacks, "WdfFdoInitSetEventCallbacks", "FdoEventCallbacks");
    settings_of(DeviceInit, "WdfFdoInitSetEventCallbacks").fdo = *FdoEventCallbacks;
}
GX_EXPORT_FUNCTION(WdfFdoInitSetEventCallbacks);

VOID WdfFdoInitSetFilter(PWDFDEVICE_INIT DeviceInit) {
    enter("WdfFdoInitSetFilter", PASSIVE_LEVEL);
    DeviceSettings& settings = settings_of(DeviceInit, "WdfFdoInitSetFilter");
    settings.role = DeviceRole::filter;
    if (!settings.owns_power_policy_set) settings.owns_power_policy = false;
}
GX_EXPORT_FUNCTION(WdfFdoInitSetFilter);

VOID WdfFdoInitSetDefaultChildListConfig(PWDFDEVICE_INIT DeviceInit, PWDF_CHILD_LIST_CONFIG Config,
                                         PWDF_OBJECT_ATTRIBUTES DefaultChildListAttributes) {
    enter("WdfFdoInitSetDefaultChildListConfig", PASSIVE_LEVEL);
    require_size(Config, "WdfFdoInitSetDefaultChildListConfig", "Config");
    DeviceSettings& settings = settings_of(DeviceInit, "WdfFdoInitSetDefaultChildListConfig");
    settings.has_child_list = true;
    settings.child_list = *Config;
    settings.has_child_list_attributes = DefaultChildListAttributes != nullptr;
    if (settings.has_child_list_attributes) settings.child_list_attributes = *DefaultChildListAttributes;
}
GX_EXPORT_FUNCTION(WdfFdoInitSetDefaultChildListConfig);

// ---- class extensions ----------------------------------------------------------------------------

PWDFCXDEVICE_INIT WdfCxDeviceInitAllocate(PWDFDEVICE_INIT DeviceInit) {
    enter("WdfCxDeviceInitAllocate", PASSIVE_LEVEL);
    WDFDEVICE_INIT& init = WDFDEVICE_INIT::checked(DeviceInit, "WdfCxDeviceInitAllocate");
    Driver* driver = Driver::calling(__builtin_return_address(0));
    gpioclx::machine::ArenaScope inside;
    auto* settings = new ExtensionSettings;
    settings->driver = driver;
    ExtensionSettings** link = &init.settings.extensions;
    while (*link != nullptr) link = &(*link)->next;
    *link = settings;
    auto* extension = new WDFCXDEVICE_INIT;
    extension->settings = settings;
    extension->next = init.extension_inits;
    init.extension_inits = extension;
    return extension;
}
GX_EXPORT_FUNCTION(WdfCxDeviceInitAllocate);

VOID WdfCxDeviceInitSetPnpPowerEventCallbacks(PWDFCXDEVICE_INIT CxDeviceInit,
                                              PWDFCX_PNPPOWER_EVENT_CALLBACKS Callbacks) {
    constexpr const char* function = "WdfCxDeviceInitSetPnpPowerEventCallbacks";
    enter(function);
    require_size(Callbacks, function, "Callbacks");
    checked(CxDeviceInit, function).settings->pnp = *Callbacks;
}
GX_EXPORT_FUNCTION(WdfCxDeviceInitSetPnpPowerEventCallbacks);

VOID WdfCxDeviceInitSetFileObjectConfig(PWDFCXDEVICE_INIT CxDeviceInit, PWDFCX_FILEOBJECT_CONFIG Config,
                                        PWDF_OBJECT_ATTRIBUTES Attributes) {
    constexpr const char* function = "WdfCxDeviceInitSetFileObjectConfig";
    enter(function);
    require_size(Config, function, "Config");
    ExtensionSettings& settings = *checked(CxDeviceInit, function).settings;
    settings.has_file = true;
    settings.file = *Config;
    settings.has_file_attributes = Attributes != nullptr;
    if (Attributes != nullptr) settings.file_attributes = *Attributes;
}
GX_EXPORT_FUNCTION(WdfCxDeviceInitSetFileObjectConfig);

VOID WdfCxDeviceInitSetRequestAttributes(PWDFCXDEVICE_INIT CxDeviceInit, PWDF_OBJECT_ATTRIBUTES RequestAttributes) {
    constexpr const char* function = "WdfCxDeviceInitSetRequestAttributes";
    enter(function);
    require_size(RequestAttributes, function, "RequestAttributes");
    ExtensionSettings& settings = *checked(CxDeviceInit, function).settings;
    settings.has_request_attributes = true;
    settings.request_attributes = *RequestAttributes;
}
GX_EXPORT_FUNCTION(WdfCxDeviceInitSetRequestAttributes);

VOID WdfCxDeviceInitSetIoInCallerContextCallback(PWDFCXDEVICE_INIT CxDeviceInit,
                                                 PFN_WDF_IO_IN_CALLER_CONTEXT EvtIoInCallerContext) {
    constexpr const char* function = "WdfCxDeviceInitSetIoInCallerContextCallback";
    enter(function);
    checked(CxDeviceInit, function).settings->in_caller_context = EvtIoInCallerContext;
}
GX_EXPORT_FUNCTION(WdfCxDeviceInitSetIoInCallerContextCallback);

NTSTATUS WdfCxDeviceInitAssignWdmIrpPreprocessCallback(
    PWDFCXDEVICE_INIT CxDeviceInit, PFN_WDFDEVICE_WDM_IRP_PREPROCESS EvtCxDeviceWdmIrpPreprocess,
    UCHAR MajorFunction, PUCHAR MinorFunctions, ULONG NumMinorFunctions) {
    constexpr const char* function = "WdfCxDeviceInitAssignWdmIrpPreprocessCallback";
    enter(function);
    return checked(CxDeviceInit, function)
        .settings->preprocess.assign(EvtCxDeviceWdmIrpPreprocess, MajorFunction, MinorFunctions, NumMinorFunctions);
}
GX_EXPORT_FUNCTION(WdfCxDeviceInitAssignWdmIrpPreprocessCallback);

VOID WdfCxVerifierKeBugCheck(WDFOBJECT Object, ULONG BugCheckCode, ULONG_PTR BugCheckParameter1,
                             ULONG_PTR BugCheckParameter2, ULONG_PTR BugCheckParameter3,
                             ULONG_PTR BugCheckParameter4) {
    Device* device = is_object(Object) ? static_cast<gpioclx::framework::Object*>(Object)->device() : nullptr;
    report("lifetime-215", device, "a class extension stops the system: bug check 0x%X on behalf of its client",
           static_cast<unsigned>(BugCheckCode));
    KeBugCheckEx(BugCheckCode, BugCheckParameter1, BugCheckParameter2, BugCheckParameter3, BugCheckParameter4);
}
GX_EXPORT_FUNCTION(WdfCxVerifierKeBugCheck);

VOID WdfVerifierDbgBreakPoint(VOID) {
    report("lifetime-216", nullptr, "the driver asked for a break point (WdfVerifierDbgBreakPoint)");
}
GX_EXPORT_FUNCTION(WdfVerifierDbgBreakPoint);

VOID WdfVerifierKeBugCheck(ULONG BugCheckCode, ULONG_PTR BugCheckParameter1, ULONG_PTR BugCheckParameter2,
                           ULONG_PTR BugCheckParameter3, ULONG_PTR BugCheckParameter4) {
    KeBugCheckEx(BugCheckCode, BugCheckParameter1, BugCheckParameter2, BugCheckParameter3, BugCheckParameter4);
}
GX_EXPORT_FUNCTION(WdfVerifierKeBugCheck);

PVOID WdfGetTriageInfo(VOID) { return nullptr; }
GX_EXPORT_FUNCTION(WdfGetTriageInfo);
