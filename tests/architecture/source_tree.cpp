#include "source_tree.h"

#include <algorithm>
#include <fstream>
#include <set>

namespace gpioclx::architecture {
namespace {

namespace fs = std::filesystem;

const fs::path root = GX_SOURCE_TREE;

bool is_text(const fs::path& file) {
    static const std::set<std::string> extensions = {
        "",      ".h",   ".hpp", ".c",       ".cpp", ".md",  ".txt", ".cmake",
        ".toml", ".asl", ".inx", ".vcxproj", ".in",  ".tsv", ".json"};
    return extensions.contains(file.extension().string());
}

SourceFile read(const fs::path& file) {
    SourceFile result{.path = fs::relative(file, root).generic_string(), .lines = {}};
    std::ifstream stream(file, std::ios::binary);
    for (std::string line; std::getline(stream, line);) result.lines.push_back(std::move(line));
    return result;
}

}  // namespace

std::string SourceFile::folder() const {
    const fs::path name = path;
    auto part = name.begin();
    if (*part == "include") return "api";
    if (*part != "src" || std::distance(part, name.end()) < 3) return {};
    return std::next(part)->string();
}

std::string SourceFile::stem() const { return fs::path(path).stem().string(); }
std::string SourceFile::extension() const { return fs::path(path).extension().string(); }

bool SourceFile::is_code() const {
    const std::string end = extension();
    return end == ".h" || end == ".hpp" || end == ".c" || end == ".cpp";
}

bool SourceFile::is_test() const {
    const std::string name = stem();
    return name.ends_with("_test") || name.ends_with("_fixture") || name.starts_with("test_");
}

std::vector<SourceFile> read_files(const std::vector<std::string>& below) {
    std::vector<fs::path> found;
    for (const std::string& name : below) {
        const fs::path start = root / name;
        if (fs::is_regular_file(start)) found.push_back(start);
        if (!fs::is_directory(start)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(start)) {
            if (entry.is_regular_file() && is_text(entry.path())) found.push_back(entry.path());
        }
    }
    std::sort(found.begin(), found.end());
    std::vector<SourceFile> files;
    for (const fs::path& file : found) files.push_back(read(file));
    return files;
}

std::vector<std::string> source_folders() {
    std::set<std::string> folders;
    for (const SourceFile& file : read_files({"src"})) {
        if (file.is_code() && !file.folder().empty()) folders.insert(file.folder());
    }
    return {folders.begin(), folders.end()};
}

bool exists(const std::string& path_from_root) { return fs::exists(root / path_from_root); }

std::vector<std::string> code_only(const SourceFile& file) {
    std::vector<std::string> result;
    bool in_comment = false;
    std::string raw_end;  // ")" and what follows, while a raw string is open
    for (const std::string& line : file.lines) {
        std::string code;
        char quote = 0;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const bool pair = i + 1 < line.size();
            if (!raw_end.empty()) {
                if (line.compare(i, raw_end.size(), raw_end) == 0)
                    i += raw_end.size() - 1, raw_end.clear();
            } else if (in_comment) {
                if (pair && line[i] == '*' && line[i + 1] == '/') in_comment = false, ++i;
            } else if (quote != 0) {
                if (line[i] == '\\') {
                    ++i;
                } else if (line[i] == quote) {
                    quote = 0;
                }
            } else if (pair && line[i] == '/' && line[i + 1] == '/') {
                break;
            } else if (pair && line[i] == '/' && line[i + 1] == '*') {
                in_comment = true, ++i;
            } else if (pair && line[i] == 'R' && line[i + 1] == '"' &&
                       line.find('(', i) != std::string::npos) {
                const std::size_t open = line.find('(', i);
                raw_end = ")" + line.substr(i + 2, open - i - 2) + "\"";
                i = open;
            } else {
                // Digit separators (1'000) are no quotes.
                const bool opens =
                    line[i] == '"' || (line[i] == '\'' && (i == 0 || !std::isalnum(line[i - 1])));
                if (opens) quote = line[i];
                code += line[i];
            }
        }
        result.push_back(std::move(code));
    }
    return result;
}

std::string place(const SourceFile& file, std::size_t line_index) {
    return file.path + ":" + std::to_string(line_index + 1);
}

}  // namespace gpioclx::architecture
