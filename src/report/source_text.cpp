#include "report/source_text.h"

#include <algorithm>
#include <fstream>

namespace gpioclx::report {
namespace {

// Nobody quotes from more than that; a finding may point into a generated file.
constexpr std::size_t file_size_max = 16 << 20;

std::vector<std::string> read_lines(const std::string& file) {
    std::vector<std::string> lines;
    std::ifstream stream(file, std::ios::binary);
    std::size_t size = 0;
    for (std::string line; std::getline(stream, line) && size < file_size_max;) {
        size += line.size() + 1;
        if (line.ends_with('\r')) line.pop_back();
        lines.push_back(as_utf8(line));
    }
    return lines;
}

std::size_t length_of_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xC2 && first < 0xE0   ? 2
                               : first >= 0xE0 && first < 0xF0 ? 3
                               : first >= 0xF0 && first < 0xF5 ? 4
                                                               : 0;
    if (length == 0 || length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    // Overlong forms, surrogates and what lies beyond Unicode.
    const unsigned char second = byte(1);
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
        (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
        return 0;
    return length;
}

}  // namespace

std::string as_utf8(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const std::size_t length = length_of_character(text);
        if (length == 0) {
            result += '?';
            text.remove_prefix(1);
        } else {
            result += text.substr(0, length);
            text.remove_prefix(length);
        }
    }
    return result;
}

std::vector<SourceLine> SourceText::quote(const std::string& file, int line, int around) {
    const auto known = files_.find(file);
    const std::vector<std::string>& lines =
        known != files_.end() ? known->second : files_[file] = read_lines(file);
    std::vector<SourceLine> quoted;
    const int count = static_cast<int>(lines.size());
    if (line < 1 || line > count) return quoted;
    for (int number = std::max(1, line - around); number <= std::min(count, line + around);
         ++number)
        quoted.push_back({number, lines[static_cast<std::size_t>(number) - 1]});
    return quoted;
}

}  // namespace gpioclx::report
