#include "diagnostics/result.h"

#include <gtest/gtest.h>

#include <cassert>
#include <string_view>

namespace gpioclx {
namespace {

TEST(Result, carries_a_value_or_an_error) {
    Result<int> good = 7;
    ASSERT_TRUE(good.ok());
    EXPECT_EQ(*good, 7);

    Result<int> bad = Error{.message = "no such pin"};
    ASSERT_FALSE(bad.ok());
    EXPECT_EQ(bad.error().message, "no such pin");
}

TEST(Result, the_value_of_an_error_is_an_assertion_except_in_release) {
    const bool asserts = std::string_view(GX_BUILD_TYPE) != "Release";
    bool evaluated = false;
    assert((evaluated = true));
    EXPECT_EQ(evaluated, asserts) << "assertions in the configuration " << GX_BUILD_TYPE;
    if (!asserts) return;
    Result<int> bad = Error{.message = "no such pin"};
    EXPECT_DEATH((void)*bad, "ok\\(\\)");
}

TEST(Error, text_names_place_and_remedy) {
    Error error{.message = "pin 9 does not exist",
                .file = "board.toml",
                .line = 4,
                .hint = "pl061 has pins 0-7"};
    EXPECT_EQ(error.text(), "board.toml:4: pin 9 does not exist (pl061 has pins 0-7)");
    EXPECT_EQ((Error{.message = "m", .file = "f"}.text()), "f: m");
    EXPECT_EQ((Error{.message = "m"}.text()), "m");
}

}  // namespace
}  // namespace gpioclx
