// Arrows between the folders of src/ (ARCHITECTURE.md, "Who includes whom").
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <regex>

#include "allowed_includes.h"
#include "source_tree.h"

namespace gpioclx::architecture {
namespace {

Part part_of(const SourceFile& file) {
    const std::string folder = file.folder();
    if (folder != "bench") return folder;
    const auto found = parts_of_bench.find(file.stem());
    return found != parts_of_bench.end() ? found->second : "bench";
}

bool in_wdk(const std::string& name) {
    for (const char* folder : {"wdk/", "wdk/km/", "wdk/wdf/", "wdk/ext/"}) {
        if (exists(folder + name)) return true;
    }
    return false;
}

struct Include {
    std::string name;
    std::size_t line_index;
    bool quoted;
};

std::vector<Include> includes_of(const SourceFile& file) {
    static const std::regex form(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    const std::vector<std::string> code = code_only(file);
    std::vector<Include> found;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        std::smatch match;
        if (code[i].find('#') == std::string::npos) continue;  // in a comment or in a text
        if (std::regex_search(file.lines[i], match, form))
            found.push_back({match[2], i, match[1] == "\""});
    }
    return found;
}

// The part that an include leads to; nothing for what is not ours.
std::optional<Part> target_of(const SourceFile& from, const Include& include) {
    const std::filesystem::path beside =
        std::filesystem::path(from.path).parent_path() / include.name;
    if (include.quoted && exists(beside.generic_string())) {
        return part_of({.path = beside.lexically_normal().generic_string(), .lines = {}});
    }
    if (exists("include/" + include.name)) return "api";
    if (exists("src/" + include.name)) return part_of({.path = "src/" + include.name, .lines = {}});
    if (in_wdk(include.name)) return "wdk";
    return std::nullopt;
}

TEST(Includes, follow_the_allowed_arrows) {
    for (const SourceFile& file : read_files({"src", "include"})) {
        if (!file.is_code() || file.is_test()) continue;
        const Part part = part_of(file);
        const auto allowed = allowed_includes.find(part);
        ASSERT_NE(allowed, allowed_includes.end())
            << file.path << ": allowed_includes.h does not say what '" << part << "' may include";
        for (const Include& include : includes_of(file)) {
            const auto target = target_of(file, include);
            if (!target || *target == part || *target == "diagnostics") continue;
            EXPECT_TRUE(allowed->second.contains(*target))
                << place(file, include.line_index) << ": '" << part << "' may not include "
                << include.name << " ('" << *target << "')";
        }
    }
}

TEST(Includes, of_our_own_drivers_lead_to_wdk_only) {
    for (const SourceFile& file : read_files({"src/gpioclx", "src/pnp"})) {
        if (!file.is_code() || file.is_test()) continue;
        for (const Include& include : includes_of(file)) {
            const auto target = target_of(file, include);
            EXPECT_TRUE(target && (*target == "wdk" || *target == part_of(file)))
                << place(file, include.line_index) << ": " << include.name << " is not in wdk/";
        }
    }
}

TEST(Includes, every_part_of_bench_exists) {
    if (source_folders().empty()) GTEST_SKIP();
    for (const auto& [stem, part] : parts_of_bench) {
        const bool found =
            exists("src/bench/" + stem + ".h") || exists("src/bench/" + stem + ".cpp");
        EXPECT_TRUE(found) << "parts_of_bench names '" << stem << "', which is gone";
    }
}

}  // namespace
}  // namespace gpioclx::architecture
