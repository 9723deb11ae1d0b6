// What a driver reads from the registry about its device.
#include "framework/registry_key.h"

#include "framework/framework_fixture.h"
#include "kernel/io/device_object.h"
#include "kernel/pnp/device_node.h"
#include "kernel/pnp/driver.h"
#include "kernel/pnp/instance.h"

namespace gpioclx::framework {
namespace {

NTSTATUS device_add(WDFDRIVER, PWDFDEVICE_INIT init) {
    {
        machine::ArenaScope inside;
        auto node = std::make_unique<kernel::pnp::DeviceNode>();
        node->path = "\\_SB.DEV0";
        node->firmware.hardware_id = "TEST0001";
        node->physical_device = FrameworkTest::current->pdo;
        kernel::io::record_of(FrameworkTest::current->pdo).node = node.get();
        kernel::pnp::write_registry_values(
            kernel::pnp::hardware_key(*node),
            {{.key = "Settings", .name = "Connect", .data = {1, 0, 0, 0}}});
        kernel::part<kernel::pnp::DeviceTree>().nodes.push_back(std::move(node));
    }
    return WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &FrameworkTest::current->device);
}

class HardwareKeyTest : public FrameworkTest {
  protected:
    void added(std::function<void()> body) {
        run_as_thread([this, body] {
            ASSERT_EQ(load(device_add), STATUS_SUCCESS);
            body();
        });
    }
    WDFKEY device_key() {
        WDFKEY key = nullptr;
        EXPECT_EQ(WdfDeviceOpenRegistryKey(device, PLUGPLAY_REGKEY_DEVICE, KEY_READ,
                                           WDF_NO_OBJECT_ATTRIBUTES, &key),
                  STATUS_SUCCESS);
        return key;
    }
    static UNICODE_STRING text(const WCHAR* from) {
        UNICODE_STRING string;
        RtlInitUnicodeString(&string, from);
        return string;
    }
};

TEST_F(HardwareKeyTest, a_number_below_the_hardware_key_is_read) {
    added([&] {
        WDFKEY key = device_key();
        const UNICODE_STRING settings = text(L"Settings"), connect = text(L"Connect"),
                             other = text(L"Other");
        WDFKEY sub_key = nullptr;
        ASSERT_EQ(WdfRegistryOpenKey(key, &settings, KEY_READ, WDF_NO_OBJECT_ATTRIBUTES, &sub_key),
                  STATUS_SUCCESS);
        ULONG value = 0;
        EXPECT_EQ(WdfRegistryQueryULong(sub_key, &connect, &value), STATUS_SUCCESS);
        EXPECT_EQ(value, 1u);
        EXPECT_EQ(WdfRegistryQueryULong(sub_key, &other, &value), STATUS_OBJECT_NAME_NOT_FOUND);
        WDFKEY missing = nullptr;
        EXPECT_EQ(WdfRegistryOpenKey(key, &other, KEY_READ, WDF_NO_OBJECT_ATTRIBUTES, &missing),
                  STATUS_OBJECT_NAME_NOT_FOUND);
        WdfRegistryClose(key);  // the sub key has a handle of its own
        EXPECT_EQ(WdfRegistryQueryULong(sub_key, &connect, &value), STATUS_SUCCESS);
        WdfRegistryClose(sub_key);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(HardwareKeyTest, the_handle_serves_the_kernels_own_functions) {
    added([&] {
        WDFKEY key = device_key();
        const UNICODE_STRING settings = text(L"Settings");
        WDFKEY sub_key = nullptr;
        ASSERT_EQ(WdfRegistryOpenKey(key, &settings, KEY_READ, WDF_NO_OBJECT_ATTRIBUTES, &sub_key),
                  STATUS_SUCCESS);
        UNICODE_STRING connect = text(L"Connect");
        UCHAR buffer[sizeof(KEY_VALUE_PARTIAL_INFORMATION) + 8];
        ULONG length = 0;
        EXPECT_EQ(ZwQueryValueKey(WdfRegistryWdmGetHandle(sub_key), &connect,
                                  KeyValuePartialInformation, buffer, sizeof buffer, &length),
                  STATUS_SUCCESS);
        EXPECT_EQ(reinterpret_cast<KEY_VALUE_PARTIAL_INFORMATION*>(buffer)->Type,
                  static_cast<ULONG>(REG_DWORD));
        WdfRegistryClose(sub_key);
        WdfRegistryClose(key);
    });
}

}  // namespace
}  // namespace gpioclx::framework
