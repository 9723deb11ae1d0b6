// Makes docs/conformance.md out of rows.tsv and what ctest knows of the tests, or checks that the
// committed one is still true.
//
//   gx_conformance_table ROWS write TABLE JUNIT    results of a run (ctest --output-junit)
//   gx_conformance_table ROWS write TABLE BUILD    the tests of a build folder whose run was green
//   gx_conformance_table ROWS check TABLE BUILD    77 if not all of its tests are built
//
// A test belongs to the rows with whose ids its name begins ("F34_F35_lock_raises_..."). A row
// without a test is open. Whether existing tests pass is the test run's own business: a table that
// says "passed" can only be wrong in a run that is red anyway.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Row {
    std::string id, rules, feature, seen, area;
    bool needs_sample = false;
};
enum class Result { passed, failed, skipped };
using Tests = std::map<std::string, Result>;  // "conformance/Locks.F36_..." -> how it ended

[[noreturn]] void give_up(const std::string& why) {
    std::cerr << why << "\n";
    std::exit(2);
}

std::vector<Row> read_rows(const std::string& path) {
    std::ifstream file(path);
    if (!file) give_up(path + ": cannot be read");
    std::vector<Row> rows;
    std::set<std::string> ids;
    int number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.empty() || line.starts_with('#')) continue;
        std::vector<std::string> cells;
        std::istringstream text(line);
        for (std::string cell; std::getline(text, cell, '\t');) cells.push_back(cell);
        if (cells.size() != 6)
            give_up(path + ":" + std::to_string(number) + ": six columns are needed");
        if (!ids.insert(cells[0]).second)
            give_up(path + ":" + std::to_string(number) + ": " + cells[0] + " stands here twice");
        rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5] == "sample"});
    }
    return rows;
}

// "firmware/Resource.F162_GpioInt" -> {"F162"}
std::vector<std::string> ids_of(const std::string& test) {
    std::vector<std::string> ids;
    std::size_t at = test.rfind('.') + 1;
    while (at < test.size() && test[at] == 'F') {
        std::size_t end = at + 1;
        while (end < test.size() && std::isdigit(static_cast<unsigned char>(test[end]))) ++end;
        if (end == at + 1 || (end < test.size() && test[end] != '_')) break;
        ids.push_back(test.substr(at, end - at));
        at = end + 1;
    }
    return ids;
}

// "Suite.test/name  # GetParam() = ...": what follows may differ from run to run.
std::string without_parameter(const std::string& name) { return name.substr(0, name.find("  # ")); }

Tests tests_of_run(const std::string& path) {
    pugi::xml_document document;
    if (!document.load_file(path.c_str())) give_up(path + ": is no JUnit file");
    Tests tests;
    for (const auto& found : document.select_nodes("//testcase")) {
        const pugi::xml_node test = found.node();
        const std::string status = test.attribute("status").as_string("run");
        Result result = test.child("failure") ? Result::failed : Result::passed;
        if (status == "notrun" || status == "disabled" || test.child("skipped"))
            result = Result::skipped;
        tests[without_parameter(test.attribute("name").as_string())] = result;
    }
    return tests;
}

Tests tests_of_build(const std::string& folder) {
    const std::string command = "ctest --test-dir '" + folder + "' --show-only=json-v1 </dev/null";
    FILE* pipe = popen(command.c_str(), "r");
    std::string text;
    char buffer[4096];
    for (std::size_t n; pipe != nullptr && (n = fread(buffer, 1, sizeof(buffer), pipe)) > 0;)
        text.append(buffer, n);
    if (pipe == nullptr || pclose(pipe) != 0) give_up(command + ": failed");
    Tests tests;
    const nlohmann::json document = nlohmann::json::parse(text);
    for (const auto& test : document.at("tests")) {
        const std::string name = test.at("name").get<std::string>();
        if (name.ends_with("_NOT_BUILT")) {
            std::cerr << name.substr(0, name.size() - 10) << " is not built\n";
            std::exit(77);
        }
        tests[without_parameter(name)] = Result::passed;
    }
    return tests;
}

std::string state_of(const Row& row, const std::vector<std::string>& names, const Tests& tests) {
    if (names.empty()) return row.needs_sample ? "not run here" : "**open**";
    bool all_skipped = true;
    for (const std::string& name : names) {
        if (tests.at(name) == Result::failed) return "**failed**";
        all_skipped &= tests.at(name) == Result::skipped;
    }
    return all_skipped ? "not run here" : "passed";
}

std::string escaped(std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
        text.insert(at, "\\");
    return text;
}

std::string table_of(const std::vector<Row>& rows, const Tests& tests) {
    std::map<std::string, std::vector<std::string>> of_row;
    for (const auto& [name, result] : tests) {
        for (const std::string& id : ids_of(name)) of_row[id].push_back(name);
    }
    std::map<std::string, int> totals;
    std::ostringstream body;
    std::vector<std::string> areas;
    for (const Row& row : rows) {
        if (std::find(areas.begin(), areas.end(), row.area) == areas.end())
            areas.push_back(row.area);
    }
    for (const std::string& area : areas) {
        body << "\n## " << static_cast<char>(std::toupper(area[0])) << area.substr(1) << "\n"
             << "| row | feature | what a test sees | rules | result | tests |\n"
             << "|---|---|---|---|---|---|\n";
        for (const Row& row : rows) {
            if (row.area != area) continue;
            const std::string state = state_of(row, of_row[row.id], tests);
            ++totals[state];
            body << "| " << row.id << " | " << escaped(row.feature) << " | " << escaped(row.seen)
                 << " | " << row.rules << " | " << state << " | ";
            for (const std::string& name : of_row[row.id])
                body << (name == of_row[row.id].front() ? "" : "<br>") << "`" << name << "`";
            body << " |\n";
        }
    }
    std::ostringstream head;
    head << "# Conformance\n"
         << "What a GpioClx must do, row by row, and which tests show it. Made from a test run by "
            "`tests/conformance/table`; do not\n"
         << "edit. Rules are those of the project's specification; a row without a test is "
            "open.\n\n";
    for (const auto& [state, count] : totals) head << "- " << state << ": " << count << "\n";
    return head.str() + body.str();
}

std::string read_file(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// The first lines in which both differ, for people.
void show_difference(const std::string& committed, const std::string& now) {
    std::istringstream left(committed), right(now);
    int shown = 0;
    for (std::string a, b; shown < 10;) {
        const bool more_left = static_cast<bool>(std::getline(left, a));
        const bool more_right = static_cast<bool>(std::getline(right, b));
        if (!more_left && !more_right) break;
        if (more_left && more_right && a == b) continue;
        std::cerr << "  table: " << (more_left ? a : "(end)")
                  << "\n  tests: " << (more_right ? b : "(end)") << "\n";
        ++shown;
    }
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    if (words.size() != 4 || (words[1] != "write" && words[1] != "check"))
        give_up(
            "usage: gx_conformance_table ROWS write TABLE JUNIT|BUILD | ROWS check TABLE BUILD");
    const std::vector<Row> rows = read_rows(words[0]);
    const Tests tests =
        std::filesystem::is_directory(words[3]) ? tests_of_build(words[3]) : tests_of_run(words[3]);
    const std::string table = table_of(rows, tests);
    if (words[1] == "write") {
        std::ofstream(words[2]) << table;
        return 0;
    }
    const std::string committed = read_file(words[2]);
    if (committed == table) return 0;
    std::cerr << words[2]
              << " does not agree with the tests that exist; scripts/conformance writes it anew.\n";
    show_difference(committed, table);
    return 1;
}
