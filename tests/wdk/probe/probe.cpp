// A driver in which names stand that are no declarations: scripts/wdk-coverage adds their lines.
#define POOL_ZERO_DOWN_LEVEL_SUPPORT
#define NTSTRSAFE_LIB
#define INITGUID
#include <ntddk.h>
#include <wdf.h>

#include <ntstrsafe.h>
#include <wdmguid.h>

#define RESHUB_USE_HELPER_ROUTINES
#include <reshub.h>

#define WPP_CONTROL_GUIDS                                                            \
    WPP_DEFINE_CONTROL_GUID(GxTraceGuid, (8f3a9d5c, 1c2b, 4d3e, 9a7f, 0123456789ab), \
                            WPP_DEFINE_BIT(GX_TRACE))

#define WPP_LEVEL_FLAGS_LOGGER(level, flags) WPP_LEVEL_LOGGER(flags)
#define WPP_LEVEL_FLAGS_ENABLED(level, flags) \
    (WPP_LEVEL_ENABLED(flags) && WPP_CONTROL(WPP_BIT_##flags).Level >= level)
#define WPP_RECORDER_LEVEL_FLAGS_ARGS(level, flags) \
    WPP_CONTROL(WPP_BIT_##flags).AutoLogContext, level, WPP_BIT_##flags
#define WPP_RECORDER_LEVEL_FLAGS_FILTER(level, flags) \
    (level < TRACE_LEVEL_VERBOSE || WPP_CONTROL(WPP_BIT_##flags).AutoLogVerboseEnabled)
#define WPP_RECORDER_LEVEL_FILTER(level) (level < TRACE_LEVEL_VERBOSE)
#define WPP_CHECK_FOR_NULL_STRING

// begin_wpp config
// FUNC GxRecorderTrace(LEVEL, FLAGS, MSG, ...);
// FUNC GxLevelTrace(LEVEL, MSG, ...);
// end_wpp

#include "probe.tmh"

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
    WDF_DRIVER_CONFIG config;
    WDF_DRIVER_CONFIG_INIT(&config, NULL);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                           WDF_NO_HANDLE);
}
