#include "report/finding_table.h"

#include <algorithm>

namespace gpioclx::report {
namespace {

constexpr std::string_view page =
#include "findings_page.inc"
    ;

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

std::string plain(std::string_view text) {
    std::string result(text);
    std::erase(result, '`');
    return result;
}

// "| a | b | c |" -> a, b, c. A cell may have a bar, as "\|".
std::vector<std::string> cells(std::string_view line) {
    std::vector<std::string> row;
    if (!line.starts_with('|') || !line.ends_with('|')) return row;
    std::string cell;
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
            cell += line[++i];
        } else if (line[i] == '|') {
            row.emplace_back(trimmed(cell));
            cell.clear();
        } else {
            cell += line[i];
        }
    }
    return row;
}

}  // namespace

std::vector<FindingRule> read_finding_table(std::string_view markdown) {
    std::vector<FindingRule> rules;
    std::string family;
    while (!markdown.empty()) {
        const auto end = markdown.find('\n');
        const std::string_view line = markdown.substr(0, end);
        markdown.remove_prefix(end == std::string_view::npos ? markdown.size() : end + 1);
        if (line.starts_with("## ")) family = trimmed(line.substr(3));
        const std::vector<std::string> row = cells(line);
        if (row.size() < 3 || !row[0].starts_with('`') || !row[0].ends_with('`')) continue;
        rules.push_back({.id = plain(row[0]), .family = family, .meaning = plain(row[2])});
    }
    return rules;
}

const std::vector<FindingRule>& finding_table() {
    static const std::vector<FindingRule> table = read_finding_table(page);
    return table;
}

}  // namespace gpioclx::report
