#include "kernel/io/plug_play_notification.h"

#include <ext/gx_export.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "kernel/io/device_interface.h"
#include "kernel/io/device_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/text.h"
#include "kernel/ldr/image_use.h"
#include "machine/arena.h"

using namespace gpioclx;
using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace {

constexpr GUID family(ULONG first) {
    return {first, 0x46f0, 0x11d0, {0xb0, 0x8f, 0x00, 0x60, 0x97, 0x13, 0x05, 0x3f}};
}
constexpr GUID interface_arrival = family(0xcb3a4004);
constexpr GUID interface_removal = family(0xcb3a4005);
constexpr GUID removal_events[] = {family(0xcb3a4006), family(0xcb3a4007), family(0xcb3a4008)};

struct Registration : machine::SeenByDrivers {
    IO_NOTIFICATION_EVENT_CATEGORY category;
    GUID interface_class{};
    PFILE_OBJECT file = nullptr;  // of target device changes
    PDRIVER_NOTIFICATION_CALLBACK_ROUTINE callback;
    PVOID context;
};

struct Registrations {
    std::vector<std::shared_ptr<Registration>> all;
};

bool same(const GUID& left, const GUID& right) {
    return std::memcmp(&left, &right, sizeof(GUID)) == 0;
}

NTSTATUS tell(const Registration& registration, const GUID& event, const std::u16string& link) {
    UNICODE_STRING view = unicode_view(link);
    DEVICE_INTERFACE_CHANGE_NOTIFICATION notification{};
    notification.Version = 1;
    notification.Size = sizeof(notification);
    notification.Event = event;
    notification.InterfaceClassGuid = registration.interface_class;
    notification.SymbolicLinkName = &view;
    return registration.callback(&notification, registration.context);
}

}  // namespace

namespace gpioclx::kernel::io {

void notify_interface_change(const GUID& interface_class, const std::u16string& link,
                             bool arrival) {
    const auto registrations = part<Registrations>().all;  // callbacks may register and unregister
    for (const auto& r : registrations) {
        if (r->category != EventCategoryDeviceInterfaceChange) continue;
        if (!same(r->interface_class, interface_class)) continue;
        tell(*r, arrival ? interface_arrival : interface_removal, link);
    }
}

bool notify_device_removal(PDEVICE_OBJECT physical_device, RemovalPhase phase) {
    bool agreed = true;
    const auto registrations = part<Registrations>().all;
    for (const auto& r : registrations) {
        if (r->category != EventCategoryTargetDeviceChange) continue;
        if (physical_device_of(r->file->DeviceObject) != physical_device) continue;
        TARGET_DEVICE_REMOVAL_NOTIFICATION notification{};
        notification.Version = 1;
        notification.Size = sizeof(notification);
        notification.Event = removal_events[static_cast<int>(phase)];
        notification.FileObject = r->file;
        const NTSTATUS status = r->callback(&notification, r->context);
        if (phase == RemovalPhase::query && !NT_SUCCESS(status)) agreed = false;
    }
    return agreed;
}

}  // namespace gpioclx::kernel::io

extern "C" {

NTSTATUS IoRegisterPlugPlayNotification(IO_NOTIFICATION_EVENT_CATEGORY EventCategory,
                                        ULONG EventCategoryFlags, PVOID EventCategoryData,
                                        PDRIVER_OBJECT,
                                        PDRIVER_NOTIFICATION_CALLBACK_ROUTINE CallbackRoutine,
                                        PVOID Context, PVOID* NotificationEntry) {
    IoCall call;
    machine::ArenaScope inside;
    *NotificationEntry = nullptr;
    const std::shared_ptr<Registration> registration(new Registration{});
    registration->category = EventCategory;
    registration->callback = CallbackRoutine;
    registration->context = Context;
    const bool interfaces = EventCategory == EventCategoryDeviceInterfaceChange;
    if (interfaces || EventCategory == EventCategoryTargetDeviceChange) {
        if (EventCategoryData == nullptr) return STATUS_INVALID_PARAMETER;
    }
    if (interfaces) registration->interface_class = *static_cast<const GUID*>(EventCategoryData);
    if (EventCategory == EventCategoryTargetDeviceChange) {
        registration->file = static_cast<PFILE_OBJECT>(EventCategoryData);
        ObReferenceObject(registration->file);
    }
    part<Registrations>().all.push_back(registration);
    ldr::note_registration(registration.get(), "IoRegisterPlugPlayNotification",
                           reinterpret_cast<const void*>(CallbackRoutine));
    *NotificationEntry = registration.get();
    if (interfaces &&
        (EventCategoryFlags & PNPNOTIFY_DEVICE_INTERFACE_INCLUDE_EXISTING_INTERFACES)) {
        for (const std::u16string& link :
             enabled_interfaces(registration->interface_class, nullptr, false)) {
            tell(*registration, interface_arrival, link);
        }
    }
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoRegisterPlugPlayNotification);

NTSTATUS IoUnregisterPlugPlayNotificationEx(PVOID NotificationEntry) {
    IoCall call;
    auto& all = part<Registrations>().all;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const auto& r) { return r.get() == NotificationEntry; });
    if (found == all.end()) return STATUS_NOT_FOUND;
    if ((*found)->file != nullptr) ObDereferenceObject((*found)->file);
    ldr::forget_registration(NotificationEntry);
    all.erase(found);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoUnregisterPlugPlayNotificationEx);

NTSTATUS IoUnregisterPlugPlayNotification(PVOID NotificationEntry) {
    return IoUnregisterPlugPlayNotificationEx(NotificationEntry);
}
GX_EXPORT_FUNCTION(IoUnregisterPlugPlayNotification);

}  // extern "C"
