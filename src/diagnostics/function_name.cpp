#include "diagnostics/function_name.h"

namespace gpioclx {
namespace {

void remove_all(std::string& text, std::string_view part) {
    for (std::size_t at; (at = text.find(part)) != std::string::npos;) text.erase(at, part.size());
}

// Without what stands in `open` ... `close`, at every depth.
std::string without_nested(std::string_view text, char open, char close) {
    std::string kept;
    int depth = 0;
    for (const char c : text) {
        if (c == open) ++depth;
        if (depth == 0) kept += c;
        if (c == close && depth > 0) --depth;
    }
    return kept;
}

}  // namespace

std::string short_function_name(std::string_view demangled) {
    if (demangled.find("operator") != std::string_view::npos) return std::string(demangled);
    std::string name(demangled);
    remove_all(name, "(anonymous namespace)::");
    name = without_nested(name, '<', '>');
    name = without_nested(name, '(', ')');
    remove_all(name, " const");
    return name.substr(name.rfind(' ') + 1);
}

}  // namespace gpioclx
