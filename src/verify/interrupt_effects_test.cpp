#include "verify/interrupt_effects.h"

#include "verify/verifier_fixture.h"

namespace gpioclx::verify {
namespace {

class InterruptEffectsTest : public VerifierTest {
  protected:
    void SetUp() override {
        watch("pl061");
        high(3);
        high(4);
    }
    // Enable and Disable change registers of the service routine.
    void with_lock(const std::function<void()>& body) { locked(7, body); }
    // As a good driver does it: falling edges.
    void enable_well(unsigned pin) {
        enable(pin, false, 2, [&, pin] { with_lock([&, pin] { open(1u << pin); }); });
    }
    void open(std::uint32_t pins) {
        update("IS", 0, pins);
        update("IBE", 0, pins);
        update("IEV", 0, pins);
        put("IC", pins);
        update("IE", pins);
    }
    void mask(std::uint32_t pins, const std::function<void()>& body) {
        callback({.name = "CLIENT_MaskInterrupts", .details = about(pins)}, body);
    }
    void query(std::uint64_t enabled, std::uint64_t active, const std::function<void()>& body) {
        callback(
            {.name = "CLIENT_QueryActiveInterrupts", .details = about(enabled), .result = active},
            body);
    }
};

TEST_F(InterruptEffectsTest, a_driver_that_does_what_it_says) {
    enable_well(3);
    low(3);
    query(8, 8, [&] { get("MIS"); });
    callback({.name = "CLIENT_ClearActiveInterrupts", .details = about(8)}, [&] { put("IC", 8); });
    mask(8, [&] { update("IE", 0, 8); });
    verifier->rests(true);
    callback({.name = "CLIENT_UnmaskInterrupt", .details = about(8)}, [&] { update("IE", 8); });
    callback({.name = "CLIENT_DisableInterrupt", .details = about(8)},
             [&] { with_lock([&] { update("IE", 0, 8); }); });
    setup("CLIENT_ReleaseController");
    EXPECT_EQ(all(), "");
}

TEST_F(InterruptEffectsTest, enabled_and_shut) {
    enable(3, false, 2, [] {});
    EXPECT_EQ(count("effect-004"), 1u) << all();
}

TEST_F(InterruptEffectsTest, masked_and_open) {
    enable_well(3);
    mask(8, [] {});
    EXPECT_EQ(count("effect-003"), 1u) << all();
}

TEST_F(InterruptEffectsTest, another_pin_masked_than_the_one_asked_for) {
    enable_well(3);
    enable_well(4);
    mask(8, [&] { update("IE", 0, 16); });
    EXPECT_EQ(count("effect-003"), 1u) << all();
    EXPECT_EQ(count("effect-005"), 1u) << all();
}

TEST_F(InterruptEffectsTest, a_pin_that_could_not_be_masked_is_not_promised) {
    enable_well(3);
    callback({.name = "CLIENT_MaskInterrupts",
              .details = about(8),
              .result = 8,
              .status = static_cast<std::int32_t>(0xC0000001)},
             [] {});
    EXPECT_EQ(all(), "");
}

TEST_F(InterruptEffectsTest, the_other_edge) {
    enable(3, false, 1, [&] { with_lock([&] { open(8); }); });
    ASSERT_EQ(count("effect-008"), 1u) << all();
    EXPECT_NE(all().find("was asked for a rising edge, and the registers ask for a falling edge"),
              std::string::npos)
        << all();
}

TEST_F(InterruptEffectsTest, an_edge_for_a_level) {
    enable(3, true, 2, [&] { with_lock([&] { open(8); }); });
    EXPECT_EQ(count("effect-008"), 1u) << all();
}

// What turns around for emulated both edges does so before Enable has returned (rule I75).
TEST_F(InterruptEffectsTest, turned_around_while_it_is_enabled) {
    const auto low_level = [&] {
        callback({.name = "CLIENT_ReconfigureInterrupt",
                  .details = {.pins = 8, .interrupt = true, .level = true, .polarity = 2}},
                 [&] { update("IEV", 0, 8); });
    };
    const auto high_level = [&] {
        with_lock([&] {
            update("IS", 8);
            update("IEV", 8);
            update("IE", 8);
        });
    };
    enable(3, true, 1, [&] {
        high_level();
        isr(low_level);
    });
    EXPECT_EQ(all(), "");
    enable(3, true, 1, [&] {
        isr(low_level);
        high_level();
    });
    ASSERT_EQ(count("effect-008"), 1u) << all();
    EXPECT_NE(all().find("was asked for a low level, and the registers ask for a high level"),
              std::string::npos)
        << all();
}

TEST_F(InterruptEffectsTest, an_output_is_made_an_interrupt) {
    update("DIR", 8);
    enable_well(3);
    ASSERT_EQ(count("effect-013"), 1u) << all();
}

TEST_F(InterruptEffectsTest, an_output_from_before_the_start_is_left_as_it_is) {
    update("DIR", 8);
    setup("CLIENT_StartController");
    enable_well(3);
    EXPECT_EQ(count("effect-013"), 0u) << all();
}

TEST_F(InterruptEffectsTest, reported_and_not_pending) {
    enable_well(3);
    enable_well(4);
    low(3);
    query(0x18, 0x18, [&] { get("MIS"); });
    ASSERT_EQ(count("effect-002"), 1u) << all();
    EXPECT_NE(all().find("pin 4 is reported active"), std::string::npos) << all();
}

TEST_F(InterruptEffectsTest, pending_when_it_was_looked_at) {
    enable_well(3);
    query(8, 8, [&] {
        low(3);
        get("MIS");
        put("IC", 8);
    });
    EXPECT_EQ(all(), "");
}

TEST_F(InterruptEffectsTest, clears_what_it_was_not_asked_for) {
    enable_well(3);
    enable_well(4);
    callback({.name = "CLIENT_ClearActiveInterrupts", .details = about(8)},
             [&] { put("IC", 0xFF); });
    ASSERT_EQ(count("race-003"), 1u) << all();
    EXPECT_NE(all().find("clears the interrupt of pin 4 too"), std::string::npos) << all();
}

TEST_F(InterruptEffectsTest, pins_that_are_not_enabled_may_be_cleared) {
    enable_well(3);
    callback({.name = "CLIENT_ClearActiveInterrupts", .details = about(8)},
             [&] { put("IC", 0xFF); });
    EXPECT_EQ(all(), "");
}

TEST_F(InterruptEffectsTest, pending_and_nobody_comes) {
    enable_well(3);
    low(3);
    verifier->rests(false);
    EXPECT_EQ(all(), "");  // it may take a while
    verifier->rests(true);
    EXPECT_EQ(count("effect-001"), 1u) << all();
}

TEST_F(InterruptEffectsTest, pending_while_a_passive_routine_waits_is_no_loss) {
    enable_well(3);
    machine::Timer far_away{.fired = [](void*) {}};
    machine->set_timer(far_away, 1'000'000'000);  // so that nothing rests for good
    verifier->routine_begins(machine::Routine::work_item, machine::no_name);
    low(3);
    verifier->rests(false);
    machine->run(10'000'000);
    verifier->rests(false);
    EXPECT_EQ(all(), "");
    verifier->routine_ends(machine::Routine::work_item);
    verifier->rests(false);
    machine->run(20'000'000);
    verifier->rests(false);
    EXPECT_EQ(count("effect-001"), 1u) << all();
}

TEST_F(InterruptEffectsTest, pending_and_masked_is_no_loss) {
    enable_well(3);
    mask(8, [&] { update("IE", 0, 8); });
    low(3);
    verifier->rests(true);
    EXPECT_EQ(all(), "");
}

TEST_F(InterruptEffectsTest, enabled_behind_the_driver) {
    enable_well(3);
    callback({.name = "CLIENT_DisableInterrupt", .details = about(8)}, [] {});
    EXPECT_EQ(count("effect-003"), 1u) << all();
    setup("CLIENT_ReleaseController");
    EXPECT_EQ(count("effect-011"), 1u) << all();
}

TEST_F(InterruptEffectsTest, a_bank_without_power) {
    verifier->power_changes(names.intern("GPI0"), 0, 8, false);
    get("RIS");
    EXPECT_EQ(count("effect-012"), 1u) << all();
    verifier->power_changes(names.intern("GPI0"), 0, 8, true);
    get("RIS");
    EXPECT_EQ(count("effect-012"), 1u) << all();
}

}  // namespace
}  // namespace gpioclx::verify
