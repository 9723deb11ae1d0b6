// Opening and closing connections (rules C1-C13, C30-C35, C60-C62, H).
#define RESHUB_USE_HELPER_ROUTINES
#include <reshub.h>

#include <string>

#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

using Connections = ConformanceTest;

kernel::GpioIoResource restricted(kernel::GpioIoResource resource, GX_IO_RESTRICTION restriction) {
    resource.restriction = static_cast<std::uint8_t>(restriction);
    return resource;
}

TEST_F(Connections, F114_an_IO_resource_is_a_connection_of_class_GPIO) {
    Peripheral& user = peripheral("USER", io({4}), io({5}));
    boot();
    for (const auto* list : {&user.raw, &user.translated}) {
        ASSERT_EQ(list->size(), 2u);
        const auto& first = list->at(0);
        EXPECT_EQ(first.Type, CmResourceTypeConnection);
        EXPECT_EQ(first.u.Connection.Class, CM_RESOURCE_CONNECTION_CLASS_GPIO);
        EXPECT_EQ(first.u.Connection.Type, CM_RESOURCE_CONNECTION_TYPE_GPIO_IO);
        EXPECT_NE(first.u.Connection.IdLowPart | first.u.Connection.IdHighPart, 0u);
        EXPECT_NE(first.u.Connection.IdLowPart, list->at(1).u.Connection.IdLowPart);
    }
}

TEST_F(Connections, F115_the_path_of_an_id) {
    boot();
    std::string path;
    path.reserve(100);
    NTSTATUS too_small = STATUS_SUCCESS;
    in_thread([&] {
        DECLARE_UNICODE_STRING_SIZE(name, RESOURCE_HUB_PATH_SIZE);
        EXPECT_EQ(RESOURCE_HUB_CREATE_PATH_FROM_ID(&name, 0x12, 0), STATUS_SUCCESS);
        for (USHORT i = 0; i < name.Length / sizeof(WCHAR); ++i)
            path += static_cast<char>(name.Buffer[i]);
        WCHAR room[8];
        UNICODE_STRING small = {0, sizeof(room), room};
        too_small = RESOURCE_HUB_CREATE_PATH_FROM_ID(&small, 0x12, 0);
        EXPECT_EQ(small.Length, 0);
    });
    EXPECT_TRUE(path.ends_with("\\RESOURCE_HUB\\0000000000000012")) << path;
    EXPECT_EQ(too_small, STATUS_BUFFER_TOO_SMALL);
}

struct ModeCase {
    ACCESS_MASK access;
    int mode;
};
class Modes : public ConformanceTest, public ::testing::WithParamInterface<ModeCase> {
  protected:
    void expect_mode() {
        Peripheral& user = peripheral("USER", io({4}));
        boot();
        Handle& handle = user.open(GetParam().access);
        EXPECT_EQ(handle.status, STATUS_SUCCESS);
        handle.close();
        const std::string mode = std::to_string(GetParam().mode);
        EXPECT_EQ(trace.last(Callback::connect).arguments,
                  "bank 0 pins {4}, mode " + mode + ", pull 0, debounce 0, drive 0");
        EXPECT_EQ(trace.last(Callback::disconnect).arguments, "bank 0 pins {4}, mode " + mode);
    }
};
class FileModes : public Modes {};
INSTANTIATE_TEST_SUITE_P(Generic, Modes,
                         ::testing::Values(ModeCase{GENERIC_READ, 1}, ModeCase{GENERIC_WRITE, 2},
                                           ModeCase{GENERIC_READ | GENERIC_WRITE, 3}));
INSTANTIATE_TEST_SUITE_P(File, FileModes,
                         ::testing::Values(ModeCase{FILE_GENERIC_READ, 1},
                                           ModeCase{FILE_GENERIC_WRITE, 2},
                                           ModeCase{FILE_GENERIC_READ | FILE_GENERIC_WRITE, 3}));
TEST_P(Modes, F116_access_decides_the_mode) { expect_mode(); }
TEST_P(FileModes, F117_file_access_rights_mean_the_same) { expect_mode(); }

TEST_F(Connections, F116_C4_neither_read_nor_write_access) {
    Peripheral& user = peripheral("USER", io({4}));
    boot();
    EXPECT_EQ(user.open(FILE_READ_ATTRIBUTES | SYNCHRONIZE).status, STATUS_INVALID_PARAMETER);
    EXPECT_EQ(trace.full(), "");
}

TEST_F(Connections, F118_an_unknown_id) {
    Peripheral& user = peripheral("USER", io({4}));
    boot();
    EXPECT_EQ(user.open_id(0x4711, GENERIC_READ).status, STATUS_NOT_FOUND);
    EXPECT_EQ(user.open_id(0, GENERIC_READ).status, STATUS_NOT_FOUND);
    EXPECT_EQ(trace.full(), "");
}

TEST_F(Connections, F119_what_the_descriptor_says_arrives) {
    kernel::GpioIoResource resource = io({9, 4});
    resource.pull = GPIO_PIN_PULL_CONFIGURATION_PULLUP;
    resource.debounce_10us = 584;
    resource.drive_strength_10ua = 121;
    resource.vendor_data = {0xCA, 0xFE};
    Peripheral& user = peripheral("USER", resource);
    ULONG flags = ~0u;
    gpio.during[Callback::connect] = [&](void* given) {
        flags = static_cast<PGPIO_CONNECT_IO_PINS_PARAMETERS>(given)->ConnectFlags.AsULONG;
    };
    boot();
    EXPECT_EQ(user.open(GENERIC_READ).status, STATUS_SUCCESS);
    const Call& connect = trace.last(Callback::connect);
    EXPECT_EQ(connect.arguments, "bank 0 pins {9 4}, mode 1, pull 1, debounce 584, drive 121");
    EXPECT_EQ(connect.vendor_data, (std::vector<UCHAR>{0xCA, 0xFE}));
    EXPECT_EQ(flags, 0u);
}

// I89: the time of a data input is the driver's business, whoever debounces interrupts.
TEST_F(Connections, F119_I89_debounce_of_a_data_input_is_passed_on_even_if_emulated) {
    gpio.information.Flags.EmulateDebouncing = 1;
    kernel::GpioIoResource resource = io({4});
    resource.debounce_10us = 584;
    Peripheral& user = peripheral("USER", resource);
    boot();
    user.open(GENERIC_READ);
    EXPECT_EQ(trace.last(Callback::connect).arguments,
              "bank 0 pins {4}, mode 1, pull 0, debounce 584, drive 0");
    EXPECT_FALSE(trace.last(Callback::connect).has_vendor_data);
}

class Pulls : public ConformanceTest, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Values, Pulls, ::testing::Values(0, 1, 2, 3, 128, 200, 255));
TEST_P(Pulls, F186_every_pull_reaches_the_driver_unchanged) {
    kernel::GpioIoResource data = io({4});
    kernel::GpioInterruptResource input = interrupt(5, LevelSensitive, InterruptActiveHigh);
    data.pull = input.pull = static_cast<UCHAR>(GetParam());
    Peripheral& user = peripheral("USER", data, input);
    keep_trace = true;
    boot();
    user.open(GENERIC_READ);
    const std::string pull = "pull " + std::to_string(GetParam());
    EXPECT_NE(trace.last(Callback::connect).arguments.find(pull + ","), std::string::npos);
    EXPECT_NE(trace.last(Callback::enable).arguments.find(pull + ","), std::string::npos);
}

// The specification's worked example (7.8).
TEST_F(Connections, F120_F134_a_resource_that_spans_two_banks_is_one_call_for_each) {
    gpio.banks(64, 32);
    Peripheral& leds = peripheral("LED0", io({30, 31, 32, 40}));
    boot();
    Handle& handle = leds.open(GENERIC_WRITE);
    ASSERT_EQ(handle.status, STATUS_SUCCESS);
    const IoResult written = handle.write({0b1010});
    handle.close();
    EXPECT_EQ(written.status, STATUS_SUCCESS);
    EXPECT_EQ(written.information, 1u);
    EXPECT_EQ(
        trace.full(),
        "GPIO ConnectIoPins(bank 0 pins {30 31}, mode 2, pull 0, debounce 0, drive 0) irql 0, "
        "wait lock -> STATUS_SUCCESS\n"
        "GPIO ConnectIoPins(bank 1 pins {0 8}, mode 2, pull 0, debounce 0, drive 0) irql 0, "
        "wait lock -> STATUS_SUCCESS\n"
        "GPIO WriteGpioPinsUsingMask(bank 0 set 80000000 clear 40000000) irql 3, interrupt "
        "lock, wait lock -> STATUS_SUCCESS\n"
        "GPIO WriteGpioPinsUsingMask(bank 1 set 100 clear 1) irql 4, interrupt lock, wait "
        "lock -> STATUS_SUCCESS\n"
        "GPIO DisconnectIoPins(bank 0 pins {30 31}, mode 2) irql 0, wait lock -> "
        "STATUS_SUCCESS\n"
        "GPIO DisconnectIoPins(bank 1 pins {0 8}, mode 2) irql 0, wait lock -> "
        "STATUS_SUCCESS\n");
}

TEST_F(Connections, F121_a_failure_in_the_last_bank_takes_the_others_back_in_reverse_order) {
    gpio.banks(96, 32);
    Peripheral& user = peripheral("USER", io({1, 33, 65}));
    boot();
    gpio.during[Callback::connect] = [&](void* given) {
        if (static_cast<PGPIO_CONNECT_IO_PINS_PARAMETERS>(given)->BankId == 2)
            gpio.fail(Callback::connect, STATUS_IO_DEVICE_ERROR, 1);
    };
    EXPECT_EQ(user.open(GENERIC_READ).status, STATUS_IO_DEVICE_ERROR);
    EXPECT_EQ(trace.compact(), "Connect Connect Connect Disconnect Disconnect");
    const auto taken_back = trace.all(Callback::disconnect);
    EXPECT_EQ(taken_back.at(0)->bank, 1u);
    EXPECT_EQ(taken_back.at(1)->bank, 0u);
    EXPECT_EQ(bug_check().code, 0u);  // C40: a refused open is none
    gpio.during.clear();
    EXPECT_EQ(user.open(GENERIC_READ).status, STATUS_SUCCESS);  // nothing is left behind
}

TEST_F(Connections, F122_the_firmware_restricts_the_direction) {
    Peripheral& user = peripheral("USER", restricted(io({1}), GxIoRestrictionInputOnly),
                                  restricted(io({2}), GxIoRestrictionOutputOnly));
    boot();
    const NTSTATUS refused = STATUS_GPIO_INCOMPATIBLE_CONNECT_MODE;
    EXPECT_EQ(user.open(GENERIC_WRITE, 0).status, refused);
    EXPECT_EQ(user.open(GENERIC_READ | GENERIC_WRITE, 0).status, refused);
    EXPECT_EQ(user.open(GENERIC_READ, 1).status, refused);
    EXPECT_EQ(user.open(GENERIC_READ | GENERIC_WRITE, 1).status, refused);
    EXPECT_EQ(trace.full(), "");
    EXPECT_EQ(user.open(GENERIC_READ, 0).status, STATUS_SUCCESS);
    EXPECT_EQ(user.open(GENERIC_WRITE, 1).status, STATUS_SUCCESS);
}

TEST_F(Connections, F122_C8_a_driver_without_a_write_callback) {
    client.packet.CLIENT_WriteGpioPinsUsingMask = nullptr;
    Peripheral& user = peripheral("USER", io({1}));
    boot();
    EXPECT_EQ(user.open(GENERIC_WRITE).status, STATUS_NOT_SUPPORTED);
    EXPECT_EQ(user.open(GENERIC_READ).status, STATUS_SUCCESS);
}

TEST_F(Connections, F122_C8_a_driver_without_a_read_callback) {
    client.packet.CLIENT_ReadGpioPinsUsingMask = nullptr;
    Peripheral& user = peripheral("USER", io({1}));
    boot();
    EXPECT_EQ(user.open(GENERIC_READ).status, STATUS_NOT_SUPPORTED);
    Handle& handle = user.open(GENERIC_WRITE);
    EXPECT_EQ(handle.status, STATUS_SUCCESS);
    EXPECT_EQ(handle.read(1).status, STATUS_NOT_SUPPORTED);  // G10
}

TEST_F(Connections, F122_C7_pins_that_do_not_exist_or_come_twice) {
    gpio.banks(40, 32);
    Peripheral& user = peripheral("USER", io({40}), io({3, 39, 3}), io({39}));
    boot();
    EXPECT_EQ(user.open(GENERIC_READ, 0).status, STATUS_INVALID_PARAMETER);
    EXPECT_EQ(user.open(GENERIC_READ, 1).status, STATUS_INVALID_PARAMETER);
    EXPECT_EQ(trace.full(), "");
    EXPECT_EQ(user.open(GENERIC_READ, 2).status, STATUS_SUCCESS);
}

TEST_F(Connections, F134_closing_disconnects_with_the_mode_of_the_open) {
    gpio.serial();
    Peripheral& user = peripheral("USER", io({4, 6}));
    boot();
    Handle& handle = user.open(GENERIC_READ | GENERIC_WRITE);
    trace.clear();
    handle.close();
    EXPECT_EQ(trace.full(),
              "GPIO DisconnectIoPins(bank 0 pins {4 6}, mode 3) irql 0, wait lock -> "
              "STATUS_SUCCESS\n");
}

// C35, C42: the handle closes all the same.
TEST_F(Connections, F134_C42_a_failed_disconnect_of_a_serial_controller) {
    gpio.serial();
    Peripheral& user = peripheral("USER", io({4}));
    boot();
    gpio.fail(Callback::disconnect, STATUS_IO_TIMEOUT, 1);
    user.open(GENERIC_READ).close();
    EXPECT_EQ(user.open(GENERIC_READ).status, STATUS_SUCCESS);
    EXPECT_EQ(trace.compact(), "Connect Disconnect Connect");
    EXPECT_TRUE(
        logged("CLIENT_DisconnectIoPins of \\_SB.GPIO bank 0, pin or mask 10, failed with "
               "c00000b5 after 1 attempts"));  // D4
}

TEST_F(Connections, F135_the_configuration_is_preserved_only_if_the_firmware_says_so) {
    Peripheral& user = peripheral("USER", restricted(io({4}), GxIoRestrictionNoneAndPreserve),
                                  restricted(io({5}), GxIoRestrictionOutputOnly));
    // As a driver does (C31): the default state unless told otherwise.
    gpio.after[Callback::disconnect] = [&](void* given) {
        const auto& p = *static_cast<PGPIO_DISCONNECT_IO_PINS_PARAMETERS>(given);
        if (!p.DisconnectFlags.PreserveConfiguration)
            gpio.pins.set_output(p.PinNumberTable[0], false);
    };
    boot();
    for (ULONG n : {0u, 1u}) {
        Handle& handle = user.open(GENERIC_WRITE, n);
        handle.write({1});
        handle.close();
    }
    EXPECT_EQ(trace.all(Callback::disconnect).at(0)->arguments,
              "bank 0 pins {4}, mode 2, preserve");
    EXPECT_EQ(trace.all(Callback::disconnect).at(1)->arguments, "bank 0 pins {5}, mode 2");
    EXPECT_TRUE(gpio.pins.output(4));
    EXPECT_FALSE(gpio.pins.output(5));
}

// C13: the controller is torn out while a handle is open.
TEST_F(Connections, F134_C13_a_handle_that_outlives_its_controller) {
    Peripheral& user = peripheral("USER", io({4}));
    boot();
    Handle& handle = user.open(GENERIC_READ);
    ASSERT_TRUE(kernel->remove_device(gpio.path, true).ok());
    run();
    EXPECT_FALSE(NT_SUCCESS(handle.read(1).status));
    handle.close();
    EXPECT_EQ(trace.count(Callback::disconnect), 0u);
    EXPECT_FALSE(NT_SUCCESS(user.open(GENERIC_READ).status));
}

}  // namespace
}  // namespace gpioclx::conformance
