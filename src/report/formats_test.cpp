#include <pugixml.hpp>

#include "report/github.h"
#include "report/html.h"
#include "report/html_parts.h"
#include "report/junit.h"
#include "report/report_fixture.h"

namespace gpioclx::report {
namespace {

class FormatsTest : public ReportTest {};

TEST_F(FormatsTest, junit_has_a_test_case_a_scenario) {
    Report two = report();
    two.scenarios.push_back({.name = "other", .summary = "fine"});
    two.scenarios.back().hardware_reports.push_back(
        {.sentence = "a reserved bit was written", .first_time_ns = 5, .count = 2, .stack = {}});
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(to_junit(two).c_str()));
    const pugi::xml_node suite = document.child("testsuites").child("testsuite");
    EXPECT_EQ(suite.attribute("tests").as_int(), 2);
    EXPECT_EQ(suite.attribute("failures").as_int(), 1);
    const pugi::xml_node failed = suite.child("testcase");
    EXPECT_STREQ(failed.attribute("classname").value(), "gpioclx.bench");
    EXPECT_STREQ(failed.child("failure").attribute("type").value(), "lock-001");
    const std::string text = failed.child("failure").text().get();
    EXPECT_NE(text.find("led.c:4: OnRead"), std::string::npos) << text;
    EXPECT_NE(text.find("gpioclx replay bench.toml x1AeUmpwRq"), std::string::npos) << text;
    const pugi::xml_node passed = failed.next_sibling("testcase");
    EXPECT_FALSE(passed.child("failure"));
    const std::string out = passed.child("system-out").text().get();
    EXPECT_NE(out.find("a reserved bit was written (2 times)"), std::string::npos) << out;
}

TEST_F(FormatsTest, junit_tells_a_fault_of_the_tool_from_a_failure) {
    Report fault = report();
    fault.exit_code = ExitCode::tool_fault;
    fault.scenarios[0].problems[0].finding.sentence = "control \x01 character";
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(to_junit(fault).c_str()));
    const pugi::xml_node suite = document.child("testsuites").child("testsuite");
    EXPECT_EQ(suite.attribute("errors").as_int(), 1);
    EXPECT_EQ(suite.attribute("failures").as_int(), 0);
    EXPECT_STREQ(suite.child("testcase").child("error").attribute("message").value(),
                 "lock-001: control ? character");
}

TEST_F(FormatsTest, github_gets_one_line_with_what_is_special_to_it_escaped) {
    const std::string text = to_github(report(), folder);
    EXPECT_TRUE(
        text.starts_with("::error file=driver/led.c,line=4,title=gpioclx lock-001::"
                         "lock-001: led lock <1> is acquired%0Aby its holder, 100%25%0A"))
        << text;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
    Report odd = report();
    odd.scenarios[0].problems[0].finding.stack[0].file = (folder / "a,b:c.c").string();
    EXPECT_TRUE(to_github(odd, folder).starts_with("::error file=a%2Cb%3Ac.c,line=4,"));
}

TEST_F(FormatsTest, the_page_quotes_the_line_and_its_neighbours) {
    const std::string page = to_html(report(), folder, sources);
    EXPECT_NE(page.find("<span class=\"here\"><i>   4</i>    if (Count &lt; 2 &amp;&amp; "
                        "&quot;&amp;&quot;) Acquire();</span>"),
              std::string::npos);
    EXPECT_NE(page.find("<i>   1</i>// 1</span>"), std::string::npos);
    EXPECT_NE(page.find("led lock &lt;1&gt; is acquired"), std::string::npos);
    EXPECT_NE(page.find("gpioclx replay bench.toml x1AeUmpwRq</pre>"), std::string::npos);
    EXPECT_NE(page.find("<li>worker 1 held up for 40.0 us"), std::string::npos);
    EXPECT_NE(page.find("href=\"#s3\""), std::string::npos) << "no way to the finding's row";
}

TEST_F(FormatsTest, the_page_needs_nobody_else) {
    const std::string page = to_html(report(), folder, sources);
    for (const char* word : {"<script", "src=", "@import", "url(", "http:", "https:", "<link"})
        EXPECT_EQ(page.find(word), std::string::npos) << word;
    EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST_F(FormatsTest, the_interleaving_has_a_column_a_processor) {
    const std::string table = html_interleaving(report().scenarios[0]);
    EXPECT_NE(table.find("<th scope=\"col\">processor 0</th><th scope=\"col\">processor 1</th>"),
              std::string::npos);
    EXPECT_NE(table.find("<td class=\"time\">1.100 us</td><td></td><td class=\"mid\">"),
              std::string::npos)
        << table;
    EXPECT_NE(table.find("holds led lock"), std::string::npos);
    EXPECT_NE(table.find("<tr id=\"s3\" class=\"finding-row\">"), std::string::npos);
}

TEST_F(FormatsTest, wires_that_change_are_drawn_with_the_moment_of_the_finding) {
    const std::string wires = html_wires(report().scenarios[0]);
    // A third of the window is over when it rises, a half when the finding comes.
    EXPECT_NE(wires.find("d=\"M0 30H333.33V4H1000\""), std::string::npos) << wires;
    EXPECT_NE(wires.find("aria-label=\"led: low, high at 1.100 us\""), std::string::npos);
    EXPECT_NE(wires.find("<line x1=\"500.00\""), std::string::npos);
    EXPECT_EQ(wires.find("quiet"), std::string::npos);
}

TEST_F(FormatsTest, the_page_of_a_clean_run_says_so) {
    Report clean = report();
    clean.scenarios[0].problems.clear();
    EXPECT_NE(to_html(clean, folder, sources).find("<h1>Nothing found</h1>"), std::string::npos);
}

TEST_F(FormatsTest, steps_to_a_finding_end_with_it_and_stop_at_a_gap) {
    Scenario scenario = report().scenarios[0];
    const bench::Finding finding = scenario.problems[0].finding;
    EXPECT_EQ(steps_to(scenario, finding, 10).size(), 3u);
    EXPECT_EQ(steps_to(scenario, finding, 2).size(), 2u);
    scenario.interleaving[1].left_out = 7;
    EXPECT_EQ(steps_to(scenario, finding, 10).size(), 2u);
    scenario.interleaving.pop_back();
    EXPECT_TRUE(steps_to(scenario, finding, 10).empty());
}

}  // namespace
}  // namespace gpioclx::report
