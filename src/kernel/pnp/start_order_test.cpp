#include "kernel/pnp/start_order.h"

#include <gtest/gtest.h>

namespace gpioclx::kernel::pnp {
namespace {

AcpiDevice device(const std::string& path, std::vector<std::string> needs,
                  const std::string& parent = "\\_SB") {
    AcpiDevice d;
    d.path = path;
    d.needs = std::move(needs);
    d.parent = parent;
    return d;
}

// The paths in the order of starting; devices in `broken` fail, messages of the others that cannot
// start stand in `messages`.
std::vector<std::string> order(const std::vector<AcpiDevice>& devices,
                               std::vector<std::string>* messages = nullptr,
                               const std::string& broken = "", const std::string& unserved = "") {
    std::vector<Progress> progress(devices.size(), Progress::waiting);
    std::vector<bool> served(devices.size(), true);
    for (std::size_t i = 0; i < devices.size(); ++i) {
        if (devices[i].path != unserved) continue;
        served[i] = false;
        progress[i] = Progress::unavailable;
    }
    std::vector<std::string> result;
    const StartOrder order(devices, served);
    for (;;) {
        const StartChoice choice = order.next(progress);
        if (choice.kind == StartChoice::Kind::done) return result;
        const bool starts =
            choice.kind == StartChoice::Kind::start && devices[choice.index].path != broken;
        progress[choice.index] = starts ? Progress::started : Progress::unavailable;
        if (starts) result.push_back(devices[choice.index].path);
        if (messages != nullptr && !choice.message.empty()) messages->push_back(choice.message);
    }
}

using Paths = std::vector<std::string>;

TEST(StartOrder, follows_the_namespace_where_nobody_needs_anybody) {
    EXPECT_EQ(order({device("B", {}), device("A", {})}), (Paths{"B", "A"}));
}

TEST(StartOrder, A21_who_is_needed_starts_first) {
    EXPECT_EQ(order({device("BTN", {"GPIO"}), device("LED", {}), device("GPIO", {"I2C"}),
                     device("I2C", {})}),
              (Paths{"LED", "I2C", "GPIO", "BTN"}));
}

TEST(StartOrder, A21_devices_of_DEP_start_first_if_a_driver_serves_them) {
    AcpiDevice button = device("BTN", {});
    button.after = {"LED", "PEPD", "GONE"};
    EXPECT_EQ(order({button, device("PEPD", {}), device("LED", {})}, nullptr, "", "PEPD"),
              (Paths{"LED", "BTN"}));
}

TEST(StartOrder, A21_a_cycle_of_DEP_is_named) {
    AcpiDevice first = device("ONE", {});
    first.after = {"TWO"};
    AcpiDevice second = device("TWO", {});
    second.after = {"ONE"};
    std::vector<std::string> messages;
    EXPECT_EQ(order({first, second, device("LED", {})}, &messages), (Paths{"LED"}));
    ASSERT_FALSE(messages.empty());
    EXPECT_EQ(messages[0], "ONE can never start: ONE needs TWO needs ONE");
}

TEST(StartOrder, who_needs_a_failed_device_fails_and_the_others_go_on) {
    std::vector<std::string> messages;
    EXPECT_EQ(
        order({device("GPIO", {}), device("BTN", {"GPIO"}), device("LED", {})}, &messages, "GPIO"),
        (Paths{"LED"}));
    EXPECT_EQ(messages, (Paths{"BTN needs GPIO, which did not start"}));
}

TEST(StartOrder, a_need_that_does_not_exist_is_named) {
    std::vector<std::string> messages;
    EXPECT_EQ(order({device("BTN", {"GPIX"})}, &messages), Paths{});
    EXPECT_EQ(messages, (Paths{"BTN needs GPIX, which is not in the firmware or not present"}));
}

TEST(StartOrder, a_cycle_is_told_with_its_members) {
    std::vector<std::string> messages;
    order({device("X", {"A"}), device("A", {"B"}), device("B", {"A"})}, &messages);
    ASSERT_FALSE(messages.empty());
    EXPECT_EQ(messages[0], "X can never start: A needs B needs A");
}

TEST(StartOrder, a_container_without_a_driver_does_not_hold_up_its_children) {
    EXPECT_EQ(
        order({device("BOX", {}), device("BOX.LED", {"BOX"}, "BOX"), device("TOP", {"\\_SB"})},
              nullptr, "", "BOX"),
        (Paths{"BOX.LED", "TOP"}));
}

}  // namespace
}  // namespace gpioclx::kernel::pnp
