#include "kernel/io/device_interface.h"

#include <fmt/core.h>
#include <ext/gx_export.h>

#include <algorithm>
#include <cstring>

#include "kernel/io/device_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/object_name.h"
#include "kernel/io/plug_play_notification.h"
#include "kernel/io/pool_tag.h"
#include "kernel/io/text.h"
#include "kernel/pnp/device_node.h"
#include "kernel/pnp/instance.h"
#include "machine/arena.h"

using namespace gpioclx;
using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace {

struct DeviceInterface {
    GUID interface_class;
    PDEVICE_OBJECT physical_device;
    std::u16string link;
    std::u16string reference;  // "" or "\name"
    bool enabled = false;
};

struct DeviceInterfaces {
    std::vector<DeviceInterface> all;
};

std::string guid_text(const GUID& g) {
    return fmt::format("{{{:08x}-{:04x}-{:04x}-{:02x}{:02x}-{:02x}{:02x}{:02x}{:02x}{:02x}{:02x}}}",
                       g.Data1, g.Data2, g.Data3, g.Data4[0], g.Data4[1], g.Data4[2], g.Data4[3],
                       g.Data4[4], g.Data4[5], g.Data4[6], g.Data4[7]);
}

DeviceInterface* find_interface(const std::u16string& link) {
    for (DeviceInterface& i : part<DeviceInterfaces>().all) {
        if (normalized_name(i.link) == normalized_name(link)) return &i;
    }
    return nullptr;
}

}  // namespace

namespace gpioclx::kernel::io {

std::vector<std::u16string> enabled_interfaces(const GUID& interface_class,
                                               PDEVICE_OBJECT physical_device, bool also_disabled) {
    std::vector<std::u16string> links;
    for (const DeviceInterface& i : part<DeviceInterfaces>().all) {
        if (std::memcmp(&i.interface_class, &interface_class, sizeof(GUID)) != 0) continue;
        if (physical_device != nullptr && i.physical_device != physical_device) continue;
        if (i.enabled || also_disabled) links.push_back(i.link);
    }
    return links;
}

}  // namespace gpioclx::kernel::io

extern "C" {

NTSTATUS IoRegisterDeviceInterface(PDEVICE_OBJECT PhysicalDeviceObject,
                                   const GUID* InterfaceClassGuid, PUNICODE_STRING ReferenceString,
                                   PUNICODE_STRING SymbolicLinkName) {
    IoCall call;
    machine::ArenaScope inside;
    const pnp::DeviceNode* node = pnp::node_of(PhysicalDeviceObject);
    if (node == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    std::string instance = pnp::instance_path(*node);
    std::replace(instance.begin(), instance.end(), '\\', '#');
    std::u16string reference = to_u16(ReferenceString);
    if (!reference.empty()) reference = u"\\" + reference;
    const std::u16string link =
        widen(fmt::format("\\??\\{}#{}", instance, guid_text(*InterfaceClassGuid))) + reference;
    *SymbolicLinkName = unicode_copy(link, pool_tag("IoIf"));
    if (SymbolicLinkName->Buffer == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    if (find_interface(link) == nullptr) {
        part<DeviceInterfaces>().all.push_back(
            {*InterfaceClassGuid, PhysicalDeviceObject, link, reference});
    }
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoRegisterDeviceInterface);

NTSTATUS IoSetDeviceInterfaceState(PUNICODE_STRING SymbolicLinkName, BOOLEAN Enable) {
    IoCall call;
    machine::ArenaScope inside;
    DeviceInterface* found = find_interface(to_u16(SymbolicLinkName));
    if (found == nullptr) return STATUS_OBJECT_NAME_NOT_FOUND;
    if (found->enabled == (Enable != FALSE)) {
        return Enable ? STATUS_OBJECT_NAME_EXISTS : STATUS_OBJECT_NAME_NOT_FOUND;
    }
    found->enabled = Enable != FALSE;
    const DeviceInterface changed = *found;  // callbacks may register further ones
    if (Enable) {
        add_name(changed.link,
                 {nullptr, record_of(changed.physical_device).name + changed.reference});
    } else {
        remove_name(changed.link);
    }
    notify_interface_change(changed.interface_class, changed.link, Enable != FALSE);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoSetDeviceInterfaceState);

// A list of null-terminated links with an empty one at its end, from paged pool.
NTSTATUS IoGetDeviceInterfaces(const GUID* InterfaceClassGuid, PDEVICE_OBJECT PhysicalDeviceObject,
                               ULONG Flags, PZZWSTR* SymbolicLinkList) {
    IoCall call;
    machine::ArenaScope inside;
    std::u16string list;
    const bool all = (Flags & DEVICE_INTERFACE_INCLUDE_NONACTIVE) != 0;
    for (const std::u16string& link :
         enabled_interfaces(*InterfaceClassGuid, PhysicalDeviceObject, all)) {
        list += link + u'\0';
    }
    if (list.empty()) list += u'\0';
    const UNICODE_STRING copy = unicode_copy(list, pool_tag("IoIf"));
    *SymbolicLinkList = copy.Buffer;
    return copy.Buffer != nullptr ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}
GX_EXPORT_FUNCTION(IoGetDeviceInterfaces);

}  // extern "C"
