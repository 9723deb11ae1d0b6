#include "trace/interleaving.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gpioclx::trace {
namespace {

using machine::EventKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class InterleavingTest : public ::testing::Test, public Names {
  protected:
    std::string_view name(machine::NameId id) const override { return names.text(id); }
    void event(EventKind kind, std::uint8_t processor, const char* actor, const char* subject,
               std::uint64_t a = 0, std::uint64_t b = 0, machine::Level level = 0) {
        machine::Event made{};
        made.kind = kind;
        made.time_ns = (time += 1'000);
        made.processor = processor;
        made.level = level;
        made.actor = names.intern(actor);
        made.subject = names.intern(subject);
        made.a = a;
        made.b = b;
        recorder.write(made, *this);
    }
    std::vector<std::string> texts(const Interleaving& interleaving) const {
        std::vector<std::string> result;
        for (const auto& step : interleaving.steps) result.push_back(step.text);
        return result;
    }

    machine::LocalNameTable names;
    InterleavingRecorder recorder;
    std::uint64_t time = 0;
};

TEST_F(InterleavingTest, locks_are_held_by_who_acquired_them) {
    event(EventKind::lock_acquired, 0, "worker 1", "lock a");
    event(EventKind::lock_acquired, 1, "worker 2", "lock b");
    event(EventKind::lock_acquired, 0, "worker 1", "lock c");
    event(EventKind::lock_released, 0, "worker 1", "lock a");
    event(EventKind::register_write, 1, "worker 2", "DATA", 0, 7);
    const auto& steps = recorder.interleaving().steps;
    ASSERT_EQ(steps.size(), 5u);
    EXPECT_THAT(steps[2].locks, ElementsAre("lock a", "lock c"));
    EXPECT_THAT(steps[3].locks, ElementsAre("lock c"));
    EXPECT_THAT(steps[4].locks, ElementsAre("lock b"));
    EXPECT_EQ(steps[4].text, "write DATA = 0x7");
    EXPECT_EQ(recorder.interleaving().processors, 2u);
}

TEST_F(InterleavingTest, each_processor_has_its_column) {
    event(EventKind::register_read, 0, "worker 1", "DATA", 0, 3);
    event(EventKind::choice, 1, "BTN0 ISR", "held up", 0, 40'000, 5);
    event(EventKind::finding, 0, "worker 1", "driver-001");
    const std::string text = to_text(recorder.interleaving(), 30);
    EXPECT_EQ(
        text,
        "          time   processor 0                     processor 1\n"
        "      1.000 us   worker 1: read DATA = 0x3\n"
        "      2.000 us >                                 BTN0 ISR: held up for 40.0 us [DIRQL 5]\n"
        "      3.000 us ! worker 1: FINDING driver-001: \n");
}

TEST_F(InterleavingTest, an_excerpt_has_what_is_around_decisions_and_before_findings) {
    for (int i = 0; i < 100; ++i) event(EventKind::register_write, 0, "early", "DATA");
    event(EventKind::choice, 0, "early", "held up", 0, 300);
    for (int i = 0; i < 100; ++i) event(EventKind::register_write, 0, "late", "DATA");
    event(EventKind::finding, 0, "late", "V3");
    event(EventKind::register_write, 0, "behind", "DATA");
    const Interleaving excerpt = recorder.interleaving().excerpt();
    ASSERT_EQ(excerpt.steps.size(), 1u + 3 + 1 + 8 + 1 + 16 + 1);
    EXPECT_EQ(excerpt.steps[0].text, "");
    EXPECT_EQ(excerpt.steps[0].time_ns, 97u);
    EXPECT_EQ(excerpt.steps[4].kind, InterleavingStep::Kind::held_up);
    EXPECT_EQ(excerpt.steps[13].time_ns, 76u);
    EXPECT_EQ(excerpt.steps.back().kind, InterleavingStep::Kind::finding);
    EXPECT_THAT(to_text(excerpt), HasSubstr("...   (76 more)\n"));
}

TEST_F(InterleavingTest, an_end_without_a_finding_is_the_end) {
    for (int i = 0; i < 40; ++i) event(EventKind::register_write, 0, "worker", "DATA");
    const Interleaving excerpt = recorder.interleaving().excerpt();
    EXPECT_EQ(excerpt.steps.size(), 17u);
    EXPECT_EQ(excerpt.steps.back().time_ns, 40'000u);
}

}  // namespace
}  // namespace gpioclx::trace
