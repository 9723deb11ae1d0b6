#include "explore/variable_name.h"

#include <gtest/gtest.h>

namespace gpioclx::explore {
namespace {

constexpr VariableName count{.driver = "racing", .name = "Count", .number = 3};

TEST(VariableName, is_told_apart_by_name_and_offset_alone) {
    const std::string text = text_of(count, count.hashed().name, 8);
    EXPECT_TRUE(text.starts_with("racing!Count, variable 3 #")) << text;
    VariableName moved = count;
    moved.number = 4;
    EXPECT_EQ(identity_in(text_of(moved, moved.hashed().name, 8)), identity_in(text));
    EXPECT_NE(identity_in(text_of(count, count.hashed().name, 0)), identity_in(text));
    VariableName other = count;
    other.name = "Statistics";
    EXPECT_NE(identity_in(text_of(other, other.hashed().name, 8)), identity_in(text));
}

TEST(VariableName, goes_by_what_it_was_called_before) {
    const std::string text = text_of(count, count.hashed().name, 0);
    VariableName renamed = count;
    renamed.name = "HowMany";
    EXPECT_EQ(renamed.hashed().number, count.hashed().number);
    EXPECT_EQ(identity_in(text_of(renamed, count.hashed().name, 0)), identity_in(text));
}

TEST(VariableName, comes_back_from_the_text_of_a_point) {
    EXPECT_EQ(variable_in(text_of(count, count.hashed().name, 8)), count.hashed());
    EXPECT_EQ(shown_in(text_of(count, count.hashed().name, 8)), "racing!Count");
    for (const char* other : {"heap+0x40", "led spin lock 1", "a, variable of b!c", ""}) {
        EXPECT_EQ(variable_in(other), std::nullopt) << other;
        EXPECT_EQ(identity_in(other), other);
    }
}

}  // namespace
}  // namespace gpioclx::explore
