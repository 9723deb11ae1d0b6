/* Device property keys. Deliberately readable again after initguid.h. */
#include "devpropdef.h"

#if !defined(GX_DEVPKEY_DECLARED) || (defined(INITGUID) && !defined(GX_DEVPKEY_DEFINED))
#define GX_DEVPKEY_DECLARED
#ifdef INITGUID
#define GX_DEVPKEY_DEFINED
#endif

#define GX_DEVICE_KEY_(name, pid)                                                                 \
    DEFINE_DEVPROPKEY(name, 0xa45c254e, 0xdf1c, 0x4efd, 0x80, 0x20, 0x67, 0xd1, 0x46, 0xa8, 0x50, \
                      0xe0, pid)
#define GX_INTERFACE_KEY_(name, pid)                                                              \
    DEFINE_DEVPROPKEY(name, 0x026e516e, 0xb814, 0x414b, 0x83, 0xcd, 0x85, 0x6d, 0x6f, 0xef, 0x48, \
                      0x22, pid)
/* Sensor keys: the documentation gives names and types only; the numbers are our own. */
#define GX_SENSOR_KEY_(name, pid)                                                                 \
    DEFINE_DEVPROPKEY(name, 0x5ea50001, 0x0000, 0x4000, 0x80, 0x00, 0x67, 0x70, 0x69, 0x6f, 0x63, \
                      0x6c, pid)

DEFINE_DEVPROPKEY(DEVPKEY_NAME, 0xb725f130, 0x47ef, 0x101a, 0xa5, 0xf1, 0x02, 0x60, 0x8c, 0x9e,
                  0xeb, 0xac, 10);
DEFINE_DEVPROPKEY(DEVPKEY_Device_InstanceId, 0x78c34fc8, 0x104a, 0x4aca, 0x9e, 0xa4, 0x52, 0x4d,
                  0x52, 0x99, 0x6e, 0x57, 256);
GX_DEVICE_KEY_(DEVPKEY_Device_DeviceDesc, 2);
GX_DEVICE_KEY_(DEVPKEY_Device_HardwareIds, 3);
GX_DEVICE_KEY_(DEVPKEY_Device_CompatibleIds, 4);
GX_DEVICE_KEY_(DEVPKEY_Device_Service, 6);
GX_DEVICE_KEY_(DEVPKEY_Device_Class, 9);
GX_DEVICE_KEY_(DEVPKEY_Device_ClassGuid, 10);
GX_DEVICE_KEY_(DEVPKEY_Device_Driver, 11);
GX_DEVICE_KEY_(DEVPKEY_Device_ConfigFlags, 12);
GX_DEVICE_KEY_(DEVPKEY_Device_Manufacturer, 13);
GX_DEVICE_KEY_(DEVPKEY_Device_FriendlyName, 14);
GX_DEVICE_KEY_(DEVPKEY_Device_LocationInfo, 15);
GX_DEVICE_KEY_(DEVPKEY_Device_PDOName, 16);
GX_DEVICE_KEY_(DEVPKEY_Device_Capabilities, 17);
GX_DEVICE_KEY_(DEVPKEY_Device_UINumber, 18);
GX_DEVICE_KEY_(DEVPKEY_Device_UpperFilters, 19);
GX_DEVICE_KEY_(DEVPKEY_Device_LowerFilters, 20);
GX_DEVICE_KEY_(DEVPKEY_Device_BusTypeGuid, 21);
GX_DEVICE_KEY_(DEVPKEY_Device_LegacyBusType, 22);
GX_DEVICE_KEY_(DEVPKEY_Device_BusNumber, 23);
GX_DEVICE_KEY_(DEVPKEY_Device_EnumeratorName, 24);
GX_DEVICE_KEY_(DEVPKEY_Device_Address, 30);
GX_DEVICE_KEY_(DEVPKEY_Device_LocationPaths, 37);
GX_INTERFACE_KEY_(DEVPKEY_DeviceInterface_FriendlyName, 2);
GX_INTERFACE_KEY_(DEVPKEY_DeviceInterface_Enabled, 3);
GX_INTERFACE_KEY_(DEVPKEY_DeviceInterface_ClassGuid, 4);
GX_INTERFACE_KEY_(DEVPKEY_DeviceInterface_ReferenceString, 5);
GX_INTERFACE_KEY_(DEVPKEY_DeviceInterface_Restricted, 6);
GX_INTERFACE_KEY_(DEVPKEY_DeviceInterface_UnrestrictedAppCapabilities, 8);
GX_INTERFACE_KEY_(DEVPKEY_DeviceInterface_SchematicName, 9);
GX_SENSOR_KEY_(DEVPKEY_Sensor_Type, 2);
GX_SENSOR_KEY_(DEVPKEY_Sensor_Category, 3);
GX_SENSOR_KEY_(DEVPKEY_Sensor_Manufacturer, 4);
GX_SENSOR_KEY_(DEVPKEY_Sensor_Model, 5);
GX_SENSOR_KEY_(DEVPKEY_Sensor_PersistentUniqueId, 6);
GX_SENSOR_KEY_(DEVPKEY_Sensor_ConnectionType, 7);
GX_SENSOR_KEY_(DEVPKEY_Sensor_IsPrimary, 8);
GX_SENSOR_KEY_(DEVPKEY_Sensor_Name, 9);

#undef GX_DEVICE_KEY_
#undef GX_INTERFACE_KEY_
#undef GX_SENSOR_KEY_
#endif
