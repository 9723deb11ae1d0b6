#include "verify/pin_effects.h"

#include "verify/verifier_fixture.h"

namespace gpioclx::verify {
namespace {

class PinEffectsTest : public VerifierTest {
  protected:
    void connect(std::uint32_t pins, std::uint8_t direction, const std::function<void()>& body) {
        callback(
            {.name = "CLIENT_ConnectIoPins", .details = {.pins = pins, .direction = direction}},
            body);
    }
    void disconnect(std::uint32_t pins, bool preserve, const std::function<void()>& body) {
        callback(
            {.name = "CLIENT_DisconnectIoPins", .details = {.pins = pins, .preserve = preserve}},
            body);
    }
    void read_pins(std::uint32_t pins, std::uint64_t values, const std::function<void()>& body) {
        callback({.name = "CLIENT_ReadGpioPinsUsingMask", .details = about(pins), .result = values},
                 body);
    }
    void write_pins(std::uint32_t set, std::uint32_t cleared, const std::function<void()>& body) {
        callback({.name = "CLIENT_WriteGpioPinsUsingMask",
                  .details = {.pins = set | cleared, .set_pins = set, .clear_pins = cleared}},
                 body);
    }
};

TEST_F(PinEffectsTest, a_driver_that_does_what_it_says) {
    watch("pl061");
    high(1);
    connect(0x30, 2, [&] { update("DIR", 0x30); });
    write_pins(0x10, 0x20, [&] { put_at(0x30u << 2, 0x10); });
    connect(2, 1, [&] { update("DIR", 0, 2); });
    read_pins(2, 2, [&] { get_at(0xFFu << 2); });
    disconnect(0x30, false, [&] { update("DIR", 0, 0x30); });
    setup("CLIENT_ReleaseController");
    EXPECT_EQ(all(), "");
}

TEST_F(PinEffectsTest, a_write_that_changes_a_neighbour) {
    watch("pl061");
    connect(0x30, 2, [&] { update("DIR", 0x30); });
    write_pins(0x20, 0, [&] { put_at(0xFFu << 2, 0x20); });
    EXPECT_EQ(all(), "");  // 4 was low before
    write_pins(0x10, 0, [&] { put_at(0xFFu << 2, 0x10); });
    ASSERT_EQ(count("effect-005"), 1u) << all();
    EXPECT_NE(all().find("changes the data of pin 5"), std::string::npos) << all();
}

TEST_F(PinEffectsTest, the_latch_of_an_input_is_nobodys) {
    watch("pl061");
    connect(0x10, 2, [&] { update("DIR", 0x10); });
    high(0);
    write_pins(0x10, 0, [&] { put_at(0xFFu << 2, 0x11); });
    EXPECT_EQ(all(), "");
}

TEST_F(PinEffectsTest, a_neighbours_function) {
    watch("bcm2835");
    connect(1, 2, [&] { put("GPFSEL", 1); });
    EXPECT_EQ(all(), "");
    connect(2, 2, [&] { put("GPFSEL", 8); });
    ASSERT_EQ(count("effect-005"), 1u) << all();
    EXPECT_NE(all().find("changes the function of pin 0"), std::string::npos) << all();
}

TEST_F(PinEffectsTest, a_read_that_is_not_the_level) {
    watch("pl061");
    high(1);
    low(2);
    connect(6, 1, [] {});
    read_pins(6, 4, [&] { get_at(0xFFu << 2); });
    EXPECT_EQ(count("effect-006"), 2u) << all();
}

TEST_F(PinEffectsTest, a_level_that_changes_meanwhile_may_be_either) {
    watch("pl061");
    high(1);
    connect(2, 1, [] {});
    read_pins(2, 0, [&] {
        low(1);
        get_at(0xFFu << 2);
        high(1);
    });
    EXPECT_EQ(all(), "");
}

TEST_F(PinEffectsTest, a_write_that_does_not_arrive) {
    watch("pl061");
    connect(0x10, 2, [&] { update("DIR", 0x10); });
    write_pins(0x10, 0, [] {});
    EXPECT_EQ(count("effect-007"), 1u) << all();
}

TEST_F(PinEffectsTest, a_write_to_what_is_no_output) {
    watch("pl061");
    connect(0x10, 2, [] {});
    write_pins(0x10, 0, [&] { put_at(0x10u << 2, 0x10); });
    ASSERT_EQ(count("effect-007"), 1u) << all();
    EXPECT_NE(all().find("the pin is no output"), std::string::npos) << all();
}

TEST_F(PinEffectsTest, another_pull_than_asked_for) {
    watch("bcm2835", "bcm2711");
    const auto connect_with = [&](std::uint8_t pull, std::uint32_t code) {
        callback({.name = "CLIENT_ConnectIoPins",
                  .details = {.pins = 1, .has_pull = true, .pull = pull, .direction = 1}},
                 [&] { update("PUP_PDN_CNTRL", code, 3); });
    };
    connect_with(1, 1);
    connect_with(2, 2);
    connect_with(3, 0);
    connect_with(0, 1);  // whatever the platform likes
    EXPECT_EQ(all(), "");
    connect_with(1, 2);
    ASSERT_EQ(count("effect-009"), 1u) << all();
    EXPECT_NE(all().find("was asked for the pull 'up', and the registers have 'down'"),
              std::string::npos)
        << all();
}

TEST_F(PinEffectsTest, a_controller_without_pulls_has_none) {
    watch("pl061");
    callback({.name = "CLIENT_ConnectIoPins",
              .details = {.pins = 1, .has_pull = true, .pull = 1, .direction = 1}},
             [] {});
    EXPECT_EQ(all(), "");
}

TEST_F(PinEffectsTest, driven_for_nobody) {
    watch("pl061");
    connect(0x10, 2, [&] { update("DIR", 0x10); });
    disconnect(0x10, false, [] {});
    EXPECT_EQ(count("effect-010"), 1u) << all();
}

TEST_F(PinEffectsTest, what_a_platform_drives_when_nobody_uses_it) {
    watch("pl061");
    connect(0x10, 2, [&] { update("DIR", 0x10); });
    disconnect(0x10, false, [&] { update("DIR", 0x10); });
    setup("CLIENT_ReleaseController");
    EXPECT_EQ(all(), "");
}

TEST_F(PinEffectsTest, to_be_preserved) {
    watch("pl061");
    connect(0x10, 2, [&] { update("DIR", 0x10); });
    disconnect(0x10, true, [] {});
    setup("CLIENT_ReleaseController");
    EXPECT_EQ(all(), "");
}

TEST_F(PinEffectsTest, what_firmware_drove_may_stay) {
    make("pl061");
    chip->reset(hardware::ResetKind::cold);
    begin();
    put("DIR", 0x10);
    setup("CLIENT_StartController");
    setup("CLIENT_ReleaseController");
    EXPECT_EQ(all(), "");
}

}  // namespace
}  // namespace gpioclx::verify
