// Who may have a pin (rules C50-C54, C73, I18, I22).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

using Arbitration = ConformanceTest;

TEST_F(Arbitration, F136_an_exclusive_pin_is_opened_once) {
    Peripheral& one = peripheral("ONE0", io({4}));
    Peripheral& two = peripheral("TWO0", io({3, 4}), shared(io({4})));
    boot();
    Handle& held = one.open(GENERIC_READ);
    EXPECT_EQ(held.status, STATUS_SUCCESS);
    EXPECT_EQ(one.open(GENERIC_READ).status, STATUS_ACCESS_DENIED);
    EXPECT_EQ(two.open(GENERIC_READ, 0).status, STATUS_ACCESS_DENIED);
    EXPECT_EQ(two.open(GENERIC_READ, 1).status, STATUS_ACCESS_DENIED);
    EXPECT_EQ(trace.count(Callback::connect), 1u);
    held.close();
    EXPECT_EQ(two.open(GENERIC_READ, 0).status, STATUS_SUCCESS);
}

TEST_F(Arbitration, F136_a_pin_that_is_open_shared_refuses_an_exclusive_open) {
    Peripheral& user = peripheral("USER", shared(io({4})), io({4}));
    boot();
    user.open(GENERIC_READ, 0);
    EXPECT_EQ(user.open(GENERIC_READ, 1).status, STATUS_ACCESS_DENIED);
}

TEST_F(Arbitration, F137_a_shared_pin_is_connected_by_the_first_and_disconnected_by_the_last) {
    Peripheral& one = peripheral("ONE0", shared(io({4})));
    Peripheral& two = peripheral("TWO0", shared(io({4})));
    boot();
    Handle& first = one.open(GENERIC_READ);
    Handle& second = two.open(GENERIC_READ);
    EXPECT_EQ(second.status, STATUS_SUCCESS);
    EXPECT_EQ(trace.compact(), "Connect");
    first.close();
    EXPECT_EQ(trace.compact(), "Connect");
    EXPECT_EQ(second.read(1).status, STATUS_SUCCESS);
    second.close();
    EXPECT_EQ(trace.compact(), "Connect [Read] Disconnect");
}

// C54: connections that overlap.
TEST_F(Arbitration, F137_only_new_pins_are_connected_and_only_unused_ones_disconnected) {
    Peripheral& user = peripheral("USER", shared(io({4, 5})), shared(io({5, 6})));
    boot();
    Handle& first = user.open(GENERIC_WRITE, 0);
    Handle& second = user.open(GENERIC_WRITE, 1);
    EXPECT_EQ(trace.last(Callback::connect).pins, (std::vector<USHORT>{6}));
    first.close();
    EXPECT_EQ(trace.last(Callback::disconnect).pins, (std::vector<USHORT>{4}));
    second.close();
    EXPECT_EQ(trace.last(Callback::disconnect).pins, (std::vector<USHORT>{5, 6}));
}

TEST_F(Arbitration, F137_C53_a_shared_pin_has_one_direction_and_one_configuration) {
    kernel::GpioIoResource pulled = shared(io({4}));
    pulled.pull = GPIO_PIN_PULL_CONFIGURATION_PULLUP;
    kernel::GpioIoResource stronger = shared(io({4}));
    stronger.drive_strength_10ua = 5;
    kernel::GpioIoResource slower = shared(io({4}));
    slower.debounce_10us = 5;
    Peripheral& user = peripheral("USER", shared(io({4})), pulled, stronger, slower);
    boot();
    user.open(GENERIC_READ, 0);
    const NTSTATUS refused = STATUS_GPIO_INCOMPATIBLE_CONNECT_MODE;
    EXPECT_EQ(user.open(GENERIC_WRITE, 0).status, refused);
    EXPECT_EQ(user.open(GENERIC_READ | GENERIC_WRITE, 0).status, refused);
    for (ULONG n : {1u, 2u, 3u}) EXPECT_EQ(user.open(GENERIC_READ, n).status, refused) << n;
    EXPECT_EQ(trace.compact(), "Connect");
}

// A refusal in the second bank reaches no bank.
TEST_F(Arbitration, F136_all_pins_are_free_or_none_is_touched) {
    gpio.banks(64, 32);
    Peripheral& user = peripheral("USER", io({40}), io({1, 40}));
    boot();
    user.open(GENERIC_READ, 0);
    EXPECT_EQ(user.open(GENERIC_READ, 1).status, STATUS_ACCESS_DENIED);
    EXPECT_EQ(trace.compact(), "Connect");
}

struct Pair {
    const char* name;
    bool io_shared, interrupt_shared;
    ACCESS_MASK access;
    NTSTATUS status;
};
class IoAndInterrupt : public ConformanceTest, public ::testing::WithParamInterface<Pair> {
  protected:
    Peripheral& user() {
        auto data = io({4});
        auto input = interrupt(4, LevelSensitive, InterruptActiveHigh);
        return peripheral("USER", GetParam().io_shared ? shared(data) : data,
                          GetParam().interrupt_shared ? shared(input) : input)
            .make_by_hand();
    }
};
INSTANTIATE_TEST_SUITE_P(
    Pairs, IoAndInterrupt,
    ::testing::Values(Pair{"neither_shared", false, false, GENERIC_READ, STATUS_ACCESS_DENIED},
                      Pair{"io_shared", true, false, GENERIC_READ, STATUS_ACCESS_DENIED},
                      Pair{"interrupt_shared", false, true, GENERIC_READ, STATUS_ACCESS_DENIED},
                      Pair{"output", true, true, GENERIC_WRITE,
                           STATUS_GPIO_INCOMPATIBLE_CONNECT_MODE},
                      Pair{"shared_input", true, true, GENERIC_READ, STATUS_SUCCESS}),
    [](const auto& test) { return test.param.name; });

TEST_P(IoAndInterrupt, F138_opened_first) {
    Peripheral& peripheral = user();
    boot();
    Handle& handle = peripheral.open(GetParam().access);
    EXPECT_EQ(handle.status, STATUS_SUCCESS);
    EXPECT_EQ(peripheral.connect(), GetParam().status);
    if (NT_SUCCESS(GetParam().status)) {
        gpio.raise(4);
        EXPECT_EQ(trace.isr_count(), 1u);
        return peripheral.disconnect();
    }
    EXPECT_EQ(trace.count(Callback::enable), 0u);
    handle.close();
    EXPECT_EQ(peripheral.connect(), STATUS_SUCCESS);  // free again
    peripheral.disconnect();
}

TEST_P(IoAndInterrupt, F138_connected_first) {
    Peripheral& peripheral = user();
    boot();
    EXPECT_EQ(peripheral.connect(), STATUS_SUCCESS);
    EXPECT_EQ(peripheral.open(GetParam().access).status, GetParam().status);
    peripheral.disconnect();
    if (!NT_SUCCESS(GetParam().status)) {
        EXPECT_EQ(trace.count(Callback::connect), 0u);
        EXPECT_EQ(peripheral.open(GetParam().access).status, STATUS_SUCCESS);
    }
}

}  // namespace
}  // namespace gpioclx::conformance
