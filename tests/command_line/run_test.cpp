// Usage of the commands, and what a run leaves behind.
#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Usage : public CommandLine {
  protected:
    void expect_usage(const std::vector<std::string>& arguments, const std::string& message) {
        const Outcome outcome = tool(arguments);
        EXPECT_EQ(outcome.code, 2) << outcome.all();
        EXPECT_THAT(outcome.errors, StartsWith("gpioclx: error: "));
        EXPECT_THAT(outcome.errors, HasSubstr(message));
        EXPECT_EQ(count(outcome.errors, "\n"), 1u) << outcome.errors;
        EXPECT_EQ(outcome.out, "");
    }
};

TEST_F(Usage, mistakes_are_told_in_one_line_with_where_help_is) {
    expect_usage({}, "A subcommand is required (gpioclx --help)");
    expect_usage(
        {"rnu", "bench.toml"},
        "there is no command 'rnu' (run, check, explore, replay, build, show, explain or exports");
    expect_usage({"run"}, "bench is required (gpioclx run --help)");
    expect_usage({"run", "bench.toml", "--sede", "1"}, "--sede");
    expect_usage({"run", "bench.toml", "--processors", "9"}, "Value 9 not in range 1 to 8");
    expect_usage({"run", "bench.toml", "--seed", "x"}, "--seed");
    expect_usage({"show", "pints", "bench.toml"}, "pints");
    expect_usage({"show", "pins"}, "bench is required (gpioclx show --help)");
    expect_usage({"build"}, "folder is required (gpioclx build --help)");
}

TEST_F(Usage, help_says_what_there_is) {
    Outcome outcome = tool({"--help"});
    EXPECT_EQ(outcome.code, 0);
    for (const char* word : {"run", "build", "show", "Exit codes: 0 clean, 1 findings"})
        EXPECT_THAT(outcome.out, HasSubstr(word));
    outcome = tool({"run", "--help"});
    EXPECT_EQ(outcome.code, 0);
    for (const char* flag : {"--seed", "--processors", "--for", "--script", "--vcd", "--events",
                             "--trace", "--wave", "--quiet", "--gdb", "--watchdog"})
        EXPECT_THAT(outcome.out, HasSubstr(flag));
    outcome = tool({"show", "--help"});
    for (const char* what : {"controllers", "banks", "pins", "resources", "drivers", "--json"})
        EXPECT_THAT(outcome.out, HasSubstr(what));
    EXPECT_EQ(tool({"build", "--help"}).code, 0);
    EXPECT_THAT(tool({"--version"}).out, StartsWith("gpioclx "));
}

TEST_F(Usage, what_can_be_known_to_be_wrong_is_told_before_anything_runs) {
    const Outcome outcome = run({.script = "expect nothing at all"}, {"--for", "banana"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("--for: 'banana' is not a time"));
    EXPECT_THAT(outcome.all(), Not(HasSubstr("power on")));
}

TEST_F(Usage, an_output_file_that_cannot_be_written) {
    for (const char* flag : {"--vcd", "--events"}) {
        const Outcome outcome = run({}, {"-q", flag, "no/such/folder/file"});
        EXPECT_EQ(outcome.code, 2);
        EXPECT_THAT(
            outcome.errors,
            HasSubstr("no/such/folder/file: cannot write the file: No such file or directory"));
    }
}

TEST_F(Usage, a_run_that_did_not_take_place_leaves_no_file_behind) {
    EXPECT_EQ(
        run({.more = "[[nonsense]]\n"}, {"-q", "--vcd", "out.vcd", "--events", "out.txt"}).code, 2);
    EXPECT_FALSE(exists("out.vcd"));
    EXPECT_FALSE(exists("out.txt"));
    EXPECT_EQ(run({.script = "prss button"}, {"-q", "--vcd", "out.vcd"}).code, 2);
    EXPECT_FALSE(exists("out.vcd"));
    EXPECT_EQ(run({.script = "wait 1us"}, {"-q", "--vcd", "out.vcd"}).code, 0);
    EXPECT_TRUE(exists("out.vcd"));
}

TEST_F(Usage, show_of_a_bench_that_is_wrong_or_whose_drivers_refuse) {
    EXPECT_EQ(tool({"show", "pins", "missing.toml"}).code, 2);
    Bench given{.drivers = {"refusing"}};
    given.more = "registry = { \"Parameters/FailIn\" = 3 }\n";
    bench(given);
    const Outcome outcome = tool({"show", "drivers", "bench.toml"});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("STATUS_DEVICE_CONFIGURATION_ERROR"));
    EXPECT_THAT(outcome.out, HasSubstr("EvtDevicePrepareHardware"));
}

TEST_F(Usage, the_table_of_show_is_all_of_its_standard_output) {
    bench({.drivers = {"refusing"}});
    const Outcome outcome = tool({"show", "drivers", "bench.toml", "--json"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, StartsWith("["));
}

TEST_F(Usage, F183_show_extension_is_what_GpioClx_knows_as_text) {
    const std::string bench = GX_PROJECT "/examples/boards/pushbutton/pushbutton.toml";
    const Outcome outcome = tool({"show", "extension", bench});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
    EXPECT_THAT(outcome.out, StartsWith("\\_SB.GPI0: started, memory-mapped, 8 pins in 1 bank"));
    EXPECT_THAT(outcome.out, HasSubstr("    enabled 0000000000000008, masked 0000000000000000\n"));
    EXPECT_THAT(outcome.out, HasSubstr("    pin 3: interrupt GSI 1024, both edges, unmasked"));
    EXPECT_THAT(outcome.out, HasSubstr("        \\_SB.BTN0, at IRQL 3\n"));
    EXPECT_THAT(outcome.out, Not(HasSubstr("not configured")));
    EXPECT_THAT(tool({"show", "extension", "--all", bench}).out,
                HasSubstr("    pin 4: not configured\n"));
}

}  // namespace
}  // namespace gpioclx::command_line
