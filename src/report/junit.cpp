#include "report/junit.h"

#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

#include "report/source_text.h"

namespace gpioclx::report {
namespace {

// XML has no way to write most control characters.
std::string as_xml_text(std::string_view text) {
    std::string result = as_utf8(text);
    for (char& c : result) {
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') c = '?';
    }
    return result;
}

void set(pugi::xml_node node, const char* name, std::string_view value) {
    node.append_attribute(name).set_value(as_xml_text(value).c_str());
}

void add_text(pugi::xml_node node, std::string_view text) {
    node.append_child(pugi::node_pcdata).set_value(as_xml_text(text).c_str());
}

// One element for all: readers look at the first one only.
void add_problems(pugi::xml_node test, const Scenario& scenario, bool tool_fault) {
    const std::vector<Problem>& problems = scenario.problems;
    pugi::xml_node failure = test.append_child(tool_fault ? "error" : "failure");
    const bench::Finding& first = problems.front().finding;
    std::string message = fmt::format("{}: {}", first.id, first.sentence);
    if (problems.size() > 1) message += fmt::format(" (and {} more)", problems.size() - 1);
    set(failure, "message", message);
    set(failure, "type", first.id);
    std::string text;
    for (const Problem& problem : problems) {
        text += (text.empty() ? "" : "\n") + bench::to_text(problem.finding);
        if (!problem.decisions.empty()) text += "  with\n";
        for (const std::string& decision : problem.decisions) text += "    " + decision + "\n";
        text += "  to see it again:\n" + problem.command + "\n";
    }
    add_text(failure, text);
}

}  // namespace

std::string to_junit(const Report& report) {
    const bool tool_fault = report.exit_code == ExitCode::tool_fault;
    std::size_t failed = 0;
    for (const Scenario& scenario : report.scenarios) failed += scenario.problems.empty() ? 0 : 1;
    pugi::xml_document document;
    pugi::xml_node declaration = document.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    const std::string bench = report.bench.stem().string();
    pugi::xml_node suites = document.append_child("testsuites");
    pugi::xml_node suite = suites.append_child("testsuite");
    for (pugi::xml_node node : {suites, suite}) {
        set(node, "name", node == suites ? "gpioclx" : bench);
        node.append_attribute("tests") = report.scenarios.size();
        node.append_attribute("failures") = tool_fault ? std::size_t{0} : failed;
        node.append_attribute("errors") = tool_fault ? failed : std::size_t{0};
    }
    for (const Scenario& scenario : report.scenarios) {
        pugi::xml_node test = suite.append_child("testcase");
        set(test, "name", scenario.name);
        set(test, "classname", "gpioclx." + bench);
        if (!scenario.problems.empty()) add_problems(test, scenario, tool_fault);
        std::string out = scenario.summary + "\n";
        for (const bench::HardwareReport& hardware : scenario.hardware_reports)
            out += bench::to_text(hardware);
        add_text(test.append_child("system-out"), out);
    }
    std::ostringstream text;
    document.save(text, "  ");
    return text.str();
}

}  // namespace gpioclx::report
