// docs/findings.md is the one table of finding ids; what the sources report is compared with it.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "source_tree.h"

namespace gpioclx::architecture {
namespace {

struct Row {
    std::string folder;
    std::string meaning;
};

// Rows read "| `V1` | gpioclx | what is wrong |".
std::multimap<std::string, Row> table() {
    static const std::regex row(R"(^\| `([A-Za-z]+-?[0-9]+)` \| ([a-z]+) \| (.+) \|$)");
    std::multimap<std::string, Row> rows;
    for (const SourceFile& file : read_files({"docs/findings.md"})) {
        for (const std::string& line : file.lines) {
            std::smatch match;
            if (std::regex_match(line, match, row)) rows.insert({match[1], {match[2], match[3]}});
        }
    }
    return rows;
}

// Ids as they stand in the sources, always a literal of their own, by folder of src/.
std::map<std::string, std::map<std::string, std::string>> reported() {
    static const std::regex literal(R"re("(V[0-9]+|[a-z]+-[0-9]{3})")re");
    std::map<std::string, std::map<std::string, std::string>> ids;
    for (const SourceFile& file : read_files({"src"})) {
        if (!file.is_code() || file.is_test()) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string text = file.lines[i].substr(0, file.lines[i].find("//"));
            for (std::sregex_iterator it(text.begin(), text.end(), literal), end; it != end; ++it)
                ids[(*it)[1]].emplace(file.folder(), place(file, i));
        }
    }
    return ids;
}

TEST(Finding, no_id_is_used_twice) {
    const auto rows = table();
    EXPECT_GT(rows.size(), 100u);
    std::set<std::string> meanings;
    for (const auto& [id, row] : rows) {
        EXPECT_EQ(rows.count(id), 1u) << id << " stands twice in docs/findings.md";
        EXPECT_TRUE(meanings.insert(row.folder + row.meaning).second)
            << id << " means the same as another id: " << row.meaning;
    }
    for (const auto& [id, folders] : reported()) {
        std::string places;
        for (const auto& [folder, where] : folders) places += "  " + where + "\n";
        EXPECT_EQ(folders.size(), 1u) << id << " is reported by several folders:\n" << places;
    }
}

TEST(Finding, every_id_that_is_reported_stands_in_the_table_and_the_other_way_round) {
    const auto rows = table();
    const auto ids = reported();
    for (const auto& [id, folders] : ids) {
        const auto row = rows.find(id);
        const auto& [folder, where] = *folders.begin();
        if (row == rows.end()) {
            ADD_FAILURE() << where << ": " << id << " has no row in docs/findings.md";
        } else {
            EXPECT_EQ(row->second.folder, folder) << where << ": " << id;
        }
    }
    for (const auto& [id, row] : rows)
        EXPECT_TRUE(ids.contains(id))
            << id << " stands in docs/findings.md, but nothing reports it";
}

TEST(Finding, every_id_says_what_to_do) {
    std::map<std::string, std::string> remedies;
    for (const SourceFile& file : read_files({"src/bench/remedies.tsv"})) {
        std::string last;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string& line = file.lines[i];
            if (line.empty() || line[0] == '#') continue;
            const std::size_t first = line.find('\t');
            const std::size_t second = line.find('\t', first + 1);
            ASSERT_NE(second, std::string::npos) << place(file, i) << ": id, document, remedy";
            EXPECT_TRUE(remedies.emplace(line.substr(0, first), line.substr(second + 1)).second)
                << place(file, i) << ": twice";
        }
    }
    const auto rows = table();
    for (const auto& [id, row] : rows)
        EXPECT_GT(remedies[id].size(), 10u) << id << " has no remedy in src/bench/remedies.tsv";
    for (const auto& [id, remedy] : remedies)
        EXPECT_TRUE(rows.contains(id)) << id << " has a remedy and no row in docs/findings.md";
}

}  // namespace
}  // namespace gpioclx::architecture
