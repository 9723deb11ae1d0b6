#include "bench/execution_collector.h"

#include <gtest/gtest.h>

#include "diagnostics/stack_mark.h"

namespace gpioclx::bench {
namespace {

class ExecutionCollectorTest : public ::testing::Test {
  protected:
    void emit(machine::EventKind kind, const std::string& subject, const std::string& detail = "") {
        machine::Event event{};
        event.kind = kind;
        event.subject = names.intern(subject);
        event.detail = names.intern(detail);
        collector.record(event);
    }
    void stack(const std::string& frames) {
        emit(machine::EventKind::mark, std::string(stack_mark) + frames);
    }

    machine::LocalNameTable names;
    ExecutionCollector collector{names};
};

TEST_F(ExecutionCollectorTest, a_stack_belongs_to_what_it_follows) {
    emit(machine::EventKind::finding, "check-001", "expected 1 call");
    emit(machine::EventKind::hardware_report, "wire", "two drivers fight");
    stack("chip+0x10");
    emit(machine::EventKind::finding, "V21", "a mask");
    stack("chip+0x20 < chip+0x8");
    const auto found = collector.take();
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].stack, "");
    EXPECT_EQ(found[1].stack, "chip+0x20 < chip+0x8");
}

TEST_F(ExecutionCollectorTest, what_the_bus_driver_does_is_told_apart_by_who_asked) {
    const auto key = [](const std::string& stack) {
        return ExecutionFinding{.id = "effect-005", .sentence = "pins", .stack = stack}.key();
    };
    EXPECT_EQ(key("chip+0x10 < chip+0x80"), key("chip+0x10 < chip+0x90"));
    EXPECT_EQ(key("serialbus+0x1 < chip+0x10 < chip+0x80"),
              key("serialbus+0x2 < chip+0x10 < chip+0x80"));
    EXPECT_NE(key("serialbus+0x1 < chip+0x10 < chip+0x80"),
              key("serialbus+0x1 < chip+0x10 < chip+0x90"));
}

}  // namespace
}  // namespace gpioclx::bench
