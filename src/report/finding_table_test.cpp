#include "report/finding_table.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gpioclx::report {
namespace {

TEST(FindingTable, rows_are_read_and_everything_else_is_passed_over) {
    const auto rules = read_finding_table(
        "# Findings\ntext | text\n## Kernel\n| id | from | what is wrong |\n|---|---|---|\n"
        "| `lock-001` | kernel | a lock is `KeAcquire`d twice \\| or more |\n\n## Other \n"
        "| `V1` | gpioclx | wrong |\n| no id | x | y |");
    ASSERT_EQ(rules.size(), 2u);
    EXPECT_EQ(rules[0].id, "lock-001");
    EXPECT_EQ(rules[0].family, "Kernel");
    EXPECT_EQ(rules[0].meaning, "a lock is KeAcquired twice | or more");
    EXPECT_EQ(rules[1].id, "V1");
    EXPECT_EQ(rules[1].family, "Other");
}

TEST(FindingTable, the_page_of_this_build_is_compiled_in) {
    const auto& table = finding_table();
    EXPECT_GT(table.size(), 100u);
    for (const char* id : {"V3", "lock-010", "fault-010", "script-001"}) {
        EXPECT_TRUE(std::any_of(table.begin(), table.end(), [&](const FindingRule& rule) {
            return rule.id == id;
        })) << id;
    }
}

}  // namespace
}  // namespace gpioclx::report
