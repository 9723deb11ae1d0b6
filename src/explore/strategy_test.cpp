// Each strategy on a machine with a race that takes two delays.
#include "explore/strategy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "explore/exhaustive.h"
#include "explore/three_contexts.h"

namespace gpioclx::explore {
namespace {

struct Search {
    std::string name;
    StrategyKind kind;
    unsigned bound;
    std::uint64_t within;  // executions
};

class EachStrategy : public ::testing::TestWithParam<Search> {};

TEST_P(EachStrategy, finds_a_race_of_two_delays) {
    ThreeContexts world;
    for (const std::uint64_t seed : {1, 2, 3}) {
        ASSERT_FALSE(world.execute(*plain()));
        const Stretch whole{0, world.conductor().point_count()};
        EXPECT_EQ(whole.end, 14u);
        std::uint64_t index = 0;
        while (index < GetParam().within &&
               !world.execute(*nth_strategy(GetParam().kind, GetParam().bound, seed, index, whole)))
            ++index;
        EXPECT_LT(index, GetParam().within) << "seed " << seed;
        EXPECT_GE(world.conductor().deviations().size(), 2u);
        const Schedule schedule{.seed = seed, .deviations = world.conductor().deviations()};
        EXPECT_TRUE(world.execute(*repeat(schedule)));
        EXPECT_EQ(world.conductor().deviations(), schedule.deviations);
    }
}

INSTANTIATE_TEST_SUITE_P(Strategies, EachStrategy,
                         ::testing::Values(Search{"portfolio", StrategyKind::portfolio, 0, 400},
                                           Search{"random", StrategyKind::random, 0, 300},
                                           Search{"pct", StrategyKind::pct, 3, 300},
                                           Search{"delay_bounded", StrategyKind::delay_bounded, 2,
                                                  300}),
                         [](const auto& test) { return test.param.name; });

TEST(Strategy, pct_of_depth_one_only_has_priorities) {
    ThreeContexts world;
    for (std::uint64_t index = 1; index < 200; ++index)
        EXPECT_FALSE(world.execute(*nth_strategy(StrategyKind::pct, 1, 1, index, {0, 14})));
}

// Contexts of the same priority are held up by the same time wherever they begin.
TEST(Strategy, pct_holds_up_a_context_by_its_priority) {
    const auto strategy = priorities(5, 1, {0, 100});
    std::map<std::uint32_t, std::set<std::size_t>> picked;
    for (std::uint64_t number = 0; number < 60; ++number) {
        const std::uint32_t context = static_cast<std::uint32_t>(number % 20);
        picked[context].insert(strategy->pick({1, 1, number, 5, PointKind::delay, context, true}));
        EXPECT_EQ(strategy->pick({1, 1, number, 5, PointKind::delay, context, false}), 0u);
    }
    std::set<std::size_t> all;
    for (const auto& [context, picks] : picked) {
        EXPECT_EQ(picks.size(), 1u);
        all.insert(picks.begin(), picks.end());
    }
    EXPECT_EQ(all, (std::set<std::size_t>{0, 1, 2, 3}));
}

TEST(Strategy, stays_in_its_stretch) {
    for (const StrategyKind kind : {StrategyKind::portfolio, StrategyKind::random,
                                    StrategyKind::pct, StrategyKind::delay_bounded}) {
        for (std::uint64_t index = 0; index < 100; ++index) {
            const auto strategy = nth_strategy(kind, 0, 1, index, {50, 60});
            for (std::uint64_t number = 0; number < 50; ++number)
                EXPECT_EQ(strategy->pick({1, 1, number, 5, PointKind::delay, 7, true}), 0u);
        }
    }
}

TEST(Strategy, names) {
    for (const std::string& name : strategy_names()) EXPECT_TRUE(strategy_named(name));
    EXPECT_EQ(*strategy_named("delay-bounded"), StrategyKind::delay_bounded);
    const auto none = strategy_named("chess");
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().hint.find("portfolio, random, pct"), std::string::npos);
}

struct Outcome {
    std::uint64_t executions = 0, found = 0, left_out = 0;
};
Outcome search(unsigned bound) {
    ThreeContexts world;
    Exhaustive exhaustive(bound);
    Outcome outcome;
    while (Strategy* strategy = exhaustive.next()) {
        outcome.found += world.execute(*strategy);
        exhaustive.executed(world.conductor().way());
        ++outcome.executions;
    }
    outcome.left_out = exhaustive.left_out();
    return outcome;
}

TEST(Exhaustive, comes_to_its_end_and_finds_what_takes_no_more_than_its_bound) {
    EXPECT_EQ(search(0).executions, 1u);
    const Outcome one = search(1);
    EXPECT_EQ(one.found, 0u);
    EXPECT_LE(one.executions, 1u + 14 * 4);
    const Outcome two = search(2);
    EXPECT_GT(two.found, 0u);
    EXPECT_GT(two.left_out, 0u);
    // All sets of two would be 14 * 4 + 91 * 16, less where there are fewer ways.
    EXPECT_LT(two.executions, 14u * 4 + 91 * 16);
    EXPECT_EQ(search(2).executions, two.executions);
}

// What leaving out saves must cost nothing: every order of points that two deviations can bring
// about is met.
TEST(Exhaustive, meets_every_way_that_all_pairs_of_deviations_go) {
    ThreeContexts world;
    const auto ways_of = [&world](const auto& each) {
        std::set<std::uint64_t> ways;
        each([&](Strategy& strategy) {
            world.execute(strategy);
            ways.insert(world.conductor().way());
        });
        return ways;
    };
    struct AllPairs final : Strategy {
        std::uint64_t first, second;
        std::size_t how_first, how_second;
        std::size_t pick(const Point& point) override {
            const std::size_t how = point.number == first    ? how_first
                                    : point.number == second ? how_second
                                                             : 0;
            return std::min(how, point.alternatives - 1);
        }
    } pairs;
    const auto every = ways_of([&](const auto& execute) {
        for (pairs.first = 0; pairs.first < 14; ++pairs.first)
            for (pairs.second = 0; pairs.second < 14; ++pairs.second)
                for (pairs.how_first = 0; pairs.how_first < 5; ++pairs.how_first)
                    for (pairs.how_second = 0; pairs.how_second < 5; ++pairs.how_second)
                        execute(pairs);
    });
    Exhaustive exhaustive(2);
    const auto met = ways_of([&](const auto& execute) {
        while (Strategy* strategy = exhaustive.next()) {
            execute(*strategy);
            exhaustive.executed(world.conductor().way());
        }
    });
    for (const std::uint64_t way : every) EXPECT_TRUE(met.contains(way));
}

TEST(Exhaustive, what_must_not_be_executed_is_not) {
    ThreeContexts world;
    std::vector<std::vector<Deviation>> executed;
    for (const bool second : {false, true}) {
        Exhaustive exhaustive(1);
        if (second) exhaustive.avoid(executed[5]);
        std::vector<std::vector<Deviation>> now;
        while (Strategy* strategy = exhaustive.next()) {
            world.execute(*strategy);
            exhaustive.executed(world.conductor().way());
            now.push_back(world.conductor().deviations());
        }
        if (!second) {
            executed = now;
        } else {
            EXPECT_EQ(std::count(now.begin(), now.end(), executed[5]), 0);
        }
    }
}

}  // namespace
}  // namespace gpioclx::explore
