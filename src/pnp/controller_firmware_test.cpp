// wdk/ext/gx_acpi_gpio.h: events, operation regions and _DSM as the extension gets them.
#include <ext/gx_acpi_gpio.h>
#include <ext/gx_interrupt.h>

#include "test_driver_fixture.h"

namespace gpioclx::kernel {
namespace {

using pnp_test::FunctionDriver;

class ControllerFirmwareTest : public PnpTest {
  protected:
    void SetUp() override {
        FunctionDriver::reset();
        firmware.add("\\_SB.GPIO", "TEST0001");
        install("all", "TEST0001", FunctionDriver::entry);
    }
    static PDEVICE_OBJECT controller() { return FunctionDriver::physical_devices["\\_SB.GPIO"]; }

    static AcpiEvent event(std::uint16_t pin, const std::string& method) {
        AcpiEvent e;
        e.interrupt.controller = "\\_SB.GPIO";
        e.interrupt.pin = pin;
        e.interrupt.edge = true;
        e.interrupt.pull = 1;
        e.method = "\\_SB.GPIO." + method;
        return e;
    }
    static GpioIoResource pins(std::vector<std::uint16_t> numbers) {
        GpioIoResource r;
        r.controller = "\\_SB.GPIO";
        r.pins = std::move(numbers);
        return r;
    }
};

struct Lines {
    std::string log;

    static NTSTATUS enable(PVOID context, ULONG, const GX_LINE_DESCRIPTOR* line) {
        machine::OutsideArenaScope outside;
        auto& self = *static_cast<Lines*>(context);
        self.log +=
            "enable " + std::to_string(line->Pin) + (line->ForFirmware ? " for firmware " : " ");
        return STATUS_SUCCESS;
    }
    static VOID disable(PVOID context, ULONG, ULONG pin) {
        machine::OutsideArenaScope outside;
        static_cast<Lines*>(context)->log += "disable " + std::to_string(pin) + " ";
    }
};

BOOLEAN run_event(PKINTERRUPT, PVOID physical_device) {
    GxAcpiRunEvent(static_cast<PDEVICE_OBJECT>(physical_device), 0);
    return TRUE;
}

TEST_F(ControllerFirmwareTest,
       A18_events_are_interrupts_of_the_controller_outside_of_its_resources) {
    firmware.events_of["\\_SB.GPIO"] = {event(3, "_E03"), event(260, "_EVT")};
    boot();
    Lines lines;
    EXPECT_TRUE(FunctionDriver::raw["\\_SB.GPIO"].empty());
    run_as_thread(
        [&] {
            GX_ACPI_EVENT found;
            ASSERT_EQ(GxAcpiGetEvent(controller(), 1, &found), STATUS_SUCCESS);
            EXPECT_EQ(found.Pin, 260u);
            EXPECT_EQ(GxAcpiGetEvent(controller(), 2, &found), STATUS_NO_MORE_ENTRIES);
            ASSERT_EQ(GxAcpiGetEvent(controller(), 0, &found), STATUS_SUCCESS);
            EXPECT_STREQ(found.Method, "\\_SB.GPIO._E03");

            GX_INTERRUPT_CONTROLLER callbacks = {sizeof(callbacks),
                                                 512,
                                                 Lines::enable,
                                                 Lines::disable,
                                                 [](PVOID, ULONG, ULONG, BOOLEAN) {},
                                                 [](PVOID, ULONG, ULONG, BOOLEAN) {},
                                                 [](PVOID, ULONG) -> KIRQL { return 5; },
                                                 nullptr};
            ASSERT_EQ(GxRegisterInterruptController(controller(), &callbacks, &lines),
                      STATUS_SUCCESS);
            PKINTERRUPT interrupt = nullptr;
            IO_CONNECT_INTERRUPT_PARAMETERS p{};
            p.Version = CONNECT_FULLY_SPECIFIED;
            p.FullySpecified.PhysicalDeviceObject = controller();
            p.FullySpecified.InterruptObject = &interrupt;
            p.FullySpecified.ServiceRoutine = run_event;
            p.FullySpecified.ServiceContext = controller();
            p.FullySpecified.Vector = found.Vector;
            p.FullySpecified.InterruptMode = found.Mode;
            p.FullySpecified.ProcessorEnableMask = ~KAFFINITY{0};
            ASSERT_EQ(IoConnectInterruptEx(&p), STATUS_SUCCESS);
            EXPECT_TRUE(GxRunSecondaryInterrupt(found.Vector));
            IO_DISCONNECT_INTERRUPT_PARAMETERS d{};
            d.Version = CONNECT_FULLY_SPECIFIED;
            d.ConnectionContext.InterruptObject = interrupt;
            IoDisconnectInterruptEx(&d);
        },
        "extension");
    EXPECT_EQ(firmware.ran, std::vector<std::string>{"\\_SB.GPIO._E03"});
    EXPECT_EQ(lines.log, "enable 3 for firmware disable 3 ");
}

TEST_F(ControllerFirmwareTest, method_of_an_event_that_fails_is_a_finding) {
    firmware.events_of["\\_SB.GPIO"] = {event(3, "_E03")};
    firmware.failing_method = "\\_SB.GPIO._E03";
    boot();
    NTSTATUS status = STATUS_SUCCESS;
    run_as_thread([&] { status = GxAcpiRunEvent(controller(), 0); }, "extension");
    EXPECT_EQ(status, STATUS_ACPI_FATAL);
    EXPECT_TRUE(found("firmware-001"));
}

struct Region {
    const GX_GPIO_CONNECTION* last = nullptr;
    ULONG64 value = 0;

    static NTSTATUS access(PVOID context, const GX_GPIO_CONNECTION* pins, BOOLEAN write,
                           PULONG64 value) {
        auto& self = *static_cast<Region*>(context);
        self.last = pins;
        if (pins->Pins[0] == 99) return STATUS_INVALID_PARAMETER;
        if (write) {
            self.value = *value;
        } else {
            *value = self.value;
        }
        return STATUS_SUCCESS;
    }
};

TEST_F(ControllerFirmwareTest, A22_the_same_field_comes_with_the_same_connection) {
    firmware.fields_of["\\_SB.GPIO"] = {pins({4, 5}), pins({7})};
    boot();
    Region region;
    run_as_thread(
        [&] {
            const GX_GPIO_CONNECTION* first = GxAcpiGetPinField(controller(), 0);
            ASSERT_NE(first, nullptr);
            EXPECT_TRUE(first->ForFirmware);
            EXPECT_EQ(first->PinCount, 2);
            EXPECT_EQ(GxAcpiGetPinField(controller(), 2), nullptr);
            ASSERT_EQ(GxAcpiConnectPinRegion(controller(), Region::access, &region),
                      STATUS_SUCCESS);
            ASSERT_NE(firmware.region_user, nullptr);
            std::uint64_t value = 2;
            EXPECT_EQ(firmware.region_user->access(pins({4, 5}), true, value), 0u);
            EXPECT_EQ(region.last, first);
            value = 0;
            EXPECT_EQ(firmware.region_user->access(pins({4, 5}), false, value), 0u);
            EXPECT_EQ(value, 2u);
            // Of a field that a method declared while it ran.
            EXPECT_EQ(firmware.region_user->access(pins({9}), true, value), 0u);
            const GX_GPIO_CONNECTION* late = region.last;
            EXPECT_EQ(firmware.region_user->access(pins({9}), true, value), 0u);
            EXPECT_EQ(region.last, late);
            EXPECT_EQ(firmware.region_user->access(pins({99}), true, value),
                      static_cast<std::uint32_t>(STATUS_INVALID_PARAMETER));
            GxAcpiDisconnectPinRegion(controller());
            EXPECT_EQ(firmware.region_user, nullptr);
        },
        "extension");
}

constexpr GUID guid = {
    0x4f248f40, 0xd5e2, 0x499f, {0x83, 0x4c, 0x27, 0x75, 0x8e, 0xa1, 0xcd, 0x3f}};

TEST_F(ControllerFirmwareTest, A30_without_DSM_there_is_no_function) {
    boot();
    ULONG64 pins[4];
    ULONG count = 9;
    ULONG failed = 9;
    NTSTATUS status = STATUS_SUCCESS;
    run_as_thread(
        [&] {
            status = GxAcpiQueryDsmIntegers(controller(), &guid, 0, 1, pins, 4, &count, &failed);
        },
        "extension");
    EXPECT_EQ(status, STATUS_NOT_SUPPORTED);
    EXPECT_EQ(count, 0u);
}

TEST_F(ControllerFirmwareTest, A33_function_0_must_return_a_buffer) {
    firmware.methods["\\_SB.GPIO._DSM"] = AcpiValue{std::uint64_t{3}};
    boot();
    ULONG64 pins[4];
    ULONG count = 0;
    ULONG failed = 9;
    NTSTATUS status = STATUS_SUCCESS;
    run_as_thread(
        [&] {
            status = GxAcpiQueryDsmIntegers(controller(), &guid, 0, 1, pins, 4, &count, &failed);
        },
        "extension");
    EXPECT_EQ(status, STATUS_ACPI_INVALID_DATA);
    EXPECT_EQ(failed, 0u);
}

}  // namespace
}  // namespace gpioclx::kernel
