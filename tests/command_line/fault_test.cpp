// Drivers that fault while they run: findings with the driver's source line.
#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Fault : public CommandLine {
  protected:
    // Sends the control code of a mistake to the driver.
    Outcome make(unsigned mistake, std::vector<std::string> arguments = {},
                 const std::string& after = "") {
        char code[16];
        std::snprintf(code, sizeof code, "%#x", 0x222000 + 4 * mistake);
        return run({.drivers = {"misbehaving"},
                    .script = "open \\_SB.DEV0 as device\nioctl device " + std::string(code) +
                              "\n" + after},
                   std::move(arguments));
    }
    void expect_finding(const Outcome& outcome, const std::string& id, const std::string& sentence,
                        const std::string& mark) {
        EXPECT_EQ(outcome.code, 1) << outcome.all();
        EXPECT_EQ(count(outcome.out, "\n" + id + ": "), 1u) << outcome.all();
        EXPECT_THAT(outcome.out, HasSubstr(sentence));
        EXPECT_THAT(outcome.out, HasSubstr(place("misbehaving", mark) + ": "));
        EXPECT_THAT(outcome.out, HasSubstr("1 finding\n"));
    }
};

TEST_F(Fault, a_null_pointer_that_is_read) {
    expect_finding(make(0, {"-q"}), "fault-010",
                   "the driver read address 0x0: a null pointer was dereferenced",
                   "MISTAKE null read");
}

TEST_F(Fault, a_null_pointer_that_is_written_in_a_dpc) {
    const Outcome outcome = make(7, {"-q"}, "wait 5ms");
    expect_finding(outcome, "fault-010",
                   "the driver wrote address 0x0: a null pointer was dereferenced",
                   "MISTAKE null write in a DPC");
    EXPECT_THAT(outcome.out, HasSubstr("IRQL 2, in misbehaving!OnTimer"));
}

TEST_F(Fault, a_null_pointer_that_is_called) {
    expect_finding(make(5, {"-q"}), "fault-010", "the function pointer is null",
                   "MISTAKE null call");
}

TEST_F(Fault, a_wild_write) {
    expect_finding(make(1, {"-q"}), "fault-010",
                   "the driver wrote address 0x123456789000, which it may not",
                   "MISTAKE wild write");
}

TEST_F(Fault, a_pointer_from_freed_memory) {
    expect_finding(make(9, {"-q"}), "fault-010",
                   "it was read from memory that was freed or never initialized",
                   "MISTAKE pointer from freed memory");
}

TEST_F(Fault, a_division_by_zero) {
    expect_finding(make(6, {"-q"}), "fault-010", "the driver divided by zero",
                   "MISTAKE division by zero");
}

TEST_F(Fault, a_pool_block_that_is_overrun) {
    const Outcome outcome = make(2, {"-q"});
    expect_finding(outcome, "lifetime-001", "'GMis'", "MISTAKE pool overrun");
}

TEST_F(Fault, a_pool_block_that_is_overrun_and_never_freed_is_found_at_unload) {
    const Outcome outcome = make(12, {"-q"});
    EXPECT_EQ(outcome.code, 1) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("\nlifetime-001: "));
    EXPECT_THAT(outcome.out, HasSubstr("\nlifetime-006: "));
}

// V19: nothing happened in this run.
TEST_F(Fault, locks_in_opposite_orders_with_both_lines) {
    const Outcome outcome = make(13, {"-q", "--verify"});
    expect_finding(outcome, "lock-010", "' is acquired while '", "MISTAKE the other order");
    EXPECT_THAT(outcome.out, HasSubstr(place("misbehaving", "MISTAKE one order") + ": "));
    EXPECT_THAT(outcome.last_line(), HasSubstr(" --verify"));
    EXPECT_EQ(make(13, {"-q"}).code, 0);
}

TEST_F(Fault, a_stack_overflow) {
    expect_finding(make(3, {"-q"}), "fault-011", "the driver overflowed its stack",
                   "MISTAKE stack overflow");
}

TEST_F(Fault, an_assertion_of_the_driver) {
    expect_finding(make(11, {"-q"}), "driver-001", "assertion failed: ", "MISTAKE assertion");
}

TEST_F(Fault, an_endless_loop_ends_by_the_watchdog_with_code_3) {
    const Outcome outcome = make(4, {"-q", "--watchdog", "300"});
    EXPECT_EQ(outcome.code, 3) << outcome.all();
    EXPECT_THAT(
        outcome.out,
        HasSubstr("fault-012: the driver did not return: no step of the machine for 300 ms; "
                  "not finished: EvtIoDeviceControl of \\_SB.DEV0"));
    EXPECT_THAT(outcome.out, HasSubstr("misbehaving.c:"));
    EXPECT_THAT(outcome.last_line(), HasSubstr(" --watchdog 300"));
}

TEST_F(Fault, polling_for_ever_is_a_request_that_is_not_completed) {
    const Outcome outcome = make(10, {"-q"});
    EXPECT_EQ(outcome.code, 3) << outcome.all();
    EXPECT_THAT(outcome.errors,
                HasSubstr("bench.toml:5: the request was not completed within 120s"));
    EXPECT_THAT(outcome.errors, HasSubstr("not finished: EvtIoDeviceControl of \\_SB.DEV0"));
}

TEST_F(Fault, a_request_that_is_never_completed) {
    const Outcome outcome = make(8, {"-q"});
    EXPECT_EQ(outcome.code, 1) << outcome.all();
    EXPECT_THAT(outcome.errors,
                HasSubstr("bench.toml:5: the request is not completed, and nothing is left to do"));
}

}  // namespace
}  // namespace gpioclx::command_line
