// ACPI_INTERFACE_STANDARD2: from Notify () of AML to the drivers that registered.
#include <wdmguid.h>

#include "test_driver_fixture.h"

namespace gpioclx::kernel {
namespace {

using pnp_test::FunctionDriver;

struct Listener {
    std::string heard;

    static VOID callback(PVOID context, ULONG code) {
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        machine::OutsideArenaScope outside;
        auto& self = *static_cast<Listener*>(context);
        self.heard += (self.heard.empty() ? "" : " ") + std::to_string(code);
    }
};

class NotificationTest : public PnpTest {
  protected:
    void SetUp() override {
        FunctionDriver::reset();
        firmware.add("\\_SB.LID0", "TEST0001");
        firmware.add("\\_SB.PWRB", "TEST0001");
        install("all", "TEST0001", FunctionDriver::entry);
        boot();
    }

    // As the framework asks for it, at the top of the device's stack.
    NTSTATUS query(const std::string& path, const GUID& guid, void* table, USHORT size) {
        PDEVICE_OBJECT top = IoGetAttachedDeviceReference(FunctionDriver::physical_devices[path]);
        KEVENT event;
        KeInitializeEvent(&event, NotificationEvent, FALSE);
        IO_STATUS_BLOCK outcome{};
        PIRP irp =
            IoBuildSynchronousFsdRequest(IRP_MJ_PNP, top, nullptr, 0, nullptr, &event, &outcome);
        irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
        PIO_STACK_LOCATION stack = IoGetNextIrpStackLocation(irp);
        stack->MinorFunction = IRP_MN_QUERY_INTERFACE;
        stack->Parameters.QueryInterface.InterfaceType = &guid;
        stack->Parameters.QueryInterface.Interface = static_cast<PINTERFACE>(table);
        stack->Parameters.QueryInterface.Size = size;
        stack->Parameters.QueryInterface.Version = 1;
        NTSTATUS status = IoCallDriver(top, irp);
        if (status == STATUS_PENDING) {
            KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, nullptr);
            status = outcome.Status;
        }
        ObDereferenceObject(top);
        return status;
    }
    void notify(const std::string& path, std::uint32_t code) {
        run_as_thread([&] { firmware.notification_sink->notify(path, code); }, "notify");
    }

    static constexpr GUID standard2 = {
        0xe8695f63, 0x1831, 0x4870, {0xa8, 0xcf, 0x9c, 0x2f, 0x03, 0xf9, 0xdc, 0xb5}};
    ACPI_INTERFACE_STANDARD2 acpi{};
};

TEST_F(NotificationTest, F164_A18_notify_reaches_the_driver_that_registered_for_the_device) {
    Listener lid;
    run_as_thread(
        [&] {
            ASSERT_EQ(query("\\_SB.LID0", standard2, &acpi, sizeof(acpi)), STATUS_SUCCESS);
            EXPECT_EQ(acpi.Size, sizeof(acpi));
            EXPECT_EQ(acpi.RegisterForDeviceNotifications(acpi.Context, Listener::callback, &lid),
                      STATUS_SUCCESS);
        },
        "register");
    notify("\\_SB.LID0", 0x80);
    notify("\\_SB.PWRB", 0x81);
    notify("\\_SB.LID0", 0x82);
    EXPECT_EQ(lid.heard, "128 130");
    run_as_thread(
        [&] {
            acpi.UnregisterForDeviceNotifications(acpi.Context);
            acpi.InterfaceDereference(acpi.Context);
        },
        "unregister");
    notify("\\_SB.LID0", 0x83);
    EXPECT_EQ(lid.heard, "128 130");
}

TEST_F(NotificationTest, each_interface_has_one_registration_and_ends_it_with_itself) {
    Listener first;
    Listener second;
    ACPI_INTERFACE_STANDARD2 other{};
    run_as_thread(
        [&] {
            ASSERT_EQ(query("\\_SB.LID0", standard2, &acpi, sizeof(acpi)), STATUS_SUCCESS);
            ASSERT_EQ(query("\\_SB.LID0", standard2, &other, sizeof(other)), STATUS_SUCCESS);
            EXPECT_EQ(acpi.RegisterForDeviceNotifications(acpi.Context, Listener::callback, &first),
                      STATUS_SUCCESS);
            EXPECT_EQ(acpi.RegisterForDeviceNotifications(acpi.Context, Listener::callback, &first),
                      STATUS_INVALID_DEVICE_REQUEST);
            EXPECT_EQ(
                other.RegisterForDeviceNotifications(other.Context, Listener::callback, &second),
                STATUS_SUCCESS);
        },
        "register");
    notify("\\_SB.LID0", 1);
    EXPECT_EQ(first.heard, "1");
    EXPECT_EQ(second.heard, "1");
    run_as_thread([&] { acpi.InterfaceDereference(acpi.Context); }, "dereference");
    notify("\\_SB.LID0", 2);
    EXPECT_EQ(first.heard, "1");
    EXPECT_EQ(second.heard, "1 2");
    run_as_thread([&] { other.InterfaceDereference(other.Context); }, "dereference");
}

TEST_F(NotificationTest, other_interfaces_and_short_tables_are_refused) {
    run_as_thread(
        [&] {
            EXPECT_EQ(query("\\_SB.LID0", GUID{}, &acpi, sizeof(acpi)), STATUS_NOT_SUPPORTED);
            EXPECT_EQ(query("\\_SB.LID0", standard2, &acpi, sizeof(acpi) - 1),
                      STATUS_INVALID_PARAMETER);
            ASSERT_EQ(query("\\_SB.LID0", standard2, &acpi, sizeof(acpi)), STATUS_SUCCESS);
            PVOID object = nullptr;
            EXPECT_EQ(
                acpi.GpeConnectVector(acpi.Context, 1, Latched, FALSE, nullptr, nullptr, &object),
                STATUS_NOT_SUPPORTED);
            acpi.InterfaceDereference(acpi.Context);
        },
        "queries");
}

}  // namespace
}  // namespace gpioclx::kernel
