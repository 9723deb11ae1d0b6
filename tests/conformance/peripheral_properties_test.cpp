// What the driver of a peripheral can learn about its device: properties, and the values of its
// hardware key.
#include <initguid.h>

#include <devpkey.h>

#include "conformance_test.h"
#include "machine/arena.h"

namespace gpioclx::conformance {
namespace {

class PeripheralProperties : public ConformanceTest {
  protected:
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));

    std::u16string text(DEVICE_REGISTRY_PROPERTY property) {
        std::u16string found;
        in_thread([&] {
            WDFMEMORY memory = nullptr;
            ASSERT_EQ(WdfDeviceAllocAndQueryProperty(button.device, property, PagedPool, nullptr,
                                                     &memory),
                      STATUS_SUCCESS);
            size_t size = 0;
            const auto* characters =
                static_cast<const char16_t*>(WdfMemoryGetBuffer(memory, &size));
            {
                machine::OutsideArenaScope outside;
                found.assign(characters, size / sizeof(char16_t));
            }
            WdfObjectDelete(memory);
        });
        return found;
    }
};

TEST_F(PeripheralProperties, name_the_device_as_the_firmware_has_it) {
    boot();
    EXPECT_EQ(text(DevicePropertyHardwareID), std::u16string(u"ACPI\\PERI1000\0*PERI1000\0\0", 25));
    EXPECT_EQ(text(DevicePropertyEnumeratorName), std::u16string(u"ACPI\0", 5));
    EXPECT_EQ(text(DevicePropertyLocationInformation), std::u16string(u"\\_SB.BTN0\0", 10));
}

TEST_F(PeripheralProperties, are_asked_for_with_their_length) {
    boot();
    in_thread([&] {
        WCHAR small[2], enough[8];
        ULONG needed = 0;
        EXPECT_EQ(WdfDeviceQueryProperty(button.device, DevicePropertyEnumeratorName, sizeof(small),
                                         small, &needed),
                  STATUS_BUFFER_TOO_SMALL);
        EXPECT_EQ(needed, 10u);
        EXPECT_EQ(WdfDeviceQueryProperty(button.device, DevicePropertyEnumeratorName,
                                         sizeof(enough), enough, &needed),
                  STATUS_SUCCESS);
        EXPECT_EQ(WdfDeviceQueryProperty(button.device, DevicePropertyUINumber, sizeof(enough),
                                         enough, &needed),
                  STATUS_OBJECT_NAME_NOT_FOUND);
    });
}

TEST_F(PeripheralProperties, that_a_driver_assigns_are_read_back_with_their_type) {
    boot();
    in_thread([&] {
        static constexpr DEVPROPKEY key = {{0x11223344, 0x5566, 0x7788, {1, 2, 3, 4, 5, 6, 7, 8}},
                                           2};
        WDF_DEVICE_PROPERTY_DATA property;
        WDF_DEVICE_PROPERTY_DATA_INIT(&property, &key);
        ULONG value = 77, read = 0, needed = 0;
        DEVPROPTYPE type = 0;
        EXPECT_NE(
            WdfDeviceQueryPropertyEx(button.device, &property, sizeof(read), &read, &needed, &type),
            STATUS_SUCCESS);
        ASSERT_EQ(WdfDeviceAssignProperty(button.device, &property, DEVPROP_TYPE_UINT32,
                                          sizeof(value), &value),
                  STATUS_SUCCESS);
        EXPECT_EQ(
            WdfDeviceQueryPropertyEx(button.device, &property, sizeof(read), &read, &needed, &type),
            STATUS_SUCCESS);
        EXPECT_EQ(read, 77u);
        EXPECT_EQ(type, DEVPROPTYPE{DEVPROP_TYPE_UINT32});
    });
}

TEST_F(PeripheralProperties, of_the_system_have_keys_too) {
    boot();
    in_thread([&] {
        WDF_DEVICE_PROPERTY_DATA property;
        WDF_DEVICE_PROPERTY_DATA_INIT(&property, &DEVPKEY_Device_EnumeratorName);
        char16_t name[8] = {};
        ULONG needed = 0;
        DEVPROPTYPE type = 0;
        ASSERT_EQ(
            WdfDeviceQueryPropertyEx(button.device, &property, sizeof(name), name, &needed, &type),
            STATUS_SUCCESS);
        EXPECT_EQ(type, DEVPROPTYPE{DEVPROP_TYPE_STRING});
        EXPECT_EQ(needed, 10u);
        EXPECT_EQ(name[3], u'I');
        WDF_DEVICE_PROPERTY_DATA_INIT(&property, &DEVPKEY_Device_HardwareIds);
        EXPECT_EQ(WdfDeviceQueryPropertyEx(button.device, &property, 0, nullptr, &needed, &type),
                  STATUS_BUFFER_TOO_SMALL);
        EXPECT_EQ(type, DEVPROPTYPE{DEVPROP_TYPE_STRING_LIST});
    });
}

TEST_F(PeripheralProperties, of_the_hardware_key_come_from_the_bench) {
    options.device_values.push_back(
        {button.path,
         {{.key = "", .name = "DebounceMs", .type = REG_DWORD, .data = {9, 0, 0, 0}}}});
    boot();
    in_thread([&] {
        WDFKEY key = nullptr;
        ASSERT_EQ(WdfDeviceOpenRegistryKey(button.device, PLUGPLAY_REGKEY_DEVICE, KEY_READ, nullptr,
                                           &key),
                  STATUS_SUCCESS);
        DECLARE_CONST_UNICODE_STRING(name, L"DebounceMs");
        ULONG value = 0;
        EXPECT_EQ(WdfRegistryQueryULong(key, &name, &value), STATUS_SUCCESS);
        EXPECT_EQ(value, 9u);
        WdfRegistryClose(key);
    });
}

}  // namespace
}  // namespace gpioclx::conformance
