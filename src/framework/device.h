// WDFDEVICE: one device object of the driver and what the framework knows about it. Its way through
// start, stop and removal is in pnp_state.h, through power states in power_state.h.
#pragma once

#include <array>

#include "framework/callback_lock.h"
#include "framework/device_init.h"
#include "framework/list.h"
#include "framework/object.h"
#include "machine/name_table.h"

namespace gpioclx::framework {

class ChildList;
class FileObject;
class Interrupt;
class IoTarget;
class Queue;
class Request;
class CmResourceList;
struct PowerPolicy;

// Where a device stands in its life; WDF_DEVICE_PNP_STATE says more, this decides.
enum class PnpPhase : std::uint8_t {
    added,
    starting,
    started,
    stopped,
    failed,
    surprise_removed,
    removed
};
enum class PowerPhase : std::uint8_t { off, d0, low_power };

struct DeviceInterface {
    DeviceInterface* next = nullptr;
    GUID type{};
    OwnedString reference;
    OwnedString link;
    bool enabled_by_driver = true;
    bool enabled = false;
};

struct SymbolicLink {
    SymbolicLink* next = nullptr;
    OwnedString name;
};

struct OfferedInterface {
    OfferedInterface* next = nullptr;
    WDF_QUERY_INTERFACE_CONFIG config{};
    GUID type{};
    INTERFACE* table = nullptr;  // a copy of the driver's
};

// What stands in the extension of every device object of the framework.
struct DeviceExtension {
    static constexpr ULONG live_signature = 0x46445745;
    ULONG signature;
    Device* device;
};

class Device final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::device;
    Device(Driver* driver, DeviceSettings&& settings);
    ~Device() override;

    static Device* of(const DEVICE_OBJECT* wdm);

    // ---- identity -----------------------------------------------------------------------------
    DEVICE_OBJECT* wdm() const { return wdm_; }
    DEVICE_OBJECT* pdo() const { return pdo_; }
    DEVICE_OBJECT* lower() const { return lower_; }
    machine::NameId name_id() const { return name_id_; }
    const char* name() const { return name_; }
    WDFDEVICE device_handle() { return static_cast<WDFDEVICE>(handle()); }
    bool is_filter() const { return settings.role == DeviceRole::filter; }
    bool is_physical() const { return settings.role == DeviceRole::physical; }
    bool is_control() const { return settings.role == DeviceRole::control; }

    Device* device() override { return this; }
    CallbackLock* callback_lock() override { return lock_; }
    bool passive_execution() override { return passive_; }
    WDF_SYNCHRONIZATION_SCOPE scope() const { return scope_; }

    // ---- creation and deletion ----------------------------------------------------------------
    // Creates the device object and attaches it; see WdfDeviceCreate for the statuses.
    NTSTATUS create(WDFDEVICE_INIT& init, const WDF_OBJECT_ATTRIBUTES* attributes);
    void finish_add_device();
    void undo_add_device();
    // The device object goes: detaches, deletes names and the framework object.
    void destroy();

    // ---- events -------------------------------------------------------------------------------
    // device_state events: `state` is a state reached, or the callback that failed.
    void emit_state(const char* state, NTSTATUS status);
    // A start failed in `callback`: event, and remembered for the PnP manager.
    NTSTATUS failed_in(const char* callback, NTSTATUS status);
    void set_pnp_state(WDF_DEVICE_PNP_STATE state);
    void set_power_state(WDF_DEVICE_POWER_STATE state);
    void set_policy_state(WDF_DEVICE_POWER_POLICY_STATE state);

    // ---- I/O ----------------------------------------------------------------------------------
    // The queue that gets requests of this major function, or null.
    Queue* queue_for(UCHAR major) const {
        return major < queues_by_major.size() && queues_by_major[major] != nullptr
                   ? queues_by_major[major]
                   : default_queue;
    }
    // Gives a request to its queue, the next lower device (filters), or completes it.
    NTSTATUS enqueue(Request& request);
    FileObject* file_object(const FILE_OBJECT* wdm) const;

    DeviceSettings settings;
    PnpPhase phase = PnpPhase::added;
    PowerPhase power = PowerPhase::off;
    WDF_POWER_DEVICE_STATE power_detail = WdfPowerDeviceD3Final;  // D0 or the state left for
    WDF_DEVICE_PNP_STATE pnp_state = WdfDevStatePnpObjectCreated;
    WDF_DEVICE_POWER_STATE power_state = WdfDevStatePowerObjectCreated;
    WDF_DEVICE_POWER_POLICY_STATE policy_state = WdfDevStatePwrPolObjectCreated;
    bool prepared = false;           // PrepareHardware was called, ReleaseHardware was not yet
    bool in_prepare = false;         // PrepareHardware runs
    ULONG connections_withheld = 0;  // by user_mode.h
    bool self_managed_started = false;
    bool self_managed_suspended = false;
    bool self_managed_used = false;  // Init was called: Flush and Cleanup will be
    bool queues_purged = false;
    bool initializing_control = false;
    bool static_stop_remove = true;
    ULONG special_files = 0;
    WDF_DEVICE_STATE reported_state{};
    WDF_DEVICE_PNP_CAPABILITIES pnp_capabilities{};
    bool has_pnp_capabilities = false;
    WDF_DEVICE_POWER_CAPABILITIES power_capabilities{};
    bool has_power_capabilities = false;
    bool has_bus_information = false;
    PNP_BUS_INFORMATION bus_information{};
    POWER_ACTION system_power_action = PowerActionNone;

    CmResourceList* raw_resources = nullptr;
    CmResourceList* translated_resources = nullptr;

    std::array<Queue*, major_functions> queues_by_major{};
    Queue* default_queue = nullptr;
    Queue* first_queue = nullptr;          // all, in order of creation
    Interrupt* first_interrupt = nullptr;  // all, in order of creation
    IoTarget* local_target = nullptr;
    FileObject* first_file = nullptr;
    DeviceInterface* interfaces = nullptr;
    SymbolicLink* links = nullptr;
    OfferedInterface* offered = nullptr;
    PowerPolicy* policy = nullptr;
    ChildList* default_child_list = nullptr;
    ChildList* static_children = nullptr;
    Device* parent_device = nullptr;  // PDOs
    ChildList* child_list = nullptr;  // PDOs: the list it is in
    Request* request_cache = nullptr;
    ULONG request_cache_size = 0;
    ULONG open_requests = 0;  // between dispatch and completion
    PFN_WDFDEVICE_WDM_IRP_DISPATCH dispatch_callback[major_functions]{};
    WDFCONTEXT dispatch_context[major_functions]{};

  protected:
    void stop() override;
    void cleaned() override;

  private:
    NTSTATUS create_wdm(WDFDEVICE_INIT& init);
    NTSTATUS attach(DEVICE_OBJECT* pdo);
    void set_levels(const WDF_OBJECT_ATTRIBUTES* attributes);
    void delete_names();
    void release_extension();
    void notify(UCHAR kind, ULONG from, ULONG to);

    DEVICE_OBJECT* wdm_ = nullptr;
    DEVICE_OBJECT* pdo_ = nullptr;
    DEVICE_OBJECT* lower_ = nullptr;
    machine::NameId name_id_ = machine::no_name;
    char name_[64]{};
    CallbackLock* lock_ = nullptr;
    bool passive_ = false;
    WDF_SYNCHRONIZATION_SCOPE scope_ = WdfSynchronizationScopeNone;
};

}  // namespace gpioclx::framework
