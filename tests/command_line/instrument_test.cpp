// --instrument: drivers that tell of their memory, and the races that shows.
#include <regex>

#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* script =
    "open \\_SB.DEV0 as device\nioctl device 0x222000\nwait 1ms\nioctl device 0x222004\n";

class Instrument : public CommandLine {
  protected:
    // The racing driver with this for its way to count, in edited.toml.
    void count_by(const std::string& body) {
        run({.drivers = {"racing"}, .script = script}, {"-q"});
        edit(driver_folder("racing"), [&](const std::string& file, std::string text) {
            if (file != "racing.c") return text;
            const std::size_t begin = text.find("static VOID CountOne(VOID)");
            const std::size_t end = text.find("VOID OnTimer(");
            EXPECT_NE(end, std::string::npos);
            return text.replace(begin, end - begin,
                                "static VOID CountOne(VOID)\n{\n" + body + "}\n\n");
        });
    }
    Outcome explore(std::vector<std::string> more) {
        std::vector<std::string> words = {"explore", "edited.toml", "-q", "--schedules", "400"};
        words.insert(words.end(), more.begin(), more.end());
        return tool(words);
    }
    static std::string token_of(const std::string& output) {
        std::smatch found;
        return std::regex_search(output, found, std::regex("replay edited.toml (\\S+)"))
                   ? found[1].str()
                   : "";
    }
};

TEST_F(Instrument, a_plain_run_tells_a_data_race_with_both_sides) {
    EXPECT_EQ(run({.drivers = {"racing"}, .script = script}, {"-q", "--verify"}).code, 0);
    const Outcome found = tool({"run", "bench.toml", "-q", "--instrument"});
    EXPECT_EQ(found.code, 1) << found.all();
    EXPECT_THAT(found.out, HasSubstr("race-004: data race on racing!Count: "));
    EXPECT_THAT(found.out, ContainsRegex("changes it at IRQL 2 without a lock; .* changes it at "
                                         "IRQL 0 without a lock"));
    EXPECT_THAT(found.out, ContainsRegex("CountOne \\(racing\\)(.|\n)*\n  and\n"
                                         ".*racing.c:.*CountOne"));
    EXPECT_THAT(found.out, HasSubstr("1 finding\n"));
    EXPECT_THAT(found.last_line(), HasSubstr(" --instrument"));
}

TEST_F(Instrument, the_bench_may_ask_for_it) {
    run({.drivers = {"racing"}, .script = script}, {"-q"});
    write("asking.toml", "instrument = true\n" + text_of(folder / "bench.toml"));
    EXPECT_THAT(tool({"run", "asking.toml", "-q"}).out, HasSubstr("race-004: "));
    write("wrong.toml", "instrument = 'yes'\n" + text_of(folder / "bench.toml"));
    EXPECT_THAT(tool({"run", "wrong.toml", "-q"}).errors,
                HasSubstr("wrong.toml:1: 'instrument' must be true or false"));
}

struct Guard {
    std::string name;
    std::string body;
};

class Guarded : public Instrument, public ::testing::WithParamInterface<Guard> {};

TEST_P(Guarded, is_no_race) {
    count_by(GetParam().body);
    const Outcome ran = tool({"run", "edited.toml", "-q", "--instrument"});
    EXPECT_EQ(ran.code, 0) << ran.all();
    const Outcome explored = explore({"--instrument"});
    EXPECT_EQ(explored.code, 0) << explored.all();
}

INSTANTIATE_TEST_SUITE_P(
    Guards, Guarded,
    ::testing::Values(Guard{"by_a_lock",
                            "    WdfSpinLockAcquire(StatisticsLock);\n    Count += 1;\n"
                            "    Statistics += 1;\n    WdfSpinLockRelease(StatisticsLock);\n"},
                      Guard{"by_interlocked_functions",
                            "    InterlockedIncrement((volatile LONG *)&Count);\n"}),
    [](const auto& test) { return test.param.name; });

// Nothing of the kernel is called between reading and writing back.
TEST_F(Instrument, the_explorer_comes_in_between_two_accesses) {
    count_by("    Count += 1;\n");
    EXPECT_EQ(explore({}).code, 0);
    const Outcome found = explore({"--instrument"});
    EXPECT_EQ(found.code, 1) << found.all();
    EXPECT_THAT(found.out, HasSubstr("race-004: data race on racing!Count: "));
    const std::size_t at = found.out.find("driver-001: assertion failed: Count == 2");
    ASSERT_NE(at, std::string::npos) << found.all();
    const std::string lost = found.out.substr(at);
    EXPECT_THAT(lost, ContainsRegex("held up for .* before it writes \\(racing!Count\\)"));
    // The token says that it takes instrumented drivers.
    const std::string token = token_of(lost);
    ASSERT_FALSE(token.empty());
    EXPECT_THAT(tool({"replay", "edited.toml", token, "-q"}).out,
                HasSubstr("driver-001: assertion failed: Count == 2"));
}

}  // namespace
}  // namespace gpioclx::command_line
