// RtlQueryRegistryValues and its kind: values by path, without handles.
#include <wdm.h>

#include <cstring>

#include "ext/gx_export.h"
#include "kernel/cm/registry.h"
#include "kernel/ex/pool.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/rtl/text.h"

namespace cm = gpioclx::kernel::cm;
namespace ex = gpioclx::kernel::ex;
namespace ke = gpioclx::kernel::ke;
namespace rtl = gpioclx::kernel::rtl;

namespace {

constexpr ULONG text_tag = 0x74526D43;  // "CmRt"

std::string text_of(PCWSTR text) {
    std::size_t length = 0;
    while (text != nullptr && text[length] != 0) ++length;
    return text != nullptr ? rtl::to_utf8(text, length) : std::string();
}

// The key that RelativeTo and Path mean; made if asked for.
cm::Key* locate(ULONG relative_to, PCWSTR path, bool create) {
    constexpr const char* roots[] = {
        "",
        "\\Registry\\Machine\\System\\CurrentControlSet\\Services",
        "\\Registry\\Machine\\System\\CurrentControlSet\\Control",
        "\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion",
        "\\Registry\\Machine\\Hardware\\DeviceMap",
        "\\Registry\\User\\.Default"};
    const ULONG kind = relative_to & ~(RTL_REGISTRY_OPTIONAL | RTL_REGISTRY_HANDLE);
    if ((relative_to & RTL_REGISTRY_HANDLE) != 0) return cm::key_of(const_cast<WCHAR*>(path));
    if (kind >= RTL_REGISTRY_MAXIMUM) return nullptr;
    std::string full = roots[kind];
    const std::string rest = text_of(path);
    if (kind != RTL_REGISTRY_ABSOLUTE) full += "\\";
    full += rest;
    return create ? cm::create_key(full) : cm::find_key(full);
}

// Into the driver's own variable, by the rules of RTL_QUERY_REGISTRY_DIRECT.
NTSTATUS store_direct(PVOID variable, ULONG type, const UCHAR* data, ULONG size) {
    if (type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ) {
        auto& string = *static_cast<PUNICODE_STRING>(variable);
        if (string.Buffer == nullptr) {
            string.Buffer = static_cast<PWCH>(
                ex::allocate_pool({size, text_tag, true, true, true, __builtin_return_address(0)}));
            if (string.Buffer == nullptr) return STATUS_NO_MEMORY;
            string.MaximumLength = static_cast<USHORT>(size);
        } else if (size > string.MaximumLength) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        std::memcpy(string.Buffer, data, size);
        string.Length = static_cast<USHORT>(size >= sizeof(WCHAR) ? size - sizeof(WCHAR) : 0);
        return STATUS_SUCCESS;
    }
    if (size <= sizeof(ULONG)) {
        std::memcpy(variable, data, size);
        return STATUS_SUCCESS;
    }
    // Larger binary data: a negative count in the variable is the size of the buffer.
    LONG room;
    std::memcpy(&room, variable, sizeof room);
    if (room < 0) {
        if (size > static_cast<ULONG>(-room)) return STATUS_BUFFER_TOO_SMALL;
        std::memcpy(variable, data, size);
        return STATUS_SUCCESS;
    }
    if (static_cast<ULONG>(room) < size + 2 * sizeof(ULONG)) return STATUS_BUFFER_TOO_SMALL;
    auto* to = static_cast<UCHAR*>(variable);
    std::memcpy(to, &size, sizeof size);
    std::memcpy(to + 4, &type, sizeof type);
    std::memcpy(to + 8, data, size);
    return STATUS_SUCCESS;
}

NTSTATUS deliver(const RTL_QUERY_REGISTRY_TABLE& entry, PVOID context, const std::string& name,
                 ULONG type, std::vector<UCHAR> data) {
    const auto size = static_cast<ULONG>(data.size());
    if ((entry.Flags & RTL_QUERY_REGISTRY_DIRECT) != 0) {
        const ULONG wanted = entry.DefaultType >> RTL_QUERY_REGISTRY_TYPECHECK_SHIFT;
        if ((entry.Flags & RTL_QUERY_REGISTRY_TYPECHECK) != 0 && wanted != type)
            return STATUS_OBJECT_TYPE_MISMATCH;
        return store_direct(entry.EntryContext, type, data.data(), size);
    }
    if (entry.QueryRoutine == nullptr) return STATUS_SUCCESS;
    std::u16string wide = rtl::to_utf16(name);
    auto* value_name = reinterpret_cast<PWSTR>(wide.data());
    if (type != REG_MULTI_SZ || (entry.Flags & RTL_QUERY_REGISTRY_NOEXPAND) != 0) {
        return entry.QueryRoutine(value_name, type, data.data(), size, context, entry.EntryContext);
    }
    // One call for each string.
    auto* text = reinterpret_cast<WCHAR*>(data.data());
    for (std::size_t at = 0, end = size / sizeof(WCHAR); at < end && text[at] != 0;) {
        std::size_t length = 0;
        while (at + length < end && text[at + length] != 0) ++length;
        const NTSTATUS status = entry.QueryRoutine(value_name, REG_SZ, text + at,
                                                   static_cast<ULONG>((length + 1) * sizeof(WCHAR)),
                                                   context, entry.EntryContext);
        if (!NT_SUCCESS(status)) return status;
        at += length + 1;
    }
    return STATUS_SUCCESS;
}

NTSTATUS deliver_default(const RTL_QUERY_REGISTRY_TABLE& entry, PVOID context,
                         const std::string& name) {
    const ULONG type = entry.DefaultType & ~RTL_QUERY_REGISTRY_TYPECHECK_MASK;
    if ((entry.Flags & RTL_QUERY_REGISTRY_REQUIRED) != 0) return STATUS_OBJECT_NAME_NOT_FOUND;
    if (type == REG_NONE || entry.DefaultData == nullptr) return STATUS_SUCCESS;
    std::size_t size = entry.DefaultLength;
    const auto* data = static_cast<const UCHAR*>(entry.DefaultData);
    if (size == 0) {  // text: up to its terminator
        const auto* text = static_cast<const WCHAR*>(entry.DefaultData);
        std::size_t length = 0;
        while (text[length] != 0) ++length;
        size = (length + 1) * sizeof(WCHAR);
    }
    RTL_QUERY_REGISTRY_TABLE unchecked = entry;
    unchecked.Flags &= ~static_cast<ULONG>(RTL_QUERY_REGISTRY_TYPECHECK);
    return deliver(unchecked, context, name, type, {data, data + size});
}

NTSTATUS query_entry(cm::Key& key, const RTL_QUERY_REGISTRY_TABLE& entry, PVOID context) {
    if ((entry.Flags & RTL_QUERY_REGISTRY_NOVALUE) != 0) {
        return entry.QueryRoutine(nullptr, REG_NONE, nullptr, 0, context, entry.EntryContext);
    }
    if (entry.Name == nullptr) {  // every value of the key
        for (std::size_t i = 0; i < key.values.size(); ++i) {
            const cm::Value value = key.values[i];
            const NTSTATUS status = deliver(entry, context, value.name, value.type, value.data);
            if (!NT_SUCCESS(status)) return status;
        }
        return STATUS_SUCCESS;
    }
    const std::string name = text_of(entry.Name);
    const cm::Value* value = key.find_value(name);
    if (value == nullptr) return deliver_default(entry, context, name);
    const NTSTATUS status = deliver(entry, context, name, value->type, value->data);
    if (NT_SUCCESS(status) && (entry.Flags & RTL_QUERY_REGISTRY_DELETE) != 0)
        cm::delete_value(key, name);
    return status;
}

}  // namespace

NTSTATUS RtlQueryRegistryValues(ULONG RelativeTo, PCWSTR Path, PRTL_QUERY_REGISTRY_TABLE QueryTable,
                                PVOID Context, PVOID) {
    ke::charge();
    cm::Key* top = locate(RelativeTo, Path, false);
    if (top == nullptr) return STATUS_OBJECT_NAME_NOT_FOUND;
    cm::Key* key = top;
    for (const RTL_QUERY_REGISTRY_TABLE* e = QueryTable;
         e->QueryRoutine != nullptr || e->Name != nullptr; ++e) {
        if ((e->Flags & RTL_QUERY_REGISTRY_DIRECT) != 0 && e->QueryRoutine != nullptr)
            return STATUS_INVALID_PARAMETER;
        if ((e->Flags & (RTL_QUERY_REGISTRY_TOPKEY | RTL_QUERY_REGISTRY_SUBKEY)) != 0) key = top;
        if ((e->Flags & RTL_QUERY_REGISTRY_SUBKEY) != 0) {
            cm::Key* sub_key = e->Name != nullptr ? cm::find_key(text_of(e->Name), top) : nullptr;
            if (sub_key == nullptr) {
                if ((e->Flags & RTL_QUERY_REGISTRY_REQUIRED) != 0)
                    return STATUS_OBJECT_NAME_NOT_FOUND;
                continue;
            }
            key = sub_key;
            if (e->QueryRoutine == nullptr) continue;
            RTL_QUERY_REGISTRY_TABLE every = *e;
            every.Name = nullptr;
            const NTSTATUS status = query_entry(*key, every, Context);
            if (!NT_SUCCESS(status)) return status;
            continue;
        }
        const NTSTATUS status = query_entry(*key, *e, Context);
        if (!NT_SUCCESS(status)) return status;
    }
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(RtlQueryRegistryValues);

NTSTATUS RtlWriteRegistryValue(ULONG RelativeTo, PCWSTR Path, PCWSTR ValueName, ULONG ValueType,
                               PVOID ValueData, ULONG ValueLength) {
    ke::charge();
    cm::Key* key = locate(RelativeTo, Path, (RelativeTo & RTL_REGISTRY_HANDLE) == 0);
    if (key == nullptr) return STATUS_OBJECT_NAME_NOT_FOUND;
    cm::set_value(*key, text_of(ValueName), ValueType, ValueData, ValueLength);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(RtlWriteRegistryValue);

NTSTATUS RtlDeleteRegistryValue(ULONG RelativeTo, PCWSTR Path, PCWSTR ValueName) {
    ke::charge();
    cm::Key* key = locate(RelativeTo, Path, false);
    if (key == nullptr || !cm::delete_value(*key, text_of(ValueName)))
        return STATUS_OBJECT_NAME_NOT_FOUND;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(RtlDeleteRegistryValue);

NTSTATUS RtlCreateRegistryKey(ULONG RelativeTo, PWSTR Path) {
    ke::charge();
    return locate(RelativeTo, Path, true) != nullptr ? STATUS_SUCCESS
                                                     : STATUS_OBJECT_NAME_NOT_FOUND;
}
GX_EXPORT_FUNCTION(RtlCreateRegistryKey);

NTSTATUS RtlCheckRegistryKey(ULONG RelativeTo, PWSTR Path) {
    ke::charge();
    return locate(RelativeTo, Path, false) != nullptr ? STATUS_SUCCESS
                                                      : STATUS_OBJECT_NAME_NOT_FOUND;
}
GX_EXPORT_FUNCTION(RtlCheckRegistryKey);
