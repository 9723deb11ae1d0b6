// The part of a class extension in the creation of its clients' devices, and bug checks on behalf
// of drivers.
#include "ext/gx_export.h"

#include "framework/call.h"
#include "framework/device.h"
#include "framework/device_init.h"
#include "framework/driver.h"

using namespace gpioclx::framework;

static WDFCXDEVICE_INIT& checked(PWDFCXDEVICE_INIT init, const char* function) {
    if (!gpioclx::machine::Arena::contains(init) ||
        init->signature != WDFCXDEVICE_INIT::live_signature) {
        violation("lifetime-213", nullptr, WDF_INVALID_HANDLE, reinterpret_cast<ULONG_PTR>(init), 0,
                  "%s was given an extension's device init that is not valid (any more)", function);
    }
    return *init;
}

GX_ASKS_CALLER
PWDFCXDEVICE_INIT WdfCxDeviceInitAllocate(PWDFDEVICE_INIT DeviceInit) {
    enter();
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
    enter();
    require_size(Callbacks, function, "Callbacks");
    checked(CxDeviceInit, function).settings->pnp = *Callbacks;
}
GX_EXPORT_FUNCTION(WdfCxDeviceInitSetPnpPowerEventCallbacks);

VOID WdfCxDeviceInitSetFileObjectConfig(PWDFCXDEVICE_INIT CxDeviceInit,
                                        PWDFCX_FILEOBJECT_CONFIG Config,
                                        PWDF_OBJECT_ATTRIBUTES Attributes) {
    constexpr const char* function = "WdfCxDeviceInitSetFileObjectConfig";
    enter();
    require_size(Config, function, "Config");
    ExtensionSettings& settings = *checked(CxDeviceInit, function).settings;
    settings.has_file = true;
    settings.file = *Config;
    settings.has_file_attributes = Attributes != nullptr;
    if (Attributes != nullptr) settings.file_attributes = *Attributes;
}
GX_EXPORT_FUNCTION(WdfCxDeviceInitSetFileObjectConfig);

VOID WdfCxDeviceInitSetRequestAttributes(PWDFCXDEVICE_INIT CxDeviceInit,
                                         PWDF_OBJECT_ATTRIBUTES RequestAttributes) {
    constexpr const char* function = "WdfCxDeviceInitSetRequestAttributes";
    enter();
    require_size(RequestAttributes, function, "RequestAttributes");
    ExtensionSettings& settings = *checked(CxDeviceInit, function).settings;
    settings.has_request_attributes = true;
    settings.request_attributes = *RequestAttributes;
}
GX_EXPORT_FUNCTION(WdfCxDeviceInitSetRequestAttributes);

VOID WdfCxDeviceInitSetIoInCallerContextCallback(
    PWDFCXDEVICE_INIT CxDeviceInit, PFN_WDF_IO_IN_CALLER_CONTEXT EvtIoInCallerContext) {
    constexpr const char* function = "WdfCxDeviceInitSetIoInCallerContextCallback";
    enter();
    checked(CxDeviceInit, function).settings->in_caller_context = EvtIoInCallerContext;
}
GX_EXPORT_FUNCTION(WdfCxDeviceInitSetIoInCallerContextCallback);

NTSTATUS WdfCxDeviceInitAssignWdmIrpPreprocessCallback(
    PWDFCXDEVICE_INIT CxDeviceInit, PFN_WDFDEVICE_WDM_IRP_PREPROCESS EvtCxDeviceWdmIrpPreprocess,
    UCHAR MajorFunction, PUCHAR MinorFunctions, ULONG NumMinorFunctions) {
    constexpr const char* function = "WdfCxDeviceInitAssignWdmIrpPreprocessCallback";
    enter();
    return checked(CxDeviceInit, function)
        .settings->preprocess.assign(EvtCxDeviceWdmIrpPreprocess, MajorFunction, MinorFunctions,
                                     NumMinorFunctions);
}
GX_EXPORT_FUNCTION(WdfCxDeviceInitAssignWdmIrpPreprocessCallback);

VOID WdfCxVerifierKeBugCheck(WDFOBJECT Object, ULONG BugCheckCode, ULONG_PTR BugCheckParameter1,
                             ULONG_PTR BugCheckParameter2, ULONG_PTR BugCheckParameter3,
                             ULONG_PTR BugCheckParameter4) {
    Device* device =
        is_object(Object) ? static_cast<gpioclx::framework::Object*>(Object)->device() : nullptr;
    report("lifetime-215", device,
           "a class extension stops the system: bug check 0x%X on behalf of its client",
           static_cast<unsigned>(BugCheckCode));
    KeBugCheckEx(BugCheckCode, BugCheckParameter1, BugCheckParameter2, BugCheckParameter3,
                 BugCheckParameter4);
}
GX_EXPORT_FUNCTION(WdfCxVerifierKeBugCheck);

VOID WdfVerifierDbgBreakPoint(VOID) {
    report("lifetime-216", nullptr,
           "the driver asked for a break point (WdfVerifierDbgBreakPoint)");
}
GX_EXPORT_FUNCTION(WdfVerifierDbgBreakPoint);

VOID WdfVerifierKeBugCheck(ULONG BugCheckCode, ULONG_PTR BugCheckParameter1,
                           ULONG_PTR BugCheckParameter2, ULONG_PTR BugCheckParameter3,
                           ULONG_PTR BugCheckParameter4) {
    KeBugCheckEx(BugCheckCode, BugCheckParameter1, BugCheckParameter2, BugCheckParameter3,
                 BugCheckParameter4);
}
GX_EXPORT_FUNCTION(WdfVerifierKeBugCheck);

PVOID WdfGetTriageInfo(VOID) { return nullptr; }
GX_EXPORT_FUNCTION(WdfGetTriageInfo);
