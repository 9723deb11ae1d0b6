#include "diagnostics/result.h"

#include <gtest/gtest.h>

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

TEST(Error, text_names_place_and_remedy) {
    Error error{.message = "pin 9 does not exist", .file = "board.toml", .line = 4,
                .hint = "pl061 has pins 0-7"};
    EXPECT_EQ(error.text(), "board.toml:4: pin 9 does not exist (pl061 has pins 0-7)");
    EXPECT_EQ((Error{.message = "m", .file = "f"}.text()), "f: m");
    EXPECT_EQ((Error{.message = "m"}.text()), "m");
}

}  // namespace
}  // namespace gpioclx
