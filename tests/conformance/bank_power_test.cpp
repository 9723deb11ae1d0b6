// Power of single banks: F0 and F1, save and restore (8.3-8.5).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

// Two banks of 32 pins, of which the second can be powered down.
class BankPower : public ConformanceTest {
  protected:
    Peripheral& led = peripheral("LED0", io({3}));    // bank 0
    Peripheral& lamp = peripheral("LED1", io({35}));  // bank 1
    Peripheral& button = peripheral("BTN0", interrupt(40, LevelSensitive, InterruptActiveHigh));
    ULONG64 latency = 0, residency = 0;

    void SetUp() override {
        ConformanceTest::SetUp();
        button.make_by_hand();
        gpio.banks(64, 32);
        gpio.information.Flags.BankIdlePowerMgmtSupported = TRUE;
        add_query_set(client.packet);
        gpio.instead[Callback::query_set] = [this](void* p) {
            return answer(*static_cast<QuerySetRequest*>(p));
        };
    }
    virtual bool has_f1(BANK_ID bank) { return bank == 1; }
    NTSTATUS answer(QuerySetRequest& request) {
        if (request.input->RequestType == QueryControllerFunctionBankMappingInformation)
            return map_banks(request);
        if (request.input->RequestType != QueryBankPowerInformation) return STATUS_NOT_SUPPORTED;
        auto& power = request.output->BankPowerInformation;
        power.F1StateSupported = has_f1(request.input->BankPowerInformation.BankId);
        power.F1IdleStateParameters = {latency, residency, PO_FX_UNKNOWN_POWER};
        return STATUS_SUCCESS;
    }
    virtual NTSTATUS map_banks(QuerySetRequest&) { return STATUS_NOT_SUPPORTED; }
    std::string power_calls() const {
        std::string text;
        for (const Call& call : trace.calls) {
            if (call.is_isr ||
                (call.callback != Callback::save && call.callback != Callback::restore))
                continue;
            text += (text.empty() ? "" : " ") + std::string(name_of(call.callback)) + "(" +
                    call.arguments + ")";
        }
        return text;
    }
};

TEST_F(BankPower, F151_an_idle_bank_is_saved_and_a_used_one_restored) {
    keep_trace = true;
    boot();
    EXPECT_EQ(power_calls(), "SaveBankHardwareContext(bank 1, F1)");
    EXPECT_TRUE(trace.last(Callback::save).place.interrupt_lock);
    EXPECT_EQ(trace.last(Callback::save).place.irql, 4) << "the DIRQL of the bank";
    trace.clear();
    Handle& handle = lamp.open(GENERIC_WRITE);
    EXPECT_EQ(power_calls(), "RestoreBankHardwareContext(bank 1, F0)");
    EXPECT_TRUE(trace.last(Callback::restore).place.interrupt_lock);
    trace.clear();
    handle.close();
    EXPECT_EQ(power_calls(), "SaveBankHardwareContext(bank 1, F1)");
}

TEST_F(BankPower, F152_the_other_bank_is_left_alone) {
    boot();
    trace.clear();
    led.open(GENERIC_WRITE).close();
    EXPECT_EQ(power_calls(), "");
}

TEST_F(BankPower, F153_a_bank_without_F1_is_never_saved) {
    keep_trace = true;
    boot();
    led.open(GENERIC_WRITE).close();
    for (const Call* call : trace.all(Callback::save)) EXPECT_EQ(call->bank, 1u);
}

TEST_F(BankPower, F154_the_bank_is_restored_before_it_is_touched) {
    boot();
    Handle& handle = lamp.open(GENERIC_READ);
    handle.read(1);
    const std::string calls = trace.compact();
    EXPECT_LT(calls.find("Restore"), calls.find("Connect")) << calls;
    EXPECT_EQ(trace.count(Callback::save), 0u) << "an open handle keeps it in F0";
}

TEST_F(BankPower, F155_an_active_interrupt_keeps_its_bank_in_F0) {
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    EXPECT_EQ(power_calls(), "RestoreBankHardwareContext(bank 1, F0)");
    pass_ms(60'000);
    EXPECT_EQ(trace.count(Callback::save), 0u);
    trace.clear();
    button.report_active(false);
    EXPECT_EQ(trace.compact(), "[M] [Save]");
    EXPECT_EQ(extension(gpio).masked(1), 1ull << 8);
    trace.clear();
    button.report_active(true);
    EXPECT_EQ(trace.compact(), "[Restore] [U]");
    trace.clear();
    gpio.raise(40);
    EXPECT_EQ(trace.isr_count(), 1u);
    trace.clear();
    button.disconnect();
    EXPECT_EQ(trace.compact(), "D [Save]");
}

// P36: the primary interrupt is that of both banks, and comes for the first.
TEST_F(BankPower, F154_a_bank_in_F1_is_not_asked_for_active_pins) {
    gpio.interrupts = {40};
    Peripheral& first = peripheral("BTN1", interrupt(5, LevelSensitive, InterruptActiveHigh));
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 1u);
    for (const Call* call : trace.all(Callback::query_active)) EXPECT_EQ(call->bank, 0u);
    (void)first;
}

// P33: F-states are of D0.
TEST_F(BankPower, F152_banks_return_to_F0_before_the_device_leaves_D0) {
    boot();
    sleep();
    EXPECT_EQ(trace.compact({.setup = true}), "[Restore] Stop");
    trace.clear();
    wake();
    EXPECT_EQ(trace.compact({.setup = true}), "Start [Save]");
}

TEST_F(BankPower, F151_a_bank_that_takes_too_long_to_return_stays_in_F0) {
    latency = 3600 * 10'000'000ull;
    keep_trace = true;
    boot();
    lamp.open(GENERIC_WRITE).close();
    EXPECT_EQ(power_calls(), "");
}

TEST_F(BankPower, F151_nor_one_that_must_stay_away_for_long) {
    residency = 8 * 3600 * 10'000'000ull;
    keep_trace = true;
    boot();
    lamp.open(GENERIC_WRITE).close();
    EXPECT_EQ(power_calls(), "");
}

TEST_F(BankPower, F158_banks_of_a_serial_controller_are_never_saved) {
    gpio.banks(64, 32).serial();
    gpio.information.Flags.BankIdlePowerMgmtSupported = FALSE;
    keep_trace = true;
    boot();
    lamp.open(GENERIC_WRITE).close();
    EXPECT_EQ(power_calls(), "");
}

class CriticalTransition : public BankPower {
  protected:
    void SetUp() override {
        BankPower::SetUp();
        latency = residency = 3600 * 10'000'000ull;  // P63: only critical ones
    }
    void idle_deeply(std::uint64_t us = 100) {
        kernel->deep_idle(us * 1000);
        run();
    }
};

TEST_F(CriticalTransition, F156_comes_at_HIGH_LEVEL_with_the_interrupts_masked) {
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    trace.clear();
    idle_deeply();
    EXPECT_EQ(power_calls(),
              "SaveBankHardwareContext(bank 1, F1, critical) "
              "RestoreBankHardwareContext(bank 1, F0, critical)");
    EXPECT_EQ(trace.last(Callback::save).place.irql, HIGH_LEVEL);
    EXPECT_EQ(trace.last(Callback::restore).place.irql, HIGH_LEVEL);
    EXPECT_FALSE(trace.last(Callback::save).place.interrupt_lock);
    ASSERT_EQ(trace.count(Callback::mask), 1u);
    EXPECT_LT(trace.last(Callback::mask).left, trace.last(Callback::save).entered);
    EXPECT_TRUE(trace.last(Callback::mask).place.interrupt_lock);
    EXPECT_GT(trace.last(Callback::unmask).entered, trace.last(Callback::restore).left);
}

TEST_F(CriticalTransition, F156_what_came_meanwhile_is_delivered_after) {
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    gpio.after[Callback::save] = [this](void*) { gpio.pins.set_level(40, true); };
    idle_deeply();
    EXPECT_EQ(trace.isr_count(), 1u);
    EXPECT_EQ(extension(gpio).masked(1), 0u);
}

TEST_F(CriticalTransition, F156_V6_no_bank_lock_is_available) {
    expect_finding("V6");
    boot();
    gpio.during[Callback::save] = [this](void*) {
        GPIO_CLX_AcquireInterruptLock(gpio.context, 1);
        GPIO_CLX_ReleaseInterruptLock(gpio.context, 1);
    };
    idle_deeply();
    EXPECT_EQ(finding_count("V6"), 2u);
}

// A bank that went to F1 by itself is not asked again.
TEST_F(CriticalTransition, F156_a_bank_in_F1_stays_there) {
    latency = residency = 0;
    boot();
    idle_deeply();
    EXPECT_EQ(power_calls(), "");
}

// Q26-Q28
class FunctionBanks : public BankPower {
  protected:
    bool only_first = false;
    bool has_f1(BANK_ID) override { return true; }
    NTSTATUS map_banks(QuerySetRequest& request) override {
        EXPECT_EQ(request.input->ControllerFunctionBankMapping.TotalBanks, 2);
        EXPECT_EQ(request.input->ControllerFunctionBankMapping.InputBufferSize, 4u);
        if (!only_first) return STATUS_NOT_SUPPORTED;
        request.output->ControllerFunctionBankMapping.Mapping[0] = TRUE;
        request.output->ControllerFunctionBankMapping.Mapping[1] = FALSE;
        return STATUS_SUCCESS;
    }
    // Which banks were restored for it. The open handle is of bank 0.
    std::string restored_by_function() {
        Handle& handle = led.open(GENERIC_WRITE);
        trace.clear();
        handle.control(IOCTL_GPIO_CONTROLLER_SPECIFIC_FUNCTION, {1, 2, 3, 4});
        std::string banks;
        for (const Call* call : trace.all(Callback::restore)) banks += std::to_string(call->bank);
        EXPECT_EQ(trace.count(Callback::specific), 1u);
        return banks;
    }
};

TEST_F(FunctionBanks, F144_without_an_answer_all_banks_are_activated) {
    boot();
    EXPECT_EQ(restored_by_function(), "1");
}

TEST_F(FunctionBanks, F144_only_the_mapped_banks_are_activated) {
    only_first = true;
    boot();
    EXPECT_EQ(restored_by_function(), "");
}

}  // namespace
}  // namespace gpioclx::conformance
