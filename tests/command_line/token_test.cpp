// The token of a finding: that it brings the finding back, each time, from another folder, and
// after edits to the driver that change nothing.
#include <regex>

#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* script =
    "open \\_SB.DEV0 as device\nioctl device 0x222000\nwait 1ms\nioctl device 0x222004\n";

std::string replaced(const std::string& text, const char* what, const std::string& by) {
    const std::string after = std::regex_replace(text, std::regex(what), by);
    EXPECT_NE(after, text) << "there is no " << what;
    return after;
}

// Where the racing driver may be held up.
struct Race {
    std::string name;
    std::vector<std::string> explore;  // arguments
    std::function<std::string(std::string)> source;
};

// An edit to the driver that changes nothing.
struct Edit {
    std::string name;
    std::function<std::string(std::string)> source;
    std::function<std::string(std::string)> project = [](std::string text) { return text; };
    std::string new_file{};  // aaa.c
};

std::string as_it_is(std::string text) { return text; }

// CountOne begins with `statement`.
std::string counting_after(const char* statement, const std::string& text) {
    return replaced(text, "ULONG Before;\n", std::string("ULONG Before;\n    ") + statement + "\n");
}

// Functions in another order, and with them the order in which variables are used first.
std::string reordered(const std::string& text) {
    std::vector<std::size_t> begins;
    for (const char* name : {"static VOID CountOne(", "VOID OnTimer(", "VOID OnWorkItem(",
                             "VOID OnDeviceControl(", "NTSTATUS OnDeviceAdd(", "NTSTATUS DriverE"})
        begins.push_back(text.find(name));
    const auto function = [&](std::size_t index) {
        return text.substr(begins[index], begins[index + 1] - begins[index]);
    };
    return text.substr(0, begins[0]) + "static VOID CountOne(VOID);\n" + function(4) + function(2) +
           function(1) + function(0) + function(3) + text.substr(begins[5]);
}

Edit optimized(const char* as) {
    return {std::string("optimization_") + as, as_it_is, [as](std::string text) {
                return replaced(text, "<ClCompile Include=\"racing.c\" />",
                                "<ClCompile Include=\"racing.c\"><Optimization>" + std::string(as) +
                                    "</Optimization></ClCompile>");
            }};
}

const std::vector<Race> races = {
    {"between_two_calls", {}, as_it_is},
    // Nothing of the kernel is called between reading and writing back.
    {"between_two_accesses",
     {"--instrument"},
     [](std::string text) {
         text = replaced(text, "static volatile ULONG Count;", "static ULONG Count;");
         return replaced(text, "    Before = Count;\n(.|\n)*    Count = Before \\+ 1;.*\n",
                         "    Before = Count;\n    Count = Before + 1;\n");
     }},
};

const std::vector<Edit> edits = {
    {"a_log_line",
     [](std::string text) { return counting_after("KdPrint((\"counting\\n\"));", text); }},
    {"functions_reordered", reordered},
    {"a_variable_renamed",
     [](std::string text) {
         return replaced(replaced(text, "StatisticsLock", "LockOfStatistics"), "\\bBefore\\b",
                         "Earlier");
     }},
    {"the_variable_renamed",
     [](std::string text) { return replaced(text, "\\bCount\\b", "HowMany"); }},
    {"an_unrelated_variable",
     [](std::string text) {
         return replaced(replaced(text, "static WDFTIMER Timer;\n",
                                  "volatile ULONG Unrelated;\nstatic WDFTIMER Timer;\n"),
                         "    Before = Count;", "    Unrelated = 1;\n    Before = Count;");
     }},
    {"an_unrelated_function",
     [](std::string text) {
         return replaced(text, "VOID OnTimer\\(_In_ WDFTIMER Object\\)\n\\{",
                         "int Unrelated(int Value) { return Value * 2; }\n\n"
                         "VOID OnTimer(_In_ WDFTIMER Object)\n{");
     }},
    {"an_unrelated_file", as_it_is,
     [](std::string text) {
         return replaced(text, "<ClCompile Include=\"racing.c\" />",
                         "<ClCompile Include=\"aaa.c\" /><ClCompile Include=\"racing.c\" />");
     },
     "volatile int Often;\nint Unrelated(int Value) { return Value + ++Often; }\n"},
    {"comments_and_lines", [](std::string text) { return "// one\n// two\n\n\n" + text; }},
    optimized("Disabled"),
    optimized("MinSpace"),
    optimized("MaxSpeed"),
};

class Token : public CommandLine, public ::testing::WithParamInterface<Race> {
  protected:
    // The token of the lost count. The driver stands in racing/ then.
    std::string explored() {
        const Race& race = GetParam();
        bench({.drivers = {"racing"}, .script = script});
        edit(driver_folder("racing"), [&](const std::string& file, std::string text) {
            return file == "racing.c" ? race.source(text) : text;
        });
        std::filesystem::rename(folder / "edited", folder / "racing");
        write("bench.toml", replaced(text_of(folder / "edited.toml"), "/edited'", "/racing'"));
        std::vector<std::string> words = {"explore", "bench.toml", "-q", "--schedules", "400"};
        words.insert(words.end(), race.explore.begin(), race.explore.end());
        const Outcome found = tool(words);
        const std::size_t at = found.out.find("driver-001: assertion failed");
        EXPECT_NE(at, std::string::npos) << found.all();
        if (at == std::string::npos) return "";
        const std::string lost = found.out.substr(at);
        std::smatch token;
        EXPECT_TRUE(std::regex_search(lost, token, std::regex("replay bench.toml (\\S+)")));
        return token[1];
    }
};

TEST_P(Token, replays_each_time_and_from_another_folder) {
    const std::string token = explored();
    const std::string replay = "GPIOCLX_CACHE='" GX_TEST_CACHE "' '" GX_TOOL
                               "' replay bench.toml " +
                               token + " -q >replay.txt 2>&1";
    const Outcome often = shell("n=0; for i in $(seq 100); do " + replay +
                                "; grep -q 'driver-001: assertion failed' replay.txt && "
                                "n=$((n+1)); done; echo $n");
    EXPECT_EQ(often.out, "100\n");
    for (const char* name : {"bench.toml", "board.asl"})
        write(std::string("another place/") + name, text_of(folder / name));
    const Outcome there = shell("cd 'another place'; " + replay + "; cat replay.txt");
    EXPECT_THAT(there.out, HasSubstr("driver-001: assertion failed: Count == 2"));
}

// One after the other: exploring takes longer than all of them.
TEST_P(Token, survives_edits) {
    const std::string token = explored();
    ASSERT_FALSE(token.empty());
    for (const Edit& change : edits) {
        SCOPED_TRACE(change.name);
        std::filesystem::remove_all(folder / "edited");
        edit(folder / "racing", [&](const std::string& file, std::string text) {
            if (file == "racing.c") return change.source(text);
            return file == "racing.vcxproj" ? change.project(text) : text;
        });
        if (!change.new_file.empty()) write("edited/aaa.c", change.new_file);
        std::vector<std::string> words = {"run", "edited.toml", "-q"};
        words.insert(words.end(), GetParam().explore.begin(), GetParam().explore.end());
        EXPECT_THAT(tool(words).out, Not(HasSubstr("driver-001")));
        const Outcome again = tool({"replay", "edited.toml", token, "-q"});
        EXPECT_EQ(again.code, 1) << again.all();
        EXPECT_THAT(again.out, HasSubstr("driver-001: assertion failed: "));
    }
}

INSTANTIATE_TEST_SUITE_P(Races, Token, ::testing::ValuesIn(races),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace gpioclx::command_line
