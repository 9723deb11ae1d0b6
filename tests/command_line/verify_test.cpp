// What a run with --verify says: rules of the WDK's functions, waits, what is left behind; and how
// a finding reads, counts and is suppressed.
#include <fstream>

#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Verify : public CommandLine {
  protected:
    Outcome make(unsigned mistake, const std::string& more = "",
                 std::vector<std::string> arguments = {"-q", "--verify"}) {
        char code[16];
        std::snprintf(code, sizeof code, "%#x", 0x222000 + 4 * mistake);
        return run({.drivers = {"leaking"},
                    .script = "open \\_SB.DEV0 as device\nioctl device " + std::string(code) +
                              " in 01020304 out 8\n",
                    .more = more},
                   std::move(arguments));
    }
    void expect_only(const Outcome& outcome, const std::string& start) {
        EXPECT_EQ(outcome.code, 1) << outcome.all();
        EXPECT_THAT(outcome.out, HasSubstr("\n" + start));
        EXPECT_THAT(outcome.out, HasSubstr("1 finding\n"));
    }
};

TEST_F(Verify, a_work_item_is_waited_for_under_a_lock_that_it_takes) {
    const Outcome outcome = make(0);
    expect_only(outcome,
                "lock-013: 'work item leaking!OnWork' is waited for while 'leaking wait "
                "lock 1' is held, and elsewhere 'work item leaking!OnWork' needs 'leaking "
                "wait lock 1' (by worker ");
    EXPECT_THAT(outcome.out, HasSubstr(place("leaking", "MISTAKE flushed under the lock")));
    EXPECT_THAT(outcome.out, HasSubstr(place("leaking", "MISTAKE the work item takes it")));
    EXPECT_THAT(outcome.out, HasSubstr("\n    holding 'leaking wait lock 1'\n"));
    EXPECT_EQ(make(0, "", {"-q"}).code, 0) << "only with --verify";
}

TEST_F(Verify, a_thread_is_waited_for_under_a_lock_that_it_takes) {
    expect_only(make(1), "lock-013: 'leaking thread' is waited for while ");
}

TEST_F(Verify, a_buffer_is_overrun) {
    expect_only(make(2), "lifetime-001: something wrote behind the end of the pool block");
    expect_only(make(3), "lifetime-001: something wrote behind the end of the pool block 'Leak'");
}

TEST_F(Verify, what_is_not_given_back_is_found_at_unload) {
    expect_only(make(4),
                "lifetime-241: the driver 'leaking' was unloaded and holds 1 reference to "
                "a WDFMEMORY that was deleted");
    expect_only(make(5),
                "lifetime-006: the driver 'leaking' was unloaded and did not free 1 pool "
                "block with the tag 'IoWi'");
    expect_only(make(6), "lifetime-006: ");
    expect_only(make(7), "lifetime-006: ");
    expect_only(make(8),
                "lifetime-032: the driver 'leaking' was unloaded and did not close a "
                "handle to an object of type Thread, opened in leaking!OnDeviceControl");
    expect_only(make(9),
                "lifetime-009: the driver 'leaking' was unloaded while "
                "ExRegisterCallback for its routine leaking!OnCallback is left");
}

TEST_F(Verify, a_request_that_nobody_completes_is_named_in_the_shut_down) {
    const Outcome outcome = make(11);
    EXPECT_EQ(outcome.code, 1) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("\nlifetime-033: IRP_MJ_DEVICE_CONTROL 0x22202c to "
                                       "\\_SB.DEV0 is not completed"));
}

TEST_F(Verify, a_finding_has_its_rule_what_is_held_and_what_to_do) {
    const Outcome outcome = make(12);
    expect_only(outcome,
                "irql-201: WdfStringCreate was called at IRQL 2; it may be called up to "
                "IRQL 0\n");
    EXPECT_THAT(outcome.out, HasSubstr("\n    holding 'leaking spin lock"));
    EXPECT_THAT(outcome.out, HasSubstr(place("leaking", "MISTAKE with a spin lock held")));
    EXPECT_THAT(outcome.out, HasSubstr("\n  rule: WdfStringCreate (wdfstring.h)\n"));
    EXPECT_THAT(outcome.out, HasSubstr("\n  do: Call it at a lower IRQL"));
}

TEST_F(Verify, the_same_from_the_same_place_is_told_once_with_a_count) {
    const Outcome outcome = make(10);
    expect_only(outcome, "irql-001: KeSetEvent was called at IRQL 5");
    EXPECT_THAT(outcome.out, HasSubstr("\n    16 times or more\n"));
}

TEST_F(Verify, a_finding_is_suppressed_with_a_reason) {
    const std::string entry =
        "[[suppress]]\nid = \"irql-001\"\ndriver = \"leaking\"\n"
        "function = \"SetEventsAtDirql\"\nreason = \"it is asked to\"\n";
    const Outcome outcome = make(10, entry);
    EXPECT_EQ(outcome.code, 0) << outcome.all();
    EXPECT_THAT(outcome.out, Not(HasSubstr("irql-001: ")));
    EXPECT_THAT(outcome.out, HasSubstr("nothing found (1 suppressed by the bench)"));
    // What does not fit suppresses nothing, and is told.
    const Outcome other = make(12, entry);
    EXPECT_EQ(other.code, 1) << other.all();
    EXPECT_THAT(other.out, HasSubstr("warning: nothing was found that this suppresses (irql-001: "
                                     "it is asked to)"));
}

TEST_F(Verify, a_suppression_needs_a_reason_and_an_id_that_exists) {
    const Outcome silent = make(10, "[[suppress]]\nid = \"irql-001\"\n");
    EXPECT_EQ(silent.code, 2);
    EXPECT_THAT(silent.errors, HasSubstr("[[suppress]] has no 'reason'"));
    const Outcome unknown = make(10, "[[suppress]]\nid = \"irql-999\"\nreason = \"why\"\n");
    EXPECT_EQ(unknown.code, 2);
    EXPECT_THAT(unknown.errors, HasSubstr("there is no finding 'irql-999'"));
}

TEST_F(Verify, explain_tells_the_rule_behind_an_id) {
    const Outcome outcome = tool({"explain", "V3"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_EQ(outcome.out,
              "V3: the bank's interrupt lock is acquired in a callback that is made with it held\n"
              "  rule: Interrupt Synchronization for GPIO Controller Drivers\n"
              "  do: Leave the lock calls out of this callback: it runs with the bank's interrupt "
              "lock held already.\n");
    EXPECT_EQ(tool({"explain", "V999"}).code, 2);
    EXPECT_THAT(tool({"explain"}).out, HasSubstr("\nlifetime-205   a request was used after"));
}

// P10, V35: as the documentation wants them, and with one in a PAGE section.
TEST_F(Verify, F161_a_setup_callback_in_pageable_code_is_reported) {
    const auto example = std::filesystem::path(GX_PROJECT) / "examples/drivers/pl061gpio";
    std::filesystem::copy(example, folder / "pl061gpio", std::filesystem::copy_options::recursive);
    const std::string bench_text =
        "[[driver]]\nfolder = 'pl061gpio'\nhardware_ids = [\"GXTS0003\"]\n"
        "[[model]]\ndevice = '\\_SB.GPI0'\nmodel = \"pl061\"\n";
    const Outcome right = run({.more = bench_text}, {"-q", "--verify"});
    EXPECT_EQ(right.code, 0) << right.all();
    const std::filesystem::path source = folder / "pl061gpio" / "pl061gpio.c";
    std::ifstream stream(source);
    std::string text((std::istreambuf_iterator<char>(stream)), {});
    const std::string mark = "#pragma alloc_text(PAGE, Pl061EvtDeviceAdd)\n";
    ASSERT_NE(text.find(mark), std::string::npos);
    text.insert(text.find(mark), "#pragma alloc_text(PAGE, Pl061PrepareController)\n");
    std::ofstream(source) << text;
    const Outcome wrong = run({.more = bench_text}, {"-q", "--verify"});
    EXPECT_EQ(wrong.code, 1) << wrong.all();
    EXPECT_THAT(wrong.out, HasSubstr("\nV35: CLIENT_PrepareController is in pageable code"));
    EXPECT_THAT(wrong.out, HasSubstr("1 finding\n"));
    EXPECT_EQ(run({.more = bench_text}, {"-q"}).code, 0) << "advice: only with --verify";
}

}  // namespace
}  // namespace gpioclx::command_line
