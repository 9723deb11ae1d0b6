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

#if defined(GPIOCLX_KERNEL_BUILD)
extern PWDF_DRIVER_GLOBALS WdfDriverGlobals;
#else
/*
 * On Windows a library that every driver links defines them. Here each source does, weakly, so that
 * the image has one of each; WdfDriverCreate finds the pointer by its exported name.
 */
__attribute__((weak)) WDF_DRIVER_GLOBALS GxUnboundDriverGlobals;
__attribute__((weak)) PWDF_DRIVER_GLOBALS WdfDriverGlobals = &GxUnboundDriverGlobals;
#endif

WDF_EXTERN_C_END
