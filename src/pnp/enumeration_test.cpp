// Devices of the firmware find their drivers and start in order, with the resources that firmware
// gives them.
#include <cstring>

#include "test_driver_fixture.h"

namespace gpioclx::kernel {
namespace {

using pnp_test::FunctionDriver;

class EnumerationTest : public PnpTest {
  protected:
    void SetUp() override { FunctionDriver::reset(); }
};

TEST_F(EnumerationTest, a_driver_is_bound_by_hardware_id_then_by_compatible_id_without_case) {
    firmware.add("\\_SB.GPIO", "test0001");
    firmware.add("\\_SB.LED0", "NONE0001").compatible_ids = {"PRP0001", "TEST0002"};
    firmware.add("\\_SB.BOTH", "TEST0001").compatible_ids = {"TEST0002"};
    firmware.add("\\_SB.LONE", "NONE0002");
    install("controller", "TEST0001", FunctionDriver::entry);
    install("led", "TEST0002", FunctionDriver::entry);
    boot();
    EXPECT_EQ(device("\\_SB.GPIO").driver, "controller");
    EXPECT_EQ(device("\\_SB.GPIO").state, "started");
    EXPECT_EQ(device("\\_SB.LED0").driver, "led");
    EXPECT_EQ(device("\\_SB.BOTH").driver, "controller");
    EXPECT_EQ(device("\\_SB.LONE").state, "no driver");
}

TEST_F(EnumerationTest, A21_devices_start_after_what_they_need) {
    firmware.add("\\_SB.BTN0", "TEST0001").needs = {"\\_SB.GPIO"};
    firmware.add("\\_SB.GPIO", "TEST0001");
    install("all", "TEST0001", FunctionDriver::entry);
    boot();
    EXPECT_EQ(FunctionDriver::started, (std::vector<std::string>{"\\_SB.GPIO", "\\_SB.BTN0"}));
    shut_down();
    EXPECT_EQ(FunctionDriver::removed, (std::vector<std::string>{"\\_SB.BTN0", "\\_SB.GPIO"}));
}

TEST_F(EnumerationTest, a_failure_names_who_returned_it_and_stops_nobody_else) {
    firmware.add("\\_SB.ENTR", "TEST0001");
    firmware.add("\\_SB.ADD0", "TEST0002");
    firmware.add("\\_SB.STRT", "TEST0003");
    firmware.add("\\_SB.USER", "TEST0004").needs = {"\\_SB.STRT"};
    firmware.add("\\_SB.GOOD", "TEST0004");
    install("bad_entry", "TEST0001", [](PDRIVER_OBJECT, PUNICODE_STRING) -> NTSTATUS {
        return STATUS_DEVICE_CONFIGURATION_ERROR;
    });
    install("bad_add", "TEST0002", FunctionDriver::entry);
    install("bad_start", "TEST0003", FunctionDriver::entry);
    install("good", "TEST0004", FunctionDriver::entry);
    FunctionDriver::fail_add["\\_SB.ADD0"] = STATUS_INSUFFICIENT_RESOURCES;
    FunctionDriver::fail_start["\\_SB.STRT"] = STATUS_IO_DEVICE_ERROR;
    boot();
    EXPECT_EQ(device("\\_SB.ENTR").failed_in, "DriverEntry");
    EXPECT_EQ(device("\\_SB.ENTR").status,
              static_cast<std::uint32_t>(STATUS_DEVICE_CONFIGURATION_ERROR));
    EXPECT_EQ(device("\\_SB.ADD0").failed_in, "AddDevice");
    EXPECT_EQ(device("\\_SB.STRT").failed_in, "IRP_MN_START_DEVICE");
    EXPECT_EQ(device("\\_SB.STRT").status, static_cast<std::uint32_t>(STATUS_IO_DEVICE_ERROR));
    EXPECT_EQ(device("\\_SB.STRT").state, "failed");
    EXPECT_EQ(device("\\_SB.USER").message, "\\_SB.USER needs \\_SB.STRT, which did not start");
    EXPECT_EQ(device("\\_SB.GOOD").state, "started");
    // A device whose start failed is removed again, and a driver without devices is unloaded.
    EXPECT_EQ(FunctionDriver::removed, std::vector<std::string>{"\\_SB.STRT"});
    EXPECT_TRUE(findings().empty()) << findings()[0];
}

TEST_F(EnumerationTest, F163_A10_resources_come_in_firmware_order_raw_and_translated) {
    firmware.add("\\_SB.GPIO", "TEST0001");
    firmware.add("\\_SB.DEV0", "TEST0001").needs = {"\\_SB.GPIO"};
    GpioInterruptResource button{.controller = "\\_SB.GPIO",
                                 .pin = 5,
                                 .edge = true,
                                 .polarity = 2,
                                 .sharing = InterruptSharing::shared,
                                 .wake = true,
                                 .vendor_data = {}};
    GpioIoResource led{
        .controller = "\\_SB.GPIO", .pins = {10, 11}, .restriction = 2, .vendor_data = {1, 2}};
    SerialBusResource i2c{.controller = "\\_SB.GPIO", .bus_type = 1, .descriptor = {0x8e, 1}};
    GpioIoResource function{
        .controller = "\\_SB.GPIO", .pins = {3}, .is_function = true, .vendor_data = {}};
    InterruptResource primary{.gsi = 40, .edge = false, .sharing = InterruptSharing::shared};
    firmware.assigned["\\_SB.DEV0"] = {led,     button, MemoryResource{0xfe200000, 0x100},
                                       primary, i2c,    PortResource{0x60, 8},
                                       function};
    install("all", "TEST0001", FunctionDriver::entry);
    boot();
    ASSERT_EQ(device("\\_SB.DEV0").state, "started") << device("\\_SB.DEV0").message;
    const auto& raw = FunctionDriver::raw["\\_SB.DEV0"];
    const auto& translated = FunctionDriver::translated["\\_SB.DEV0"];
    ASSERT_EQ(raw.size(), 7u);
    ASSERT_EQ(translated.size(), 7u);

    EXPECT_EQ(translated[0].Type, CmResourceTypeConnection);
    EXPECT_EQ(translated[0].u.Connection.Class, CM_RESOURCE_CONNECTION_CLASS_GPIO);
    EXPECT_EQ(translated[0].u.Connection.Type, CM_RESOURCE_CONNECTION_TYPE_GPIO_IO);
    EXPECT_EQ(translated[0].u.Connection.IdLowPart, 1u);

    EXPECT_EQ(raw[1].Type, CmResourceTypeInterrupt);
    EXPECT_EQ(raw[1].Flags, CM_RESOURCE_INTERRUPT_LATCHED |
                                CM_RESOURCE_INTERRUPT_SECONDARY_INTERRUPT |
                                CM_RESOURCE_INTERRUPT_WAKE_HINT);
    EXPECT_EQ(raw[1].ShareDisposition, CmResourceShareShared);
    EXPECT_EQ(translated[1].u.Interrupt.Vector, 1024u);
    // Copies of what is not aligned: the structure is packed.
    EXPECT_EQ(KAFFINITY{translated[1].u.Interrupt.Affinity}, ~KAFFINITY{0});

    EXPECT_EQ(translated[2].Type, CmResourceTypeMemory);
    EXPECT_EQ(LONGLONG{translated[2].u.Memory.Start.QuadPart}, 0xfe200000);
    EXPECT_EQ(translated[2].u.Memory.Length, 0x100u);

    EXPECT_EQ(raw[3].u.Interrupt.Vector, 40u);
    EXPECT_EQ(raw[3].Flags, CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE);
    EXPECT_EQ(translated[3].u.Interrupt.Level, machine::level_device_lowest);

    EXPECT_EQ(translated[4].u.Connection.Class, CM_RESOURCE_CONNECTION_CLASS_SERIAL);
    EXPECT_EQ(translated[4].u.Connection.Type, CM_RESOURCE_CONNECTION_TYPE_SERIAL_I2C);
    EXPECT_EQ(translated[5].Type, CmResourceTypePort);
    EXPECT_EQ(translated[6].u.Connection.Class, CM_RESOURCE_CONNECTION_CLASS_FUNCTION_CONFIG);
    EXPECT_EQ(translated[6].u.Connection.IdLowPart, 3u);
}

TEST_F(EnumerationTest, a_pin_of_a_controller_that_does_not_exist_is_told_with_its_path) {
    firmware.add("\\_SB.BTN0", "TEST0001");
    firmware.assigned["\\_SB.BTN0"] = {
        GpioInterruptResource{.controller = "\\_SB.GPIX", .pin = 1, .vendor_data = {}}};
    install("button", "TEST0001", FunctionDriver::entry);
    boot();
    EXPECT_EQ(device("\\_SB.BTN0").failed_in, "resources");
    EXPECT_EQ(device("\\_SB.BTN0").message,
              "\\_SB.BTN0: GpioInt names the controller \\_SB.GPIX, which is not in the firmware "
              "or not present");
}

TEST_F(EnumerationTest,
       surprise_removal_comes_before_remove_and_the_driver_goes_with_its_last_device) {
    firmware.add("\\_SB.DEV0", "TEST0001");
    firmware.add("\\_SB.DEV1", "TEST0001");
    install("all", "TEST0001", FunctionDriver::entry);
    boot();
    ASSERT_TRUE(kernel->remove_device("\\_SB.DEV0", true).ok());
    run();
    EXPECT_EQ(FunctionDriver::surprised, std::vector<std::string>{"\\_SB.DEV0"});
    EXPECT_EQ(FunctionDriver::removed, std::vector<std::string>{"\\_SB.DEV0"});
    EXPECT_EQ(device("\\_SB.DEV0").state, "removed");
    EXPECT_EQ(FunctionDriver::unloads, 0);
    EXPECT_FALSE(kernel->remove_device("\\_SB.DEV0", false).ok());
    EXPECT_FALSE(kernel->remove_device("\\_SB.NONE", false).ok());
    ASSERT_TRUE(kernel->remove_device("\\_SB.DEV1", false).ok());
    run();
    EXPECT_EQ(FunctionDriver::unloads, 1);
    shut_down();
    EXPECT_TRUE(findings().empty()) << findings()[0];
}

TEST_F(EnumerationTest, a_refused_query_leaves_the_device_started) {
    firmware.add("\\_SB.DEV0", "TEST0001");
    install("all", "TEST0001", FunctionDriver::entry);
    FunctionDriver::fail_query_remove = STATUS_DEVICE_BUSY;
    boot();
    ASSERT_TRUE(kernel->remove_device("\\_SB.DEV0", false).ok());
    run();
    EXPECT_EQ(device("\\_SB.DEV0").state, "started");
    EXPECT_EQ(device("\\_SB.DEV0").message, "\\_SB.DEV0 refused to be removed");
    EXPECT_TRUE(FunctionDriver::removed.empty());
}

TEST_F(EnumerationTest, a_user_program_opens_writes_and_closes_a_device_by_its_path) {
    firmware.add("\\_SB.DEV0", "TEST0001");
    install("all", "TEST0001", FunctionDriver::entry);
    boot();
    auto& opened = open("\\_SB.DEV0");
    ASSERT_EQ(opened.status, 0u);
    auto& write = request(Kernel::UserRequest::Operation::write, opened.handle);
    write.input = {1, 2, 3};
    carry_out(write);
    EXPECT_EQ(write.status, 0u);
    EXPECT_EQ(write.information, 3u);
    EXPECT_EQ(FunctionDriver::written, (std::vector<UCHAR>{1, 2, 3}));
    auto& read = request(Kernel::UserRequest::Operation::read, opened.handle);
    read.output_size = 2;
    carry_out(read);
    EXPECT_EQ(read.output, (std::vector<std::uint8_t>{1, 2}));
    EXPECT_EQ(carry_out(request(Kernel::UserRequest::Operation::close, opened.handle)).status, 0u);
    EXPECT_EQ(FunctionDriver::opens, 1);
    EXPECT_EQ(FunctionDriver::closes, 1);
    EXPECT_EQ(carry_out(request(Kernel::UserRequest::Operation::read, opened.handle)).status,
              static_cast<std::uint32_t>(STATUS_INVALID_HANDLE));
    EXPECT_EQ(open("\\Device\\Nothing").status,
              static_cast<std::uint32_t>(STATUS_OBJECT_NAME_NOT_FOUND));
}

TEST_F(EnumerationTest, the_same_seed_gives_the_same_stream) {
    std::vector<std::string> first;
    for (int round = 0; round < 2; ++round) {
        start(2, 5);
        firmware = {};
        options = {};
        firmware.add("\\_SB.BTN0", "TEST0001").needs = {"\\_SB.GPIO"};
        firmware.add("\\_SB.GPIO", "TEST0001");
        install("all", "TEST0001", FunctionDriver::entry);
        boot();
        shut_down();
        if (round == 0) first = stream();
    }
    EXPECT_EQ(first, stream());
}

}  // namespace
}  // namespace gpioclx::kernel
