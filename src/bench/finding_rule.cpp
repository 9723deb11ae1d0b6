#include "bench/finding_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "bench/finding.h"

namespace gpioclx::bench {
namespace {

constexpr char rules_text[] =
#include "findings_table.inc"
    ;
constexpr char remedies_text[] =
#include "remedies_table.inc"
    ;
constexpr char functions_text[] =
#include "irql_table.inc"
    ;

std::string_view cut(std::string_view& text, std::string_view at) {
    const std::size_t end = std::min(text.find(at), text.size());
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(std::min(end + at.size(), text.size()));
    return field;
}

// Rows of docs/findings.md: "| `V3` | gpioclx | what is wrong |".
std::vector<FindingRule> parse_rules() {
    std::vector<FindingRule> rules;
    std::string_view text(rules_text);
    while (!text.empty()) {
        std::string_view line = cut(text, "\n");
        if (!line.starts_with("| `")) continue;
        line.remove_prefix(3);
        FindingRule& rule = rules.emplace_back();
        rule.id = cut(line, "` | ");
        rule.from = cut(line, " | ");
        rule.rule = cut(line, " |");
    }
    return rules;
}

std::vector<FindingRule> parse() {
    std::vector<FindingRule> rules = parse_rules();
    std::string_view text(remedies_text);
    while (!text.empty()) {
        std::string_view line = cut(text, "\n");
        const std::string_view id = cut(line, "\t");
        const auto rule = std::find_if(rules.begin(), rules.end(),
                                       [id](const FindingRule& one) { return one.id == id; });
        if (rule == rules.end()) continue;
        rule->document = cut(line, "\t");
        rule->remedy = line;
    }
    return rules;
}

// Title of a function's page: "KeSetEvent function (wdm.h)"; "" for what is no function of the WDK.
std::string page_of(std::string_view function) {
    static const auto headers = [] {
        std::map<std::string_view, std::string_view> result;
        std::string_view text(functions_text);
        while (!text.empty()) {
            std::string_view line = cut(text, "\n");
            const std::string_view name = cut(line, "\t");
            result.emplace(name, cut(line, "\t"));
        }
        return result;
    }();
    const auto found = headers.find(function);
    if (found == headers.end() || found->second.empty() || found->second.starts_with("gx_"))
        return {};
    return fmt::format("{} ({})", function, found->second);
}

}  // namespace

const std::vector<FindingRule>& finding_rules() {
    static const std::vector<FindingRule> rules = parse();
    return rules;
}

const FindingRule* finding_rule(std::string_view id) {
    const auto& rules = finding_rules();
    const auto found = std::find_if(rules.begin(), rules.end(),
                                    [id](const FindingRule& rule) { return rule.id == id; });
    return found != rules.end() ? &*found : nullptr;
}

void complete(Finding& finding) {
    const FindingRule* rule = finding_rule(finding.id);
    if (rule == nullptr) return;
    finding.rule = rule->rule;
    finding.document = rule->document;
    finding.remedy = rule->remedy;
    if (!finding.document.empty()) return;
    finding.document =
        page_of(std::string_view(finding.sentence).substr(0, finding.sentence.find(' ')));
}

}  // namespace gpioclx::bench
