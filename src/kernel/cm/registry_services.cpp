// The registry as drivers see it: Zw...Key.
#include <wdm.h>

#include <cstring>

#include "ext/gx_export.h"
#include "kernel/cm/registry.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/time.h"
#include "kernel/rtl/text.h"

namespace cm = gpioclx::kernel::cm;
namespace ke = gpioclx::kernel::ke;
namespace rtl = gpioclx::kernel::rtl;

namespace {

struct Target {
    NTSTATUS status = STATUS_SUCCESS;
    cm::Key* root = nullptr;  // null: the path is absolute
    std::string path;
};

Target target_of(POBJECT_ATTRIBUTES attributes) {
    Target target;
    if (attributes->RootDirectory != nullptr) {
        target.root = cm::key_of(attributes->RootDirectory);
        if (target.root == nullptr)
            target.status = STATUS_INVALID_HANDLE;
        else if (target.root->deleted)
            target.status = STATUS_KEY_DELETED;
    }
    if (attributes->ObjectName != nullptr) target.path = rtl::to_utf8(*attributes->ObjectName);
    return target;
}

// A key that a handle leads to and that still exists.
NTSTATUS live_key(HANDLE handle, cm::Key*& key) {
    key = cm::key_of(handle);
    if (key == nullptr) return STATUS_INVALID_HANDLE;
    return key->deleted ? STATUS_KEY_DELETED : STATUS_SUCCESS;
}

// Copies a structure with its tail into the caller's buffer: all, what fits behind the fixed part
// (STATUS_BUFFER_OVERFLOW), or nothing (STATUS_BUFFER_TOO_SMALL).
NTSTATUS deliver(const std::vector<UCHAR>& whole, std::size_t fixed, PVOID buffer, ULONG length,
                 PULONG result) {
    *result = static_cast<ULONG>(whole.size());
    if (length < fixed) return STATUS_BUFFER_TOO_SMALL;
    std::memcpy(buffer, whole.data(), std::min<std::size_t>(length, whole.size()));
    return length < whole.size() ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

template <typename T>
T& header_in(std::vector<UCHAR>& bytes) {
    return *reinterpret_cast<T*>(bytes.data());
}

void put_text(std::vector<UCHAR>& bytes, std::size_t at, const std::u16string& text) {
    std::memcpy(bytes.data() + at, text.data(), text.size() * sizeof(WCHAR));
}

NTSTATUS value_information(const cm::Value& value, KEY_VALUE_INFORMATION_CLASS kind, PVOID buffer,
                           ULONG length, PULONG result) {
    const std::u16string name = rtl::to_utf16(value.name);
    const std::size_t name_bytes = name.size() * sizeof(WCHAR);
    std::vector<UCHAR> bytes;
    switch (kind) {
        case KeyValueBasicInformation: {
            constexpr std::size_t fixed = offsetof(KEY_VALUE_BASIC_INFORMATION, Name);
            bytes.resize(fixed + name_bytes);
            auto& header = header_in<KEY_VALUE_BASIC_INFORMATION>(bytes);
            header.Type = value.type;
            header.NameLength = static_cast<ULONG>(name_bytes);
            put_text(bytes, fixed, name);
            return deliver(bytes, fixed, buffer, length, result);
        }
        case KeyValueFullInformation:
        case KeyValueFullInformationAlign64: {
            constexpr std::size_t fixed = offsetof(KEY_VALUE_FULL_INFORMATION, Name);
            const std::size_t data_at = (fixed + name_bytes + 7) & ~std::size_t{7};
            bytes.resize(data_at + value.data.size());
            auto& header = header_in<KEY_VALUE_FULL_INFORMATION>(bytes);
            header.Type = value.type;
            header.DataOffset = static_cast<ULONG>(data_at);
            header.DataLength = static_cast<ULONG>(value.data.size());
            header.NameLength = static_cast<ULONG>(name_bytes);
            put_text(bytes, fixed, name);
            std::copy(value.data.begin(), value.data.end(),
                      bytes.begin() + static_cast<std::ptrdiff_t>(data_at));
            return deliver(bytes, fixed, buffer, length, result);
        }
        case KeyValuePartialInformation: {
            constexpr std::size_t fixed = offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data);
            bytes.resize(fixed + value.data.size());
            auto& header = header_in<KEY_VALUE_PARTIAL_INFORMATION>(bytes);
            header.Type = value.type;
            header.DataLength = static_cast<ULONG>(value.data.size());
            std::copy(value.data.begin(), value.data.end(),
                      bytes.begin() + static_cast<std::ptrdiff_t>(fixed));
            return deliver(bytes, fixed, buffer, length, result);
        }
        default: return STATUS_INVALID_PARAMETER;
    }
}

NTSTATUS key_information(const cm::Key& key, KEY_INFORMATION_CLASS kind, PVOID buffer, ULONG length,
                         PULONG result) {
    std::vector<UCHAR> bytes;
    if (kind == KeyBasicInformation) {
        const std::u16string name = rtl::to_utf16(key.name);
        constexpr std::size_t fixed = offsetof(KEY_BASIC_INFORMATION, Name);
        bytes.resize(fixed + name.size() * sizeof(WCHAR));
        auto& header = header_in<KEY_BASIC_INFORMATION>(bytes);
        header.LastWriteTime.QuadPart = ke::start_of_system_time;
        header.NameLength = static_cast<ULONG>(name.size() * sizeof(WCHAR));
        put_text(bytes, fixed, name);
        return deliver(bytes, fixed, buffer, length, result);
    }
    if (kind == KeyNameInformation) {  // ULONG NameLength; WCHAR Name[]
        const std::u16string name = rtl::to_utf16(cm::path_of(key));
        bytes.resize(sizeof(ULONG) + name.size() * sizeof(WCHAR));
        header_in<ULONG>(bytes) = static_cast<ULONG>(name.size() * sizeof(WCHAR));
        put_text(bytes, sizeof(ULONG), name);
        return deliver(bytes, sizeof(ULONG), buffer, length, result);
    }
    if (kind != KeyFullInformation) return STATUS_INVALID_PARAMETER;
    constexpr std::size_t fixed = offsetof(KEY_FULL_INFORMATION, Class);
    bytes.resize(sizeof(KEY_FULL_INFORMATION));
    auto& header = header_in<KEY_FULL_INFORMATION>(bytes);
    header.LastWriteTime.QuadPart = ke::start_of_system_time;
    header.ClassOffset = 0xFFFFFFFF;
    header.SubKeys = static_cast<ULONG>(key.keys.size());
    header.Values = static_cast<ULONG>(key.values.size());
    for (const auto& sub_key : key.keys) {
        header.MaxNameLen = std::max(header.MaxNameLen,
                                     static_cast<ULONG>(rtl::to_utf16(sub_key->name).size() * 2));
    }
    for (const cm::Value& value : key.values) {
        header.MaxValueNameLen = std::max(header.MaxValueNameLen,
                                          static_cast<ULONG>(rtl::to_utf16(value.name).size() * 2));
        header.MaxValueDataLen =
            std::max(header.MaxValueDataLen, static_cast<ULONG>(value.data.size()));
    }
    return deliver(bytes, fixed, buffer, length, result);
}

}  // namespace

NTSTATUS ZwOpenKey(PHANDLE KeyHandle, ACCESS_MASK, POBJECT_ATTRIBUTES ObjectAttributes) {
    ke::charge();
    *KeyHandle = nullptr;
    const Target target = target_of(ObjectAttributes);
    if (!NT_SUCCESS(target.status)) return target.status;
    cm::Key* key = cm::find_key(target.path, target.root);
    if (key == nullptr) return STATUS_OBJECT_NAME_NOT_FOUND;
    *KeyHandle = cm::open_key_handle(*key);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(ZwOpenKey);

// As on Windows, only the last part of the path is made.
NTSTATUS ZwCreateKey(PHANDLE KeyHandle, ACCESS_MASK, POBJECT_ATTRIBUTES ObjectAttributes, ULONG,
                     PUNICODE_STRING, ULONG, PULONG Disposition) {
    ke::charge();
    *KeyHandle = nullptr;
    Target target = target_of(ObjectAttributes);
    if (!NT_SUCCESS(target.status)) return target.status;
    cm::Key* key = cm::find_key(target.path, target.root);
    if (Disposition != nullptr)
        *Disposition = key != nullptr ? REG_OPENED_EXISTING_KEY : REG_CREATED_NEW_KEY;
    if (key == nullptr) {
        const std::size_t slash = target.path.find_last_of('\\');
        const std::string parent =
            slash == std::string::npos ? std::string() : target.path.substr(0, slash);
        if ((!parent.empty() || target.root == nullptr) &&
            cm::find_key(parent, target.root) == nullptr) {
            return STATUS_OBJECT_NAME_NOT_FOUND;
        }
        key = cm::create_key(target.path, target.root);
        if (key == nullptr) return STATUS_OBJECT_NAME_NOT_FOUND;
    }
    *KeyHandle = cm::open_key_handle(*key);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(ZwCreateKey);

NTSTATUS ZwDeleteKey(HANDLE KeyHandle) {
    ke::charge();
    cm::Key* key;
    const NTSTATUS status = live_key(KeyHandle, key);
    if (!NT_SUCCESS(status)) return status;
    if (!key->keys.empty() || key->parent == nullptr) return STATUS_CANNOT_DELETE;
    cm::delete_key(*key);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(ZwDeleteKey);

NTSTATUS ZwFlushKey(HANDLE KeyHandle) {
    ke::charge();
    cm::Key* key;
    return live_key(KeyHandle, key);
}
GX_EXPORT_FUNCTION(ZwFlushKey);

NTSTATUS ZwQueryValueKey(HANDLE KeyHandle, PUNICODE_STRING ValueName,
                         KEY_VALUE_INFORMATION_CLASS InformationClass, PVOID KeyValueInformation,
                         ULONG Length, PULONG ResultLength) {
    ke::charge();
    cm::Key* key;
    const NTSTATUS status = live_key(KeyHandle, key);
    if (!NT_SUCCESS(status)) return status;
    const cm::Value* value = key->find_value(rtl::to_utf8(*ValueName));
    if (value == nullptr) return STATUS_OBJECT_NAME_NOT_FOUND;
    return value_information(*value, InformationClass, KeyValueInformation, Length, ResultLength);
}
GX_EXPORT_FUNCTION(ZwQueryValueKey);

NTSTATUS ZwEnumerateValueKey(HANDLE KeyHandle, ULONG Index,
                             KEY_VALUE_INFORMATION_CLASS InformationClass,
                             PVOID KeyValueInformation, ULONG Length, PULONG ResultLength) {
    ke::charge();
    cm::Key* key;
    const NTSTATUS status = live_key(KeyHandle, key);
    if (!NT_SUCCESS(status)) return status;
    if (Index >= key->values.size()) return STATUS_NO_MORE_ENTRIES;
    return value_information(key->values[Index], InformationClass, KeyValueInformation, Length,
                             ResultLength);
}
GX_EXPORT_FUNCTION(ZwEnumerateValueKey);

NTSTATUS ZwSetValueKey(HANDLE KeyHandle, PUNICODE_STRING ValueName, ULONG, ULONG Type, PVOID Data,
                       ULONG DataSize) {
    ke::charge();
    cm::Key* key;
    const NTSTATUS status = live_key(KeyHandle, key);
    if (!NT_SUCCESS(status)) return status;
    cm::set_value(*key, rtl::to_utf8(*ValueName), Type, Data, DataSize);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(ZwSetValueKey);

NTSTATUS ZwDeleteValueKey(HANDLE KeyHandle, PUNICODE_STRING ValueName) {
    ke::charge();
    cm::Key* key;
    const NTSTATUS status = live_key(KeyHandle, key);
    if (!NT_SUCCESS(status)) return status;
    return cm::delete_value(*key, rtl::to_utf8(*ValueName)) ? STATUS_SUCCESS
                                                            : STATUS_OBJECT_NAME_NOT_FOUND;
}
GX_EXPORT_FUNCTION(ZwDeleteValueKey);

NTSTATUS ZwQueryKey(HANDLE KeyHandle, KEY_INFORMATION_CLASS InformationClass, PVOID KeyInformation,
                    ULONG Length, PULONG ResultLength) {
    ke::charge();
    cm::Key* key;
    const NTSTATUS status = live_key(KeyHandle, key);
    if (!NT_SUCCESS(status)) return status;
    return key_information(*key, InformationClass, KeyInformation, Length, ResultLength);
}
GX_EXPORT_FUNCTION(ZwQueryKey);

NTSTATUS ZwEnumerateKey(HANDLE KeyHandle, ULONG Index, KEY_INFORMATION_CLASS InformationClass,
                        PVOID KeyInformation, ULONG Length, PULONG ResultLength) {
    ke::charge();
    cm::Key* key;
    const NTSTATUS status = live_key(KeyHandle, key);
    if (!NT_SUCCESS(status)) return status;
    if (Index >= key->keys.size()) return STATUS_NO_MORE_ENTRIES;
    return key_information(*key->keys[Index], InformationClass, KeyInformation, Length,
                           ResultLength);
}
GX_EXPORT_FUNCTION(ZwEnumerateKey);
