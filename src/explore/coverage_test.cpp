#include "explore/coverage.h"

#include <gtest/gtest.h>

#include <string>

namespace gpioclx::explore {
namespace {

using machine::EventKind;

class CoverageTest : public ::testing::Test {
  protected:
    void note(EventKind kind, const char* callback, std::uint8_t processor) {
        machine::Event event{};
        event.kind = kind;
        event.processor = processor;
        event.subject = names.intern(callback);
        event.detail = names.intern("DEV");
        event.actor = names.intern(callback == std::string("Isr") ? "interrupt" : "thread");
        coverage.note(event);
    }
    void enter(const char* callback, std::uint8_t p) {
        note(EventKind::callback_enter, callback, p);
    }
    void leave(const char* callback, std::uint8_t p) {
        note(EventKind::callback_exit, callback, p);
    }
    machine::LocalNameTable names;
    Coverage coverage;
};

TEST_F(CoverageTest, callbacks_on_two_processors_overlap) {
    enter("Isr", 0);
    enter("Write", 1);
    leave("Isr", 0);
    enter("Isr", 0);
    leave("Isr", 0);
    leave("Write", 1);
    enter("Alone", 0);
    const auto pairs = coverage.pairs(names);
    ASSERT_EQ(pairs.size(), 1u);
    EXPECT_EQ(pairs[0].first, "Isr of DEV");
    EXPECT_EQ(pairs[0].second, "Write of DEV");
    EXPECT_EQ(pairs[0].count, 2u);
}

TEST_F(CoverageTest, an_interrupt_on_top_of_a_callback_overlaps_it) {
    enter("Write", 0);
    enter("Isr", 0);
    EXPECT_EQ(coverage.pair_count(), 1u);
}

TEST_F(CoverageTest, a_callback_that_another_one_called_does_not_overlap_it) {
    enter("Write", 0);
    enter("Helper", 0);
    EXPECT_EQ(coverage.pair_count(), 0u);
}

TEST_F(CoverageTest, a_callback_may_end_on_another_processor) {
    enter("Write", 0);
    leave("Write", 1);
    enter("Isr", 1);
    EXPECT_EQ(coverage.pair_count(), 0u);
}

TEST_F(CoverageTest, what_an_execution_left_running_ends_with_it) {
    enter("Write", 0);
    coverage.begin();
    enter("Isr", 1);
    EXPECT_EQ(coverage.pair_count(), 0u);
}

}  // namespace
}  // namespace gpioclx::explore
