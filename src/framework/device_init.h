// PWDFDEVICE_INIT: what a driver, and the class extensions whose client it is, decide about a
// device before WdfDeviceCreate. Settings move into the device when it is created.
#pragma once

#include <wdf.h>
#include <wdfcx.h>

#include <array>
#include <cstdint>

#include "framework/owned_string.h"
#include "machine/arena.h"

namespace gpioclx::framework {

class Device;
class Driver;
class ChildList;

constexpr std::size_t major_functions = IRP_MJ_MAXIMUM_FUNCTION + 1;

// IRPs that a driver or extension wants to see before the framework.
struct Preprocess {
    struct Entry {
        PFN_WDFDEVICE_WDM_IRP_PREPROCESS callback;
        bool all_minors;
        std::array<std::uint32_t, 8> minors;  // one bit each
    };
    std::array<Entry, major_functions> entries;

    NTSTATUS assign(PFN_WDFDEVICE_WDM_IRP_PREPROCESS callback, UCHAR major, const UCHAR* minors,
                    ULONG count);
    PFN_WDFDEVICE_WDM_IRP_PREPROCESS find(UCHAR major, UCHAR minor) const;
};

struct FileSettings {
    bool set = false;
    WDF_FILEOBJECT_CONFIG config{};
    bool has_attributes = false;
    WDF_OBJECT_ATTRIBUTES attributes{};
};

// The part of one class extension.
struct ExtensionSettings {
    ExtensionSettings* next = nullptr;
    Driver* driver = nullptr;
    WDFCX_PNPPOWER_EVENT_CALLBACKS pnp{};
    bool has_file = false;
    WDFCX_FILEOBJECT_CONFIG file{};
    bool has_file_attributes = false;
    WDF_OBJECT_ATTRIBUTES file_attributes{};
    bool has_request_attributes = false;
    WDF_OBJECT_ATTRIBUTES request_attributes{};
    PFN_WDF_IO_IN_CALLER_CONTEXT in_caller_context = nullptr;
    Preprocess preprocess{};
};

struct StateNotification {
    ULONG state;
    ULONG types;
    void* callback;
    UCHAR kind;  // 0 PnP, 1 power, 2 power policy
};

enum class DeviceRole : std::uint8_t { function, filter, physical, control };

struct DeviceSettings {
    DeviceRole role = DeviceRole::function;
    WDF_PNPPOWER_EVENT_CALLBACKS pnp{};
    WDF_POWER_POLICY_EVENT_CALLBACKS power_policy{};
    WDF_FDO_EVENT_CALLBACKS fdo{};
    WDF_PDO_EVENT_CALLBACKS pdo{};
    FileSettings file;
    bool has_request_attributes = false;
    WDF_OBJECT_ATTRIBUTES request_attributes{};
    PFN_WDF_IO_IN_CALLER_CONTEXT in_caller_context = nullptr;
    Preprocess preprocess{};
    WDF_DEVICE_IO_TYPE io_type = WdfDeviceIoBuffered;
    DEVICE_TYPE device_type = FILE_DEVICE_UNKNOWN;
    ULONG characteristics = FILE_DEVICE_SECURE_OPEN;
    bool exclusive = false;
    bool power_pageable = true;
    bool power_inrush = false;
    bool owns_power_policy = true;
    bool owns_power_policy_set = false;
    bool remove_lock_for_io = false;
    bool has_device_class = false;
    GUID device_class{};
    WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE release_order = WdfReleaseHardwareOrderOnFailureEarly;
    OwnedString name;
    bool automatic_name = false;
    OwnedString sddl;
    bool has_child_list = false;
    WDF_CHILD_LIST_CONFIG child_list{};
    bool has_child_list_attributes = false;
    WDF_OBJECT_ATTRIBUTES child_list_attributes{};
    PFN_WDF_DEVICE_SHUTDOWN_NOTIFICATION shutdown = nullptr;
    UCHAR shutdown_flags = 0;
    // In the order in which they came; owned by the init, then by the device.
    ExtensionSettings* extensions = nullptr;
    std::array<StateNotification, 16> notifications{};
    ULONG notification_count = 0;
    // Of a physical device (bus drivers).
    OwnedString device_id, instance_id, container_id, hardware_ids,
        compatible_ids;  // multi-strings
    OwnedString description, location;
    LCID locale = 0;
    bool raw = false;
    bool allow_forwarding_to_parent = false;
    bool depends_on_parent_power = true;

    DeviceSettings() = default;
    DeviceSettings(DeviceSettings&&) = default;
    DeviceSettings& operator=(DeviceSettings&&) = delete;
};

}  // namespace gpioclx::framework

// The handle's own name is global and Windows'.
struct WDFCXDEVICE_INIT : gpioclx::machine::SeenByDrivers {
    static constexpr std::uint32_t live_signature = 0x49584357;
    std::uint32_t signature = live_signature;
    gpioclx::framework::ExtensionSettings* settings = nullptr;
    WDFCXDEVICE_INIT* next = nullptr;
};

struct WDFDEVICE_INIT : gpioclx::machine::SeenByDrivers {
    static constexpr std::uint32_t live_signature = 0x494E4957;
    std::uint32_t signature = live_signature;
    gpioclx::framework::Driver* driver = nullptr;
    PDEVICE_OBJECT pdo = nullptr;                  // FDOs: the device to attach to
    gpioclx::framework::Device* parent = nullptr;  // PDOs
    gpioclx::framework::ChildList* child_list = nullptr;
    void* child_description = nullptr;
    gpioclx::framework::Device* created = nullptr;
    gpioclx::framework::DeviceSettings settings;
    WDFCXDEVICE_INIT* extension_inits = nullptr;

    static WDFDEVICE_INIT* create(gpioclx::framework::Driver* driver,
                                  gpioclx::framework::DeviceRole role);
    static void destroy(WDFDEVICE_INIT* init);
    // The device init behind a handle of a driver; bug check if it is none (any more).
    static WDFDEVICE_INIT& checked(PWDFDEVICE_INIT init, const char* function);
};

namespace gpioclx::framework {

inline DeviceSettings& settings_of(PWDFDEVICE_INIT init, const char* function) {
    return WDFDEVICE_INIT::checked(init, function).settings;
}

}  // namespace gpioclx::framework
