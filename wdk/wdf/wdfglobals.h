/*
 * What the framework knows about the driver that is calling. Each driver image holds its own
 * WdfDriverGlobals pointer; whoever loads the image points it at a structure before DriverEntry
 * runs, and WdfDriverCreate fills in Driver.
 */
#pragma once

#include "wdftypes.h"

#define WDF_DRIVER_GLOBALS_NAME_LEN (32)

WDF_EXTERN_C_START

typedef struct _WDF_DRIVER_GLOBALS {
    WDFDRIVER Driver;
    ULONG DriverFlags;
    ULONG DriverTag;
    CHAR DriverName[WDF_DRIVER_GLOBALS_NAME_LEN];
    BOOLEAN DisplaceDriverUnload;
} WDF_DRIVER_GLOBALS, *PWDF_DRIVER_GLOBALS;

extern PWDF_DRIVER_GLOBALS WdfDriverGlobals;

WDF_EXTERN_C_END
