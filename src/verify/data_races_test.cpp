#include "verify/data_races.h"

#include "verify/verifier_fixture.h"

namespace gpioclx::verify {
namespace {

using Kind = machine::MemoryAccess::Kind;

class DataRacesTest : public VerifierTest {
  protected:
    void SetUp() override {
        watch("pl061");
        verifier = std::make_unique<Verifier>(*machine, *this, true);
    }
    machine::AccessPoint touch(Kind kind, std::size_t at = 0, std::uint32_t size = 4) {
        return verifier->memory_accessed({memory + at, size, kind, driver});
    }
    void read(std::size_t at = 0) { touch(Kind::read, at); }
    void write(std::size_t at = 0) { touch(Kind::write, at); }
    void update_volatile(std::size_t at = 0) {
        touch(Kind::volatile_read, at);
        touch(Kind::volatile_write, at);
    }

    alignas(16) char memory[64] = {};
    const void* driver = memory + 63;
};

TEST_F(DataRacesTest, a_write_and_a_read_that_nothing_orders) {
    write();
    isr([&] { read(); });
    EXPECT_EQ(count("race-004"), 1u) << all();
}

TEST_F(DataRacesTest, two_reads_are_harmless) {
    read();
    isr([&] { read(); });
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, neighbours_in_a_word_are_other_data) {
    write(0);
    isr([&] { write(4); });
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, a_copy_races_with_each_of_its_bytes) {
    touch(Kind::write, 0, 40);
    isr([&] { read(36); });
    EXPECT_EQ(count("race-004"), 1u) << all();
}

TEST_F(DataRacesTest, a_lock_orders_what_is_done_under_it) {
    locked(1, [&] { write(); });
    isr([&] { locked(1, [&] { write(); }); });
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, what_is_handed_over_under_a_lock) {
    write();
    locked(1, [] {});
    isr([&] {
        locked(1, [] {});
        read();
    });
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, another_lock_does_not) {
    locked(1, [&] { write(); });
    isr([&] { locked(2, [&] { write(); }); });
    EXPECT_EQ(count("race-004"), 1u) << all();
}

TEST_F(DataRacesTest, interlocked_functions_hand_over) {
    write(0);
    touch(Kind::atomic_write, 32);
    isr([&] {
        touch(Kind::atomic_write, 32);
        read(0);
    });
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, interlocked_functions_of_two_contexts_are_no_race) {
    touch(Kind::atomic_write);
    isr([&] { touch(Kind::atomic_write); });
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, a_read_beside_an_interlocked_function_is_whole) {
    touch(Kind::atomic_write);
    isr([&] { read(); });
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, a_plain_write_beside_an_interlocked_function_loses_its_change) {
    isr([&] { touch(Kind::atomic_write); });
    write();
    EXPECT_EQ(count("race-004"), 1u) << all();
}

TEST_F(DataRacesTest, volatile_variables_hand_over) {
    write(0);
    touch(Kind::volatile_write, 32);
    isr([&] {
        touch(Kind::volatile_read, 32);
        read(0);
    });
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, a_volatile_flag_is_no_race) {
    touch(Kind::volatile_write);
    isr([&] { touch(Kind::volatile_read); });
    touch(Kind::volatile_write);
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, counting_a_volatile_variable_loses_an_interlocked_change) {
    isr([&] { touch(Kind::atomic_write); });
    update_volatile();
    EXPECT_EQ(count("race-004"), 1u) << all();
}

TEST_F(DataRacesTest, two_that_write_back_lose_a_change_in_whatever_order_they_came) {
    const auto update = [&] {
        read();
        write();
    };
    locked(1, update);
    isr([&] {
        locked(1, [] {});
        update();
    });
    EXPECT_EQ(count("race-004"), 1u) << all();
}

TEST_F(DataRacesTest, counting_a_volatile_variable_under_a_common_lock) {
    locked(1, [&] { update_volatile(); });
    isr([&] { locked(1, [&] { update_volatile(); }); });
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, memory_that_is_given_out_again_has_no_past) {
    write();
    verifier->memory_renewed(memory, sizeof(memory));
    isr([&] { write(); });
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, what_was_queued_is_ordered) {
    int dpc = 0;
    isr([&] {
        write();
        verifier->release(&dpc);
    });
    verifier->routine_begins(machine::Routine::deferred, names.intern("dpc"));
    verifier->acquire(&dpc);
    read();
    verifier->routine_ends(machine::Routine::deferred);
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, what_a_driver_does_while_its_device_is_set_up_meets_nobody) {
    verifier->setup_begins(driver);
    write();
    verifier->setup_ends();
    isr([&] { write(); });
    verifier->setup_begins(driver);
    write();
    verifier->setup_ends();
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, the_setup_of_one_device_is_not_that_of_another_driver) {
    isr([&] { write(); });
    verifier->setup_begins(memory);
    write();
    verifier->setup_ends();
    EXPECT_EQ(count("race-004"), 1u) << all();
}

TEST_F(DataRacesTest, who_uses_a_device_comes_after_its_start) {
    write();
    verifier->device_started();
    isr([&] { write(); });
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, a_lock_with_several_holders_orders) {
    int lock = 0;
    verifier->memory_ordered_by(&lock);
    write();
    verifier->memory_ordered_by(&lock);
    isr([&] {
        verifier->memory_ordered_by(&lock);
        read();
    });
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, told_once_for_two_places) {
    write();
    isr([&] { write(); });
    write();
    isr([&] { write(); });
    EXPECT_EQ(count("race-004"), 1u) << all();
}

TEST_F(DataRacesTest, points_are_accesses_that_were_contested_in_an_execution_before) {
    MemoryPoints points;
    verifier->set_memory_points(&points);
    points.begin(false);
    EXPECT_EQ(touch(Kind::write).operation, machine::no_name);
    isr([&] { locked(1, [&] { touch(Kind::write); }); });
    EXPECT_EQ(touch(Kind::write).operation, machine::no_name);
    points.begin(false);
    EXPECT_NE(touch(Kind::write).operation, machine::no_name);
    EXPECT_EQ(touch(Kind::write, 32).operation, machine::no_name);
    points.begin(true);
    EXPECT_NE(touch(Kind::write, 32).operation, machine::no_name);
}

TEST_F(DataRacesTest, memory_under_one_lock_is_not_contested) {
    MemoryPoints points;
    verifier->set_memory_points(&points);
    points.begin(false);
    locked(1, [&] { write(); });
    isr([&] { locked(1, [&] { write(); }); });
    points.begin(false);
    EXPECT_EQ(points.contested(), 0u);
}

}  // namespace
}  // namespace gpioclx::verify
