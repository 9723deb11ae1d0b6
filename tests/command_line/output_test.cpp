// The files that run, replay and explore leave behind: what is in them, and that their readers take
// them. Readers that are not installed are left out; scripts/check-outputs installs them.
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* race =
    "open \\_SB.DEV0 as device\nioctl device 0x222000\nwait 1ms\nioctl device 0x222004\n";
constexpr const char* pushbutton = GX_PROJECT "/examples/boards/pushbutton/pushbutton.toml";

class Output : public CommandLine {
  protected:
    std::string read(const std::string& name) const {
        std::ifstream stream(folder / name, std::ios::binary);
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }
    Json sarif_run(const std::string& name) const {
        return Json::parse(read(name)).at("runs").at(0);
    }

    // Explores the race, which is found, with these flags.
    Outcome explore(std::vector<std::string> more) {
        bench({.drivers = {"racing"}, .script = race});
        more.insert(more.begin(), {"explore", "bench.toml", "-q", "--schedules", "400"});
        return tool(more);
    }
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
    }
};

TEST_F(Output, a_check_is_a_test_suite_with_a_case_a_scenario) {
    const std::string driver = GX_PROJECT "/examples/drivers/pl061gpio";
    const Outcome outcome =
        tool({"check", driver, "--model", "pl061", "--scenario", "masked", "--schedules", "3", "-q",
              "--sarif", "out.sarif", "--junit", "out.xml", "--html", "out.html"});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("page: out.html\n"));
    EXPECT_EQ(sarif_run("out.sarif").at("results"), Json::array());
    EXPECT_THAT(read("out.xml"), HasSubstr("<testsuite name=\"pl061gpio\" tests=\"2\""));
    EXPECT_THAT(read("out.xml"), HasSubstr("<testcase name=\"masked\""));
    EXPECT_THAT(read("out.html"), HasSubstr("Nothing found"));
}

TEST_F(Output, a_check_shows_the_schedule_of_its_first_finding) {
    fs::copy(GX_PROJECT "/examples/drivers/pl061gpio", folder / "pl061gpio");
    std::string code = read("pl061gpio/pl061gpio.c");
    const std::string unmask =
        "    Controller->MaskedPins &= ~(1ul << InterruptParameters->PinNumber);\n";
    ASSERT_NE(code.find(unmask), std::string::npos);
    write("pl061gpio/pl061gpio.c", code.erase(code.find(unmask), unmask.size()));
    const Outcome outcome =
        tool({"check", "pl061gpio", "--model", "pl061", "--scenario", "passive", "-q", "--sarif",
              "out.sarif", "--junit", "out.xml", "--html", "out.html", "--github"});
    EXPECT_EQ(outcome.code, 1) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("::error "));
    const Json results = sarif_run("out.sarif").at("results");
    ASSERT_FALSE(results.empty());
    EXPECT_THAT(results.at(0).at("properties").at("command").get<std::string>(),
                HasSubstr("check pl061gpio --model pl061 --scenario passive --schedules 0"));
    EXPECT_THAT(read("out.xml"), HasSubstr("failures=\"1\""));
    EXPECT_THAT(read("out.html"), HasSubstr("CLIENT_UnmaskInterrupt"));
}

TEST_F(Output, an_exploration_tells_its_finding_to_everybody) {
    const Outcome outcome =
        explore({"--sarif", "out.sarif", "--junit", "out.xml", "--github", "--html", "out.html",
                 "--perfetto", "out.pftrace", "--vcd", "out.vcd", "--events", "out.events"});
    EXPECT_EQ(outcome.code, 1) << outcome.all();
    const std::string line = place("racing", "MISTAKE a count was lost");
    std::smatch token;
    ASSERT_TRUE(std::regex_search(outcome.out, token, std::regex("replay bench.toml (\\S+)\n")));
    EXPECT_THAT(outcome.out, HasSubstr("::error file=" GX_PROJECT
                                       "/tests/command_line/drivers/racing/racing.c,"));

    const Json result = sarif_run("out.sarif").at("results").at(0);
    EXPECT_EQ(result.at("ruleId"), "driver-001");
    EXPECT_EQ(result.at("properties").at("token"), token[1].str());
    EXPECT_EQ("racing.c:" + std::to_string(result.at("locations")
                                               .at(0)
                                               .at("physicalLocation")
                                               .at("region")
                                               .at("startLine")
                                               .get<int>()),
              line);
    EXPECT_GE(result.at("codeFlows").at(0).at("threadFlows").size(), 2u);
    EXPECT_THAT(read("out.xml"), HasSubstr("type=\"driver-001\""));
    const std::string page = read("out.html");
    EXPECT_THAT(page, HasSubstr("held up for"));
    EXPECT_THAT(page, HasSubstr("<span class=\"here\">"));
    EXPECT_THAT(page, ContainsRegex("class=\"finding-row\""));
    // The events are those of the schedule that failed, which a replay makes again.
    EXPECT_THAT(read("out.events"), HasSubstr("subject=\"driver-001\""));
    const Outcome again = tool({"replay", "bench.toml", token[1], "-q", "--events", "again"});
    EXPECT_EQ(again.code, 1);
    EXPECT_EQ(read("again"), read("out.events"));
    EXPECT_FALSE(read("out.pftrace").empty());
    EXPECT_THAT(read("out.vcd"), HasSubstr("$enddefinitions"));
}

TEST_F(Output, a_missed_expectation_is_a_result_at_its_line) {
    const Outcome outcome =
        run({.drivers = {"racing"},
             .script = "open \\_SB.DEV0 as device\nioctl device 0x222000\n"
                       "expect status STATUS_CANCELLED"},
            {"-q", "--sarif", "out.sarif", "--junit", "out.xml", "--github", "--html", "out.html"});
    EXPECT_EQ(outcome.code, 1);
    std::smatch said;
    ASSERT_TRUE(std::regex_search(outcome.errors, said, std::regex("bench.toml:([0-9]+): ")));
    EXPECT_THAT(outcome.out, HasSubstr("bench.toml,line=" + said[1].str() +
                                       ",title=gpioclx script-001::script-001: "));
    const Json result = sarif_run("out.sarif").at("results").at(0);
    EXPECT_EQ(result.at("ruleId"), "script-001");
    EXPECT_EQ(std::to_string(result.at("locations")
                                 .at(0)
                                 .at("physicalLocation")
                                 .at("region")
                                 .at("startLine")
                                 .get<int>()),
              said[1].str());
    EXPECT_THAT(read("out.html"), HasSubstr("expect status STATUS_CANCELLED"));
}

TEST_F(Output, a_clean_run_is_said_to_be_clean) {
    const Outcome outcome = tool({"run", pushbutton, "-q", "--sarif", "out.sarif", "--junit",
                                  "out.xml", "--html", "out.html", "--github"});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
    EXPECT_TRUE(sarif_run("out.sarif").at("results").empty());
    EXPECT_EQ(sarif_run("out.sarif").at("invocations").at(0).at("exitCode"), 0);
    EXPECT_THAT(read("out.xml"), HasSubstr("failures=\"0\""));
    EXPECT_THAT(read("out.html"), HasSubstr("Nothing found"));
    EXPECT_THAT(outcome.out, Not(HasSubstr("::error")));
}

TEST_F(Output, a_driver_that_faults_is_told_too) {
    const Outcome outcome =
        run({.drivers = {"misbehaving"},
             .script = "open \\_SB.DEV0 as device\nioctl device 0x222000\n"},
            {"-q", "--sarif", "out.sarif", "--html", "out.html", "--perfetto", "out.pftrace"});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(sarif_run("out.sarif").at("results").at(0).at("ruleId"), "fault-010");
    EXPECT_THAT(read("out.html"), HasSubstr("EvtIoDeviceControl"));
    EXPECT_FALSE(read("out.pftrace").empty());
}

TEST_F(Output, the_same_run_writes_the_same_bytes) {
    for (const std::string name : {"one", "two"}) {
        run({.drivers = {"racing"}, .script = race},
            {"-q", "--sarif", name + ".sarif", "--html", name + ".html", "--perfetto",
             name + ".pftrace", "--junit", name + ".xml"});
    }
    for (const std::string kind : {".sarif", ".html", ".pftrace", ".xml"})
        EXPECT_EQ(read("one" + kind), read("two" + kind)) << kind;
}

TEST_F(Output, a_place_that_cannot_be_written_is_said_before_anything_runs) {
    bench({.drivers = {"racing"}, .script = race});
    const std::size_t before = files();
    for (const char* flag : {"--sarif", "--junit", "--html", "--perfetto", "--vcd", "--events"}) {
        for (const char* command : {"run", "explore"}) {
            const Outcome outcome =
                tool({command, "bench.toml", std::string(flag) == "--vcd" ? "--events" : "--vcd",
                      "good", flag, "no folder/out"});
            EXPECT_EQ(outcome.code, 2) << flag;
            EXPECT_THAT(outcome.errors, HasSubstr("gpioclx: error: no folder/out: cannot write"));
        }
    }
    EXPECT_EQ(files(), before);
}

TEST_F(Output, a_run_that_cannot_be_leaves_no_file_and_keeps_an_old_one) {
    bench({.drivers = {"racing"}, .script = "dance"});
    write("old.html", "old");
    const std::size_t before = files();
    for (const char* command : {"run", "explore"}) {
        EXPECT_EQ(tool({command, "bench.toml", "--html", "old.html", "--sarif", "new.sarif"}).code,
                  2);
    }
    EXPECT_EQ(read("old.html"), "old");
    EXPECT_EQ(files(), before);
}

// What others make of the files.

TEST_F(Output, microsofts_validator_has_neither_errors_nor_warnings) {
    std::string validator = GX_VALIDATORS "/node_modules/.bin/sarif-multitool";
    if (!fs::exists(validator)) validator = "sarif-multitool";
    if (shell(validator + " --version").code > 1)
        GTEST_SKIP() << "sarif-multitool is not installed (scripts/check-outputs does it)";
    explore({"--sarif", "explore.sarif"});
    run({.drivers = {"misbehaving"},
         .script = "open \\_SB.DEV0 as device\nioctl device 0x222000\n"},
        {"-q", "--sarif", "fault.sarif"});
    tool({"run", pushbutton, "-q", "--sarif", "clean.sarif"});
    bench({.drivers = {"racing"},
           .script = race,
           .more = "[[suppress]]\nid = \"driver-001\"\nreason = \"it is there to race\"\n"});
    EXPECT_EQ(
        tool({"explore", "bench.toml", "-q", "--schedules", "400", "--sarif", "suppressed.sarif"})
            .code,
        0);
    EXPECT_EQ(sarif_run("suppressed.sarif").at("results").size(), 1u);
    for (const std::string name : {"explore", "fault", "clean", "suppressed"}) {
        const Outcome outcome =
            shell(validator + " validate " + name + ".sarif -o " + name + ".verdict");
        ASSERT_TRUE(exists(name + ".verdict")) << outcome.all();
        for (const Json& result : sarif_run(name + ".verdict").at("results"))
            ADD_FAILURE() << name << ": " << result.at("ruleId") << " " << result.at("message");
    }
    // It looks: there is no line -61.
    write("wrong.sarif", std::regex_replace(read("explore.sarif"), std::regex("\"startLine\": "),
                                            "\"startLine\": -"));
    shell(validator + " validate wrong.sarif -o wrong.verdict");
    EXPECT_FALSE(sarif_run("wrong.verdict").at("results").empty());
}

TEST_F(Output, protoc_reads_the_trace_and_knows_every_field) {
    if (shell("protoc --version").code != 0) GTEST_SKIP() << "protoc is not installed";
    tool({"run", pushbutton, "-q", "--perfetto", "out.pftrace"});
    const Outcome outcome = shell("protoc --decode gpioclx_test.Trace -I '" GX_PROJECT
                                  "/tests/command_line' perfetto_subset.proto < out.pftrace");
    ASSERT_EQ(outcome.code, 0) << outcome.errors;
    EXPECT_THAT(outcome.out, Not(ContainsRegex("\n +[0-9]+[:] "))) << "fields without a name";
    for (const char* text :
         {"name: \"processor 0\"", "name: \"IRQL of processor 1\"", "name: \"button\"",
          "name: \"CLIENT_QueryActiveInterrupts\"", "name: \"DPC button!ButtonEvtInterruptDpc\"",
          "unit_name: \"IRQL\"", "flow_ids: "})
        EXPECT_THAT(outcome.out, HasSubstr(text));
    EXPECT_EQ(count(outcome.out, "TYPE_SLICE_BEGIN"), count(outcome.out, "TYPE_SLICE_END"));
}

TEST_F(Output, a_browser_shows_the_page) {
    if (shell("chromium --version").code != 0) GTEST_SKIP() << "chromium is not installed";
    explore({"--html", "out.html"});
    const Outcome outcome = shell(
        "chromium --headless --no-sandbox --disable-gpu --user-data-dir=\"$PWD/profile\" "
        "--dump-dom \"file://$PWD/out.html\"");
    ASSERT_EQ(outcome.code, 0) << outcome.errors;
    EXPECT_THAT(outcome.out, HasSubstr("<title>driver-001: assertion failed: Count == 2"));
    EXPECT_THAT(outcome.out, ContainsRegex("<th scope=\"col\">processor 0</th>"));
    EXPECT_THAT(outcome.out, HasSubstr("NT_ASSERT(Count == 2);"));
    // Whatever would be asked for, or is malformed, the browser says.
    EXPECT_THAT(outcome.errors, Not(HasSubstr("Refused to")));
    // It has repaired nothing: what it read is what was written.
    const std::string written = read("out.html");
    for (const char* tag : {"<tr", "<td", "<details", "<section", "<p", "</div>", "<span"})
        EXPECT_EQ(count(outcome.out, tag), count(written, tag)) << tag;
}

}  // namespace
}  // namespace gpioclx::command_line
