#include "check/finding_list.h"

#include <gtest/gtest.h>

namespace gpioclx::check {
namespace {

CheckFinding finding(const std::string& sentence, int line = 0) {
    CheckFinding one{.finding = {.id = "effect-005", .sentence = sentence}};
    if (line != 0)
        one.finding.stack = {{.image = "chip", .function = "Enable", .file = "c.c", .line = line}};
    return one;
}

TEST(FindingListTest, what_differs_in_the_pin_alone_is_one_finding) {
    FindingList list;
    EXPECT_TRUE(list.add(finding("Connect of GPI0 changes the pull of pin 0, which is not its")));
    EXPECT_FALSE(list.add(finding("Connect of GPI0 changes the pull of pin 1, which is not its")));
    EXPECT_FALSE(list.add(finding("Connect of GPI0 changes the pull of pin 1, which is not its")));
    EXPECT_FALSE(
        list.add(finding("Connect of GPI0 changes the pull of pins 2, 3, which is not its")));
    ASSERT_EQ(list.all().size(), 1u);
    EXPECT_EQ(list.all()[0].more_places, (std::vector<std::string>{"pin 1", "pins 2, 3"}));
}

TEST(FindingListTest, what_else_differs_is_another_finding) {
    FindingList list;
    EXPECT_TRUE(list.add(finding("Connect of GPI0 changes the pull of pin 0, which is not its")));
    EXPECT_TRUE(list.add(finding("Connect of GPI0 changes the data of pin 0, which is not its")));
    EXPECT_TRUE(list.add(finding("Enable of GPI0 changes the pull of pin 0, which is not its")));
}

TEST(FindingListTest, expectations_say_where_in_parentheses) {
    FindingList list;
    EXPECT_TRUE(list.add(finding("a rising edge (pin 0): expected 1 call, but there were 0")));
    EXPECT_FALSE(list.add(finding("a rising edge (pin 7): expected 1 call, but there were 2")));
    EXPECT_TRUE(list.add(finding("a falling edge (pin 7): expected 1 call, but there were 2")));
    EXPECT_EQ(list.all()[0].more_places, std::vector<std::string>{"pin 7"});
}

TEST(FindingListTest, a_function_that_everybody_calls_is_no_mistake) {
    const auto through_helper = [](int caller, const char* bus) {
        CheckFinding one = finding("pin 0 of GPI0 is changed", 5);
        one.finding.stack.insert(
            one.finding.stack.begin(),
            {.image = "serialbus", .function = bus, .file = "bus.c", .line = 1});
        one.finding.stack.push_back(
            {.image = "chip", .function = "Callback", .file = "c.c", .line = caller});
        return one;
    };
    FindingList list;
    EXPECT_TRUE(list.add(through_helper(10, "Begin")));
    EXPECT_FALSE(list.add(through_helper(10, "Pump")));
    EXPECT_TRUE(list.add(through_helper(20, "Begin")));
}

TEST(FindingListTest, what_the_extension_says_with_other_numbers_is_the_same) {
    const auto by_extension = [](const std::string& sentence, int line) {
        CheckFinding one = finding(sentence, line);
        one.finding.stack.front().image = "msgpioclx";
        return one;
    };
    FindingList list;
    EXPECT_TRUE(list.add(by_extension("ActiveMask 3 is no subset of EnabledMask 2", 60)));
    EXPECT_FALSE(list.add(by_extension("ActiveMask 7 is no subset of EnabledMask 4", 60)));
    EXPECT_TRUE(list.add(by_extension("ActiveMask 3 has pins that do not exist", 55)));
}

TEST(FindingListTest, one_line_of_the_driver_is_one_mistake) {
    FindingList list;
    EXPECT_TRUE(list.add(finding("pin 0 of GPI0 is lost", 10)));
    EXPECT_FALSE(list.add(finding("pin 3 of GPI0 is lost now and then", 10)));
    EXPECT_TRUE(list.add(finding("pin 0 of GPI0 is lost", 11)));
}

}  // namespace
}  // namespace gpioclx::check
