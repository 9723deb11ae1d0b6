#include "diagnostics/toml_text.h"

#include <algorithm>

namespace gpioclx {
namespace {

bool breaks(std::string_view text) {
    try {
        (void)toml::parse(text);
        return false;
    } catch (const detail::TomlBroken&) {
        return true;
    }
}

// The first line with which the text breaks.
int broken_line(std::string_view text) {
    int line = 1;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos;
         end = text.find('\n', end + 1), ++line) {
        if (breaks(text.substr(0, end))) return line;
    }
    return line;
}

}  // namespace

Result<toml::table> parse_toml(std::string_view text, const std::string& file) {
    constexpr const char* hint = "the file must be valid TOML 1.0";
    try {
        toml::parse_result parsed = toml::parse(text, std::string_view(file));
        if (parsed) return std::move(parsed).table();
        // It may quote the end of a line as it is.
        std::string message(parsed.error().description());
        for (std::size_t at; (at = message.find('\n')) != std::string::npos;)
            message.replace(at, 1, "\\n");
        return Error{.message = std::move(message),
                     .file = file,
                     .line = static_cast<int>(parsed.error().source().begin.line),
                     .hint = hint};
    } catch (const detail::TomlBroken&) {
        return Error{.message = "something stands where a key or a value belongs",
                     .file = file,
                     .line = broken_line(text),
                     .hint = hint};
    }
}

}  // namespace gpioclx
