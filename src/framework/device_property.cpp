#include "framework/device_property.h"

#include "ext/gx_export.h"

#include "framework/device.h"
#include "framework/driver.h"
#include "framework/memory.h"

namespace gpioclx::framework {

NTSTATUS query_property(DEVICE_OBJECT* pdo, DEVICE_REGISTRY_PROPERTY property, ULONG length,
                        PVOID buffer, PULONG needed) {
    if (pdo == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    return IoGetDeviceProperty(pdo, property, length, buffer, needed);
}

NTSTATUS query_property_memory(Driver& driver, Object* parent, DEVICE_OBJECT* pdo,
                               DEVICE_REGISTRY_PROPERTY property, POOL_TYPE pool,
                               const WDF_OBJECT_ATTRIBUTES* attributes, WDFMEMORY* memory) {
    *memory = nullptr;
    ULONG needed = 0;
    NTSTATUS status = query_property(pdo, property, 0, nullptr, &needed);
    if (status != STATUS_BUFFER_TOO_SMALL) return NT_SUCCESS(status) ? STATUS_NOT_FOUND : status;
    Memory* object;
    status = create_pool_memory(&driver, parent, attributes, pool, 0, needed,
                                "WdfDeviceAllocAndQueryProperty", &object);
    if (!NT_SUCCESS(status)) return status;
    status = query_property(pdo, property, needed, object->buffer(), &needed);
    if (!NT_SUCCESS(status)) {
        object->delete_object();
        return status;
    }
    *memory = static_cast<WDFMEMORY>(object->handle());
    return STATUS_SUCCESS;
}

NTSTATUS query_property_ex(DEVICE_OBJECT* pdo, const WDF_DEVICE_PROPERTY_DATA* property,
                           ULONG length, PVOID buffer, PULONG needed, PDEVPROPTYPE type) {
    if (property == nullptr || property->Size != sizeof(WDF_DEVICE_PROPERTY_DATA))
        return STATUS_INFO_LENGTH_MISMATCH;
    if (pdo == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    return IoGetDevicePropertyData(pdo, property->PropertyKey, property->Lcid, property->Flags,
                                   length, buffer, needed, type);
}

NTSTATUS query_property_memory_ex(Driver& driver, Object* parent, DEVICE_OBJECT* pdo,
                                  const WDF_DEVICE_PROPERTY_DATA* property, POOL_TYPE pool,
                                  const WDF_OBJECT_ATTRIBUTES* attributes, WDFMEMORY* memory,
                                  PDEVPROPTYPE type) {
    *memory = nullptr;
    ULONG needed = 0;
    NTSTATUS status = query_property_ex(pdo, property, 0, nullptr, &needed, type);
    if (status != STATUS_BUFFER_TOO_SMALL) return NT_SUCCESS(status) ? STATUS_NOT_FOUND : status;
    Memory* object;
    status = create_pool_memory(&driver, parent, attributes, pool, 0, needed,
                                "WdfDeviceAllocAndQueryPropertyEx", &object);
    if (!NT_SUCCESS(status)) return status;
    status = query_property_ex(pdo, property, needed, object->buffer(), &needed, type);
    if (!NT_SUCCESS(status)) {
        object->delete_object();
        return status;
    }
    *memory = static_cast<WDFMEMORY>(object->handle());
    return STATUS_SUCCESS;
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

NTSTATUS WdfDeviceQueryProperty(WDFDEVICE Device, DEVICE_REGISTRY_PROPERTY DeviceProperty,
                                ULONG BufferLength, PVOID PropertyBuffer, PULONG ResultLength) {
    enter();
    require(ResultLength, "WdfDeviceQueryProperty", "ResultLength");
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfDeviceQueryProperty");
    return query_property(device.pdo(), DeviceProperty, BufferLength, PropertyBuffer, ResultLength);
}
GX_EXPORT_FUNCTION(WdfDeviceQueryProperty);

NTSTATUS WdfDeviceAllocAndQueryProperty(WDFDEVICE Device, DEVICE_REGISTRY_PROPERTY DeviceProperty,
                                        POOL_TYPE PoolType,
                                        PWDF_OBJECT_ATTRIBUTES PropertyMemoryAttributes,
                                        WDFMEMORY* PropertyMemory) {
    enter();
    require(PropertyMemory, "WdfDeviceAllocAndQueryProperty", "PropertyMemory");
    auto& device =
        from_handle<gpioclx::framework::Device>(Device, "WdfDeviceAllocAndQueryProperty");
    return query_property_memory(*device.driver(), &device, device.pdo(), DeviceProperty, PoolType,
                                 PropertyMemoryAttributes, PropertyMemory);
}
GX_EXPORT_FUNCTION(WdfDeviceAllocAndQueryProperty);

NTSTATUS WdfDeviceQueryPropertyEx(WDFDEVICE Device, PWDF_DEVICE_PROPERTY_DATA DeviceProperty,
                                  ULONG BufferLength, PVOID PropertyBuffer, PULONG RequiredSize,
                                  PDEVPROPTYPE Type) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfDeviceQueryPropertyEx");
    return query_property_ex(device.pdo(), DeviceProperty, BufferLength, PropertyBuffer,
                             RequiredSize, Type);
}
GX_EXPORT_FUNCTION(WdfDeviceQueryPropertyEx);

NTSTATUS WdfDeviceAllocAndQueryPropertyEx(WDFDEVICE Device,
                                          PWDF_DEVICE_PROPERTY_DATA DeviceProperty,
                                          POOL_TYPE PoolType,
                                          PWDF_OBJECT_ATTRIBUTES PropertyMemoryAttributes,
                                          WDFMEMORY* PropertyMemory, PDEVPROPTYPE Type) {
    enter();
    auto& device =
        from_handle<gpioclx::framework::Device>(Device, "WdfDeviceAllocAndQueryPropertyEx");
    return query_property_memory_ex(*device.driver(), &device, device.pdo(), DeviceProperty,
                                    PoolType, PropertyMemoryAttributes, PropertyMemory, Type);
}
GX_EXPORT_FUNCTION(WdfDeviceAllocAndQueryPropertyEx);

NTSTATUS WdfDeviceAssignProperty(WDFDEVICE Device, PWDF_DEVICE_PROPERTY_DATA DeviceProperty,
                                 DEVPROPTYPE Type, ULONG Size, PVOID Data) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfDeviceAssignProperty");
    if (DeviceProperty == nullptr || DeviceProperty->Size != sizeof(WDF_DEVICE_PROPERTY_DATA))
        return STATUS_INFO_LENGTH_MISMATCH;
    if (device.pdo() == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    return IoSetDevicePropertyData(device.pdo(), DeviceProperty->PropertyKey, DeviceProperty->Lcid,
                                   DeviceProperty->Flags, Type, Size, Data);
}
GX_EXPORT_FUNCTION(WdfDeviceAssignProperty);
