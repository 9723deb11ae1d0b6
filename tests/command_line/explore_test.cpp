// gpioclx explore and replay: a race that a plain run does not show, and clean drivers.
#include <fstream>
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

TEST_F(Explore, a_token_survives_a_log_line_in_the_driver) {
    run({.drivers = {"racing"}, .script = script}, {"-q"});
    const std::string token = token_of(explore({"--schedules", "400"}));
    ASSERT_FALSE(token.empty());
    std::filesystem::create_directory(folder / "edited");
    for (const char* name : {"racing.vcxproj", "racing.inx"})
        std::filesystem::copy_file(driver_folder("racing") + "/" + name, folder / "edited" / name);
    std::ifstream original(driver_folder("racing") + "/racing.c");
    std::string text((std::istreambuf_iterator<char>(original)), {});
    text = std::regex_replace(text, std::regex("Before = Count;"),
                              "KdPrint((\"counting\\n\"));\n    Before = Count;");
    write("edited/racing.c", text);
    std::ifstream bench(folder / "bench.toml");
    std::string toml((std::istreambuf_iterator<char>(bench)), {});
    const std::size_t at = toml.find(driver_folder("racing"));
    ASSERT_NE(at, std::string::npos) << toml;
    write("edited.toml",
          toml.replace(at, driver_folder("racing").size(), (folder / "edited").string()));
    EXPECT_EQ(tool({"run", "edited.toml", "-q"}).code, 0);
    const Outcome again = tool({"replay", "edited.toml", token, "-q"});
    EXPECT_EQ(again.code, 1) << again.all();
    EXPECT_THAT(again.out, HasSubstr("driver-001: assertion failed: Count == 2"));
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

// A fault ends the worker: what is known is said.
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
