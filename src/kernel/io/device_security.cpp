#include "kernel/io/device_security.h"

#include <wdmsec.h>
#include <ext/gx_export.h>

#include <algorithm>
#include <array>
#include <string>

#include "kernel/io/device_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/text.h"
#include "machine/arena.h"

using namespace gpioclx;
using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace {

struct Right {
    std::string_view name;
    ACCESS_MASK mask;
};
constexpr Right rights[] = {{"GA", GENERIC_ALL},        {"GR", GENERIC_READ},
                            {"GW", GENERIC_WRITE},      {"GX", GENERIC_EXECUTE},
                            {"FA", FILE_ALL_ACCESS},    {"FR", FILE_GENERIC_READ},
                            {"FW", FILE_GENERIC_WRITE}, {"FX", FILE_GENERIC_EXECUTE},
                            {"RC", READ_CONTROL},       {"SD", DELETE},
                            {"WD", WRITE_DAC},          {"WO", WRITE_OWNER}};

// Everyone, authenticated, interactive, users and administrators: what an administrator's token
// holds.
constexpr std::string_view held[] = {"WD", "AU", "IU", "BU", "BA"};
constexpr std::string_view others[] = {"SY", "LS", "NS", "RC", "AN", "BG", "NU",
                                       "SU", "PU", "CO", "CG", "AC", "UD"};

ACCESS_MASK map_generic(ACCESS_MASK mask) {
    ACCESS_MASK mapped =
        mask & ~(GENERIC_ALL | GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | MAXIMUM_ALLOWED);
    if (mask & GENERIC_ALL) mapped |= FILE_ALL_ACCESS;
    if (mask & GENERIC_READ) mapped |= FILE_GENERIC_READ;
    if (mask & GENERIC_WRITE) mapped |= FILE_GENERIC_WRITE;
    if (mask & GENERIC_EXECUTE) mapped |= FILE_GENERIC_EXECUTE;
    return mapped;
}

std::optional<ACCESS_MASK> parse_rights(std::string_view text) {
    if (text.starts_with("0x") || text.starts_with("0X")) {
        ACCESS_MASK mask = 0;
        for (char c : text.substr(2)) {
            const auto digit =
                std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
            if (digit == std::string_view::npos) return std::nullopt;
            mask = mask << 4 | static_cast<ACCESS_MASK>(digit);
        }
        return map_generic(mask);
    }
    ACCESS_MASK mask = 0;
    for (; !text.empty(); text.remove_prefix(2)) {
        const auto found =
            std::find_if(std::begin(rights), std::end(rights),
                         [&](const Right& right) { return right.name == text.substr(0, 2); });
        if (found == std::end(rights)) return std::nullopt;
        mask |= found->mask;
    }
    return map_generic(mask);
}

// "A;;GRGX;;;BA"
std::optional<AccessEntry> parse_entry(std::string_view text) {
    std::array<std::string_view, 6> part{};
    for (std::size_t i = 0; i < part.size(); ++i) {
        const std::size_t end = text.find(';');
        if ((end == std::string_view::npos) != (i + 1 == part.size())) return std::nullopt;
        part[i] = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    if (part[0] != "A" && part[0] != "D") return std::nullopt;
    const auto mask = parse_rights(part[2]);
    const std::string_view who = part[5];
    const bool ours = std::find(std::begin(held), std::end(held), who) != std::end(held);
    const bool other = std::find(std::begin(others), std::end(others), who) != std::end(others);
    if (!mask || !(ours || other || who.starts_with("S-1-"))) return std::nullopt;
    return AccessEntry{.allows = part[0] == "A", .concerns_user = ours, .rights = *mask};
}

}  // namespace

namespace gpioclx::kernel::io {

std::optional<AccessList> parse_sddl(std::u16string_view wide) {
    const std::string narrow_text = narrow(std::u16string(wide));
    std::string_view text = narrow_text;
    // Owner and group may come first; they open nothing.
    const std::size_t start = text.find("D:");
    if (start == std::string_view::npos) return std::nullopt;
    text.remove_prefix(start + 2);
    text.remove_prefix(
        std::min(text.find_first_not_of("PARI"), text.size()));  // protection and inheritance
    AccessList list;
    while (text.starts_with('(')) {
        const std::size_t end = text.find(')');
        if (end == std::string_view::npos) return std::nullopt;
        const auto entry = parse_entry(text.substr(1, end - 1));
        if (!entry) return std::nullopt;
        list.push_back(*entry);
        text.remove_prefix(end + 1);
    }
    if (!text.empty() && !text.starts_with("S:")) return std::nullopt;
    return list;
}

bool grants(const AccessList& list, ACCESS_MASK desired) {
    ACCESS_MASK open_rights = map_generic(desired);
    for (const AccessEntry& entry : list) {
        if (!entry.concerns_user) continue;
        if (!entry.allows && (entry.rights & open_rights) != 0) return false;
        if (entry.allows) open_rights &= ~entry.rights;
    }
    return open_rights == 0;
}

}  // namespace gpioclx::kernel::io

extern "C" {

// As IoCreateDevice, for a device with a name; empty text leaves the device open to all. What the
// registry may say about the device's class is not looked at.
NTSTATUS IoCreateDeviceSecure(PDRIVER_OBJECT DriverObject, ULONG DeviceExtensionSize,
                              PUNICODE_STRING DeviceName, DEVICE_TYPE DeviceType,
                              ULONG DeviceCharacteristics, BOOLEAN Exclusive,
                              PCUNICODE_STRING DefaultSDDLString, LPCGUID,
                              PDEVICE_OBJECT* DeviceObject) {
    IoCall call;
    machine::ArenaScope inside;
    *DeviceObject = nullptr;
    std::optional<AccessList> list;
    if (DefaultSDDLString != nullptr && DefaultSDDLString->Length != 0) {
        list = parse_sddl(to_u16(DefaultSDDLString));
        if (!list) return STATUS_INVALID_PARAMETER;
    }
    const bool named = (DeviceName != nullptr && DeviceName->Length != 0) ||
                       (DeviceCharacteristics & FILE_AUTOGENERATED_DEVICE_NAME) != 0;
    if (!named) return STATUS_INVALID_PARAMETER;
    const NTSTATUS status =
        IoCreateDevice(DriverObject, DeviceExtensionSize, DeviceName, DeviceType,
                       DeviceCharacteristics, Exclusive, DeviceObject);
    if (NT_SUCCESS(status)) record_of(*DeviceObject).access = std::move(list);
    return status;
}
GX_EXPORT_FUNCTION(IoCreateDeviceSecure);

}  // extern "C"
