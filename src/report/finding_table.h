// docs/findings.md for programs: what each id means. The page itself is compiled in; it is the only
// place where the meaning of an id is written down.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpioclx::report {

struct FindingRule {
    std::string id;       // "lock-001"
    std::string family;   // heading of its table: "Kernel"
    std::string meaning;  // "a lock is acquired by its holder", without marks of Markdown
};

// Rows "| `ID` | FOLDER | MEANING |", in their order; everything else is passed over.
std::vector<FindingRule> read_finding_table(std::string_view markdown);

// Those of this build's page.
const std::vector<FindingRule>& finding_table();

}  // namespace gpioclx::report
