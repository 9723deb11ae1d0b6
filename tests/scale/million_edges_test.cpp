// A million edges into a driver, in one run.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "kernel/io/interrupt_secondary.h"
#include "load_board.h"
#include "machine/arena.h"
#include "probe.h"
#include "scale_board.h"

namespace gpioclx::benchmarks {
namespace {

constexpr unsigned controllers = 4;
constexpr unsigned banks_per_controller = 4;
constexpr unsigned pins_per_bank = 4;  // that interrupt, on both edges
constexpr unsigned edges = 1'000'000;

struct Pin {
    hardware::Wire* wire;
    std::uint32_t vector;
    bool high = false;
};

// What came, against what must come; at most one between two looks.
std::uint32_t expected_vector = 0;
std::uint64_t right = 0;
std::uint64_t wrong = 0;

void receive(std::uint32_t vector) {
    ++(vector == expected_vector ? right : wrong);
    expected_vector = 0;
}

class MillionEdges : public testing::Test {
  protected:
    void find_pins() {
        for (unsigned c = 0; c < controllers; ++c) {
            const std::string path = "\\_SB.W00" + std::to_string(c);
            for (unsigned bank = 0; bank < banks_per_controller; ++bank) {
                for (unsigned i = 0; i < pins_per_bank; ++i) {
                    const unsigned number = bank * 64 + 60 + i;
                    hardware::Wire* wire =
                        load_.board().hardware().wire(path + ":" + std::to_string(number));
                    ASSERT_NE(wire, nullptr) << path << " " << number;
                    pins_.push_back({wire, kernel::io::secondary_line(path, number).gsi});
                }
            }
        }
    }
    void drive(Pin& pin, bool high) {
        pin.high = high;
        machine::ArenaScope inside;
        load_.board().hardware().drive(*pin.wire,
                                       high ? hardware::Drive::high : hardware::Drive::low);
    }
    // A bank's first pin, in an order that has no pattern. No more pins than that: the storm guard
    // looks after some thousand interrupts of a pin for the first time, which should not be late in
    // the run.
    Pin& next_pin() {
        random_ = random_ * 6364136223846793005u + 1442695040888963407u;
        const unsigned bank = (random_ >> 33) % (controllers * banks_per_controller);
        return pins_[bank * pins_per_bank];
    }
    // Changes a pin and lets the machine run until it is idle: its routine has run, no other has.
    bool edge() {
        Pin& pin = next_pin();
        expected_vector = pin.vector;
        const std::uint64_t before = right;
        drive(pin, !pin.high);
        return load_.board().run_until_idle(1'000'000'000) && right == before + 1 && wrong == 0;
    }

    LoadBoard load_{
        write_scale_board(std::string(GX_BENCHMARK_CACHE) + "/edges", controllers, false)};
    std::vector<Pin> pins_;
    std::uint64_t random_ = 1;
};

TEST_F(MillionEdges, none_is_lost_none_comes_in_another_order_and_memory_stays_as_it_is) {
    find_pins();
    for (Pin& pin : pins_) drive(pin, false);
    ASSERT_TRUE(load_.board().run_until_idle(1'000'000'000));
    receive_marks(&receive);
    right = wrong = 0;
    std::size_t memory = 0;
    std::uint32_t names = 0;
    for (unsigned i = 0; i < edges; ++i) {
        ASSERT_TRUE(edge()) << "edge " << i << ": " << right << " came as they should, " << wrong
                            << " otherwise";
        if (i + 1 != edges / 10) continue;
        memory = machine::Arena::instance().heap_used();
        names = load_.name_count();
    }
    EXPECT_EQ(right, edges);
    EXPECT_EQ(machine::Arena::instance().heap_used(), memory);
    EXPECT_EQ(load_.name_count(), names);
    receive_marks(nullptr);
}

// I47: edges of one bank at one moment come in the order of the pins, and each of them.
TEST_F(MillionEdges, edges_at_one_moment_come_in_the_order_of_the_pins) {
    find_pins();
    for (Pin& pin : pins_) drive(pin, false);
    ASSERT_TRUE(load_.board().run_until_idle(1'000'000'000));
    static std::vector<std::uint32_t> came;
    came.reserve(pins_per_bank + 1);
    receive_marks([](std::uint32_t vector) { came.push_back(vector); });
    for (unsigned round = 0; round < 1000; ++round) {
        const unsigned first = round % (controllers * banks_per_controller) * pins_per_bank;
        came.clear();
        std::vector<std::uint32_t> expected;
        for (unsigned i = 0; i < pins_per_bank; ++i) expected.push_back(pins_[first + i].vector);
        // The last pin first: all are pending before a processor looks.
        for (unsigned i = pins_per_bank; i > 0; --i) {
            Pin& pin = pins_[first + i - 1];
            drive(pin, !pin.high);
        }
        ASSERT_TRUE(load_.board().run_until_idle(1'000'000'000));
        ASSERT_EQ(came, expected) << "round " << round;
    }
    receive_marks(nullptr);
}

}  // namespace
}  // namespace gpioclx::benchmarks
