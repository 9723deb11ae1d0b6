/*
 * The part of a device's creation that belongs to a class extension: callbacks that run before or
 * after those of the client, and file objects and requests that the extension sees first.
 *
 * The function names are those of the framework; Windows publishes no declarations of them, so
 * parameters and members are ours. A client's own callbacks, set on the same PWDFDEVICE_INIT,
 * stay untouched.
 */
#pragma once

#include "wdfcxbase.h"

WDF_EXTERN_C_START

/*
 * Pre callbacks run on the way up before, on the way down after the client's callback; Post
 * callbacks the other way round. A failed Pre callback keeps the client's from being called.
 */
typedef struct _WDFCX_PNPPOWER_EVENT_CALLBACKS {
    ULONG Size;
    PFN_WDF_DEVICE_PREPARE_HARDWARE EvtCxDevicePrePrepareHardware;
    PFN_WDF_DEVICE_PREPARE_HARDWARE EvtCxDevicePostPrepareHardware;
    PFN_WDF_DEVICE_RELEASE_HARDWARE EvtCxDevicePreReleaseHardware;
    PFN_WDF_DEVICE_RELEASE_HARDWARE EvtCxDevicePostReleaseHardware;
    PFN_WDF_DEVICE_D0_ENTRY EvtCxDevicePreD0Entry;
    PFN_WDF_DEVICE_D0_ENTRY EvtCxDevicePostD0Entry;
    PFN_WDF_DEVICE_D0_EXIT EvtCxDevicePreD0Exit;
    PFN_WDF_DEVICE_D0_EXIT EvtCxDevicePostD0Exit;
} WDFCX_PNPPOWER_EVENT_CALLBACKS, *PWDFCX_PNPPOWER_EVENT_CALLBACKS;

FORCEINLINE VOID WDFCX_PNPPOWER_EVENT_CALLBACKS_INIT(
    _Out_ PWDFCX_PNPPOWER_EVENT_CALLBACKS Callbacks)
{
    RtlZeroMemory(Callbacks, sizeof(*Callbacks));
    Callbacks->Size = WDF_STRUCTURE_SIZE(WDFCX_PNPPOWER_EVENT_CALLBACKS);
}

/* TRUE: the extension has taken the create request and completes it. */
typedef BOOLEAN NTAPI EVT_WDFCX_DEVICE_FILE_CREATE(
    _In_ WDFDEVICE Device, _In_ WDFREQUEST Request, _In_opt_ WDFFILEOBJECT FileObject);
typedef EVT_WDFCX_DEVICE_FILE_CREATE *PFN_WDFCX_DEVICE_FILE_CREATE;

typedef struct _WDFCX_FILEOBJECT_CONFIG {
    ULONG Size;
    PFN_WDFCX_DEVICE_FILE_CREATE EvtCxDeviceFileCreate;
    PFN_WDF_FILE_CLOSE EvtFileClose;
    PFN_WDF_FILE_CLEANUP EvtFileCleanup;
    WDF_TRI_STATE AutoForwardCleanupClose;
    WDF_FILEOBJECT_CLASS FileObjectClass;
} WDFCX_FILEOBJECT_CONFIG, *PWDFCX_FILEOBJECT_CONFIG;

FORCEINLINE VOID WDFCX_FILEOBJECT_CONFIG_INIT(
    _Out_ PWDFCX_FILEOBJECT_CONFIG Config,
    _In_opt_ PFN_WDFCX_DEVICE_FILE_CREATE EvtCxDeviceFileCreate,
    _In_opt_ PFN_WDF_FILE_CLOSE EvtFileClose, _In_opt_ PFN_WDF_FILE_CLEANUP EvtFileCleanup)
{
    RtlZeroMemory(Config, sizeof(*Config));
    Config->Size = WDF_STRUCTURE_SIZE(WDFCX_FILEOBJECT_CONFIG);
    Config->EvtCxDeviceFileCreate = EvtCxDeviceFileCreate;
    Config->EvtFileClose = EvtFileClose;
    Config->EvtFileCleanup = EvtFileCleanup;
    Config->AutoForwardCleanupClose = WdfUseDefault;
    Config->FileObjectClass = WdfFileObjectWdfCannotUseFsContexts;
}

/* NULL if memory is short. Belongs to DeviceInit and goes with it. */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
PWDFCXDEVICE_INIT WdfCxDeviceInitAllocate(_In_ PWDFDEVICE_INIT DeviceInit);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfCxDeviceInitSetPnpPowerEventCallbacks(
    _In_ PWDFCXDEVICE_INIT CxDeviceInit, _In_ PWDFCX_PNPPOWER_EVENT_CALLBACKS Callbacks);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfCxDeviceInitSetFileObjectConfig(
    _In_ PWDFCXDEVICE_INIT CxDeviceInit, _In_ PWDFCX_FILEOBJECT_CONFIG Config,
    _In_opt_ PWDF_OBJECT_ATTRIBUTES Attributes);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfCxDeviceInitSetRequestAttributes(
    _In_ PWDFCXDEVICE_INIT CxDeviceInit, _In_ PWDF_OBJECT_ATTRIBUTES RequestAttributes);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfCxDeviceInitSetIoInCallerContextCallback(
    _In_ PWDFCXDEVICE_INIT CxDeviceInit,
    _In_ PFN_WDF_IO_IN_CALLER_CONTEXT EvtIoInCallerContext);

_Must_inspect_result_ _IRQL_requires_max_(DISPATCH_LEVEL)
NTSTATUS WdfCxDeviceInitAssignWdmIrpPreprocessCallback(
    _In_ PWDFCXDEVICE_INIT CxDeviceInit,
    _In_ PFN_WDFDEVICE_WDM_IRP_PREPROCESS EvtCxDeviceWdmIrpPreprocess, _In_ UCHAR MajorFunction,
    _In_opt_ PUCHAR MinorFunctions, _In_ ULONG NumMinorFunctions);

WDF_EXTERN_C_END
