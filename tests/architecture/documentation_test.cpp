// docs/documentation.md names a test for each topic of the public documentation; these are they.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "source_tree.h"

namespace gpioclx::architecture {
namespace {

std::set<std::string> matches(const std::string& path, const std::regex& form) {
    std::set<std::string> found;
    for (const SourceFile& file : read_files({path})) {
        for (const std::string& line : file.lines) {
            for (std::sregex_iterator it(line.begin(), line.end(), form), end; it != end; ++it)
                found.insert((*it)[1]);
        }
    }
    return found;
}

TEST(DocumentationScenarios, the_list_names_the_tests_that_there_are) {
    const auto listed = matches("docs/documentation.md", std::regex(R"(`Documentation\.(\w+)`)"));
    const auto there = matches("tests/conformance/documentation_test.cpp",
                               std::regex(R"(TEST_F\(Documentation, (\w+)\))"));
    EXPECT_GE(there.size(), 8u);
    EXPECT_EQ(listed, there);
}

}  // namespace
}  // namespace gpioclx::architecture
