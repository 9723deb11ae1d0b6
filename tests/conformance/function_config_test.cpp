// Pins with an alternate function (rules C70-C73).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

constexpr ULONG commit = IOCTL_GPIO_COMMIT_FUNCTION_CONFIG_PINS;
constexpr ACCESS_MASK access = FILE_GENERIC_READ | FILE_GENERIC_WRITE;
using FunctionConfig = ConformanceTest;

kernel::GpioIoResource function(std::vector<std::uint16_t> pins, USHORT number) {
    kernel::GpioIoResource resource = io(std::move(pins));
    resource.is_function = true;
    resource.function = number;
    return resource;
}

TEST_F(FunctionConfig, F185_open_reserves_commit_applies_close_reverts) {
    gpio.banks(64, 32);
    kernel::GpioIoResource uart = function({14, 15, 40}, 4);
    uart.pull = GPIO_PIN_PULL_CONFIGURATION_PULLUP;
    uart.vendor_data = {7};
    Peripheral& user = peripheral("UART", uart);
    boot();
    EXPECT_EQ(user.translated.at(0).u.Connection.Class,
              CM_RESOURCE_CONNECTION_CLASS_FUNCTION_CONFIG);
    Handle& handle = user.open(access);
    EXPECT_EQ(handle.status, STATUS_SUCCESS);
    EXPECT_EQ(trace.full(), "");
    const IoResult committed = handle.control(commit);
    EXPECT_EQ(committed.status, STATUS_SUCCESS);
    EXPECT_EQ(committed.information, 0u);
    handle.close();
    EXPECT_EQ(
        trace.full(),
        "GPIO ConnectFunctionConfigPins(bank 0 pins {14 15}, function 4, pull 1) irql 0, wait "
        "lock -> STATUS_SUCCESS\n"
        "GPIO ConnectFunctionConfigPins(bank 1 pins {8}, function 4, pull 1) irql 0, wait lock "
        "-> STATUS_SUCCESS\n"
        "GPIO DisconnectFunctionConfigPins(bank 0 pins {14 15}) irql 0, wait lock -> "
        "STATUS_SUCCESS\n"
        "GPIO DisconnectFunctionConfigPins(bank 1 pins {8}) irql 0, wait lock -> "
        "STATUS_SUCCESS\n");
    EXPECT_EQ(trace.all(Callback::connect_function).at(0)->vendor_data, std::vector<UCHAR>{7});
}

TEST_F(FunctionConfig, F185_without_a_commit_nothing_is_called) {
    Peripheral& user = peripheral("UART", function({14}, 4));
    boot();
    user.open(access).close();
    EXPECT_EQ(trace.full(), "");
}

// C55
TEST_F(FunctionConfig, F185_pins_of_firmware_fields_are_refused) {
    firmware.fields_of["\\_SB.GPIO"] = {io({14})};
    Peripheral& user = peripheral("UART", function({14}, 4), function({15}, 4));
    boot();
    EXPECT_EQ(user.open(access, 0).status, STATUS_GPIO_OPERATION_DENIED);
    EXPECT_EQ(user.open(access, 1).status, STATUS_SUCCESS);
}

TEST_F(FunctionConfig, F185_a_second_commit_changes_nothing) {
    gpio.serial();
    Peripheral& user = peripheral("UART", function({14}, 4));
    boot();
    Handle& handle = user.open(access);
    handle.control(commit);
    EXPECT_EQ(handle.control(commit).status, STATUS_SUCCESS);
    handle.close();
    EXPECT_EQ(trace.compact(), "ConnectFunction DisconnectFunction");
}

TEST_F(FunctionConfig, F185_a_driver_without_the_callbacks_cannot_commit) {
    client.packet.CLIENT_ConnectFunctionConfigPins = nullptr;
    client.packet.CLIENT_DisconnectFunctionConfigPins = nullptr;
    Peripheral& user = peripheral("UART", function({14}, 4));
    boot();
    Handle& handle = user.open(access);
    EXPECT_EQ(handle.status, STATUS_SUCCESS);
    EXPECT_EQ(handle.control(commit).status, STATUS_NOT_SUPPORTED);
    handle.close();
    EXPECT_EQ(trace.full(), "");
}

TEST_F(FunctionConfig, F185_a_commit_that_fails_in_the_second_bank_is_taken_back) {
    gpio.banks(64, 32);
    Peripheral& user = peripheral("UART", function({14, 40}, 4));
    boot();
    Handle& handle = user.open(access);
    gpio.after[Callback::connect_function] = [&](void*) {
        gpio.fail(Callback::connect_function, STATUS_NOT_SUPPORTED, 1);
    };
    EXPECT_EQ(handle.control(commit).status, STATUS_NOT_SUPPORTED);
    EXPECT_EQ(trace.compact(), "ConnectFunction ConnectFunction DisconnectFunction");
    EXPECT_EQ(trace.last(Callback::disconnect_function).bank, 0u);
    gpio.after.clear();
    trace.clear();
    EXPECT_EQ(handle.control(commit).status, STATUS_SUCCESS);
    EXPECT_EQ(trace.compact(), "ConnectFunction ConnectFunction");
}

TEST_F(FunctionConfig, F185_a_reserved_pin_is_no_GPIO_pin) {
    Peripheral& uart = peripheral("UART", function({14}, 4));
    Peripheral& user = peripheral("USER", shared(io({14})),
                                  shared(interrupt(14, LevelSensitive, InterruptActiveHigh)))
                           .make_by_hand();
    boot();
    const NTSTATUS refused = STATUS_GPIO_INCOMPATIBLE_CONNECT_MODE;
    Handle& reserved = uart.open(access);
    EXPECT_EQ(user.open(GENERIC_READ).status, refused);
    EXPECT_EQ(user.connect(), refused);
    EXPECT_EQ(trace.full(), "");
    reserved.close();
    Handle& opened = user.open(GENERIC_READ);
    EXPECT_EQ(opened.status, STATUS_SUCCESS);
    EXPECT_EQ(uart.open(access).status, refused);
    opened.close();
    EXPECT_EQ(user.connect(), STATUS_SUCCESS);
    EXPECT_EQ(uart.open(access).status, refused);
    user.disconnect();
    EXPECT_EQ(uart.open(access).status, STATUS_SUCCESS);
}

TEST_F(FunctionConfig, F185_exclusive_and_shared_reservations) {
    Peripheral& user = peripheral("UART", function({14}, 4), shared(function({14, 15}, 4)),
                                  shared(function({14}, 4)), shared(function({14}, 5)));
    boot();
    Handle& exclusive = user.open(access, 0);
    EXPECT_EQ(user.open(access, 0).status, STATUS_ACCESS_DENIED);
    EXPECT_EQ(user.open(access, 1).status, STATUS_ACCESS_DENIED);
    exclusive.close();
    Handle& first = user.open(access, 1);
    EXPECT_EQ(user.open(access, 0).status, STATUS_ACCESS_DENIED);
    EXPECT_EQ(user.open(access, 3).status, STATUS_GPIO_INCOMPATIBLE_CONNECT_MODE);
    Handle& second = user.open(access, 2);
    EXPECT_EQ(second.status, STATUS_SUCCESS);
    second.control(commit);
    first.control(commit);  // only the pin that has not got the function yet
    EXPECT_EQ(trace.last(Callback::connect_function).pins, std::vector<USHORT>{15});
    second.close();
    EXPECT_EQ(trace.count(Callback::disconnect_function), 0u);
    first.close();
    EXPECT_EQ(trace.last(Callback::disconnect_function).pins, (std::vector<USHORT>{14, 15}));
}

TEST_F(FunctionConfig, F185_wrong_requests) {
    Peripheral& user = peripheral("UART", function({14}, 4), io({3}), function({32}, 4));
    boot();
    Handle& handle = user.open(access);
    EXPECT_EQ(handle.read(1).status, STATUS_INVALID_DEVICE_REQUEST);
    EXPECT_EQ(handle.write({1}).status, STATUS_INVALID_DEVICE_REQUEST);
    EXPECT_EQ(user.open(access, 1).control(commit).status, STATUS_INVALID_DEVICE_REQUEST);
    EXPECT_EQ(user.open(access, 2).status, STATUS_INVALID_PARAMETER);
    EXPECT_EQ(trace.count(Callback::connect_function), 0u);
}

TEST_F(FunctionConfig, F185_F139_a_memory_mapped_controller_cannot_fail_to_revert) {
    Peripheral& user = peripheral("UART", function({14}, 4));
    boot();
    Handle& handle = user.open(access);
    handle.control(commit);
    gpio.fail(Callback::disconnect_function, STATUS_UNSUCCESSFUL);
    expect_finding("V26");
    thread("closer", [&] { handle.close(); });
    run();
    EXPECT_EQ(bug_check().code, 0x138u);
    EXPECT_EQ(bug_check().parameter1, 6u);
}

}  // namespace
}  // namespace gpioclx::conformance
