// Rules of STYLE.md that concern the form of files.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <sstream>

#include "exceptions.h"
#include "source_tree.h"

namespace gpioclx::architecture {
namespace {

const std::vector<std::string> whole_tree = {"src",
                                             "include",
                                             "wdk",
                                             "tests",
                                             "benchmarks",
                                             "examples",
                                             "docs",
                                             "cmake",
                                             "scripts",
                                             "packaging",
                                             "hardware",
                                             ".ci",
                                             "README.md",
                                             "ARCHITECTURE.md",
                                             "STYLE.md",
                                             "CONTRIBUTING.md",
                                             "CHANGELOG.md",
                                             "CMakeLists.txt",
                                             "CMakePresets.json"};

// Columns as an editor counts them: UTF-8 continuation bytes take no place.
std::size_t columns(const std::string& line) {
    std::size_t count = 0;
    for (unsigned char byte : line) count += (byte & 0xC0) != 0x80;
    return count;
}

std::map<std::string, std::size_t> known_long_lines() {
    std::map<std::string, std::size_t> known;
    for (const SourceFile& list : read_files({"tests/architecture/long_lines.txt"})) {
        for (const std::string& line : list.lines) {
            std::istringstream words(line);
            std::string path;
            std::size_t count = 0;
            if (line.starts_with('#') || !(words >> path >> count)) continue;
            known[path] = count;
        }
    }
    return known;
}

TEST(Form, files_are_short) {
    for (const SourceFile& file : read_files({"src", "include", "wdk/ext"})) {
        if (!file.is_code() || long_files.contains(file.path)) continue;
        EXPECT_LE(file.lines.size(), longest_file)
            << file.path << " is too long: split it, or give the reason in exceptions.h";
    }
}

TEST(Form, lines_fit_into_120_columns) {
    const auto known = known_long_lines();
    for (const SourceFile& file : read_files({"src", "include", "wdk/ext"})) {
        if (!file.is_code()) continue;
        std::string places;
        std::size_t count = 0;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            if (columns(file.lines[i]) <= longest_line) continue;
            ++count;
            places += "  " + place(file, i) + "\n";
        }
        const auto allowance = known.find(file.path);
        EXPECT_LE(count, allowance != known.end() ? allowance->second : 0)
            << file.path << ": lines of more than " << longest_line << " columns:\n"
            << places;
    }
}

TEST(Form, headers_say_pragma_once) {
    for (const SourceFile& file : read_files({"src", "include"})) {
        if (file.extension() != ".h") continue;
        bool found = false;
        for (const std::string& line : file.lines) found |= line == "#pragma once";
        EXPECT_TRUE(found) << file.path << " has no #pragma once";
    }
}

// Windows headers have reasons of their own to be read twice (pshpack1.h, GUIDs); anything else
// guards itself.
TEST(Form, windows_headers_guard_themselves_or_are_meant_to_be_read_again) {
    static const std::regex again("pshpack[1248]|poppack|initguid");
    static const std::regex guard(R"(^#\s*(pragma once|ifndef GX_|if !defined\(GX_))");
    for (const SourceFile& file : read_files({"wdk"})) {
        if (file.extension() != ".h" || file.path.starts_with("wdk/tests/")) continue;
        if (std::regex_match(file.stem(), again)) continue;
        bool found = false;
        for (const std::string& line : file.lines) found |= std::regex_search(line, guard);
        EXPECT_TRUE(found) << file.path << " neither says #pragma once nor has a guard";
    }
}

TEST(Form, nothing_names_a_path_of_some_machine) {
    // Written in two pieces, so that this file does not name them.
    const std::vector<std::string> banned = {std::string("/wo") + "rk/",
                                             std::string("/ro") + "ot/"};
    for (const SourceFile& file : read_files(whole_tree)) {
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            for (const std::string& word : banned) {
                EXPECT_EQ(file.lines[i].find(word), std::string::npos)
                    << place(file, i) << " names " << word;
            }
        }
    }
}

TEST(Form, every_folder_of_src_says_what_it_is) {
    for (const std::string& folder : source_folders()) {
        EXPECT_TRUE(exists("src/" + folder + "/README.md"))
            << "src/" << folder << " has no README.md";
    }
}

TEST(Form, no_folder_is_named_for_nothing) {
    for (const std::string& folder : source_folders()) {
        for (const char* name : {"common", "utils", "util", "core", "misc", "helpers"})
            EXPECT_NE(folder, name);
    }
}

}  // namespace
}  // namespace gpioclx::architecture
