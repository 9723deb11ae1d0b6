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
    void touch(Kind kind, std::size_t at = 0, std::uint32_t size = 4) {
        verifier->memory_accessed({memory + at, size, kind, nullptr});
    }
    void read(std::size_t at = 0) { touch(Kind::read, at); }
    void write(std::size_t at = 0) { touch(Kind::write, at); }

    alignas(16) char memory[64] = {};
};

TEST_F(DataRacesTest, a_write_and_a_read_that_nothing_orders) {
    write();
    isr([&] { read(); });
    EXPECT_EQ(count("race-101"), 1u) << all();
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
    EXPECT_EQ(count("race-101"), 1u) << all();
}

TEST_F(DataRacesTest, interlocked_functions_hand_over) {
    write(0);
    touch(Kind::atomic, 32);
    isr([&] {
        touch(Kind::atomic, 32);
        read(0);
    });
    EXPECT_EQ(all(), "");
}

TEST_F(DataRacesTest, volatile_variables_are_no_races_themselves) {
    write(0);
    touch(Kind::release, 32);
    isr([&] {
        touch(Kind::acquire, 32);
        read(0);
    });
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

TEST_F(DataRacesTest, told_once_for_two_places) {
    write();
    isr([&] { write(); });
    write();
    isr([&] { write(); });
    EXPECT_EQ(count("race-101"), 1u) << all();
}

}  // namespace
}  // namespace gpioclx::verify
