#include "kernel/cm/registry.h"

#include "kernel/kernel_test_fixture.h"
#include "kernel/rtl/text.h"

namespace gpioclx::kernel {
namespace {

class RegistryTest : public KernelTest {
  protected:
    void in_thread(std::function<void()> body) {
        machine();
        RegistryValue number{"Parameters", "Pins", REG_DWORD, {7, 0, 0, 0}};
        RegistryValue label{"Parameters", "Label", REG_SZ, {'L', 'e', 'd'}};
        cm::install_driver_values("led", {number, label});
        run_as_thread(std::move(body));
    }
    static HANDLE open(const WCHAR* path, HANDLE root = nullptr,
                       NTSTATUS expected = STATUS_SUCCESS) {
        UNICODE_STRING name;
        RtlInitUnicodeString(&name, path);
        OBJECT_ATTRIBUTES attributes;
        InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE,
                                   root, nullptr);
        HANDLE handle = nullptr;
        EXPECT_EQ(ZwOpenKey(&handle, KEY_READ, &attributes), expected);
        return handle;
    }
    static constexpr const WCHAR* parameters =
        L"\\REGISTRY\\machine\\SYSTEM\\CurrentControlSet\\services\\Led\\Parameters";
};

TEST_F(RegistryTest, values_of_the_installation_are_found_without_case) {
    in_thread([] {
        HANDLE key = open(parameters);
        UNICODE_STRING name;
        RtlInitUnicodeString(&name, L"PINS");
        UCHAR buffer[64];
        ULONG size = 0;
        ASSERT_EQ(
            ZwQueryValueKey(key, &name, KeyValuePartialInformation, buffer, sizeof buffer, &size),
            STATUS_SUCCESS);
        auto* value = reinterpret_cast<KEY_VALUE_PARTIAL_INFORMATION*>(buffer);
        EXPECT_EQ(value->Type, static_cast<ULONG>(REG_DWORD));
        EXPECT_EQ(value->DataLength, 4u);
        EXPECT_EQ(value->Data[0], 7);
        RtlInitUnicodeString(&name, L"Label");
        EXPECT_EQ(ZwQueryValueKey(key, &name, KeyValuePartialInformation, buffer, 4, &size),
                  STATUS_BUFFER_TOO_SMALL);
        EXPECT_EQ(size, 12u + 8u);
        EXPECT_EQ(ZwQueryValueKey(key, &name, KeyValuePartialInformation, buffer, 14, &size),
                  STATUS_BUFFER_OVERFLOW);
        RtlInitUnicodeString(&name, L"Other");
        EXPECT_EQ(
            ZwQueryValueKey(key, &name, KeyValuePartialInformation, buffer, sizeof buffer, &size),
            STATUS_OBJECT_NAME_NOT_FOUND);
        EXPECT_EQ(ZwClose(key), STATUS_SUCCESS);
    });
}

TEST_F(RegistryTest, keys_are_created_enumerated_and_deleted) {
    in_thread([] {
        HANDLE root = open(L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\led");
        UNICODE_STRING name;
        RtlInitUnicodeString(&name, L"Extra");
        OBJECT_ATTRIBUTES attributes;
        InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, root, nullptr);
        HANDLE extra = nullptr;
        ULONG disposition = 0;
        EXPECT_EQ(ZwCreateKey(&extra, KEY_ALL_ACCESS, &attributes, 0, nullptr, 0, &disposition),
                  STATUS_SUCCESS);
        EXPECT_EQ(disposition, static_cast<ULONG>(REG_CREATED_NEW_KEY));
        UCHAR buffer[128];
        ULONG size = 0;
        EXPECT_EQ(ZwEnumerateKey(root, 1, KeyBasicInformation, buffer, sizeof buffer, &size),
                  STATUS_SUCCESS);
        auto* basic = reinterpret_cast<KEY_BASIC_INFORMATION*>(buffer);
        EXPECT_EQ(rtl::to_utf8(basic->Name, basic->NameLength / 2), "Extra");
        EXPECT_EQ(ZwEnumerateKey(root, 2, KeyBasicInformation, buffer, sizeof buffer, &size),
                  STATUS_NO_MORE_ENTRIES);
        EXPECT_EQ(ZwDeleteKey(extra), STATUS_SUCCESS);
        EXPECT_EQ(ZwDeleteKey(extra), STATUS_KEY_DELETED);
        EXPECT_EQ(ZwDeleteKey(root), STATUS_CANNOT_DELETE);
        open(L"Extra", root, STATUS_OBJECT_NAME_NOT_FOUND);
        ZwClose(extra);
        ZwClose(root);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(RegistryTest, RtlQueryRegistryValues_fills_variables_and_takes_defaults) {
    in_thread([] {
        ULONG pins = 0, missing = 0, preset = 9;
        UNICODE_STRING label{};
        RTL_QUERY_REGISTRY_TABLE table[5] = {};
        constexpr ULONG direct = RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_TYPECHECK;
        constexpr ULONG number = (REG_DWORD << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT) | REG_DWORD;
        table[0] = {nullptr, direct, const_cast<PWSTR>(L"Pins"), &pins, number, nullptr, 0};
        table[1] = {nullptr, direct,       const_cast<PWSTR>(L"Missing"), &missing, number,
                    &preset, sizeof preset};
        table[2] = {nullptr,
                    direct,
                    const_cast<PWSTR>(L"Label"),
                    &label,
                    static_cast<ULONG>(REG_SZ) << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT,
                    nullptr,
                    0};
        EXPECT_EQ(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"led\\Parameters", table, nullptr,
                                         nullptr),
                  STATUS_SUCCESS);
        EXPECT_EQ(pins, 7u);
        EXPECT_EQ(missing, 9u);
        EXPECT_EQ(rtl::to_utf8(label), "Led");
        RtlFreeUnicodeString(&label);
        table[0].DefaultType = REG_SZ << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT;
        EXPECT_EQ(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"led\\Parameters", table, nullptr,
                                         nullptr),
                  STATUS_OBJECT_TYPE_MISMATCH);
        table[0] = {nullptr,
                    RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_REQUIRED,
                    const_cast<PWSTR>(L"Nothing"),
                    &pins,
                    REG_DWORD,
                    nullptr,
                    0};
        EXPECT_EQ(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"led\\Parameters", table, nullptr,
                                         nullptr),
                  STATUS_OBJECT_NAME_NOT_FOUND);
    });
}

TEST_F(RegistryTest, RtlWriteRegistryValue_makes_the_key) {
    in_thread([] {
        ULONG value = 3;
        EXPECT_EQ(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, const_cast<PWSTR>(L"new\\Parameters")),
                  STATUS_OBJECT_NAME_NOT_FOUND);
        EXPECT_EQ(RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"new\\Parameters", L"X", REG_DWORD,
                                        &value, sizeof value),
                  STATUS_SUCCESS);
        EXPECT_EQ(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, const_cast<PWSTR>(L"new\\Parameters")),
                  STATUS_SUCCESS);
        EXPECT_EQ(RtlDeleteRegistryValue(RTL_REGISTRY_SERVICES, L"new\\Parameters", L"X"),
                  STATUS_SUCCESS);
    });
}

}  // namespace
}  // namespace gpioclx::kernel
