// Buttons, lamps, signals and resistors, and the library that makes them by name.
#include <fstream>

#include "hardware/button.h"
#include "hardware/led.h"
#include "hardware/test_bench.h"

namespace gpioclx::hardware {
namespace {

class PartTest : public testing::Test {
  protected:
    PartTest() : library(std::move(*ModelLibrary::open(GX_HARDWARE_MAPS))) {}

    std::unique_ptr<Device> make(std::string_view model,
                                 std::vector<ModelProperty> properties = {}) {
        auto device = library.create(model, "part", properties, around);
        EXPECT_TRUE(device) << device.error().text();
        if (!device) return nullptr;
        EXPECT_TRUE((*device)->connect(0, wire));
        return std::move(*device);
    }
    std::string error_of(std::string_view model, std::vector<ModelProperty> properties) {
        auto device = library.create(model, "part", properties, around);
        return device ? "no error" : device.error().text();
    }

    TestSurroundings around;
    ModelLibrary library;
    Wire wire{around, "net"};
};

TEST_F(PartTest, a_button_is_active_low_with_its_own_pull_up) {
    auto button = make("button");
    EXPECT_EQ(wire.level(), Level::high);
    ASSERT_TRUE(button->perform("press", {}));
    EXPECT_EQ(wire.level(), Level::low);
    ASSERT_TRUE(button->perform("release", {}));
    EXPECT_EQ(wire.level(), Level::high);
}

TEST_F(PartTest, an_active_high_button_pulls_down) {
    auto button = make("button", {{"active", "high"}});
    EXPECT_EQ(wire.level(), Level::low);
    ASSERT_TRUE(button->perform("press", {}));
    EXPECT_EQ(wire.level(), Level::high);
}

TEST_F(PartTest, a_button_without_pull_leaves_the_wire_floating) {
    auto button = make("button", {{"pull", "none"}});
    EXPECT_EQ(wire.level(), Level::floating);
}

TEST_F(PartTest, a_bouncing_button_toggles_at_its_times_after_press_and_release) {
    auto button = make("button", {{"bounce", "100us,150us,300us,320us"}});
    around.time_ns = 1000;
    around.wire_levels.clear();
    ASSERT_TRUE(button->perform("press", {}));
    EXPECT_EQ(around.wire_levels, std::vector<std::string>{"net=low"});
    around.run_until(101'000);
    EXPECT_EQ(wire.level(), Level::high);
    around.run_until(151'000);
    EXPECT_EQ(wire.level(), Level::low);
    around.run_until(1'000'000);
    EXPECT_EQ(around.wire_levels,
              (std::vector<std::string>{"net=low", "net=high", "net=low", "net=high", "net=low"}));
    around.wire_levels.clear();
    ASSERT_TRUE(button->perform("release", {}));
    around.run_until(2'000'000);
    EXPECT_EQ(around.wire_levels.size(), 5u);
    EXPECT_EQ(wire.level(), Level::high);
}

TEST_F(PartTest, a_release_during_the_bounce_of_the_press_ends_open) {
    auto button = make("button", {{"bounce", "80us,90us"}});
    ASSERT_TRUE(button->perform("press", {}));
    around.run_until(50'000);
    around.wire_levels.clear();
    ASSERT_TRUE(button->perform("release", {}));
    around.run_until(100'000);
    EXPECT_EQ(wire.level(), Level::high);
    around.run_until(1'000'000);
    // Its own bounce at 130 and 140 us; the contact of the press is not heard any more.
    EXPECT_EQ(around.wire_levels, (std::vector<std::string>{"net=high", "net=low", "net=high"}));
    EXPECT_EQ(around.timers.size(), 0u);
}

TEST_F(PartTest, a_button_pressed_against_an_output_is_a_fight) {
    auto button = make("button");
    Terminal output = wire.attach(nullptr, 0, "out");
    output.drive(Drive::high);
    ASSERT_TRUE(button->perform("press", {}));
    EXPECT_EQ(around.count(HardwareEvent::Kind::contention), 1u);
}

TEST_F(PartTest, an_led_lights_on_its_active_level_and_never_on_a_floating_wire) {
    auto device = make("led", {{"active", "low"}});
    auto& led = static_cast<Led&>(*device);
    Terminal output = wire.attach(nullptr, 0, "out");
    EXPECT_FALSE(led.on());
    around.time_ns = 42;
    output.drive(Drive::low);
    EXPECT_TRUE(led.on());
    EXPECT_EQ(led.changed_at_ns(), 42u);
    output.drive(Drive::off);
    EXPECT_FALSE(led.on());
    EXPECT_EQ(led.switched_on_count(), 1u);
}

TEST_F(PartTest, a_signal_drives_levels_and_pulses) {
    auto device = make("signal", {{"initial", "low"}});
    EXPECT_EQ(wire.level(), Level::low);
    const std::string_view width = "10us";
    ASSERT_TRUE(device->perform("pulse", {&width, 1}));
    EXPECT_EQ(wire.level(), Level::high);
    around.run_until(9'999);
    EXPECT_EQ(wire.level(), Level::high);
    around.run_until(10'000);
    EXPECT_EQ(wire.level(), Level::low);
    ASSERT_TRUE(device->perform("off", {}));
    EXPECT_TRUE(wire.floating());
}

TEST_F(PartTest, an_open_drain_signal_releases_for_high) {
    auto signal = make("signal", {{"initial", "high"}, {"open_drain", "true"}});
    EXPECT_TRUE(wire.floating());
}

TEST_F(PartTest, a_resistor_pulls) {
    auto pull = make("pull", {{"to", "down"}});
    EXPECT_EQ(wire.level(), Level::low);
}

TEST_F(PartTest, a_part_knows_its_actions) {
    auto button = make("button");
    auto result = button->perform("shake", {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().text(),
              "part (button) has no action 'shake' (actions: press, release)");
}

TEST_F(PartTest, the_library_lists_all_models_with_titles) {
    for (std::string_view name :
         {"pl061", "bcm2835", "bcm2711", "simgpio", "button", "led", "wire", "pull", "signal"}) {
        ASSERT_NE(library.find(name), nullptr) << name;
        EXPECT_NE(library.help().find(name), std::string::npos);
    }
    EXPECT_TRUE(library.find("pl061")->controller);
    EXPECT_NE(library.help("button")->find("bounce=TIME,TIME,.."), std::string::npos);
}

TEST_F(PartTest, variants_are_models_or_switches) {
    auto device = library.create("bcm2711", "gpio", {}, around);
    ASSERT_TRUE(device);
    EXPECT_EQ((*device)->pin_count(), 58u);
    const std::vector<ModelProperty> by_variant = {{"variant", "bcm2711"}};
    device = library.create("bcm2835", "gpio", by_variant, around);
    ASSERT_TRUE(device);
    EXPECT_EQ((*device)->pin_count(), 58u);
    const std::vector<ModelProperty> sample = {{"sample", "true"}};
    device = library.create("simgpio", "gpio", sample, around);
    ASSERT_TRUE(device);
    (*device)->as_controller()->write(0x10, 4, 1);
    EXPECT_EQ((*device)->as_controller()->read(0x10, 4), 1u);
}

TEST_F(PartTest, the_pins_of_interrupt_outputs_are_properties) {
    const std::vector<ModelProperty> groups = {{"gpio_int0", "0-31"}};
    auto device = library.create("bcm2835", "gpio", groups, around);
    ASSERT_TRUE(device);
    Controller& chip = *(*device)->as_controller();
    chip.write(0x64, 4, 1u << 31);
    Terminal high = wire.attach(nullptr, 0, "d");
    high.drive(Drive::high);
    ASSERT_TRUE(chip.connect(31, wire));
    EXPECT_TRUE(chip.output_active(0));
}

TEST_F(PartTest, mistakes_name_model_property_and_choices) {
    EXPECT_EQ(error_of("pl062", {}), "there is no hardware model 'pl062' (did you mean 'pl061'?)");
    EXPECT_EQ(error_of("button", {{"pul", "up"}}),
              "part (button): property pul: there is no such property "
              "(properties: active, pull, bounce)");
    EXPECT_EQ(error_of("button", {{"pull", "sideways"}}),
              "part (button): property pull: 'sideways' is not possible "
              "(choose auto|none|up|down)");
    EXPECT_EQ(error_of("button", {{"bounce", "5"}}),
              "part (button): property bounce: '5' is not a time "
              "(write a whole number with ns, us, ms or s, as in 200us)");
    EXPECT_EQ(error_of("button", {{"bounce", "5us"}}),
              "part (button): property bounce: an odd number of toggles would leave a pressed "
              "button open (give an even number of times)");
    EXPECT_EQ(error_of("bcm2835", {{"gpio_int0", "0-54"}}),
              "part (bcm2835): property gpio_int0: pin 54 in '0-54' does not exist "
              "(there are pins 0-53)");
    EXPECT_EQ(error_of("bcm2835", {{"variant", "x"}}),
              "part (bcm2835): property variant: 'x' is not possible (choose none|bcm2711)");
}

TEST_F(PartTest, a_missing_maps_folder_is_named) {
    auto none = ModelLibrary::open("/nowhere");
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().text().find("/nowhere: register maps cannot be read"),
              std::string::npos);
}

}  // namespace
}  // namespace gpioclx::hardware
