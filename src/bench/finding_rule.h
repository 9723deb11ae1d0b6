// What is known of a finding's id, whatever happened: the rule, where it is documented, and what to
// do. Read from docs/findings.md and remedies.tsv when the tool was built.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpioclx::bench {

struct Finding;

struct FindingRule {
    std::string id;
    std::string from;      // the folder of src/ that reports it
    std::string rule;      // what is wrong, as docs/findings.md says it
    std::string document;  // title of a page of Microsoft's documentation; "" if there is none
    std::string remedy;
};

// All of them, in the order of docs/findings.md.
const std::vector<FindingRule>& finding_rules();
// nullptr: no such id.
const FindingRule* finding_rule(std::string_view id);

// Fills in rule, document and remedy. A finding about a function of the WDK ("KeSetEvent was called
// at IRQL 5; ...") gets the title of that function's page.
void complete(Finding& finding);

}  // namespace gpioclx::bench
