#include "framework/driver.h"

#include "ext/gx_export.h"
#include "ext/gx_pnp.h"

#include <cstdio>
#include <cstring>
#include <new>

#include "framework/attributes.h"
#include "framework/callback.h"
#include "framework/device.h"
#include "framework/device_init.h"
#include "framework/dispatch.h"
#include "framework/registry_key.h"
#include "framework/string.h"
#include "kernel/ldr/image.h"
#include "kernel/system.h"
#include "kernel/um/user_process.h"
#include "machine/machine.h"

namespace gpioclx::framework {
namespace {

// The globals of a driver image: bound before DriverEntry, so before there is a Driver.
struct BoundGlobals : gpioclx::machine::SeenByDrivers {
    DRIVER_OBJECT* wdm;
    WDF_DRIVER_GLOBALS globals;
    BoundGlobals* next;
};

struct DriverTable {
    Driver* first = nullptr;
    BoundGlobals* bound = nullptr;
};

DriverTable& table() { return kernel::part<DriverTable>(); }

BoundGlobals* find_bound(const DRIVER_OBJECT* wdm) {
    for (BoundGlobals* b = table().bound; b != nullptr; b = b->next) {
        if (b->wdm == wdm) return b;
    }
    return nullptr;
}

}  // namespace

Driver::Driver(DRIVER_OBJECT* wdm, const WDF_DRIVER_CONFIG& config, const void* caller)
    : Object(object_type, nullptr),
      wdm_(wdm),
      config_(config),
      image_(kernel::um::caller_image(caller)) {
    // "\Driver\simdevice": the last part.
    const UNICODE_STRING& full = wdm->DriverName;
    std::size_t start = 0;
    const std::size_t length = full.Length / sizeof(WCHAR);
    for (std::size_t i = 0; i < length; ++i) {
        if (full.Buffer[i] == u'\\') start = i + 1;
    }
    std::size_t used = 0;
    for (std::size_t i = start; i < length && used + 1 < sizeof(name_); ++i) {
        name_[used++] = static_cast<char>(full.Buffer[i]);
    }
    if (used == 0) std::strcpy(name_, "driver");
    name_id_ = machine::Machine::current().name(name_);
    // In order of creation, so that "the first" means something.
    Driver** link = &table().first;
    while (*link != nullptr) link = &(*link)->next_;
    *link = this;
}

Driver::~Driver() {
    for (Driver** link = &table().first; *link != nullptr; link = &(*link)->next_) {
        if (*link != this) continue;
        *link = next_;
        break;
    }
    if (globals_ != nullptr) globals_->Driver = nullptr;
}

Driver* Driver::calling(const void* return_address) {
    const kernel::ldr::Image* image = kernel::um::caller_image(return_address);
    for (Driver* driver = table().first; driver != nullptr; driver = driver->next_) {
        if (driver->image_ == image && !driver->deleting()) return driver;
    }
    violation("lifetime-211", nullptr, WDF_INVALID_HANDLE, 0, 0,
              "a framework function was called by a driver that has not called WdfDriverCreate");
}

Driver* Driver::of(const DRIVER_OBJECT* wdm) {
    for (Driver* driver = table().first; driver != nullptr; driver = driver->next_) {
        if (driver->wdm_ == wdm) return driver;
    }
    return nullptr;
}

const kernel::UserModeInstall* Driver::user_mode() const {
    return image_ != nullptr ? image_->user_mode() : nullptr;
}

WCHAR* Driver::registry_path_text() {
    if (registry_path_view_.get() == nullptr) {
        const UNICODE_STRING& path = *registry_path_.get();
        registry_path_view_.show_copy(process(), path.Buffer, path.Length + sizeof(WCHAR));
    }
    return static_cast<WCHAR*>(registry_path_view_.get());
}

void Driver::set_levels(const WDF_OBJECT_ATTRIBUTES* attributes) {
    if (attributes == nullptr) return;
    passive_ = attributes->ExecutionLevel == WdfExecutionLevelPassive;
    if (attributes->SynchronizationScope != WdfSynchronizationScopeInheritFromParent) {
        scope_ = attributes->SynchronizationScope;
    }
}

Driver::ObjectName Driver::object_name(const char* kind) {
    ObjectName name;
    std::snprintf(name.text, sizeof(name.text), "%s %s %u", name_, kind,
                  static_cast<unsigned>(++named_objects_));
    return name;
}

// Bound by the image's entry code, else through the image's exported pointer.
void Driver::bind_globals() {
    if (find_bound(wdm_) == nullptr && image_ != nullptr) {
        auto* pointer = static_cast<PWDF_DRIVER_GLOBALS*>(image_->symbol("WdfDriverGlobals"));
        if (pointer != nullptr) GxFrameworkBind(wdm_, pointer);
    }
    BoundGlobals* bound = find_bound(wdm_);
    if (bound == nullptr) return;
    globals_ = &bound->globals;
    globals_->Driver = static_cast<WDFDRIVER>(handle());
    globals_->DriverTag = config_.DriverPoolTag;
    globals_->DriverFlags = config_.DriverInitFlags;
    static_assert(sizeof(name_) == sizeof(globals_->DriverName));
    std::memcpy(globals_->DriverName, name_, sizeof(name_));
}

NTSTATUS NTAPI Driver::add_device(DRIVER_OBJECT* wdm, DEVICE_OBJECT* pdo) {
    Driver* driver = of(wdm);
    if (driver == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    WDFDEVICE_INIT* init = WDFDEVICE_INIT::create(driver, DeviceRole::function);
    if (init == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    init->pdo = pdo;
    NTSTATUS status;
    {
        CallbackScope scope(Callback::driver_device_add, *driver);
        status = scope.call([&] {
            return driver->config().EvtDriverDeviceAdd(static_cast<WDFDRIVER>(driver->handle()),
                                                       init);
        });
    }
    Device* device = init->created;
    init->created = nullptr;
    WDFDEVICE_INIT::destroy(init);
    if (device == nullptr) {
        // A filter may decline; a failure before WdfDeviceCreate is still told by its callback's
        // name.
        if (!NT_SUCCESS(status))
            GxReportFailure(pdo, callback_text(Callback::driver_device_add), status);
        return status;
    }
    if (NT_SUCCESS(status)) {
        device->finish_add_device();
    } else {
        device->failed_in(callback_text(Callback::driver_device_add), status);
        device->undo_add_device();
    }
    return status;
}

VOID NTAPI Driver::unload(DRIVER_OBJECT* wdm) {
    Driver* driver = of(wdm);
    if (driver == nullptr) return;
    if (driver->config().EvtDriverUnload != nullptr) {
        CallbackScope scope(Callback::driver_unload, *driver);
        driver->config().EvtDriverUnload(static_cast<WDFDRIVER>(driver->handle()));
    }
    const std::string name(driver->name());
    driver->delete_object();
    report_kept_of(driver, name.c_str());
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

NTSTATUS GxFrameworkBind(PDRIVER_OBJECT DriverObject, PWDF_DRIVER_GLOBALS* Globals) {
    BoundGlobals* bound = find_bound(DriverObject);
    if (bound == nullptr) {
        gpioclx::machine::ArenaScope inside;
        bound = new BoundGlobals{};
        bound->wdm = DriverObject;
        bound->next = table().bound;
        table().bound = bound;
    }
    *Globals = &bound->globals;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(GxFrameworkBind);

VOID GxFrameworkUnbind(PDRIVER_OBJECT DriverObject) {
    if (Driver* driver = Driver::of(DriverObject)) driver->delete_object();
    for (BoundGlobals** link = &table().bound; *link != nullptr; link = &(*link)->next) {
        if ((*link)->wdm != DriverObject) continue;
        BoundGlobals* bound = *link;
        *link = bound->next;
        delete bound;
        return;
    }
}
GX_EXPORT_FUNCTION(GxFrameworkUnbind);

static NTSTATUS check_config(const WDF_DRIVER_CONFIG& config) {
    if (config.Size != sizeof(WDF_DRIVER_CONFIG)) return STATUS_INFO_LENGTH_MISMATCH;
    const bool non_pnp = (config.DriverInitFlags & WdfDriverInitNonPnpDriver) != 0;
    // Exactly one of the two: a PnP driver needs the event, another never gets it.
    if (non_pnp == (config.EvtDriverDeviceAdd != nullptr)) return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

static void take_over(DRIVER_OBJECT* wdm, const WDF_DRIVER_CONFIG& config) {
    const bool non_pnp = (config.DriverInitFlags & WdfDriverInitNonPnpDriver) != 0;
    if (!non_pnp) wdm->DriverExtension->AddDevice = &Driver::add_device;
    // A driver without PnP stays loaded unless it says how to unload.
    if (!non_pnp || config.EvtDriverUnload != nullptr) wdm->DriverUnload = &Driver::unload;
    if ((config.DriverInitFlags & WdfDriverInitNoDispatchOverride) != 0) return;
    for (auto& entry : wdm->MajorFunction) entry = &dispatch_irp;
}

GX_ASKS_CALLER
NTSTATUS WdfDriverCreate(PDRIVER_OBJECT DriverObject, PCUNICODE_STRING RegistryPath,
                         PWDF_OBJECT_ATTRIBUTES DriverAttributes, PWDF_DRIVER_CONFIG DriverConfig,
                         WDFDRIVER* Driver) {
    enter();
    require(DriverObject, "WdfDriverCreate", "DriverObject");
    require(RegistryPath, "WdfDriverCreate", "RegistryPath");
    require(DriverConfig, "WdfDriverCreate", "DriverConfig");
    if (Driver != nullptr) *Driver = nullptr;
    NTSTATUS status = check_config(*DriverConfig);
    if (NT_SUCCESS(status)) status = check_attributes(DriverAttributes, ObjectType::driver);
    if (NT_SUCCESS(status) && gpioclx::framework::Driver::of(DriverObject) != nullptr) {
        status = STATUS_DRIVER_INTERNAL_ERROR;  // one driver object each
    }
    if (!NT_SUCCESS(status)) return status;
    auto* driver = create_object<gpioclx::framework::Driver>(
        nullptr, DriverAttributes, DriverObject, *DriverConfig, __builtin_return_address(0));
    if (driver == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    if (!driver->set_registry_path(RegistryPath)) {
        driver->delete_object();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    driver->set_levels(DriverAttributes);
    driver->bind_globals();
    driver->watch_process();
    take_over(DriverObject, *DriverConfig);
    if (Driver != nullptr) *Driver = static_cast<WDFDRIVER>(driver->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDriverCreate);

PWSTR WdfDriverGetRegistryPath(WDFDRIVER Driver) {
    enter();
    return from_handle<gpioclx::framework::Driver>(Driver, "WdfDriverGetRegistryPath")
        .registry_path_text();
}
GX_EXPORT_FUNCTION(WdfDriverGetRegistryPath);

PDRIVER_OBJECT WdfDriverWdmGetDriverObject(WDFDRIVER Driver) {
    enter();
    return from_handle<gpioclx::framework::Driver>(Driver, "WdfDriverWdmGetDriverObject").wdm();
}
GX_EXPORT_FUNCTION(WdfDriverWdmGetDriverObject);

WDFDRIVER WdfWdmDriverGetWdfDriverHandle(PDRIVER_OBJECT DriverObject) {
    enter();
    auto* driver = gpioclx::framework::Driver::of(DriverObject);
    return driver != nullptr ? static_cast<WDFDRIVER>(driver->handle()) : nullptr;
}
GX_EXPORT_FUNCTION(WdfWdmDriverGetWdfDriverHandle);

NTSTATUS WdfDriverOpenParametersRegistryKey(WDFDRIVER Driver, ACCESS_MASK DesiredAccess,
                                            PWDF_OBJECT_ATTRIBUTES KeyAttributes, WDFKEY* Key) {
    enter();
    auto& driver =
        from_handle<gpioclx::framework::Driver>(Driver, "WdfDriverOpenParametersRegistryKey");
    return open_key_below(driver, driver.registry_path(), "\\Parameters", DesiredAccess,
                          KeyAttributes, Key);
}
GX_EXPORT_FUNCTION(WdfDriverOpenParametersRegistryKey);

NTSTATUS WdfDriverOpenPersistentStateRegistryKey(WDFDRIVER Driver, ACCESS_MASK DesiredAccess,
                                                 PWDF_OBJECT_ATTRIBUTES KeyAttributes,
                                                 WDFKEY* Key) {
    enter();
    auto& driver =
        from_handle<gpioclx::framework::Driver>(Driver, "WdfDriverOpenPersistentStateRegistryKey");
    return open_key_below(driver, driver.registry_path(), "\\PersistentState", DesiredAccess,
                          KeyAttributes, Key);
}
GX_EXPORT_FUNCTION(WdfDriverOpenPersistentStateRegistryKey);

NTSTATUS WdfDriverRegisterTraceInfo(PDRIVER_OBJECT DriverObject,
                                    PFN_WDF_TRACE_CALLBACK EvtTraceCallback, PVOID ControlBlock) {
    enter();
    UNREFERENCED_PARAMETER(ControlBlock);
    // Trace messages reach the event stream without a registration.
    return DriverObject != nullptr && EvtTraceCallback != nullptr ? STATUS_SUCCESS
                                                                  : STATUS_INVALID_PARAMETER;
}
GX_EXPORT_FUNCTION(WdfDriverRegisterTraceInfo);

NTSTATUS WdfDriverRetrieveVersionString(WDFDRIVER Driver, WDFSTRING String) {
    enter();
    auto& string =
        from_handle<gpioclx::framework::String>(String, "WdfDriverRetrieveVersionString");
    auto& of = from_handle<gpioclx::framework::Driver>(Driver, "WdfDriverRetrieveVersionString");
    return string.value().assign(of.user_mode() != nullptr ? "User Mode Driver Framework 2.33"
                                                           : "Kernel Mode Driver Framework 1.33")
               ? STATUS_SUCCESS
               : STATUS_INSUFFICIENT_RESOURCES;
}
GX_EXPORT_FUNCTION(WdfDriverRetrieveVersionString);

BOOLEAN WdfDriverIsVersionAvailable(WDFDRIVER Driver,
                                    PWDF_DRIVER_VERSION_AVAILABLE_PARAMS VersionAvailableParams) {
    enter();
    auto& of = from_handle<gpioclx::framework::Driver>(Driver, "WdfDriverIsVersionAvailable");
    require(VersionAvailableParams, "WdfDriverIsVersionAvailable", "VersionAvailableParams");
    if (VersionAvailableParams->Size != sizeof(WDF_DRIVER_VERSION_AVAILABLE_PARAMS)) return FALSE;
    const ULONG major = of.user_mode() != nullptr ? 2 : KMDF_VERSION_MAJOR;
    return VersionAvailableParams->MajorVersion == major &&
           VersionAvailableParams->MinorVersion <= KMDF_VERSION_MINOR;
}
GX_EXPORT_FUNCTION(WdfDriverIsVersionAvailable);

NTSTATUS WdfDriverErrorReportApiMissing(WDFDRIVER Driver, PCWSTR FrameworkExtensionName,
                                        ULONG ApiIndex, BOOLEAN DoesApiReturnNtstatus) {
    from_handle<gpioclx::framework::Driver>(Driver, "WdfDriverErrorReportApiMissing");
    UNREFERENCED_PARAMETER(FrameworkExtensionName);
    if (DoesApiReturnNtstatus) return STATUS_NOT_SUPPORTED;
    violation("lifetime-212", nullptr, WDF_API_UNAVAILABLE, ApiIndex, 0,
              "the driver called function %u, which this framework does not have",
              static_cast<unsigned>(ApiIndex));
}
GX_EXPORT_FUNCTION(WdfDriverErrorReportApiMissing);
