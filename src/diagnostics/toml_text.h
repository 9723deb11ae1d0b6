// TOML as the tool reads it. toml++ 3.3 ends the process by an assertion for some texts that are no
// TOML ("[ }", "{ ="), and without assertions reads on in the dark; here its assertions become
// errors. Include this and not toml++ itself: all must see one kind of it. Heavy: in sources only.
#pragma once

#include <string>
#include <string_view>

#include "diagnostics/result.h"

namespace gpioclx::detail {
struct TomlBroken {};
[[noreturn]] inline void toml_broken() { throw TomlBroken{}; }
}  // namespace gpioclx::detail

#ifdef NDEBUG
#define GX_TOML_NDEBUG
#undef NDEBUG
#endif
#define TOML_EXCEPTIONS 0
#define TOML_ASSERT(condition) \
    ((condition) ? static_cast<void>(0) : ::gpioclx::detail::toml_broken())
#include <toml++/toml.h>
#ifdef GX_TOML_NDEBUG
#undef GX_TOML_NDEBUG
#define NDEBUG
#endif

namespace gpioclx {

// Errors name the line.
Result<toml::table> parse_toml(std::string_view text, const std::string& file);

}  // namespace gpioclx
