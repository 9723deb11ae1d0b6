#include "framework/registry_key.h"

#include "ext/gx_export.h"

#include <cstddef>
#include <cstring>

#include "framework/attributes.h"
#include "framework/collection.h"
#include "framework/device.h"
#include "framework/driver.h"
#include "framework/memory.h"
#include "framework/pool_tag.h"
#include "framework/string.h"

namespace gpioclx::framework {
namespace {

constexpr ULONG pool_tag = make_tag("WReg");

// A value as read; freed on the way out.
class Value {
  public:
    ~Value() {
        if (info_ != nullptr) ExFreePoolWithTag(info_, pool_tag);
    }
    NTSTATUS read(HANDLE key, const UNICODE_STRING* name) {
        UNICODE_STRING copy = *name;
        ULONG size = 0;
        NTSTATUS status =
            ZwQueryValueKey(key, &copy, KeyValuePartialInformation, nullptr, 0, &size);
        // Another thread may make it longer in between.
        for (int attempts = 0; attempts < 4 && (status == STATUS_BUFFER_TOO_SMALL ||
                                                status == STATUS_BUFFER_OVERFLOW);
             ++attempts) {
            if (info_ != nullptr) ExFreePoolWithTag(info_, pool_tag);
            info_ = static_cast<KEY_VALUE_PARTIAL_INFORMATION*>(
                ExAllocatePoolWithTag(PagedPool, size, pool_tag));
            if (info_ == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
            status = ZwQueryValueKey(key, &copy, KeyValuePartialInformation, info_, size, &size);
        }
        return status;
    }
    ULONG type() const { return info_->Type; }
    ULONG size() const { return info_->DataLength; }
    const UCHAR* data() const { return info_->Data; }
    bool is_text() const { return type() == REG_SZ || type() == REG_EXPAND_SZ; }
    // The text without terminating zeros.
    UNICODE_STRING text() const {
        UNICODE_STRING text{};
        text.Buffer = reinterpret_cast<PWCH>(info_->Data);
        ULONG length = size() / sizeof(WCHAR);
        while (length != 0 && text.Buffer[length - 1] == 0) --length;
        text.Length = text.MaximumLength = static_cast<USHORT>(length * sizeof(WCHAR));
        return text;
    }

  private:
    KEY_VALUE_PARTIAL_INFORMATION* info_ = nullptr;
};

NTSTATUS wrap(Driver& driver, Object* fallback_parent, HANDLE handle,
              const WDF_OBJECT_ATTRIBUTES* attributes, WDFKEY* key) {
    Object* parent = nullptr;
    NTSTATUS status = resolve_parent(attributes, fallback_parent, "WdfRegistryOpenKey", &parent);
    RegistryKey* object = NT_SUCCESS(status)
                              ? create_object<RegistryKey>(parent, attributes, &driver, handle)
                              : nullptr;
    if (object == nullptr) {
        ZwClose(handle);
        return NT_SUCCESS(status) ? STATUS_INSUFFICIENT_RESOURCES : status;
    }
    *key = static_cast<WDFKEY>(object->handle());
    return STATUS_SUCCESS;
}

NTSTATUS open_or_create(Driver& driver, WDFKEY parent_key, const UNICODE_STRING* name,
                        ACCESS_MASK access, bool create, ULONG options, ULONG* disposition,
                        const WDF_OBJECT_ATTRIBUTES* attributes, WDFKEY* key,
                        const char* function) {
    require(name, function, "KeyName");
    require(key, function, "Key");
    *key = nullptr;
    NTSTATUS status = check_attributes(attributes, ObjectType::key);
    if (!NT_SUCCESS(status)) return status;
    HANDLE root =
        parent_key != nullptr ? from_handle<RegistryKey>(parent_key, function).key() : nullptr;
    UNICODE_STRING copy = *name;
    OBJECT_ATTRIBUTES where;
    InitializeObjectAttributes(&where, &copy, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, root,
                               nullptr);
    HANDLE handle = nullptr;
    status = create ? ZwCreateKey(&handle, access, &where, 0, nullptr, options, disposition)
                    : ZwOpenKey(&handle, access, &where);
    if (!NT_SUCCESS(status)) return status;
    return wrap(driver, &driver, handle, attributes, key);
}

}  // namespace

void RegistryKey::stop() {
    if (key_ != nullptr) ZwClose(key_);
    key_ = nullptr;
}

NTSTATUS open_key_below(Driver& driver, const UNICODE_STRING* base, const char* suffix,
                        ACCESS_MASK access, const WDF_OBJECT_ATTRIBUTES* attributes, WDFKEY* key) {
    OwnedString path, tail;
    if (!path.assign(base) || !tail.assign(suffix) || !path.append(tail.get()))
        return STATUS_INSUFFICIENT_RESOURCES;
    return open_or_create(driver, nullptr, path.get(), access, true, REG_OPTION_NON_VOLATILE,
                          nullptr, attributes, key, "WdfDriverOpenParametersRegistryKey");
}

NTSTATUS open_device_key(Driver& driver, Object* parent, DEVICE_OBJECT* pdo, ULONG type,
                         ACCESS_MASK access, const WDF_OBJECT_ATTRIBUTES* attributes, WDFKEY* key) {
    require(key, "WdfDeviceOpenRegistryKey", "Key");
    *key = nullptr;
    if (pdo == nullptr || type == 0) return STATUS_INVALID_PARAMETER;
    const NTSTATUS checked = check_attributes(attributes, ObjectType::key);
    if (!NT_SUCCESS(checked)) return checked;
    HANDLE handle = nullptr;
    const NTSTATUS status = IoOpenDeviceRegistryKey(pdo, type, access, &handle);
    return NT_SUCCESS(status) ? wrap(driver, parent, handle, attributes, key) : status;
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

#define GX_KEY(function) from_handle<RegistryKey>(Key, function)

GX_ASKS_CALLER
NTSTATUS WdfRegistryOpenKey(WDFKEY ParentKey, PCUNICODE_STRING KeyName, ACCESS_MASK DesiredAccess,
                            PWDF_OBJECT_ATTRIBUTES KeyAttributes, WDFKEY* Key) {
    enter();
    return open_or_create(*Driver::calling(__builtin_return_address(0)), ParentKey, KeyName,
                          DesiredAccess, false, 0, nullptr, KeyAttributes, Key,
                          "WdfRegistryOpenKey");
}
GX_EXPORT_FUNCTION(WdfRegistryOpenKey);

GX_ASKS_CALLER
NTSTATUS WdfRegistryCreateKey(WDFKEY ParentKey, PCUNICODE_STRING KeyName, ACCESS_MASK DesiredAccess,
                              ULONG CreateOptions, PULONG CreateDisposition,
                              PWDF_OBJECT_ATTRIBUTES KeyAttributes, WDFKEY* Key) {
    enter();
    return open_or_create(*Driver::calling(__builtin_return_address(0)), ParentKey, KeyName,
                          DesiredAccess, true, CreateOptions, CreateDisposition, KeyAttributes, Key,
                          "WdfRegistryCreateKey");
}
GX_EXPORT_FUNCTION(WdfRegistryCreateKey);

NTSTATUS WdfDeviceOpenRegistryKey(WDFDEVICE Device, ULONG DeviceInstanceKeyType,
                                  ACCESS_MASK DesiredAccess, PWDF_OBJECT_ATTRIBUTES KeyAttributes,
                                  WDFKEY* Key) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfDeviceOpenRegistryKey");
    return open_device_key(*device.driver(), &device, device.pdo(), DeviceInstanceKeyType,
                           DesiredAccess, KeyAttributes, Key);
}
GX_EXPORT_FUNCTION(WdfDeviceOpenRegistryKey);

NTSTATUS WdfDeviceOpenDevicemapKey(WDFDEVICE Device, PCUNICODE_STRING KeyName,
                                   ACCESS_MASK DesiredAccess, PWDF_OBJECT_ATTRIBUTES KeyAttributes,
                                   WDFKEY* Key) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfDeviceOpenDevicemapKey");
    OwnedString path;
    if (!path.assign("\\Registry\\Machine\\HARDWARE\\DEVICEMAP\\") || !path.append(KeyName))
        return STATUS_INSUFFICIENT_RESOURCES;
    return open_or_create(*device.driver(), nullptr, path.get(), DesiredAccess, true,
                          REG_OPTION_VOLATILE, nullptr, KeyAttributes, Key,
                          "WdfDeviceOpenDevicemapKey");
}
GX_EXPORT_FUNCTION(WdfDeviceOpenDevicemapKey);

VOID WdfRegistryClose(WDFKEY Key) {
    enter();
    GX_KEY("WdfRegistryClose").delete_object();
}
GX_EXPORT_FUNCTION(WdfRegistryClose);

HANDLE WdfRegistryWdmGetHandle(WDFKEY Key) {
    enter();
    return GX_KEY("WdfRegistryWdmGetHandle").key();
}
GX_EXPORT_FUNCTION(WdfRegistryWdmGetHandle);

NTSTATUS WdfRegistryRemoveKey(WDFKEY Key) {
    enter();
    RegistryKey& key = GX_KEY("WdfRegistryRemoveKey");
    const NTSTATUS status = ZwDeleteKey(key.key());
    if (NT_SUCCESS(status)) key.delete_object();
    return status;
}
GX_EXPORT_FUNCTION(WdfRegistryRemoveKey);

NTSTATUS WdfRegistryRemoveValue(WDFKEY Key, PCUNICODE_STRING ValueName) {
    enter();
    require(ValueName, "WdfRegistryRemoveValue", "ValueName");
    UNICODE_STRING name = *ValueName;
    return ZwDeleteValueKey(GX_KEY("WdfRegistryRemoveValue").key(), &name);
}
GX_EXPORT_FUNCTION(WdfRegistryRemoveValue);

NTSTATUS WdfRegistryQueryValue(WDFKEY Key, PCUNICODE_STRING ValueName, ULONG ValueLength,
                               PVOID ValueBuffer, PULONG ValueLengthQueried, PULONG ValueType) {
    enter();
    require(ValueName, "WdfRegistryQueryValue", "ValueName");
    Value value;
    const NTSTATUS status = value.read(GX_KEY("WdfRegistryQueryValue").key(), ValueName);
    if (!NT_SUCCESS(status)) return status;
    if (ValueLengthQueried != nullptr) *ValueLengthQueried = value.size();
    if (ValueType != nullptr) *ValueType = value.type();
    if (ValueLength < value.size() || (ValueBuffer == nullptr && value.size() != 0))
        return STATUS_BUFFER_OVERFLOW;
    if (value.size() != 0) std::memcpy(ValueBuffer, value.data(), value.size());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfRegistryQueryValue);

NTSTATUS WdfRegistryQueryMemory(WDFKEY Key, PCUNICODE_STRING ValueName, POOL_TYPE PoolType,
                                PWDF_OBJECT_ATTRIBUTES MemoryAttributes, WDFMEMORY* Memory,
                                PULONG ValueType) {
    enter();
    require(ValueName, "WdfRegistryQueryMemory", "ValueName");
    require(Memory, "WdfRegistryQueryMemory", "Memory");
    *Memory = nullptr;
    RegistryKey& key = GX_KEY("WdfRegistryQueryMemory");
    Value value;
    NTSTATUS status = value.read(key.key(), ValueName);
    if (!NT_SUCCESS(status)) return status;
    gpioclx::framework::Memory* memory;
    status = create_pool_memory(key.driver(), key.driver(), MemoryAttributes, PoolType, 0,
                                value.size(), "WdfRegistryQueryMemory", &memory);
    if (!NT_SUCCESS(status)) return status;
    std::memcpy(memory->buffer(), value.data(), value.size());
    if (ValueType != nullptr) *ValueType = value.type();
    *Memory = static_cast<WDFMEMORY>(memory->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfRegistryQueryMemory);

NTSTATUS WdfRegistryQueryMultiString(WDFKEY Key, PCUNICODE_STRING ValueName,
                                     PWDF_OBJECT_ATTRIBUTES StringsAttributes,
                                     WDFCOLLECTION Collection) {
    enter();
    require(ValueName, "WdfRegistryQueryMultiString", "ValueName");
    RegistryKey& key = GX_KEY("WdfRegistryQueryMultiString");
    auto& collection =
        from_handle<gpioclx::framework::Collection>(Collection, "WdfRegistryQueryMultiString");
    Value value;
    NTSTATUS status = value.read(key.key(), ValueName);
    if (!NT_SUCCESS(status)) return status;
    if (value.type() != REG_MULTI_SZ) return STATUS_OBJECT_TYPE_MISMATCH;
    const auto* text = reinterpret_cast<const WCHAR*>(value.data());
    const ULONG length = value.size() / sizeof(WCHAR);
    for (ULONG start = 0; start < length && text[start] != 0;) {
        ULONG end = start;
        while (end < length && text[end] != 0) ++end;
        UNICODE_STRING part;
        part.Buffer = const_cast<PWCH>(text + start);
        part.Length = part.MaximumLength = static_cast<USHORT>((end - start) * sizeof(WCHAR));
        gpioclx::framework::String* string;
        status = gpioclx::framework::String::create(key.driver(), &collection, StringsAttributes,
                                                    &part, &string);
        if (NT_SUCCESS(status)) status = collection.add(*string);
        if (!NT_SUCCESS(status)) return status;
        start = end + 1;
    }
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfRegistryQueryMultiString);

NTSTATUS WdfRegistryQueryUnicodeString(WDFKEY Key, PCUNICODE_STRING ValueName,
                                       PUSHORT ValueByteLength, PUNICODE_STRING Result) {
    enter();
    require(ValueName, "WdfRegistryQueryUnicodeString", "ValueName");
    Value value;
    const NTSTATUS status = value.read(GX_KEY("WdfRegistryQueryUnicodeString").key(), ValueName);
    if (!NT_SUCCESS(status)) return status;
    if (!value.is_text()) return STATUS_OBJECT_TYPE_MISMATCH;
    const UNICODE_STRING text = value.text();
    if (ValueByteLength != nullptr)
        *ValueByteLength = static_cast<USHORT>(text.Length + sizeof(WCHAR));
    if (Result == nullptr || Result->Buffer == nullptr)
        return Result == nullptr ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW;
    if (Result->MaximumLength < text.Length) return STATUS_BUFFER_OVERFLOW;
    std::memcpy(Result->Buffer, text.Buffer, text.Length);
    Result->Length = text.Length;
    if (Result->MaximumLength >= text.Length + sizeof(WCHAR))
        Result->Buffer[text.Length / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfRegistryQueryUnicodeString);

NTSTATUS WdfRegistryQueryString(WDFKEY Key, PCUNICODE_STRING ValueName, WDFSTRING String) {
    enter();
    require(ValueName, "WdfRegistryQueryString", "ValueName");
    auto& string = from_handle<gpioclx::framework::String>(String, "WdfRegistryQueryString");
    Value value;
    const NTSTATUS status = value.read(GX_KEY("WdfRegistryQueryString").key(), ValueName);
    if (!NT_SUCCESS(status)) return status;
    if (!value.is_text()) return STATUS_OBJECT_TYPE_MISMATCH;
    const UNICODE_STRING text = value.text();
    return string.value().assign(&text) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}
GX_EXPORT_FUNCTION(WdfRegistryQueryString);

NTSTATUS WdfRegistryQueryULong(WDFKEY Key, PCUNICODE_STRING ValueName, PULONG Result) {
    enter();
    require(ValueName, "WdfRegistryQueryULong", "ValueName");
    require(Result, "WdfRegistryQueryULong", "Value");
    Value value;
    const NTSTATUS status = value.read(GX_KEY("WdfRegistryQueryULong").key(), ValueName);
    if (!NT_SUCCESS(status)) return status;
    if (value.type() != REG_DWORD || value.size() < sizeof(ULONG))
        return STATUS_OBJECT_TYPE_MISMATCH;
    std::memcpy(Result, value.data(), sizeof(ULONG));
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfRegistryQueryULong);

static NTSTATUS assign(WDFKEY handle, PCUNICODE_STRING value_name, ULONG type, const void* data,
                       ULONG size, const char* function) {
    require(value_name, function, "ValueName");
    UNICODE_STRING name = *value_name;
    return ZwSetValueKey(from_handle<RegistryKey>(handle, function).key(), &name, 0, type,
                         const_cast<void*>(data), size);
}

NTSTATUS WdfRegistryAssignValue(WDFKEY Key, PCUNICODE_STRING ValueName, ULONG ValueType,
                                ULONG ValueLength, PVOID Value) {
    enter();
    return assign(Key, ValueName, ValueType, Value, ValueLength, "WdfRegistryAssignValue");
}
GX_EXPORT_FUNCTION(WdfRegistryAssignValue);

NTSTATUS WdfRegistryAssignMemory(WDFKEY Key, PCUNICODE_STRING ValueName, ULONG ValueType,
                                 WDFMEMORY Memory, PWDFMEMORY_OFFSET MemoryOffsets) {
    enter();
    PVOID start;
    size_t length;
    const NTSTATUS status =
        from_handle<gpioclx::framework::Memory>(Memory, "WdfRegistryAssignMemory")
            .part(MemoryOffsets, &start, &length);
    if (!NT_SUCCESS(status)) return status;
    return assign(Key, ValueName, ValueType, start, static_cast<ULONG>(length),
                  "WdfRegistryAssignMemory");
}
GX_EXPORT_FUNCTION(WdfRegistryAssignMemory);

NTSTATUS WdfRegistryAssignMultiString(WDFKEY Key, PCUNICODE_STRING ValueName,
                                      WDFCOLLECTION StringsCollection) {
    enter();
    auto& collection = from_handle<gpioclx::framework::Collection>(StringsCollection,
                                                                   "WdfRegistryAssignMultiString");
    size_t size = sizeof(WCHAR);
    for (ULONG i = 0; i < collection.count(); ++i) {
        size += from_handle<gpioclx::framework::String>(collection.at(i),
                                                        "WdfRegistryAssignMultiString")
                    .value()
                    .get()
                    ->Length +
                sizeof(WCHAR);
    }
    auto* text = static_cast<WCHAR*>(ExAllocatePoolWithTag(PagedPool, size, pool_tag));
    if (text == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    WCHAR* end = text;
    for (ULONG i = 0; i < collection.count(); ++i) {
        const UNICODE_STRING* part =
            static_cast<gpioclx::framework::String*>(collection.at(i))->value().get();
        if (part->Length != 0) std::memcpy(end, part->Buffer, part->Length);
        end += part->Length / sizeof(WCHAR);
        *end++ = 0;
    }
    *end = 0;
    const NTSTATUS status = assign(Key, ValueName, REG_MULTI_SZ, text, static_cast<ULONG>(size),
                                   "WdfRegistryAssignMultiString");
    ExFreePoolWithTag(text, pool_tag);
    return status;
}
GX_EXPORT_FUNCTION(WdfRegistryAssignMultiString);

static NTSTATUS assign_text(WDFKEY handle, PCUNICODE_STRING value_name, const UNICODE_STRING* text,
                            const char* function) {
    OwnedString terminated;
    if (!terminated.assign(text)) return STATUS_INSUFFICIENT_RESOURCES;
    if (terminated.empty()) return assign(handle, value_name, REG_SZ, u"", sizeof(WCHAR), function);
    return assign(handle, value_name, REG_SZ, terminated.get()->Buffer,
                  terminated.get()->Length + sizeof(WCHAR), function);
}

NTSTATUS WdfRegistryAssignUnicodeString(WDFKEY Key, PCUNICODE_STRING ValueName,
                                        PCUNICODE_STRING Value) {
    enter();
    require(Value, "WdfRegistryAssignUnicodeString", "Value");
    return assign_text(Key, ValueName, Value, "WdfRegistryAssignUnicodeString");
}
GX_EXPORT_FUNCTION(WdfRegistryAssignUnicodeString);

NTSTATUS WdfRegistryAssignString(WDFKEY Key, PCUNICODE_STRING ValueName, WDFSTRING String) {
    enter();
    auto& string = from_handle<gpioclx::framework::String>(String, "WdfRegistryAssignString");
    return assign_text(Key, ValueName, string.value().get(), "WdfRegistryAssignString");
}
GX_EXPORT_FUNCTION(WdfRegistryAssignString);

NTSTATUS WdfRegistryAssignULong(WDFKEY Key, PCUNICODE_STRING ValueName, ULONG Value) {
    enter();
    return assign(Key, ValueName, REG_DWORD, &Value, sizeof(Value), "WdfRegistryAssignULong");
}
GX_EXPORT_FUNCTION(WdfRegistryAssignULong);
