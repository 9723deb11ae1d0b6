// Which primary interrupt serves which bank (rules I2-I10, Q20-Q25).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

class Binding : public ConformanceTest {
  protected:
    // One edge pin in each bank: pin 1 of the bank.
    void add_buttons() {
        for (USHORT bank = 0; bank < gpio.bank_count(); ++bank) {
            const USHORT pin = static_cast<USHORT>(bank * gpio.information.NumberOfPinsPerBank + 1);
            peripheral("BTN" + std::to_string(bank), interrupt(pin, Latched, InterruptRisingEdge));
        }
    }
    // The driver answers the question with these indexes.
    void answer(std::vector<ULONG> mapping) {
        mapping_ = std::move(mapping);
        add_query_set(client.packet);
        gpio.instead[Callback::query_set] = [this](void* p) -> NTSTATUS {
            auto& request = *static_cast<QuerySetRequest*>(p);
            for (std::size_t i = 0; i < mapping_.size(); ++i)
                request.output->BankInterruptBinding.ResourceMapping[i] = mapping_[i];
            return STATUS_SUCCESS;
        };
    }
    // The banks that were asked, in order: "0 1".
    std::string queried() const {
        std::string text;
        for (const Call* call : trace.all(Callback::query_active))
            text += (text.empty() ? "" : " ") + std::to_string(call->bank);
        return text;
    }
    std::vector<ULONG> mapping_;
};

TEST_F(Binding, F56_interrupts_belong_to_banks_in_the_order_of_the_firmware) {
    gpio.banks(64, 32);
    add_buttons();
    boot();
    gpio.raise(33);
    EXPECT_EQ(queried(), "1");
    EXPECT_EQ(trace.isr_count(), 1u);
}

TEST_F(Binding, F57_a_shared_interrupt_is_listed_once_for_each_bank) {
    gpio.banks(128, 32);
    gpio.interrupts = {50, 50, 51, 51};
    add_buttons();
    boot();
    gpio.raise(1);
    EXPECT_EQ(queried(), "0 1");
    trace.clear();
    gpio.raise(97);
    EXPECT_EQ(queried(), "2 3");
    EXPECT_EQ(trace.isr_count(), 1u);
}

TEST_F(Binding, F58_a_single_interrupt_serves_all_banks) {
    gpio.banks(64, 32);
    gpio.interrupts = {40};
    add_buttons();
    boot();
    gpio.raise(1);
    gpio.raise(33);
    EXPECT_EQ(queried(), "0 1 0 1");
    EXPECT_EQ(trace.isr_count(), 2u);
}

TEST_F(Binding, F58_of_more_interrupts_than_banks_the_last_are_not_connected) {
    gpio.banks(64, 32);
    gpio.interrupts = {40, 41, 42};
    add_buttons();
    boot();
    {
        machine::ArenaScope inside;
        machine().assert_line(primary_line(42));
    }
    run();
    EXPECT_EQ(trace.compact(), "");
    EXPECT_FALSE(primary_line(42).enabled);
}

// Resource 0 is the memory.
TEST_F(Binding, F59_the_drivers_own_mapping) {
    gpio.banks(64, 32);
    gpio.wired = {{0, 41}, {1, 40}};
    answer({2, 1});
    add_buttons();
    boot();
    gpio.raise(33);
    EXPECT_EQ(queried(), "1");
    EXPECT_EQ(trace.isr_count(), 1u);
    EXPECT_EQ(trace.last(Callback::query_active).place.irql,
              gpio.translated.at(1).u.Interrupt.Level);
}

TEST_F(Binding, F59_one_resource_for_two_banks) {
    gpio.banks(64, 32);
    gpio.wired = {{0, 41}, {1, 41}};
    answer({2, 2});
    add_buttons();
    boot();
    gpio.raise(1);
    EXPECT_EQ(queried(), "0 1");
}

TEST_F(Binding, F60_a_bank_without_an_interrupt) {
    gpio.banks(64, 32);
    answer({1, GPIO_BANK_INTERRUPT_BINDING_RESERVED_INDEX});
    Peripheral& first = peripheral("BTN0", interrupt(1, Latched, InterruptRisingEdge));
    Peripheral& second = peripheral("BTN1", interrupt(33, Latched, InterruptRisingEdge), io({34}));
    first.make_by_hand();
    second.make_by_hand();
    boot();
    EXPECT_EQ(first.connect(), STATUS_SUCCESS);
    EXPECT_EQ(second.connect(), STATUS_NOT_SUPPORTED);
    EXPECT_EQ(trace.compact(), "E");
    // Its pins still do I/O.
    Handle& handle = second.open(GENERIC_READ);
    EXPECT_EQ(handle.read(1).status, STATUS_SUCCESS);
}

// I6: two interrupts, three banks.
TEST_F(Binding, F60_banks_behind_the_last_interrupt_have_none) {
    gpio.banks(96, 32);
    gpio.interrupts = {40, 41};
    Peripheral& last = peripheral("BTN2", interrupt(65, Latched, InterruptRisingEdge));
    last.make_by_hand();
    boot();
    EXPECT_EQ(last.connect(), STATUS_NOT_SUPPORTED);
}

// I9
TEST_F(Binding, F60_a_controller_without_any_interrupt_starts) {
    gpio.interrupts = {};
    Peripheral& user = peripheral("DEV0", interrupt(1, Latched, InterruptRisingEdge), io({2}));
    user.make_by_hand();
    boot();
    EXPECT_EQ(state(gpio.path), "started");
    EXPECT_EQ(user.connect(), STATUS_NOT_SUPPORTED);
    EXPECT_EQ(user.open(GENERIC_WRITE).write({1}).status, STATUS_SUCCESS);
}

TEST_F(Binding, F61_the_index_of_a_resource_that_is_no_interrupt) {
    gpio.banks(64, 32);
    answer({0, 2});
    expect_finding("V29");
    boot();
    EXPECT_EQ(state(gpio.path), "failed");
}

TEST_F(Binding, F61_an_index_behind_the_list) {
    gpio.banks(64, 32);
    answer({1, 3});
    expect_finding("V29");
    boot();
    EXPECT_EQ(state(gpio.path), "failed");
}

TEST_F(Binding, F62_numbers_of_pins_are_unique_stable_and_not_the_primarys) {
    Peripheral& first = peripheral("BTN0", shared(interrupt(1, Latched, InterruptRisingEdge)));
    Peripheral& same = peripheral("BTN1", shared(interrupt(1, Latched, InterruptRisingEdge)));
    Peripheral& other = peripheral("BTN2", interrupt(2, Latched, InterruptRisingEdge));
    boot();
    const auto gsi = [](const Peripheral& p) {
        return p.descriptor(CmResourceTypeInterrupt).u.Interrupt.Vector;
    };
    EXPECT_EQ(gsi(first), gsi(same));
    EXPECT_NE(gsi(first), gsi(other));
    EXPECT_NE(gsi(first), 40u);
    EXPECT_NE(gsi(other), 40u);
}

TEST_F(Binding, F63_the_descriptor_of_a_pin) {
    Peripheral& edge = peripheral("BTN0", shared(interrupt(1, Latched, InterruptRisingEdge)));
    Peripheral& level = peripheral("BTN1", interrupt(2, LevelSensitive, InterruptActiveLow));
    boot();
    const auto& first = edge.descriptor(CmResourceTypeInterrupt);
    EXPECT_EQ(first.Flags,
              CM_RESOURCE_INTERRUPT_LATCHED | CM_RESOURCE_INTERRUPT_SECONDARY_INTERRUPT);
    EXPECT_EQ(first.ShareDisposition, CmResourceShareShared);
    EXPECT_EQ(first.u.Interrupt.Level, gpio.translated.at(1).u.Interrupt.Level);
    EXPECT_EQ(KAFFINITY{first.u.Interrupt.Affinity}, ~KAFFINITY{0});  // a copy: it is not aligned
    const auto& second = level.descriptor(CmResourceTypeInterrupt);
    EXPECT_EQ(second.Flags,
              CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE | CM_RESOURCE_INTERRUPT_SECONDARY_INTERRUPT);
    EXPECT_EQ(second.ShareDisposition, CmResourceShareDeviceExclusive);
    EXPECT_EQ(edge.raw.size(), edge.translated.size());
    EXPECT_EQ(edge.raw.at(0).Type, CmResourceTypeInterrupt);
}

TEST_F(Binding, F63_the_level_behind_a_serial_controller_is_PASSIVE) {
    gpio.serial();
    Peripheral& button = peripheral("BTN0", interrupt(1, Latched, InterruptRisingEdge));
    button.make_passive();
    boot();
    EXPECT_EQ(button.descriptor(CmResourceTypeInterrupt).u.Interrupt.Level, PASSIVE_LEVEL);
}

TEST_F(Binding, F64_a_pin_that_wakes) {
    auto resource = interrupt(1, Latched, InterruptRisingEdge);
    resource.wake = true;
    Peripheral& button = peripheral("BTN0", resource);
    Peripheral& other = peripheral("BTN1", interrupt(2, Latched, InterruptRisingEdge));
    boot();
    EXPECT_NE(button.descriptor(CmResourceTypeInterrupt).Flags & CM_RESOURCE_INTERRUPT_WAKE_HINT,
              0);
    EXPECT_EQ(other.descriptor(CmResourceTypeInterrupt).Flags & CM_RESOURCE_INTERRUPT_WAKE_HINT, 0);
}

// I8: others on a shared primary line are asked when no pin was active.
TEST_F(Binding, F94_a_primary_without_an_active_pin_is_not_claimed_and_counted) {
    peripheral("BTN0", interrupt(1, Latched, InterruptRisingEdge));
    gpio.after[Callback::query_active] = [&](void*) { gpio.lower_primary(); };
    boot();
    gpio.raise_primary();
    EXPECT_EQ(trace.compact(), "[Q]");
    EXPECT_EQ(trace.count(Callback::query_enabled), 1u);  // I66: on suspicion, always
    EXPECT_EQ(extension(gpio).spurious(0), 1u);
    const machine::Event* exit = nullptr;
    for (const machine::Event& event : recorder.events) {
        if (event.kind == machine::EventKind::interrupt_exit &&
            names.text(event.subject) == "GSI 40")
            exit = &event;
    }
    ASSERT_NE(exit, nullptr);
    EXPECT_EQ(exit->a, 0u);
}

}  // namespace
}  // namespace gpioclx::conformance
