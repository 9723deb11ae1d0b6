// Scripts: what is not understood ends the run with code 2, what is not met is reported.
#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Script : public CommandLine {
  protected:
    Outcome play(const std::string& script, std::vector<std::string> arguments = {"-q"}) {
        return run({.script = script, .more = R"(
[[model]]
device = '\_SB.GPI0'
model = "pl061"
[[part]]
name = "button"
model = "button"
pin = '\_SB.GPI0:3'
)"},
                   std::move(arguments));
    }
    void expect_not_understood(const std::string& statement, const std::string& message) {
        const Outcome outcome = play("wait 1us\n" + statement);
        EXPECT_EQ(outcome.code, 2) << statement << "\n" << outcome.all();
        EXPECT_THAT(outcome.errors, HasSubstr("bench.toml:5: " + message)) << statement;
        EXPECT_EQ(count(outcome.all(), "error"), 1u) << outcome.all();
    }
};

TEST_F(Script, statements_that_are_not_understood) {
    expect_not_understood("prss button", "'prss' is no statement (statements: wait, press, ");
    expect_not_understood("press buton", "there is no part 'buton' (parts: button)");
    expect_not_understood("press button for long", "'long' is not a time");
    expect_not_understood("wait", "the statement is not understood (wait TIME | wait idle [TIME])");
    expect_not_understood("set wier high", "there is no wire 'wier' (wires: ");
    expect_not_understood("set button up",
                          "the statement is not understood (set WIRE high|low|off)");
    expect_not_understood("do button jump", "");
    expect_not_understood("close handle",
                          "there is no open handle 'handle' (open NAME as HANDLE comes first)");
    expect_not_understood("ioctl handle 0x222000", "there is no open handle 'handle'");
    expect_not_understood("finish later",
                          "no request 'later' is begun (ioctl HANDLE CODE as NAME comes first)");
    expect_not_understood("cancel later", "no request 'later' is begun");
    expect_not_understood("expect pending later", "no request 'later' is begun");
    expect_not_understood("expect button glowing", "'glowing' is no state (");
    expect_not_understood("expect button on", "button is no LED or button, so it is never on");
    expect_not_understood("expect status STATUS_FINE",
                          "'STATUS_FINE' is no status (a name as STATUS_SUCCESS");
    expect_not_understood("expect device \\_SB.GPI9 started", "there is no device \\_SB.GPI9");
    expect_not_understood("expect device \\_SB.GPI0 running", "'running' is no state of a device");
    expect_not_understood("remove \\_SB.GPI9", "there is no device \\_SB.GPI9");
}

TEST_F(Script, the_place_is_that_of_the_script_file) {
    write("steps.txt", "# steps\nwait 1us\nprss button\n");
    const Outcome outcome = play("", {"-q", "--script", "steps.txt"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("steps.txt:3: 'prss' is no statement"));
    EXPECT_THAT(play("", {"-q", "--script", "nothere"}).errors,
                HasSubstr("nothere: there is no such file"));
}

TEST_F(Script, a_failed_expectation_ends_with_the_command_that_repeats_it) {
    const Outcome outcome =
        play("expect button pressed", {"-q", "--seed", "7", "--processors", "3"});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.errors,
                HasSubstr("bench.toml:4: expected button pressed, but it is released"));
    EXPECT_THAT(outcome.out, HasSubstr("\n1 failed expectation\nto see it again:\n"));
    EXPECT_THAT(outcome.last_line(), EndsWith(" run bench.toml --seed 7 --processors 3"));
    const Outcome again = shell(outcome.last_line() + " -q");
    EXPECT_EQ(again.code, 1) << again.all();
    EXPECT_EQ(again.errors, outcome.errors);
    EXPECT_EQ(again.last_line(), outcome.last_line());
}

TEST_F(Script, the_command_that_repeats_it_can_be_pasted_whatever_the_files_are_called) {
    play("");
    std::filesystem::rename(folder / "bench.toml", folder / "my bench's.toml");
    write("my steps.txt", "expect button pressed\n");
    const Outcome outcome =
        tool({"run", "my bench's.toml", "-q", "--script", "my steps.txt", "--for", "1ms"});
    EXPECT_EQ(outcome.code, 1) << outcome.all();
    const Outcome again = shell(outcome.last_line());
    EXPECT_EQ(again.code, 1) << again.all();
    EXPECT_EQ(again.last_line(), outcome.last_line());
}

TEST_F(Script, goes_on_after_a_failed_expectation) {
    const Outcome outcome =
        play("expect button pressed\nexpect button released\nexpect button pressed");
    EXPECT_EQ(count(outcome.errors, "expected button pressed"), 2u) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("2 failed expectations\n"));
}

}  // namespace
}  // namespace gpioclx::command_line
