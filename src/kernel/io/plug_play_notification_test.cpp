// Interfaces of devices, and who is told of them.
#include "kernel/io/plug_play_notification.h"

#include <initguid.h>
#include <wdmguid.h>

#include <cstring>
#include <optional>

#include "kernel/io/device_object.h"
#include "kernel/io/test_driver.h"
#include "kernel/kernel_test_fixture.h"
#include "kernel/pnp/device_node.h"

namespace gpioclx::kernel::io {
namespace {

constexpr GUID sensor_class = {0x12345678, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};
constexpr GUID other_class = {0x12345679, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};

class Notifications : public KernelTest {
  protected:
    // A device that the PnP manager knows, with an interface of `sensor_class`.
    void add_device() {
        driver.emplace("sensor");
        PDEVICE_OBJECT device = driver->add_device(dispatch, nullptr, "\\Device\\Sensor");
        machine::ArenaScope inside;
        auto node = std::make_unique<pnp::DeviceNode>();
        node->path = "\\_SB.SENS";
        node->firmware.hardware_id = "TEST0001";
        node->physical_device = device;
        record_of(device).node = node.get();
        part<pnp::DeviceTree>().nodes.push_back(std::move(node));
        ASSERT_EQ(IoRegisterDeviceInterface(device, &sensor_class, nullptr, &link), STATUS_SUCCESS);
    }
    static NTSTATUS told(PVOID structure, PVOID context) {
        auto* test = static_cast<Notifications*>(context);
        auto* change = static_cast<PDEVICE_INTERFACE_CHANGE_NOTIFICATION>(structure);
        EXPECT_EQ(std::memcmp(&change->InterfaceClassGuid, &sensor_class, sizeof(GUID)), 0);
        EXPECT_TRUE(RtlEqualUnicodeString(change->SymbolicLinkName, &test->link, TRUE));
        const bool arrived =
            std::memcmp(&change->Event, &GUID_DEVICE_INTERFACE_ARRIVAL, sizeof(GUID)) == 0;
        test->log += arrived ? "arrived " : "gone ";
        return STATUS_SUCCESS;
    }
    std::size_t interfaces(ULONG flags = 0) {
        PZZWSTR list = nullptr;
        EXPECT_EQ(IoGetDeviceInterfaces(&sensor_class, nullptr, flags, &list), STATUS_SUCCESS);
        std::size_t count = 0;
        for (PWSTR next = list; *next != 0; ++next, ++count) {
            while (*next != 0) ++next;
        }
        ExFreePool(list);
        return count;
    }

    Dispatch dispatch = [](PDEVICE_OBJECT, PIRP irp) { return complete(irp, STATUS_SUCCESS); };
    std::optional<TestDriver> driver;
    UNICODE_STRING link{};
    std::string log;
};

TEST_F(Notifications, an_interface_is_listed_while_it_is_enabled) {
    run_as_thread([&] {
        add_device();
        EXPECT_EQ(interfaces(), 0u);
        EXPECT_EQ(interfaces(DEVICE_INTERFACE_INCLUDE_NONACTIVE), 1u);
        EXPECT_EQ(IoSetDeviceInterfaceState(&link, TRUE), STATUS_SUCCESS);
        EXPECT_EQ(IoSetDeviceInterfaceState(&link, TRUE), STATUS_OBJECT_NAME_EXISTS);
        EXPECT_EQ(interfaces(), 1u);
        EXPECT_EQ(IoSetDeviceInterfaceState(&link, FALSE), STATUS_SUCCESS);
        EXPECT_EQ(interfaces(), 0u);
        RtlFreeUnicodeString(&link);
    });
}

TEST_F(Notifications, who_registered_hears_of_its_class_until_it_unregisters) {
    run_as_thread([&] {
        add_device();
        PVOID entry = nullptr;
        PVOID other = nullptr;
        ASSERT_EQ(IoRegisterPlugPlayNotification(EventCategoryDeviceInterfaceChange, 0,
                                                 const_cast<GUID*>(&sensor_class), driver->object,
                                                 told, this, &entry),
                  STATUS_SUCCESS);
        ASSERT_EQ(IoRegisterPlugPlayNotification(EventCategoryDeviceInterfaceChange, 0,
                                                 const_cast<GUID*>(&other_class), driver->object,
                                                 told, this, &other),
                  STATUS_SUCCESS);
        IoSetDeviceInterfaceState(&link, TRUE);
        IoSetDeviceInterfaceState(&link, FALSE);
        EXPECT_EQ(IoUnregisterPlugPlayNotificationEx(entry), STATUS_SUCCESS);
        EXPECT_EQ(IoUnregisterPlugPlayNotificationEx(other), STATUS_SUCCESS);
        IoSetDeviceInterfaceState(&link, TRUE);
        RtlFreeUnicodeString(&link);
    });
    EXPECT_EQ(log, "arrived gone ");
}

TEST_F(Notifications, who_asks_for_it_hears_of_those_that_are_there) {
    run_as_thread([&] {
        add_device();
        IoSetDeviceInterfaceState(&link, TRUE);
        PVOID entry = nullptr;
        ASSERT_EQ(IoRegisterPlugPlayNotification(
                      EventCategoryDeviceInterfaceChange,
                      PNPNOTIFY_DEVICE_INTERFACE_INCLUDE_EXISTING_INTERFACES,
                      const_cast<GUID*>(&sensor_class), driver->object, told, this, &entry),
                  STATUS_SUCCESS);
        IoUnregisterPlugPlayNotificationEx(entry);
        RtlFreeUnicodeString(&link);
    });
    EXPECT_EQ(log, "arrived ");
}

}  // namespace
}  // namespace gpioclx::kernel::io
