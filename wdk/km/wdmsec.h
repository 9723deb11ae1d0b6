/* Secured device creation. The descriptors are kept as text and shown, nothing is enforced. */
#pragma once

#include "wdm.h"

#ifdef __cplusplus
#define GX_SDDL_(name, text)                                                                 \
    extern "C" DECLSPEC_SELECTANY const UNICODE_STRING name = {sizeof(text) - sizeof(WCHAR), \
                                                               sizeof(text), (PWCH)(text)}
#else
#define GX_SDDL_(name, text)                                                                    \
    DECLSPEC_SELECTANY const UNICODE_STRING name = {sizeof(text) - sizeof(WCHAR), sizeof(text), \
                                                    (PWCH)(text)}
#endif

GX_SDDL_(SDDL_DEVOBJ_KERNEL_ONLY, L"D:P");
GX_SDDL_(SDDL_DEVOBJ_INF_SUPPLIED, L"");
GX_SDDL_(SDDL_DEVOBJ_SYS_ALL, L"D:P(A;;GA;;;SY)");
GX_SDDL_(SDDL_DEVOBJ_SYS_ALL_ADM_ALL, L"D:P(A;;GA;;;SY)(A;;GA;;;BA)");
GX_SDDL_(SDDL_DEVOBJ_SYS_ALL_ADM_RX, L"D:P(A;;GA;;;SY)(A;;GRGX;;;BA)");
GX_SDDL_(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R, L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GR;;;WD)");
GX_SDDL_(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R_RES_R,
         L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GR;;;WD)(A;;GR;;;RC)");
GX_SDDL_(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R,
         L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GRGW;;;WD)(A;;GR;;;RC)");
GX_SDDL_(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RWX_RES_RWX,
         L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GRGWGX;;;WD)(A;;GRGWGX;;;RC)");

EXTERN_C_START
NTSTATUS IoCreateDeviceSecure(PDRIVER_OBJECT DriverObject, ULONG DeviceExtensionSize,
                              PUNICODE_STRING DeviceName, DEVICE_TYPE DeviceType,
                              ULONG DeviceCharacteristics, BOOLEAN Exclusive,
                              PCUNICODE_STRING DefaultSDDLString, LPCGUID DeviceClassGuid,
                              PDEVICE_OBJECT* DeviceObject);
EXTERN_C_END
#define WdmlibIoCreateDeviceSecure IoCreateDeviceSecure
