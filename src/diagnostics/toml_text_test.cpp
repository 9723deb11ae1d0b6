#include "diagnostics/toml_text.h"

#include <gtest/gtest.h>

namespace gpioclx {
namespace {

int line_of_error(std::string_view text) {
    auto parsed = parse_toml(text, "t.toml");
    return parsed ? 0 : parsed.error().line;
}

TEST(TomlText, reads_a_table) {
    auto parsed = parse_toml("a = 1\n[b]\nc = 'x'\n", "t.toml");
    ASSERT_TRUE(parsed);
    EXPECT_EQ((*parsed)["a"].value_exact<std::int64_t>(), 1);
}

TEST(TomlText, an_error_names_the_line) {
    EXPECT_EQ(line_of_error("a = 1\nb =\n"), 2);
    EXPECT_EQ(line_of_error("a = 1\na = 2\n"), 2);
}

TEST(TomlText, what_the_library_asserts_is_an_error_too) {
    EXPECT_EQ(line_of_error("a = 1\n\nb = [ } ]\n"), 3);
    EXPECT_EQ(line_of_error("b = [ }"), 1);
}

}  // namespace
}  // namespace gpioclx
