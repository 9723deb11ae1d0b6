// What a function driver may ask and say about a device before it is created.
#include "ext/gx_export.h"

#include "framework/call.h"
#include "framework/device_init.h"
#include "framework/device_property.h"
#include "framework/driver.h"
#include "framework/registry_key.h"

using namespace gpioclx::framework;

PDEVICE_OBJECT WdfFdoInitWdmGetPhysicalDevice(PWDFDEVICE_INIT DeviceInit) {
    enter();
    return WDFDEVICE_INIT::checked(DeviceInit, "WdfFdoInitWdmGetPhysicalDevice").pdo;
}
GX_EXPORT_FUNCTION(WdfFdoInitWdmGetPhysicalDevice);

NTSTATUS WdfFdoInitOpenRegistryKey(PWDFDEVICE_INIT DeviceInit, ULONG DeviceInstanceKeyType,
                                   ACCESS_MASK DesiredAccess, PWDF_OBJECT_ATTRIBUTES KeyAttributes,
                                   WDFKEY* Key) {
    enter();
    WDFDEVICE_INIT& init = WDFDEVICE_INIT::checked(DeviceInit, "WdfFdoInitOpenRegistryKey");
    return open_device_key(*init.driver, init.driver, init.pdo, DeviceInstanceKeyType,
                           DesiredAccess, KeyAttributes, Key);
}
GX_EXPORT_FUNCTION(WdfFdoInitOpenRegistryKey);

NTSTATUS WdfFdoInitQueryProperty(PWDFDEVICE_INIT DeviceInit,
                                 DEVICE_REGISTRY_PROPERTY DeviceProperty, ULONG BufferLength,
                                 PVOID PropertyBuffer, PULONG ResultLength) {
    enter();
    require(ResultLength, "WdfFdoInitQueryProperty", "ResultLength");
    return query_property(WDFDEVICE_INIT::checked(DeviceInit, "WdfFdoInitQueryProperty").pdo,
                          DeviceProperty, BufferLength, PropertyBuffer, ResultLength);
}
GX_EXPORT_FUNCTION(WdfFdoInitQueryProperty);

NTSTATUS WdfFdoInitAllocAndQueryProperty(PWDFDEVICE_INIT DeviceInit,
                                         DEVICE_REGISTRY_PROPERTY DeviceProperty,
                                         POOL_TYPE PoolType,
                                         PWDF_OBJECT_ATTRIBUTES PropertyMemoryAttributes,
                                         WDFMEMORY* PropertyMemory) {
    enter();
    WDFDEVICE_INIT& init = WDFDEVICE_INIT::checked(DeviceInit, "WdfFdoInitAllocAndQueryProperty");
    return query_property_memory(*init.driver, init.driver, init.pdo, DeviceProperty, PoolType,
                                 PropertyMemoryAttributes, PropertyMemory);
}
GX_EXPORT_FUNCTION(WdfFdoInitAllocAndQueryProperty);

NTSTATUS WdfFdoInitQueryPropertyEx(PWDFDEVICE_INIT DeviceInit,
                                   PWDF_DEVICE_PROPERTY_DATA DeviceProperty, ULONG BufferLength,
                                   PVOID PropertyBuffer, PULONG ResultLength, PDEVPROPTYPE Type) {
    enter();
    return query_property_ex(WDFDEVICE_INIT::checked(DeviceInit, "WdfFdoInitQueryPropertyEx").pdo,
                             DeviceProperty, BufferLength, PropertyBuffer, ResultLength, Type);
}
GX_EXPORT_FUNCTION(WdfFdoInitQueryPropertyEx);

NTSTATUS WdfFdoInitAllocAndQueryPropertyEx(PWDFDEVICE_INIT DeviceInit,
                                           PWDF_DEVICE_PROPERTY_DATA DeviceProperty,
                                           POOL_TYPE PoolType,
                                           PWDF_OBJECT_ATTRIBUTES PropertyMemoryAttributes,
                                           WDFMEMORY* PropertyMemory, PDEVPROPTYPE Type) {
    enter();
    WDFDEVICE_INIT& init = WDFDEVICE_INIT::checked(DeviceInit, "WdfFdoInitAllocAndQueryPropertyEx");
    return query_property_memory_ex(*init.driver, init.driver, init.pdo, DeviceProperty, PoolType,
                                    PropertyMemoryAttributes, PropertyMemory, Type);
}
GX_EXPORT_FUNCTION(WdfFdoInitAllocAndQueryPropertyEx);

VOID WdfFdoInitSetEventCallbacks(PWDFDEVICE_INIT DeviceInit,
                                 PWDF_FDO_EVENT_CALLBACKS FdoEventCallbacks) {
    enter();
    require_size(FdoEventCallbacks, "WdfFdoInitSetEventCallbacks", "FdoEventCallbacks");
    settings_of(DeviceInit, "WdfFdoInitSetEventCallbacks").fdo = *FdoEventCallbacks;
}
GX_EXPORT_FUNCTION(WdfFdoInitSetEventCallbacks);

VOID WdfFdoInitSetFilter(PWDFDEVICE_INIT DeviceInit) {
    enter();
    DeviceSettings& settings = settings_of(DeviceInit, "WdfFdoInitSetFilter");
    settings.role = DeviceRole::filter;
    if (!settings.owns_power_policy_set) settings.owns_power_policy = false;
}
GX_EXPORT_FUNCTION(WdfFdoInitSetFilter);

VOID WdfFdoInitSetDefaultChildListConfig(PWDFDEVICE_INIT DeviceInit, PWDF_CHILD_LIST_CONFIG Config,
                                         PWDF_OBJECT_ATTRIBUTES DefaultChildListAttributes) {
    enter();
    require_size(Config, "WdfFdoInitSetDefaultChildListConfig", "Config");
    DeviceSettings& settings = settings_of(DeviceInit, "WdfFdoInitSetDefaultChildListConfig");
    settings.has_child_list = true;
    settings.child_list = *Config;
    settings.has_child_list_attributes = DefaultChildListAttributes != nullptr;
    if (settings.has_child_list_attributes)
        settings.child_list_attributes = *DefaultChildListAttributes;
}
GX_EXPORT_FUNCTION(WdfFdoInitSetDefaultChildListConfig);
