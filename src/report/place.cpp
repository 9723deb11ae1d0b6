#include "report/place.h"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "diagnostics/function_name.h"

namespace gpioclx::report {

namespace fs = std::filesystem;

fs::path base_folder(const fs::path& start) {
    std::error_code ignored;
    const fs::path from = fs::weakly_canonical(start, ignored);
    for (fs::path folder = from; !folder.empty(); folder = folder.parent_path()) {
        if (fs::exists(folder / ".git", ignored)) return folder;
        if (folder == folder.root_path()) break;
    }
    return from;
}

std::string relative_to(const fs::path& base, const std::string& file) {
    std::error_code ignored;
    const fs::path path = fs::weakly_canonical(file, ignored);
    const fs::path relative = path.lexically_relative(base);
    if (relative.empty() || *relative.begin() == "..") return path.generic_string();
    return relative.generic_string();
}

std::string uri_of(const std::string& path) {
    std::string uri;
    for (const char c : path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("-._~/!$&'()*+,;=@").find(c) != std::string_view::npos;
        uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return uri.starts_with('/') ? "file://" + uri : uri;
}

const bench::StackFrame* place_of(const std::vector<bench::StackFrame>& stack) {
    const bench::StackFrame* own = nullptr;
    for (const bench::StackFrame& frame : stack) {
        if (frame.file.empty() || frame.line <= 0) continue;
        if (!bench::is_own_driver(frame.image)) return &frame;
        if (own == nullptr) own = &frame;
    }
    return own;
}

const bench::StackFrame* place_of(const bench::Finding& finding) {
    const bench::StackFrame* place = place_of(finding.stack);
    return place != nullptr ? place : place_of(finding.other_stack);
}

namespace {

// FNV-1a; the marks between parts keep "ab" "c" and "a" "bc" apart.
class Hash {
  public:
    void add(std::string_view part) {
        for (const char c : part) add_byte(static_cast<unsigned char>(c));
        add_byte(0xFF);
    }
    std::uint64_t value() const { return value_; }

  private:
    void add_byte(unsigned char byte) {
        value_ ^= byte;
        value_ *= 0x100000001B3;
    }
    std::uint64_t value_ = 0xCBF29CE484222325;
};

std::string without_blanks(std::string_view text) {
    std::string result;
    for (const char c : text)
        if (c != ' ' && c != '\t') result += c;
    return result;
}

}  // namespace

std::string fingerprint(const bench::Finding& finding, const std::string& source_line) {
    Hash hash;
    hash.add(finding.id);
    for (const auto* stack : {&finding.stack, &finding.other_stack}) {
        hash.add("stack");
        for (const bench::StackFrame& frame : *stack) {
            hash.add(frame.image);
            hash.add(short_function_name(frame.function));
        }
    }
    hash.add(without_blanks(source_line));
    // Without a place there is only the sentence to tell two apart.
    if (finding.stack.empty()) hash.add(finding.sentence);
    return fmt::format("{:016x}", hash.value());
}

}  // namespace gpioclx::report
