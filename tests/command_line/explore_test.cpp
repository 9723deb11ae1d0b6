// gpioclx explore: a race that a plain run does not show, and clean drivers.
#include <regex>

#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* script =
    "open \\_SB.DEV0 as device\nioctl device 0x222000\nwait 1ms\nioctl device 0x222004\n";

class Explore : public CommandLine {
  protected:
    Outcome explore(std::vector<std::string> more = {}) {
        std::vector<std::string> words = {"explore", "bench.toml", "-q"};
        words.insert(words.end(), more.begin(), more.end());
        return tool(words);
    }
    static std::string token_of(const Outcome& outcome) {
        std::smatch found;
        return std::regex_search(outcome.out, found, std::regex("replay bench.toml (\\S+)"))
                   ? found[1].str()
                   : "";
    }
};

TEST_F(Explore, a_race_is_found_shrunk_and_comes_back_with_its_token) {
    EXPECT_EQ(run({.drivers = {"racing"}, .script = script}, {"-q"}).code, 0);
    const Outcome found = explore({"--schedules", "400"});
    EXPECT_EQ(found.code, 1) << found.all();
    EXPECT_THAT(found.out, HasSubstr("driver-001: assertion failed: Count == 2"));
    EXPECT_THAT(found.out, HasSubstr(place("racing", "MISTAKE a count was lost") + ": "));
    EXPECT_THAT(found.out, ContainsRegex("with\n    .* held up for .*\n  to see it again"));
    EXPECT_THAT(found.out, HasSubstr(": 1 finding\n"));
    const std::string token = token_of(found);
    ASSERT_FALSE(token.empty()) << found.out;
    EXPECT_LE(token.size(), 200u);
    const Outcome again = tool({"replay", "bench.toml", token, "-q"});
    EXPECT_EQ(again.code, 1) << again.all();
    EXPECT_THAT(again.out, HasSubstr("driver-001: assertion failed: Count == 2"));
    EXPECT_THAT(again.last_line(), HasSubstr("replay bench.toml " + token));
}

TEST_F(Explore, an_expectation_that_some_schedule_does_not_meet) {
    run({.drivers = {"racing"},
         .script = "open \\_SB.DEV0 as device\nioctl device 0x222000\nwait 1ms\n"
                   "ioctl device 0x222008\nexpect status STATUS_SUCCESS\n"},
        {"-q"});
    const Outcome found = explore({"--schedules", "400"});
    EXPECT_EQ(found.code, 1) << found.all();
    EXPECT_THAT(found.out, HasSubstr("explore-001: "));
    EXPECT_THAT(found.out, HasSubstr("STATUS_DATA_ERROR"));
    EXPECT_EQ(tool({"replay", "bench.toml", token_of(found), "-q"}).code, 1);
}

TEST_F(Explore, a_signal_that_is_lost_and_waited_for) {
    EXPECT_EQ(
        run({.drivers = {"racing"}, .script = "open \\_SB.DEV0 as device\nioctl device 0x22200c\n"},
            {"-q"})
            .code,
        0);
    const Outcome found = explore({"--schedules", "400"});
    EXPECT_EQ(found.code, 1) << found.all();
    EXPECT_THAT(found.out, HasSubstr("explore-002: "));
    EXPECT_NE(tool({"replay", "bench.toml", token_of(found), "-q"}).code, 0);
}

TEST_F(Explore, nothing_is_found_where_nothing_is_wrong) {
    const Outcome outcome =
        tool({"explore", GX_PROJECT "/examples/boards/pushbutton/pushbutton.toml", "-q",
              "--schedules", "100"});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("100 executions"));
    EXPECT_THAT(outcome.out, HasSubstr(": nothing found\n"));
}

TEST_F(Explore, the_same_seed_finds_the_same) {
    run({.drivers = {"racing"}, .script = script}, {"-q"});
    const std::string first = token_of(explore({"--schedules", "400"}));
    EXPECT_EQ(token_of(explore({"--schedules", "400"})), first);
}

TEST_F(Explore, bad_input) {
    bench({.drivers = {"racing"}});
    EXPECT_THAT(explore().errors, HasSubstr("the bench has no script"));
    EXPECT_EQ(explore().code, 2);
    const Outcome outcome = tool({"replay", "bench.toml", "nonsense"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("'nonsense' is no token of a schedule"));
}

TEST_F(Explore, each_strategy_finds_the_race) {
    run({.drivers = {"racing"}, .script = script}, {"-q"});
    for (const char* strategy : {"portfolio", "random", "pct", "delay-bounded", "exhaustive"}) {
        const Outcome found = explore({"--strategy", strategy, "--schedules", "1000"});
        EXPECT_THAT(found.out, HasSubstr("driver-001: assertion failed: Count == 2")) << strategy;
    }
    const Outcome all =
        explore({"--strategy", "exhaustive", "--bound", "1", "--schedules", "100000"});
    EXPECT_THAT(all.out, HasSubstr("nothing is left to try within this bound"));
    const Outcome none = explore({"--strategy", "chess"});
    EXPECT_EQ(none.code, 2);
    EXPECT_THAT(none.errors, HasSubstr("portfolio"));
}

TEST_F(Explore, the_interleaving_is_drawn_and_overlaps_are_listed) {
    run({.drivers = {"racing"}, .script = script}, {"-q"});
    const Outcome found = explore({"--schedules", "400", "--coverage"});
    EXPECT_THAT(found.out, ContainsRegex("time   processor 0 +processor 1\n"));
    EXPECT_THAT(found.out, ContainsRegex("us > .*held up for .* us"));
    EXPECT_THAT(found.out, ContainsRegex("us ! .*FINDING driver-001"));
    EXPECT_THAT(found.out, HasSubstr("callbacks that were seen at the same time:\n"));
    EXPECT_THAT(found.out, ContainsRegex("EvtTimerFunc.* / EvtWorkItemFunc"));
}

TEST_F(Explore, a_fault_of_some_schedules_has_a_token_and_others_are_found_behind_it) {
    run({.drivers = {"racing"},
         .script = "open \\_SB.DEV0 as device\nioctl device 0x222000\nwait 1ms\n"
                   "ioctl device 0x222008\nexpect status STATUS_SUCCESS\n"
                   "ioctl device 0x222010\n"},
        {"-q"});
    const Outcome found = explore({"--schedules", "400"});
    EXPECT_EQ(found.code, 1) << found.all();
    EXPECT_THAT(found.out, HasSubstr("fault-010: the driver wrote address 0x0"));
    EXPECT_THAT(found.out, HasSubstr(place("racing", "MISTAKE only if a count was lost") + ": "));
    EXPECT_THAT(found.out, HasSubstr("400 executions"));
    std::smatch match;
    const std::string tail = found.out.substr(found.out.find("fault-010"));
    ASSERT_TRUE(std::regex_search(tail, match, std::regex("replay bench.toml (\\S+)")));
    EXPECT_LE(match[1].length(), 30);
    const Outcome again = tool({"replay", "bench.toml", match[1].str(), "-q"});
    EXPECT_EQ(again.code, 1);
    EXPECT_THAT(again.out, HasSubstr("fault-010: the driver wrote address 0x0"));
}

TEST_F(Explore, an_endless_loop_of_some_schedules_has_a_token) {
    run({.drivers = {"racing"},
         .script = "open \\_SB.DEV0 as device\nioctl device 0x222000\nwait 1ms\n"
                   "ioctl device 0x222014\n"},
        {"-q"});
    const Outcome found = explore({"--schedules", "60", "--watchdog", "400"});
    EXPECT_THAT(found.out, HasSubstr("fault-012: the driver did not return")) << found.all();
    EXPECT_THAT(found.out, HasSubstr("60 executions"));
    const std::string token = token_of(found);
    ASSERT_FALSE(token.empty());
    const Outcome again = tool({"replay", "bench.toml", token, "-q", "--watchdog", "400"});
    EXPECT_EQ(again.code, 3) << again.all();
}

TEST_F(Explore, how_devices_start) {
    run({.drivers = {"racing"}, .script = script}, {"-q"});
    const Outcome found = explore({"--schedules", "400", "--from", "power-on"});
    EXPECT_THAT(found.out, HasSubstr("driver-001: assertion failed: Count == 2")) << found.all();
    EXPECT_EQ(tool({"replay", "bench.toml", token_of(found), "-q"}).code, 1);
}

constexpr const char* careless_script =
    "open \\_SB.DEV0 as device\nioctl device 0x222000\nioctl device 0x222004\n"
    "ioctl device 0x222008\nexpect status STATUS_SUCCESS\n";

TEST_F(Explore, what_a_driver_makes_of_faults) {
    EXPECT_EQ(run({.drivers = {"careless"}, .script = careless_script}, {"-q"}).code, 0);
    EXPECT_EQ(explore({"--schedules", "200"}).code, 0);
    const Outcome found = explore({"--faults"});
    EXPECT_EQ(found.code, 1) << found.all();
    EXPECT_THAT(found.out, HasSubstr("fault-010: the driver wrote address 0x0"));
    EXPECT_THAT(found.out, HasSubstr(place("careless", "MISTAKE nobody asked") + ": "));
    EXPECT_THAT(found.out, HasSubstr("allocation fails in careless!OnDeviceControl (Care)"));
    EXPECT_THAT(found.out, HasSubstr("explore-002: "));
    EXPECT_THAT(found.out, HasSubstr("allocation fails in careless!OnDeviceControl"));
    EXPECT_THAT(found.out, HasSubstr("lifetime-006: "));
    EXPECT_THAT(found.out, HasSubstr("allocation fails in careless!OnDeviceAdd"));
    EXPECT_THAT(found.out, Not(HasSubstr("explore-001")));
    EXPECT_THAT(found.out, Not(HasSubstr("tool-001")));
    EXPECT_THAT(found.out, HasSubstr("nothing is left to try"));
    // Each comes back with its token.
    for (const char* id : {"fault-010", "explore-002", "lifetime-006"}) {
        const std::string tail = found.out.substr(found.out.find(std::string(id) + ": "));
        std::smatch match;
        ASSERT_TRUE(std::regex_search(tail, match, std::regex("replay bench.toml (\\S+)")));
        EXPECT_THAT(tool({"replay", "bench.toml", match[1].str(), "-q"}).out,
                    HasSubstr(std::string(id) + ": "));
    }
}

// The shipped drivers handle whatever fails.
TEST_F(Explore, the_demo_survives_all_faults) {
    const Outcome outcome = tool(
        {"explore", GX_PROJECT "/examples/boards/pushbutton/pushbutton.toml", "-q", "--faults"});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
}

TEST_F(Explore, a_debugger_stops_at_what_was_found) {
    if (shell("gdb --version").code != 0) GTEST_SKIP() << "gdb is not installed";
    run({.drivers = {"racing"}, .script = script}, {"-q"});
    const std::string token = token_of(explore({"--schedules", "400"}));
    write("commands.gdb", "set pagination off\nrun\necho here it stands\\n\nkill\nquit\n");
    const Outcome outcome =
        shell("GPIOCLX_CACHE='" GX_TEST_CACHE "' GPIOCLX_GDB='gdb -batch -x commands.gdb' '" GX_TOOL
              "' replay bench.toml " +
              token + " --gdb -q");
    EXPECT_THAT(outcome.all(), HasSubstr("finding driver-001; the driver is further up:"));
    EXPECT_THAT(outcome.all(), ContainsRegex("OnDeviceControl \\(.*"));
    EXPECT_THAT(outcome.all(), HasSubstr("here it stands"));
}

// A fault in every schedule, the plain one too.
TEST_F(Explore, a_driver_that_faults) {
    run({.drivers = {"misbehaving"},
         .script = "open \\_SB.DEV0 as device\nioctl device 0x222000\n"},
        {"-q"});
    const Outcome outcome = explore({"--schedules", "50"});
    EXPECT_EQ(outcome.code, 1) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("fault-010: the driver read address 0x0"));
    EXPECT_THAT(outcome.out, HasSubstr(place("misbehaving", "MISTAKE null read") + ": "));
}

}  // namespace
}  // namespace gpioclx::command_line
