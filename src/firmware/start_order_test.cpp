#include "firmware/start_order.h"

#include <gtest/gtest.h>

namespace gpioclx::firmware {
namespace {

using Order = std::vector<std::size_t>;

TEST(StartOrder, keeps_the_given_order_where_nobody_needs_another) {
    EXPECT_EQ(*start_order({{"c", {}}, {"a", {}}, {"b", {}}}), (Order{0, 1, 2}));
    EXPECT_EQ(*start_order({}), Order{});
}

TEST(StartOrder, delays_only_who_has_to_wait) {
    EXPECT_EQ(*start_order({{"a", {"d"}}, {"b", {}}, {"c", {}}, {"d", {}}}), (Order{1, 2, 3, 0}));
}

TEST(StartOrder, ignores_needs_that_are_not_in_the_list_and_takes_repeated_ones) {
    EXPECT_EQ(*start_order({{"a", {"b", "b", "z"}}, {"b", {}}}), (Order{1, 0}));
}

TEST(StartOrder, names_only_the_devices_of_the_cycle) {
    auto order =
        start_order({{"ok", {}}, {"user", {"a"}}, {"a", {"b"}}, {"b", {"c"}}, {"c", {"a"}}});
    ASSERT_FALSE(order.ok());
    EXPECT_EQ(order.error().message,
              "no device of a cycle can start first: a needs b needs c needs a");
}

TEST(StartOrder, names_a_device_that_needs_itself) {
    auto order = start_order({{"a", {"a"}}});
    ASSERT_FALSE(order.ok());
    EXPECT_EQ(order.error().message, "no device of a cycle can start first: a needs a");
}

}  // namespace
}  // namespace gpioclx::firmware
