#include "explore/fault_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace gpioclx::explore {
namespace {

// Meets faults by name; those behind one that failed have other names.
std::vector<std::size_t> execute(Strategy& strategy) {
    std::vector<std::size_t> taken;
    std::uint32_t occurrence = 0;
    bool failed = false;
    const auto meet = [&](std::uint32_t name, std::uint32_t times, std::size_t ways) {
        taken.push_back(
            strategy.pick({name, times, taken.size(), ways, PointKind::fault, 0, false}));
        failed = failed || taken.back() != 0;
    };
    meet(1, 1, 2);
    EXPECT_EQ(strategy.pick({9, 1, 0, 5, PointKind::delay, 0, true}), 0u);
    for (int i = 0; i < 5; ++i) meet(2, ++occurrence, 2);
    meet(3, 1, 3);
    if (failed) meet(77, 1, 2);
    return taken;
}

TEST(FaultSearch, fails_each_stack_its_first_times_and_each_way) {
    FaultSearch search;
    std::vector<std::vector<std::size_t>> executions;
    while (Strategy* strategy = search.next()) {
        executions.push_back(execute(*strategy));
        search.executed(0);
        ASSERT_LT(executions.size(), 50u);
    }
    // The plain one; 1; three times 2; 3 in two ways.
    ASSERT_EQ(executions.size(), 1u + 1 + 3 + 2);
    for (std::size_t i = 0; i < executions.size(); ++i) {
        const auto& taken = executions[i];
        EXPECT_EQ(
            taken.size() - static_cast<std::size_t>(std::count(taken.begin(), taken.end(), 0)),
            i == 0 ? 0u : 1u);
    }
    EXPECT_EQ(executions.back()[6], 2u);
}

TEST(FaultSearch, leaves_out_what_ended_a_process) {
    FaultSearch search;
    search.avoid({{1, 1, 1}});
    std::size_t executions = 0;
    while (Strategy* strategy = search.next()) {
        EXPECT_EQ(execute(*strategy)[0], 0u);
        ++executions;
    }
    EXPECT_EQ(executions, 6u);
}

}  // namespace
}  // namespace gpioclx::explore
