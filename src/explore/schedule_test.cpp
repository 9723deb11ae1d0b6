#include "explore/schedule.h"

#include <gtest/gtest.h>

namespace gpioclx::explore {
namespace {

Schedule example() {
    return {.seed = 300, .deviations = {{0x123456, 1, 1}, {0xFFFFFF, 70'000, 5}, {0, 16, 7}}};
}

TEST(Schedule, a_token_brings_it_back) {
    const auto back = from_token(to_token(example()));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, example());
    EXPECT_EQ(*from_token(to_token({})), Schedule{});
    Schedule early = example();
    early.beginning = Beginning::power_on;
    early.faults = true;
    EXPECT_EQ(*from_token(to_token(early)), early);
    Schedule between = example();
    between.instrumented = true;
    between.variables = {{0x123456, 0xFEDCBA}, {0, 1}};
    EXPECT_EQ(*from_token(to_token(between)), between);
}

TEST(Schedule, a_token_of_twenty_decisions_can_be_pasted) {
    Schedule schedule;
    for (std::uint32_t i = 0; i < 20; ++i)
        schedule.deviations.push_back({i * 0x51234 & 0xFFFFFF, i, 3});
    EXPECT_LE(to_token(schedule).size(), 200u);
}

TEST(Schedule, a_character_that_is_wrong_or_missing_is_noticed) {
    const std::string token = to_token(example());
    EXPECT_FALSE(from_token(""));
    EXPECT_FALSE(from_token("x2"));
    EXPECT_FALSE(from_token("hello"));
    EXPECT_FALSE(from_token(token.substr(1)));
    EXPECT_FALSE(from_token(token.substr(0, token.size() - 1)));
    int noticed = 0;
    for (std::size_t at = 2; at < token.size(); ++at) {
        std::string other = token;
        other[at] = other[at] == 'A' ? 'B' : 'A';
        if (other != token && !from_token(other)) ++noticed;
    }
    EXPECT_GE(noticed, static_cast<int>(token.size()) - 6);
    EXPECT_NE(from_token("hello").error().message.find("'hello' is no token"), std::string::npos);
}

}  // namespace
}  // namespace gpioclx::explore
