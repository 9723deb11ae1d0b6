// Properties of a physical device, as WDFDEVICE, WDFIOTARGET and PWDFDEVICE_INIT hand them out.
#pragma once

#include "framework/object.h"

namespace gpioclx::framework {

NTSTATUS query_property(DEVICE_OBJECT* pdo, DEVICE_REGISTRY_PROPERTY property, ULONG length,
                        PVOID buffer, PULONG needed);
NTSTATUS query_property_memory(Driver& driver, Object* parent, DEVICE_OBJECT* pdo,
                               DEVICE_REGISTRY_PROPERTY property, POOL_TYPE pool,
                               const WDF_OBJECT_ATTRIBUTES* attributes, WDFMEMORY* memory);
NTSTATUS query_property_ex(DEVICE_OBJECT* pdo, const WDF_DEVICE_PROPERTY_DATA* property,
                           ULONG length, PVOID buffer, PULONG needed, PDEVPROPTYPE type);
NTSTATUS query_property_memory_ex(Driver& driver, Object* parent, DEVICE_OBJECT* pdo,
                                  const WDF_DEVICE_PROPERTY_DATA* property, POOL_TYPE pool,
                                  const WDF_OBJECT_ATTRIBUTES* attributes, WDFMEMORY* memory,
                                  PDEVPROPTYPE type);

}  // namespace gpioclx::framework
