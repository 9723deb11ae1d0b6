// WDFDRIVER: what DriverEntry creates. It takes the WDM entry points of the driver object over and
// turns them into framework events. PASSIVE_LEVEL.
#pragma once

#include "framework/object.h"
#include "framework/owned_string.h"
#include "framework/user_view.h"
#include "machine/name_table.h"

namespace gpioclx::kernel {
struct UserModeInstall;
}
namespace gpioclx::kernel::ldr {
class Image;
}

namespace gpioclx::framework {

class SpinLock;

class Driver final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::driver;
    // `caller`: an address in the driver's code, which tells its image.
    Driver(DRIVER_OBJECT* wdm, const WDF_DRIVER_CONFIG& config, const void* caller);
    ~Driver() override;

    // The driver in whose image `return_address` lies; code outside all images (tests) has one
    // driver together. Bug check if there is none: nothing works before WdfDriverCreate.
    static Driver* calling(const void* return_address);
    static Driver* of(const DRIVER_OBJECT* wdm);

    DRIVER_OBJECT* wdm() const { return wdm_; }
    const char* name() const { return name_; }  // "simdevice"
    machine::NameId name_id() const { return name_id_; }
    const UNICODE_STRING* registry_path() const { return registry_path_.get(); }
    // As the driver sees it.
    WCHAR* registry_path_text();
    bool set_registry_path(const UNICODE_STRING* path) { return registry_path_.assign(path); }
    const WDF_DRIVER_CONFIG& config() const { return config_; }
    // How it is installed in user mode; null for a driver of the kernel.
    const kernel::UserModeInstall* user_mode() const;
    // The process that hosts it; null: the machine.
    kernel::um::UserProcess* process() const;
    bool lost() const;  // its process died
    bool passive_execution() override { return passive_ || user_mode() != nullptr; }
    WDF_SYNCHRONIZATION_SCOPE scope() const { return scope_; }
    void set_levels(const WDF_OBJECT_ATTRIBUTES* attributes);

    // "simdevice spin lock 2": numbered in order of creation.
    struct ObjectName {
        char text[64];
    };
    ObjectName object_name(const char* kind);

    static NTSTATUS NTAPI add_device(DRIVER_OBJECT* wdm, DEVICE_OBJECT* pdo);
    static VOID NTAPI unload(DRIVER_OBJECT* wdm);

    // Spin locks of the driver that are held, the latest first.
    SpinLock* held_spin_locks = nullptr;

    void watch_process();
    // Puts WDFDRIVER into the image's globals.
    void bind_globals();

  private:
    void abandon_requests();
    void release_locks_of_caller();

    DRIVER_OBJECT* wdm_;
    WDF_DRIVER_CONFIG config_;
    const kernel::ldr::Image* image_;  // null outside images
    OwnedString registry_path_;
    UserView registry_path_view_;
    char name_[32]{};
    machine::NameId name_id_ = machine::no_name;
    bool passive_ = false;
    WDF_SYNCHRONIZATION_SCOPE scope_ = WdfSynchronizationScopeNone;
    ULONG named_objects_ = 0;
    Driver* next_ = nullptr;
    WDF_DRIVER_GLOBALS* globals_ = nullptr;
};

}  // namespace gpioclx::framework

extern "C" {
// Before DriverEntry, by the entry code of a driver image: prepares the image's WdfDriverGlobals.
NTSTATUS GxFrameworkBind(PDRIVER_OBJECT DriverObject, PWDF_DRIVER_GLOBALS* Globals);
// After a DriverEntry that failed: drops what WdfDriverCreate made.
VOID GxFrameworkUnbind(PDRIVER_OBJECT DriverObject);
}
