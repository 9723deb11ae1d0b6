// Registry values and device properties as drivers read them.
#include "framework/registry_key.h"

#include "framework/framework_fixture.h"
#include "kernel/cm/registry.h"

namespace gpioclx::framework {
namespace {

DECLARE_CONST_UNICODE_STRING(debounce, L"Debounce");
DECLARE_CONST_UNICODE_STRING(label, L"Label");
DECLARE_CONST_UNICODE_STRING(absent, L"Absent");

class RegistryTest : public FrameworkTest {
  protected:
    // With the driver's Parameters key, opened by the framework.
    void with_parameters(std::function<void(WDFKEY)> body) {
        run_as_thread([this, body] {
            ASSERT_EQ(load([](WDFDRIVER, PWDFDEVICE_INIT init) -> NTSTATUS {
                          return WdfDeviceCreate(&init, nullptr, &current->device);
                      }),
                      STATUS_SUCCESS);
            installed();
            WDFKEY key = nullptr;
            ASSERT_EQ(WdfDriverOpenParametersRegistryKey(wdf_driver, KEY_ALL_ACCESS, nullptr, &key),
                      STATUS_SUCCESS);
            body(key);
            WdfRegistryClose(key);
        });
    }
    // What the installation of the driver left there.
    static kernel::cm::Key& installed() {
        machine::ArenaScope inside;
        return *kernel::cm::create_key(std::string(kernel::cm::services_path) +
                                       "\\testdriver\\Parameters");
    }
    static WDFSTRING string(PCUNICODE_STRING text) {
        WDFSTRING made = nullptr;
        EXPECT_EQ(WdfStringCreate(text, nullptr, &made), STATUS_SUCCESS);
        return made;
    }
    static std::u16string text_of(WDFSTRING string) {
        UNICODE_STRING text;
        WdfStringGetUnicodeString(string, &text);
        return {reinterpret_cast<const char16_t*>(text.Buffer), text.Length / sizeof(WCHAR)};
    }
};

TEST_F(RegistryTest, a_number_of_the_installation_is_read) {
    with_parameters([](WDFKEY key) {
        {
            machine::ArenaScope inside;
            kernel::cm::set_number(installed(), "Debounce", 25);
            kernel::cm::set_text(installed(), "Label", "left");
        }
        ULONG value = 0;
        EXPECT_EQ(WdfRegistryQueryULong(key, &debounce, &value), STATUS_SUCCESS);
        EXPECT_EQ(value, 25u);
        EXPECT_EQ(WdfRegistryQueryULong(key, &label, &value), STATUS_OBJECT_TYPE_MISMATCH);
        EXPECT_EQ(WdfRegistryQueryULong(key, &absent, &value), STATUS_OBJECT_NAME_NOT_FOUND);
        EXPECT_EQ(value, 25u) << "untouched by failures";
    });
}

TEST_F(RegistryTest, a_string_is_read_with_its_length) {
    with_parameters([](WDFKEY key) {
        {
            machine::ArenaScope inside;
            kernel::cm::set_text(installed(), "Label", "left");
        }
        USHORT needed = 0;
        EXPECT_EQ(WdfRegistryQueryUnicodeString(key, &label, &needed, nullptr), STATUS_SUCCESS);
        EXPECT_EQ(needed, 10u);
        DECLARE_UNICODE_STRING_SIZE(small, 3);
        EXPECT_EQ(WdfRegistryQueryUnicodeString(key, &label, nullptr, &small),
                  STATUS_BUFFER_OVERFLOW);
        DECLARE_UNICODE_STRING_SIZE(text, 8);
        ASSERT_EQ(WdfRegistryQueryUnicodeString(key, &label, nullptr, &text), STATUS_SUCCESS);
        EXPECT_EQ(text.Length, 8u);
        EXPECT_EQ(text.Buffer[3], L't');
        WDFSTRING made = string(nullptr);
        EXPECT_EQ(WdfRegistryQueryString(key, &label, made), STATUS_SUCCESS);
        EXPECT_EQ(text_of(made), u"left");
        WdfObjectDelete(made);
    });
}

TEST_F(RegistryTest, values_are_read_raw_with_their_type) {
    with_parameters([](WDFKEY key) {
        UCHAR bytes[] = {1, 2, 3, 4, 5};
        ASSERT_EQ(WdfRegistryAssignValue(key, &label, REG_BINARY, sizeof(bytes), bytes),
                  STATUS_SUCCESS);
        ULONG length = 0, type = 0;
        UCHAR read[8] = {};
        EXPECT_EQ(WdfRegistryQueryValue(key, &label, 4, read, &length, &type),
                  STATUS_BUFFER_OVERFLOW);
        EXPECT_EQ(length, 5u);
        EXPECT_EQ(WdfRegistryQueryValue(key, &label, 8, read, &length, &type), STATUS_SUCCESS);
        EXPECT_EQ(type, ULONG{REG_BINARY});
        EXPECT_EQ(read[4], 5u);
        WDFMEMORY memory = nullptr;
        ASSERT_EQ(WdfRegistryQueryMemory(key, &label, PagedPool, nullptr, &memory, &type),
                  STATUS_SUCCESS);
        size_t size = 0;
        EXPECT_EQ(static_cast<UCHAR*>(WdfMemoryGetBuffer(memory, &size))[1], 2);
        EXPECT_EQ(size, 5u);
        WdfObjectDelete(memory);
        EXPECT_EQ(WdfRegistryRemoveValue(key, &label), STATUS_SUCCESS);
        EXPECT_EQ(WdfRegistryQueryValue(key, &label, 8, read, &length, &type),
                  STATUS_OBJECT_NAME_NOT_FOUND);
    });
}

TEST_F(RegistryTest, several_strings_become_a_collection_and_back) {
    with_parameters([](WDFKEY key) {
        DECLARE_CONST_UNICODE_STRING(left, L"left");
        DECLARE_CONST_UNICODE_STRING(right, L"right");
        WDFCOLLECTION given = nullptr, read = nullptr;
        ASSERT_EQ(WdfCollectionCreate(nullptr, &given), STATUS_SUCCESS);
        ASSERT_EQ(WdfCollectionCreate(nullptr, &read), STATUS_SUCCESS);
        EXPECT_EQ(WdfCollectionAdd(given, string(&left)), STATUS_SUCCESS);
        EXPECT_EQ(WdfCollectionAdd(given, string(&right)), STATUS_SUCCESS);
        ASSERT_EQ(WdfRegistryAssignMultiString(key, &label, given), STATUS_SUCCESS);
        ASSERT_EQ(WdfRegistryQueryMultiString(key, &label, nullptr, read), STATUS_SUCCESS);
        ASSERT_EQ(WdfCollectionGetCount(read), 2u);
        EXPECT_EQ(text_of(static_cast<WDFSTRING>(WdfCollectionGetItem(read, 1))), u"right");
        EXPECT_EQ(WdfRegistryAssignULong(key, &debounce, 1), STATUS_SUCCESS);
        EXPECT_EQ(WdfRegistryQueryMultiString(key, &debounce, nullptr, read),
                  STATUS_OBJECT_TYPE_MISMATCH);
    });
}

TEST_F(RegistryTest, keys_below_are_made_opened_and_removed) {
    with_parameters([](WDFKEY key) {
        DECLARE_CONST_UNICODE_STRING(name, L"Calibration");
        WDFKEY below = nullptr;
        EXPECT_EQ(WdfRegistryOpenKey(key, &name, KEY_READ, nullptr, &below),
                  STATUS_OBJECT_NAME_NOT_FOUND);
        ULONG disposition = 0;
        ASSERT_EQ(WdfRegistryCreateKey(key, &name, KEY_ALL_ACCESS, REG_OPTION_NON_VOLATILE,
                                       &disposition, nullptr, &below),
                  STATUS_SUCCESS);
        EXPECT_EQ(disposition, ULONG{REG_CREATED_NEW_KEY});
        EXPECT_EQ(WdfRegistryAssignULong(below, &debounce, 7), STATUS_SUCCESS);
        WdfRegistryClose(below);
        ASSERT_EQ(WdfRegistryOpenKey(key, &name, KEY_ALL_ACCESS, nullptr, &below), STATUS_SUCCESS);
        ULONG value = 0;
        EXPECT_EQ(WdfRegistryQueryULong(below, &debounce, &value), STATUS_SUCCESS);
        EXPECT_EQ(value, 7u);
        EXPECT_EQ(WdfRegistryRemoveKey(below), STATUS_SUCCESS);
        EXPECT_EQ(WdfRegistryOpenKey(key, &name, KEY_READ, nullptr, &below),
                  STATUS_OBJECT_NAME_NOT_FOUND);
    });
}

}  // namespace
}  // namespace gpioclx::framework
