// The names of devices and the links to them: "\Device\Led", "\??\Led", "\DosDevices\Led".
#pragma once

#include <wdm.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gpioclx::kernel::io {

struct NamedObject {
    PDEVICE_OBJECT device = nullptr;  // null: a symbolic link
    std::u16string target;            // of the link
};

struct ObjectNames {
    std::map<std::u16string, NamedObject> by_name;  // normalized names
    std::uint32_t next_automatic = 1;
};

// Upper case, "\DosDevices\X", "\GLOBAL??\X" and "\\.\X" as "\??\X".
std::u16string normalized_name(std::u16string_view name);

NTSTATUS add_name(std::u16string_view name, NamedObject object);
NTSTATUS remove_name(std::u16string_view name);
// "\Device\0000002a", never used before in this system.
std::u16string automatic_device_name();

struct ResolvedName {
    PDEVICE_OBJECT device = nullptr;
    std::u16string rest;  // what follows the device's name, from the backslash on, in its own case
};
// The longest name that leads to a device. Links are followed, at most 16 deep.
std::optional<ResolvedName> resolve_name(std::u16string_view name);

}  // namespace gpioclx::kernel::io
