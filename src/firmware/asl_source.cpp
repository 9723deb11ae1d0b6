#include "firmware/asl_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

namespace gpioclx::firmware {
namespace {

constexpr std::size_t max_files = 64;
constexpr std::string_view old_name = "MsftFunctionConfig";

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)); }

// End of the comment or string that starts at `at`; `at` itself when none does.
std::size_t skip_quiet(std::string_view text, std::size_t at) {
    const auto until = [&](std::string_view end) {
        const std::size_t found = text.find(end, at + 2);
        return found == std::string_view::npos ? text.size() : found + end.size();
    };
    if (text.substr(at, 2) == "/*") return until("*/");
    if (text.substr(at, 2) == "//") {
        const std::size_t end = text.find('\n', at);
        return end == std::string_view::npos ? text.size() : end;
    }
    if (text[at] != '"') return at;
    for (std::size_t i = at + 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            return i + 1;
        }
    }
    return text.size();
}

// Where the commas of the argument list are whose parenthesis opens at `open`, and its end.
std::vector<std::size_t> argument_ends(std::string_view text, std::size_t open) {
    std::vector<std::size_t> ends;
    int depth = 0;
    for (std::size_t i = open; i < text.size();) {
        if (const std::size_t next = skip_quiet(text, i); next != i) {
            i = next;
            continue;
        }
        const char c = text[i];
        if (c == '(' || c == '{') ++depth;
        if (c == ')' || c == '}') --depth;
        if ((c == ',' && depth == 1) || depth == 0) ends.push_back(i);
        if (depth == 0) return ends;
        ++i;
    }
    return {};  // never closed: iasl will say so
}

// A seventh argument that is a bare name is a descriptor name already; a buffer is vendor data.
bool is_vendor_data(std::string_view argument) {
    while (!argument.empty() && is_space(argument.front())) argument.remove_prefix(1);
    return argument.starts_with("RawDataBuffer") || argument.starts_with("Buffer");
}

// UTF-16 with a byte order mark becomes UTF-8 where it is ASCII (ASL outside strings and comments
// always is), the rest '?'. A UTF-8 mark is dropped: iasl does not know it.
std::string plain_text(std::string bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) return bytes.substr(3);
    const bool little = bytes.starts_with("\xFF\xFE");
    const bool big = bytes.starts_with("\xFE\xFF");
    if (!little && !big) return bytes;
    std::string text;
    for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) {
        const char low = bytes[little ? i : i + 1];
        const char high = bytes[little ? i + 1 : i];
        text += high == 0 && static_cast<unsigned char>(low) < 0x80 ? low : '?';
    }
    return text;
}

// The names in `Include ("x")` and `#include "x"`.
std::vector<std::string> included_names(std::string_view text) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < text.size();) {
        if (const std::size_t next = skip_quiet(text, i); next != i) {
            i = next;
            continue;
        }
        const bool starts = i == 0 || !is_word(text[i - 1]);
        const std::string_view here = text.substr(i);
        if (!starts || !(here.starts_with("Include") || here.starts_with("include"))) {
            ++i;
            continue;
        }
        i += 7;
        std::size_t quote = i;
        while (quote < text.size() && (is_space(text[quote]) || text[quote] == '(')) ++quote;
        if (quote >= text.size() || text[quote] != '"') continue;
        const std::size_t end = text.find('"', quote + 1);
        if (end == std::string_view::npos) break;
        names.emplace_back(text.substr(quote + 1, end - quote - 1));
        i = end + 1;
    }
    return names;
}

}  // namespace

std::string rewrite_function_config(std::string_view source) {
    std::string result;
    std::vector<std::size_t> commas;  // where an extra comma goes
    for (std::size_t i = 0; i < source.size();) {
        std::size_t next = skip_quiet(source, i);
        if (next == i) next = i + 1;
        const bool starts = i == 0 || !is_word(source[i - 1]);
        const std::size_t after = i + old_name.size();
        if (starts && source.substr(i).starts_with(old_name) &&
            (after >= source.size() || !is_word(source[after]))) {
            const std::size_t open = source.find('(', after);
            const auto ends = argument_ends(source, std::min(open, source.size()));
            if (ends.size() == 7 && is_vendor_data(source.substr(ends[5] + 1))) {
                commas.push_back(ends[5]);
            }
            result += "PinFunction";
            i = after;
            continue;
        }
        result += source.substr(i, next - i);
        if (std::find(commas.begin(), commas.end(), i) != commas.end()) result += " ,";
        i = next;
    }
    return result;
}

namespace {

// The first word outside comments and strings.
std::string_view first_word(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        if (const std::size_t next = skip_quiet(text, i); next != i) {
            i = next;
        } else if (text[i] == '#') {  // a line of the preprocessor
            i = std::min(text.find('\n', i), text.size());
        } else if (is_word(text[i]) || text[i] == '\\') {
            std::size_t end = i + 1;
            while (end < text.size() && is_word(text[end])) ++end;
            return text.substr(i, end - i);
        } else {
            ++i;
        }
    }
    return {};
}

bool same_word(std::string_view left, std::string_view right) {
    return std::equal(
        left.begin(), left.end(), right.begin(), right.end(),
        [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

// On the first line, so that lines keep their numbers. The table's id is the file's name.
std::string as_table(const std::string& fragment, const std::filesystem::path& path) {
    std::string id;
    for (char c : path.stem().string()) {
        if (std::isalnum(static_cast<unsigned char>(c)) && id.size() < 8)
            id += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return fmt::format(R"(DefinitionBlock ("", "SSDT", 2, "GPIOCX", "{}", 1) {{ Scope (\_SB) {{ )",
                       id) +
           fragment + "\n}}\n";
}

}  // namespace

// A main file may also begin by including what has the DefinitionBlock.
bool is_fragment(std::string_view source) {
    const std::string_view word = first_word(source);
    for (std::string_view beginning : {"DefinitionBlock", "Include"}) {
        if (same_word(word, beginning)) return false;
    }
    return !word.empty();
}

Result<std::vector<AslFile>> read_asl(const std::filesystem::path& path) {
    std::vector<AslFile> files;
    std::vector<std::pair<std::filesystem::path, std::string>> todo{{path, ""}};
    while (!todo.empty()) {
        const auto [next, name] = todo.front();
        todo.erase(todo.begin());
        if (files.size() >= max_files) {
            return Error{.message = fmt::format("includes more than {} files", max_files),
                         .file = path.string()};
        }
        std::ifstream file(next, std::ios::binary);
        if (!file || std::filesystem::is_directory(next)) {
            return Error{.message = "cannot be read", .file = next.string()};
        }
        AslFile asl{.path = next, .text = {}, .rewritten = {}, .name = name};
        asl.text = plain_text({std::istreambuf_iterator<char>(file), {}});
        asl.rewritten = rewrite_function_config(asl.text);
        if (name.empty() && is_fragment(asl.text)) asl.rewritten = as_table(asl.rewritten, path);
        for (const std::string& included : included_names(asl.text)) {
            // iasl looks beside the main file, and beside the including one.
            for (const auto& folder : {path.parent_path(), next.parent_path()}) {
                const std::filesystem::path found = folder / included;
                const bool known = std::any_of(files.begin(), files.end(),
                                               [&](const AslFile& f) { return f.path == found; }) ||
                                   std::any_of(todo.begin(), todo.end(), [&](const auto& entry) {
                                       return entry.first == found;
                                   });
                if (known) break;
                if (!std::filesystem::is_regular_file(found)) continue;
                todo.emplace_back(found, included);
                break;
            }
        }
        files.push_back(std::move(asl));
    }
    return files;
}

}  // namespace gpioclx::firmware
