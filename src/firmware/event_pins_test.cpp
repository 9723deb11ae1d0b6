#include "firmware/loaded_test.h"

namespace gpioclx::firmware {
namespace {

class Events : public LoadedTest {
  protected:
    Result<std::vector<EventPin>> events(const std::string& below) {
        return load("Device (\\_SB.GPI0) { Name (_HID, \"TEST0001\")\n" + below +
                    "\n}\n"
                    "Device (\\_SB.GPI1) { Name (_HID, \"TEST0002\") }")
            .event_pins("\\_SB.GPI0");
    }
};

constexpr char gpio_int[] =
    "GpioInt (Edge, ActiveLow, ExclusiveAndWake, PullUp, 0, \"\\\\_SB.GPI0\") {";

TEST_F(Events, A17_of_edge_and_level_pins_have_methods_named_for_the_pin) {
    auto pins = events(std::string("Name (_AEI, ResourceTemplate () {\n") + gpio_int + "10}\n" +
                       "GpioInt (Level, ActiveLow, Exclusive, PullUp, 0, \"\\\\_SB.GPI0\") {0xFF}"
                       "})\n"
                       "Method (_E0A) {} Method (_LFF) {} Method (_EVT, 1) {}");
    ASSERT_TRUE(pins.ok()) << pins.error().text();
    ASSERT_EQ(pins->size(), 2u);
    EXPECT_EQ((*pins)[0].interrupt.pin, 10);
    EXPECT_TRUE((*pins)[0].interrupt.wake);
    EXPECT_EQ((*pins)[0].method, "\\_SB.GPI0._E0A");
    EXPECT_FALSE((*pins)[0].takes_pin);
    EXPECT_EQ((*pins)[1].method, "\\_SB.GPI0._LFF");
}

TEST_F(Events, A17_without_a_method_of_their_own_go_to_EVT_with_the_pin) {
    auto pins = events(std::string("Name (_AEI, ResourceTemplate () {") + gpio_int + "3}\n" +
                       gpio_int + "300} })\nMethod (_EVT, 1) {}");
    ASSERT_TRUE(pins.ok()) << pins.error().text();
    for (const EventPin& pin : *pins) {
        EXPECT_EQ(pin.method, "\\_SB.GPI0._EVT");
        EXPECT_TRUE(pin.takes_pin);
    }
}

TEST_F(Events, A17_that_no_method_handles_are_an_error) {
    auto pins = events(std::string("Name (_AEI, ResourceTemplate () {") + gpio_int + "3} })\n" +
                       "Method (_L03) {}");
    ASSERT_FALSE(pins.ok());
    EXPECT_EQ(pins.error().text(),
              "\\_SB.GPI0 _AEI lists pin 3, but no method handles it (\\_SB.GPI0._E03 or "
              "\\_SB.GPI0._EVT)");
}

TEST_F(Events, A16_that_are_not_GpioInt_of_the_controller_are_an_error) {
    auto pins = events(
        "Name (_AEI, ResourceTemplate () {\n"
        "GpioInt (Edge, ActiveLow, Exclusive, PullUp, 0, \"\\\\_SB.GPI1\") {1} })\n"
        "Method (_EVT, 1) {}");
    ASSERT_FALSE(pins.ok());
    EXPECT_NE(pins.error().message.find("\\_SB.GPI0 _AEI descriptor 0 is not a GpioInt of the "
                                        "controller itself (A16)"),
              std::string::npos)
        << pins.error().text();
}

TEST_F(Events, are_none_without_AEI) { EXPECT_TRUE(events("")->empty()); }

}  // namespace
}  // namespace gpioclx::firmware
