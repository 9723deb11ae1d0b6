#include "report/sarif.h"

#include <nlohmann/json.hpp>

#include "report/report_fixture.h"

namespace gpioclx::report {
namespace {

using Json = nlohmann::json;

class SarifTest : public ReportTest {
  protected:
    Json run(const Report& of) {
        return Json::parse(to_sarif(of, folder, sources)).at("runs").at(0);
    }
    Json result(const Report& of) { return run(of).at("results").at(0); }
};

TEST_F(SarifTest, a_result_names_its_rule_and_the_line_relative_to_the_base) {
    const Json run = this->run(report());
    const Json result = run.at("results").at(0);
    EXPECT_EQ(result.at("ruleId"), "lock-001");
    const Json rule =
        run.at("tool").at("driver").at("rules").at(result.at("ruleIndex").get<std::size_t>());
    EXPECT_EQ(rule.at("id"), "lock-001");
    const Json place = result.at("locations").at(0).at("physicalLocation");
    EXPECT_EQ(place.at("artifactLocation"),
              Json({{"uri", "driver/led.c"}, {"uriBaseId", "SRCROOT"}}));
    EXPECT_EQ(place.at("region").at("startLine"), 4);
    EXPECT_EQ(place.at("region").at("snippet").at("text"),
              "    if (Count < 2 && \"&\") Acquire();");
    EXPECT_EQ(place.at("contextRegion").at("startLine"), 1);
    EXPECT_EQ(result.at("locations").at(0).at("logicalLocations").at(0).at("fullyQualifiedName"),
              "led!OnRead");
    const std::string base = run.at("originalUriBaseIds").at("SRCROOT").at("uri");
    EXPECT_TRUE(base.starts_with("file:///") && base.ends_with("/")) << base;
    EXPECT_EQ(base.find(' '), std::string::npos) << base;
}

TEST_F(SarifTest, what_the_bench_suppresses_is_a_result_with_the_reason) {
    Report with = report();
    bench::Finding known = with.scenarios.front().problems.front().finding;
    known.count = 3;
    known.held = "'led lock'";
    with.scenarios.front().suppressed.push_back({known, "the board has no second user"});
    const Json results = run(with).at("results");
    EXPECT_FALSE(results.at(0).contains("suppressions"));
    const Json last = results.back();
    EXPECT_EQ(last.at("suppressions").at(0),
              Json({{"kind", "external"},
                    {"status", "accepted"},
                    {"justification", "the board has no second user"}}));
    EXPECT_EQ(last.at("occurrenceCount"), 3);
    EXPECT_EQ(last.at("properties").at("held"), "'led lock'");
}

TEST_F(SarifTest, both_stacks_are_told) {
    const Json result = this->result(report());
    EXPECT_EQ(result.at("stacks").size(), 2u);
    EXPECT_EQ(result.at("stacks").at(0).at("frames").size(), 2u);
    EXPECT_EQ(
        result.at("relatedLocations").at(0).at("physicalLocation").at("region").at("startLine"), 5);
}

TEST_F(SarifTest, the_interleaving_is_a_flow_with_a_thread_a_processor) {
    const Json flow = result(report()).at("codeFlows").at(0).at("threadFlows");
    ASSERT_EQ(flow.size(), 2u);
    EXPECT_EQ(flow.at(0).at("id"), "processor 0");
    EXPECT_EQ(flow.at(1).at("locations").size(), 2u);
    const Json last = flow.at(1).at("locations").at(1);
    EXPECT_EQ(last.at("executionOrder"), 3);
    EXPECT_EQ(last.at("state").at("irql").at("text"), "DISPATCH");
    EXPECT_TRUE(last.at("location").contains("physicalLocation"));
    EXPECT_EQ(flow.at(0).at("locations").at(0).at("state").at("locks").at("text"), "led lock");
}

TEST_F(SarifTest, a_schedule_comes_with_its_token_and_command) {
    const Json bag = result(report()).at("properties");
    EXPECT_EQ(bag.at("token"), "x1AeUmpwRq");
    EXPECT_EQ(bag.at("command"), "gpioclx replay bench.toml x1AeUmpwRq");
    EXPECT_EQ(bag.at("decisions").size(), 1u);
    EXPECT_EQ(run(report()).at("invocations").at(0).at("exitCode"), 1);
}

TEST_F(SarifTest, the_fingerprint_outlives_lines_added_above) {
    const std::string before =
        result(report()).at("partialFingerprints").begin()->get<std::string>();
    Report later = report();
    for (auto* stack : {&later.scenarios[0].problems[0].finding.stack,
                        &later.scenarios[0].problems[0].finding.other_stack})
        for (bench::StackFrame& frame : *stack) frame.line += 2;
    write("driver/led.c", "// new\n// new\n" + read(folder / "driver/led.c"));
    sources = {};
    EXPECT_EQ(result(later).at("partialFingerprints").begin()->get<std::string>(), before);
    later.scenarios[0].problems[0].finding.stack[0].function = "OnOther";
    EXPECT_NE(result(later).at("partialFingerprints").begin()->get<std::string>(), before);
}

TEST_F(SarifTest, a_finding_without_a_line_is_shown_at_the_bench) {
    Report without = report();
    without.scenarios[0].problems[0].finding.stack.clear();
    without.scenarios[0].problems[0].finding.other_stack.clear();
    EXPECT_EQ(result(without)
                  .at("locations")
                  .at(0)
                  .at("physicalLocation")
                  .at("artifactLocation")
                  .at("uri"),
              "bench.toml");
}

TEST_F(SarifTest, bytes_that_are_no_text_do_no_harm) {
    Report odd = report();
    odd.scenarios[0].problems[0].finding.sentence = "a \xff b \xc3\xa9";
    EXPECT_EQ(result(odd).at("message").at("text"), "A ? b \xc3\xa9.");
}

TEST_F(SarifTest, rules_have_names_of_their_own) {
    const Json run = this->run(report());
    for (const Json& rule : run.at("tool").at("driver").at("rules"))
        EXPECT_NE(rule.at("id"), rule.at("name"));
}

}  // namespace
}  // namespace gpioclx::report
