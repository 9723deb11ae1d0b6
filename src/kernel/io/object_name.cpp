#include "kernel/io/object_name.h"

#include <fmt/core.h>
#include <ext/gx_export.h>

#include "kernel/io/io_call.h"
#include "kernel/io/text.h"
#include "machine/arena.h"

namespace gpioclx::kernel::io {
namespace {

constexpr int max_links = 16;

// The length of the prefix is all that is replaced, so the rest keeps its case.
std::u16string with_common_prefix(std::u16string_view name) {
    static constexpr std::u16string_view aliases[] = {u"\\DOSDEVICES\\", u"\\GLOBAL??\\",
                                                      u"\\\\.\\", u"\\\\?\\"};
    const std::u16string upper_name = upper(name);
    for (std::u16string_view alias : aliases) {
        if (!upper_name.starts_with(alias)) continue;
        return u"\\??\\" + std::u16string(name.substr(alias.size()));
    }
    return std::u16string(name);
}

}  // namespace

std::u16string normalized_name(std::u16string_view name) { return upper(with_common_prefix(name)); }

NTSTATUS add_name(std::u16string_view name, NamedObject object) {
    machine::ArenaScope inside;
    if (name.size() < 2 || name[0] != u'\\' || name.back() == u'\\') {
        return STATUS_OBJECT_NAME_INVALID;
    }
    const bool added =
        part<ObjectNames>().by_name.emplace(normalized_name(name), std::move(object)).second;
    return added ? STATUS_SUCCESS : STATUS_OBJECT_NAME_COLLISION;
}

NTSTATUS remove_name(std::u16string_view name) {
    const bool removed = part<ObjectNames>().by_name.erase(normalized_name(name)) != 0;
    return removed ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
}

std::u16string automatic_device_name() {
    return widen(fmt::format("\\Device\\{:08x}", part<ObjectNames>().next_automatic++));
}

std::optional<ResolvedName> resolve_name(std::u16string_view name) {
    const auto& names = part<ObjectNames>().by_name;
    std::u16string current = with_common_prefix(name);
    for (int links = 0; links <= max_links; ++links) {
        std::size_t length = current.size();
        const NamedObject* found = nullptr;
        while (length > 1) {
            const auto entry = names.find(upper(std::u16string_view(current).substr(0, length)));
            if (entry != names.end()) {
                found = &entry->second;
                break;
            }
            const std::size_t slash = current.rfind(u'\\', length - 1);
            if (slash == std::u16string::npos || slash == 0) break;
            length = slash;
        }
        if (found == nullptr) return std::nullopt;
        std::u16string rest = current.substr(length);
        if (found->device != nullptr) return ResolvedName{found->device, std::move(rest)};
        current = with_common_prefix(found->target + rest);
    }
    return std::nullopt;
}

}  // namespace gpioclx::kernel::io

using namespace gpioclx;
using namespace gpioclx::kernel::io;

extern "C" {

NTSTATUS IoCreateSymbolicLink(PUNICODE_STRING SymbolicLinkName, PUNICODE_STRING DeviceName) {
    IoCall call;
    machine::ArenaScope inside;
    return add_name(to_u16(SymbolicLinkName), {nullptr, to_u16(DeviceName)});
}
GX_EXPORT_FUNCTION(IoCreateSymbolicLink);

NTSTATUS IoCreateUnprotectedSymbolicLink(PUNICODE_STRING SymbolicLinkName,
                                         PUNICODE_STRING DeviceName) {
    return IoCreateSymbolicLink(SymbolicLinkName, DeviceName);
}
GX_EXPORT_FUNCTION(IoCreateUnprotectedSymbolicLink);

NTSTATUS IoDeleteSymbolicLink(PUNICODE_STRING SymbolicLinkName) {
    IoCall call;
    machine::ArenaScope inside;
    return remove_name(to_u16(SymbolicLinkName));
}
GX_EXPORT_FUNCTION(IoDeleteSymbolicLink);

}  // extern "C"
