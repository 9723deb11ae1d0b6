#include "verify/register_races.h"

#include "verify/verifier_fixture.h"

namespace gpioclx::verify {
namespace {

class RegisterRacesTest : public VerifierTest {};

TEST_F(RegisterRacesTest, two_updates_of_a_register_without_a_common_lock) {
    watch("pl061");
    update("DIR", 1);
    isr([&] { update("DIR", 2); });
    EXPECT_EQ(count("race-001"), 1u) << all();
}

TEST_F(RegisterRacesTest, whichever_came_first) {
    watch("pl061");
    isr([&] { update("DIR", 2); });
    update("DIR", 1);
    EXPECT_EQ(count("race-001"), 1u) << all();
}

TEST_F(RegisterRacesTest, a_common_lock_keeps_them_apart) {
    watch("pl061");
    locked(1, [&] { update("DIR", 1); });
    isr([&] { locked(1, [&] { update("DIR", 2); }); });
    EXPECT_EQ(all(), "");
}

TEST_F(RegisterRacesTest, two_locks_do_not) {
    watch("pl061");
    locked(1, [&] { update("DIR", 1); });
    isr([&] { locked(2, [&] { update("DIR", 2); }); });
    EXPECT_EQ(count("race-001"), 1u) << all();
    EXPECT_NE(all().find("'lock 1'"), std::string::npos) << all();
    EXPECT_NE(all().find("'lock 2'"), std::string::npos) << all();
}

TEST_F(RegisterRacesTest, the_lock_must_be_held_from_the_read_to_the_write) {
    watch("pl061");
    std::uint32_t value = 0;
    locked(1, [&] { value = get("DIR"); });
    locked(1, [&] { put("DIR", value | 1); });
    isr([&] { locked(1, [&] { update("DIR", 2); }); });
    EXPECT_EQ(count("race-001"), 1u) << all();
    EXPECT_NE(all().find("not all of them since it read"), std::string::npos) << all();
}

TEST_F(RegisterRacesTest, a_remembered_copy) {
    watch("pl061");
    put("DIR", 1);
    isr([&] { put("DIR", 3); });
    EXPECT_EQ(count("race-002"), 1u) << all();
}

TEST_F(RegisterRacesTest, reads_are_harmless) {
    watch("pl061");
    update("DIR", 1);
    isr([&] { get("DIR"); });
    EXPECT_EQ(all(), "");
}

TEST_F(RegisterRacesTest, other_registers_are_other_state) {
    watch("pl061");
    update("DIR", 1);
    isr([&] { update("IBE", 2); });
    EXPECT_EQ(all(), "");
}

TEST_F(RegisterRacesTest, an_address_that_masks_the_other_bits) {
    watch("pl061");
    put("DIR", 3);
    verifier->callback_enters(
        {names.intern("CLIENT_StartController"), names.intern("GPI0"), 0xFFFFFFFF, 0});
    verifier->callback_exits(
        {names.intern("CLIENT_StartController"), names.intern("GPI0"), 0xFFFFFFFF, 0}, 0, 0);
    put_at(1u << 2, 1);
    isr([&] { put_at(2u << 2, 2); });
    EXPECT_EQ(all(), "");
    // All pins through one address.
    put_at(0xFFu << 2, (get_at(0xFFu << 2) & ~1u));
    EXPECT_EQ(count("race-001"), 1u) << all();
}

TEST_F(RegisterRacesTest, registers_that_set_and_clear_bits) {
    watch("bcm2835");
    put("GPSET", 1);
    isr([&] { put("GPCLR", 2); });
    put("GPSET", 4);
    EXPECT_EQ(all(), "");
}

TEST_F(RegisterRacesTest, fields_of_one_word) {
    watch("bcm2835");
    locked(1, [&] { update("GPFSEL", 1); });
    isr([&] { locked(2, [&] { update("GPFSEL", 8); }); });
    EXPECT_EQ(count("race-001"), 1u) << all();
}

TEST_F(RegisterRacesTest, what_is_queued_comes_after) {
    watch("pl061");
    int dpc = 0;
    isr([&] {
        update("DIR", 1);
        verifier->release(&dpc);
    });
    verifier->routine_begins(machine::Routine::deferred, names.intern("dpc"));
    verifier->acquire(&dpc);
    update("DIR", 2);
    verifier->routine_ends(machine::Routine::deferred);
    EXPECT_EQ(all(), "");
}

TEST_F(RegisterRacesTest, the_setup_callbacks_run_alone) {
    watch("pl061");
    isr([&] { update("DIR", 1); });
    setup("CLIENT_StopController", [&] { update("DIR", 0, 0xFF); });
    setup("CLIENT_StartController");
    isr([&] { update("DIR", 4); });
    EXPECT_EQ(all(), "");
}

TEST_F(RegisterRacesTest, told_once) {
    watch("pl061");
    for (unsigned i = 0; i < 4; ++i) {
        update("DIR", 1u << i, i % 2);
        isr([&] { update("DIR", 16u << i); });
    }
    EXPECT_EQ(count("race-001"), 1u) << all();
}

TEST_F(RegisterRacesTest, the_same_bit_twice_is_no_lost_update) {
    watch("pl061");
    update("IE", 8);
    isr([&] { update("IE", 0, 8); });
    EXPECT_EQ(all(), "");
}

TEST_F(RegisterRacesTest, below_DIRQL_enable_is_as_any_other) {
    watch("pl061");
    setup("CLIENT_StartController", [&] { put("IE", 0x10); });
    locked(1, [&] { enable(3, false, 2, [&] { update("IE", 8); }); });
    isr([&] {
        locked(2, [&] {
            callback({.name = "CLIENT_MaskInterrupts", .details = about(0x10)},
                     [&] { update("IE", 0, 0x10); });
        });
    });
    EXPECT_EQ(count("race-001"), 1u) << all();
}

}  // namespace
}  // namespace gpioclx::verify
