// What callbacks may not write: members of their parameters that are input only (V38), results that
// cannot be (V23, V24, V36).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

class InputOnly : public ConformanceTest, public ::testing::WithParamInterface<Callback> {
  protected:
    void SetUp() override {
        ConformanceTest::SetUp();
        gpio.information.Flags.EmulateActiveBoth = 1;
        setting("checked", 1);
        gpio.starts_high(3);
        kernel::GpioIoResource function = io({8});
        function.is_function = true;
        user_ = &peripheral("USER", interrupt(1, Latched, InterruptRisingEdge),
                            interrupt(2, LevelSensitive, InterruptActiveHigh),
                            interrupt(3, Latched, InterruptActiveBoth), io({6, 7}), function)
                     .make_passive()
                     .make_by_hand();
    }
    // Every callback for interrupts, I/O and functions at least once.
    void use_everything() {
        for (ULONG n : {0, 1, 2}) EXPECT_EQ(user_->connect(n), STATUS_SUCCESS);
        gpio.raise(1);
        gpio.raise(2);
        gpio.lower(3);
        Handle& pins = user_->open(GENERIC_READ | GENERIC_WRITE, 0);
        pins.read(1);
        pins.write({1});
        pins.control(IOCTL_GPIO_CONTROLLER_SPECIFIC_FUNCTION, {1, 2, 3, 4}, 4);
        pins.close();
        Handle& function = user_->open(FILE_GENERIC_READ | FILE_GENERIC_WRITE, 1);
        function.control(IOCTL_GPIO_COMMIT_FUNCTION_CONFIG_PINS);
        function.close();
        for (ULONG n : {0, 1, 2}) user_->disconnect(n);
    }
    Peripheral* user_ = nullptr;
};

// All blocks begin with the bank, but that of the controller-specific function, which begins with a
// pointer.
TEST_P(InputOnly, V38_a_changed_parameter_is_told) {
    expect_finding("V38");
    boot();
    gpio.after[GetParam()] = [](void* parameters) { ++*static_cast<USHORT*>(parameters); };
    use_everything();
    EXPECT_GT(trace.count(GetParam()), 0u);
    EXPECT_EQ(finding_count("V38"), 1u);
}
INSTANTIATE_TEST_SUITE_P(
    All, InputOnly,
    ::testing::Values(Callback::enable, Callback::disable, Callback::mask, Callback::unmask,
                      Callback::query_active, Callback::query_enabled, Callback::clear,
                      Callback::reconfigure, Callback::connect, Callback::disconnect,
                      Callback::read_mask, Callback::write_mask, Callback::specific,
                      Callback::connect_function, Callback::disconnect_function),
    [](const auto& info) { return std::string(name_of(info.param)); });

using ChangedTable = InputOnly;
TEST_P(ChangedTable, V38_a_changed_table_is_told_and_does_no_harm) {
    expect_finding("V38");
    boot();
    gpio.after[GetParam()] = [](void* parameters) {
        // The table is at the same place in all four.
        static_cast<PGPIO_CONNECT_IO_PINS_PARAMETERS>(parameters)->PinNumberTable[0] = 17;
    };
    use_everything();
    use_everything();
    EXPECT_EQ(finding_count("V38"), 1u);  // each sentence is told once
    const USHORT first =
        GetParam() == Callback::connect || GetParam() == Callback::disconnect ? 6 : 8;
    ASSERT_EQ(trace.count(GetParam()), 2u);
    for (const Call* call : trace.all(GetParam())) EXPECT_EQ(call->pins.at(0), first);
}
INSTANTIATE_TEST_SUITE_P(All, ChangedTable,
                         ::testing::Values(Callback::connect, Callback::disconnect,
                                           Callback::connect_function,
                                           Callback::disconnect_function),
                         [](const auto& info) { return std::string(name_of(info.param)); });

using Outputs = ConformanceTest;

// V23, V24: a success with failed pins, which were not even asked for.
TEST_F(Outputs, V23_V24_a_failed_mask_that_cannot_be) {
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    gpio.after[Callback::clear] = [](void* parameters) {
        static_cast<PGPIO_CLEAR_ACTIVE_INTERRUPTS_PARAMETERS>(parameters)->FailedClearMask = 0x80;
    };
    expect_finding("V23");
    expect_finding("V24");
    boot();
    gpio.pulse(5);
    EXPECT_EQ(trace.isr_count(), 1u);
}

TEST_F(Outputs, V36_a_callback_is_done_when_it_returns) {
    Peripheral& user = peripheral("USER", io({4}));
    gpio.instead[Callback::write_mask] = [](void*) -> NTSTATUS { return STATUS_PENDING; };
    expect_finding("V36");
    boot();
    user.open(GENERIC_WRITE).write({1});
}

TEST_F(Outputs, V7_a_bank_lock_is_not_for_higher_levels) {
    expect_finding("V7");
    boot();
    in_thread([&] {
        KIRQL before;
        KeRaiseIrql(12, &before);
        GPIO_CLX_AcquireInterruptLock(gpio.context, 0);
        GPIO_CLX_ReleaseInterruptLock(gpio.context, 0);
        KeLowerIrql(before);
    });
}

// S3: one page tells drivers to write EnabledMask.
TEST_F(Outputs, V38_the_enabled_mask_of_a_query_is_only_a_warning) {
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    gpio.after[Callback::query_active] = [](void* parameters) {
        static_cast<PGPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS>(parameters)->EnabledMask = 0;
    };
    boot();
    gpio.pulse(5);
    EXPECT_TRUE(logged("\\_SB.GPIO: CLIENT_QueryActiveInterrupts writes EnabledMask"));
    EXPECT_EQ(trace.compact(), "[Q] [X] isr");
}

TEST_F(Outputs, V38_the_input_of_a_query_set) {
    add_query_set(client.packet);
    gpio.instead[Callback::query_set] = [](void* given) -> NTSTATUS {
        static_cast<QuerySetRequest*>(given)->input->Size = 0;
        return STATUS_NOT_SUPPORTED;
    };
    expect_finding("V38");
    boot();
    EXPECT_EQ(state(gpio.path), "started");
}

}  // namespace
}  // namespace gpioclx::conformance
