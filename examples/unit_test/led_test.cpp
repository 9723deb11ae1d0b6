// led, the driver that a program asks to switch a pin.
#include "pushbutton_fixture.h"

namespace {

using gpioclx::Access;
using gpioclx::Bytes;
using gpioclx::Method;
using gpioclx::Status;

// As ledioctl.h of the driver has them.
constexpr std::uint32_t led_set =
    gpioclx::ioctl_code(gpioclx::file_device_unknown, 0x800, Method::buffered, Access::write);
constexpr std::uint32_t led_get =
    gpioclx::ioctl_code(gpioclx::file_device_unknown, 0x802, Method::buffered, Access::read);

using Led = Pushbutton;

TEST_F(Led, set_switches_the_pin) {
    gpioclx::File led = board.open("\\??\\Led");
    EXPECT_EQ(led.ioctl(led_set, Bytes{1}).status, Status("STATUS_SUCCESS"));
    EXPECT_TRUE(board.led("led").is_on());
    EXPECT_EQ(board.pin("\\_SB.GPI0", 5).direction, gpioclx::Direction::output);
}

TEST_F(Led, get_returns_one_byte) {
    gpioclx::File led = board.open("\\??\\Led");
    led.ioctl(led_set, Bytes{1});
    const gpioclx::Completion got = led.ioctl(led_get, {}, 4);
    EXPECT_EQ(got.status, Status("STATUS_SUCCESS"));
    EXPECT_EQ(got.output, Bytes{1}) << got;
}

TEST_F(Led, refuses_a_set_without_its_byte_and_what_it_does_not_know) {
    gpioclx::File led = board.open("\\??\\Led");
    EXPECT_EQ(led.ioctl(led_set).status, Status("STATUS_BUFFER_TOO_SMALL"));
    EXPECT_EQ(led.ioctl(0x12345678).status, Status("STATUS_INVALID_DEVICE_REQUEST"));
}

}  // namespace
