// What needs no board: filters of events, names, how things print.
#include <gpioclx/gpioclx.h>
#include <gpioclx/gtest.h>
#include <gtest/gtest.h>

#include <sstream>

namespace gpioclx {
namespace {

using namespace std::chrono_literals;

Event event(std::chrono::nanoseconds time, EventKind kind, const char* subject, unsigned irql = 0) {
    return {.time = time,
            .sequence = 1,
            .kind = kind,
            .processor = 0,
            .irql = Irql(irql),
            .actor = "\\_SB.BTN0 ISR",
            .subject = subject,
            .detail = ""};
}

template <typename T>
std::string printed(const T& value) {
    std::ostringstream stream;
    stream << value;
    return stream.str();
}

TEST(EventTest, line_has_time_processor_irql_actor_and_text) {
    EXPECT_EQ(event(1500ns, EventKind::deferred_enter, "dpc #1", 2).line(),
              "      1.500 us    0  DISPATCH   \\_SB.BTN0 ISR             DPC dpc #1");
}

TEST(EventTest, what_happens_outside_has_no_processor_and_no_irql) {
    Event outside = event(0ns, EventKind::mark, "press button");
    outside.processor.reset();
    EXPECT_EQ(outside.line(),
              "      0.000 us    -             \\_SB.BTN0 ISR             --- press button");
}

TEST(EventTest, every_kind_has_a_name) {
    EXPECT_EQ(to_string(EventKind::none), "none");
    EXPECT_EQ(to_string(EventKind::secondary_raised), "secondary_raised");
    EXPECT_EQ(to_string(EventKind::release), "release");
}

TEST(EventsTest, filters_keep_the_order_and_can_be_chained) {
    const Events events({event(1ns, EventKind::interrupt_enter, "GSI 39", 3),
                         event(2ns, EventKind::register_read, "GPIOMIS", 3),
                         event(3ns, EventKind::interrupt_enter, "\\_SB.BTN0", 3),
                         event(4ns, EventKind::deferred_enter, "dpc", 2)});
    EXPECT_EQ(events.of(EventKind::interrupt_enter).size(), 2u);
    EXPECT_EQ(events.of({EventKind::deferred_enter, EventKind::register_read})[0].subject,
              "GPIOMIS");
    EXPECT_EQ(events.of(EventKind::interrupt_enter).from(2ns).front().subject, "\\_SB.BTN0");
    EXPECT_EQ(events.until(3ns).size(), 2u);
    EXPECT_EQ(events.steps().size(), 3u);
    EXPECT_EQ(events.by("\\_SB.BTN0 ISR").on_processor(0).size(), 4u);
    EXPECT_TRUE(events.on_processor(1).empty());
    EXPECT_THROW(Events().front(), std::out_of_range);
}

TEST(InOrderTest, other_events_may_stand_between_but_the_order_counts) {
    const Events events({event(1ns, EventKind::interrupt_enter, "GSI 39", 3),
                         event(2ns, EventKind::deferred_enter, "first", 2),
                         event(3ns, EventKind::deferred_enter, "second", 2)});
    EXPECT_TRUE(in_order(events, {"GSI 39", "second"}));
    EXPECT_TRUE(in_order(events, {}));
    EXPECT_FALSE(in_order(events, {"second", "first"}));
    EXPECT_FALSE(in_order(events, {"first", "first"}));
}

TEST(StatusTest, has_a_name_and_is_found_by_it) {
    EXPECT_EQ(Status().name(), "STATUS_SUCCESS");
    EXPECT_EQ(Status("STATUS_INVALID_PARAMETER"), Status(0xC000000Du));
    EXPECT_EQ(printed(Status(0xC0FFEE00u)), "0xC0FFEE00");
    EXPECT_EQ(Status("0xC0FFEE00").value(), 0xC0FFEE00u);
    EXPECT_THROW(Status("STATUS_FINE"), BadInput);
}

TEST(StatusTest, pending_counts_as_success_and_a_warning_does_not) {
    EXPECT_TRUE(Status("STATUS_PENDING").is_success());
    EXPECT_FALSE(Status(0x80000005u).is_success());
}

TEST(IrqlTest, is_ordered_and_named_as_on_windows) {
    EXPECT_LT(passive_level, dispatch_level);
    EXPECT_TRUE(Irql(5).is_device());
    EXPECT_FALSE(Irql(13).is_device());
    EXPECT_EQ(printed(Irql(5)), "DIRQL 5");
    EXPECT_EQ(printed(dispatch_level), "DISPATCH");
}

TEST(IoctlCodeTest, is_composed_as_by_ctl_code) {
    // CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_NEITHER, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
    EXPECT_EQ(ioctl_code(file_device_unknown, 0x800, Method::neither, Access::read_write),
              0x0022E003u);
}

TEST(FindingTest, text_has_rule_place_and_source_line) {
    const Finding finding{.id = "V3",
                          .sentence = "a bank lock was taken twice",
                          .time = 2500ns,
                          .processor = 1,
                          .irql = Irql(3),
                          .actor = "ISR",
                          .stack = {{"led", "LedIsr", "led.c", 7, 0x10}},
                          .other_stack = {},
                          .held = "'led lock'",
                          .count = 4,
                          .rule = "a bank lock is acquired by its holder",
                          .document = "GPIO_CLX_AcquireInterruptLock function (gpioclx.h)",
                          .remedy = "Release it first."};
    EXPECT_EQ(printed(finding),
              "V3: a bank lock was taken twice\n"
              "    at 2.500 us, processor 1, IRQL 3, in ISR\n"
              "    4 times or more\n"
              "    holding 'led lock'\n"
              "    led.c:7: LedIsr (led)\n"
              "  rule: GPIO_CLX_AcquireInterruptLock function (gpioclx.h)\n"
              "  do: Release it first.\n");
}

}  // namespace
}  // namespace gpioclx
