#include "explore/shrink.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gpioclx::explore {
namespace {

Schedule of_points(std::vector<std::uint32_t> points) {
    Schedule schedule;
    for (const std::uint32_t point : points) schedule.deviations.push_back({point, 1, 4});
    return schedule;
}

bool has(const Schedule& schedule, std::uint32_t point, std::uint8_t at_least = 1) {
    return std::any_of(
        schedule.deviations.begin(), schedule.deviations.end(),
        [&](const Deviation& d) { return d.point == point && d.alternative >= at_least; });
}

TEST(Shrink, leaves_the_decisions_that_it_takes) {
    const auto fails = [](const Schedule& s) { return has(s, 3) && has(s, 11, 2); };
    const Schedule shortest =
        shrink(of_points({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}), fails, 200);
    ASSERT_EQ(shortest.deviations.size(), 2u);
    EXPECT_EQ(shortest.deviations[0], (Deviation{3, 1, 1}));
    EXPECT_EQ(shortest.deviations[1], (Deviation{11, 1, 2}));
}

TEST(Shrink, leaves_nothing_where_it_fails_anyway) {
    EXPECT_TRUE(shrink(
                    of_points({1, 2, 3}), [](const Schedule&) { return true; }, 200)
                    .deviations.empty());
}

TEST(Shrink, keeps_to_its_budget_and_to_what_fails) {
    unsigned executions = 0;
    const auto fails = [&](const Schedule& s) { return ++executions, has(s, 2); };
    const Schedule shortest = shrink(of_points({1, 2, 3, 4, 5, 6, 7, 8}), fails, 3);
    EXPECT_EQ(executions, 3u);
    EXPECT_TRUE(has(shortest, 2));
}

}  // namespace
}  // namespace gpioclx::explore
