// Settings of a bench have one list, src/bench/known_settings.h: what is not in it is refused, so
// what the extension and the kernel ask for must be (GxQuerySetting, or a `setting(...)` around
// it), and the user guide must say what it does.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "source_tree.h"

namespace gpioclx::architecture {
namespace {

std::string text_of(const SourceFile& file) {
    std::string text;
    for (const std::string& line : file.lines) text += line + "\n";
    return text;
}

std::set<std::string> matches(const std::string& text, const std::regex& pattern) {
    std::set<std::string> found;
    for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it)
        found.insert((*it)[1]);
    return found;
}

TEST(Setting, the_list_is_what_is_asked_for_and_what_the_user_guide_explains) {
    std::set<std::string> listed;
    for (const SourceFile& file : read_files({"src/bench/known_settings.h"}))
        listed =
            matches(text_of(file), std::regex(R"re(^\s+"([a-z_]+)",$)re", std::regex::multiline));
    EXPECT_FALSE(listed.empty());

    std::set<std::string> asked;
    const std::regex question(
        R"re((?:GxQuerySetting|query_setting|\bsetting)\s*\([^;"]*"([a-z_]+)")re");
    for (const SourceFile& file : read_files({"src"})) {
        if (!file.is_code() || file.is_test()) continue;
        for (const std::string& name : matches(text_of(file), question)) {
            asked.insert(name);
            EXPECT_TRUE(listed.contains(name))
                << file.path << " asks for the setting '" << name << "'";
        }
    }
    std::string guide;
    for (const SourceFile& file : read_files({"docs/user-guide.md"})) guide += text_of(file);
    for (const std::string& name : listed) {
        EXPECT_TRUE(asked.contains(name)) << "nobody asks for the setting '" << name << "'";
        EXPECT_NE(guide.find("`" + name + "`"), std::string::npos)
            << name << " is not in docs/user-guide.md";
    }
}

}  // namespace
}  // namespace gpioclx::architecture
