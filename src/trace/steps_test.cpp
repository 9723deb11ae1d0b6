#include "trace/steps.h"

#include <gtest/gtest.h>

#include <vector>

#include "trace/request_text.h"
#include "trace/timeline.h"

namespace gpioclx::trace {
namespace {

using machine::Event;
using machine::EventKind;

class StepsTest : public ::testing::Test, public Names {
  protected:
    std::string_view name(machine::NameId id) const override { return texts.at(id); }

    Event event(EventKind kind, std::string subject, std::string detail = "") {
        Event made{};
        made.kind = kind;
        made.subject = add(std::move(subject));
        made.detail = add(std::move(detail));
        return made;
    }
    machine::NameId add(std::string text) {
        texts.push_back(std::move(text));
        return static_cast<machine::NameId>(texts.size() - 1);
    }
    bool is_step(const Event& event) { return steps.is_step(event, *this); }

    std::vector<std::string> texts{""};
    Steps steps;
};

TEST_F(StepsTest, what_the_way_of_an_edge_consists_of_is_a_step) {
    EXPECT_TRUE(is_step(event(EventKind::wire_changed, "button")));
    EXPECT_TRUE(is_step(event(EventKind::interrupt_enter, "GSI 39")));
    EXPECT_TRUE(is_step(event(EventKind::callback_enter, "CLIENT_QueryActiveInterrupts", "GPI0")));
    EXPECT_TRUE(is_step(event(EventKind::secondary_raised, "GPI0 pin 3")));
    EXPECT_TRUE(is_step(event(EventKind::deferred_enter, "button!Dpc")));
    EXPECT_TRUE(is_step(event(EventKind::request_sent, "LED0", "IRP_MJ_DEVICE_CONTROL")));
}

TEST_F(StepsTest, registers_locks_and_waits_are_no_steps) {
    for (const EventKind kind :
         {EventKind::register_read, EventKind::register_write, EventKind::lock_acquired,
          EventKind::wait_begin, EventKind::thread_switch, EventKind::callback_exit})
        EXPECT_FALSE(is_step(event(kind, "x"))) << static_cast<int>(kind);
}

TEST_F(StepsTest, a_request_that_ends_well_or_pends_is_no_step_of_its_own) {
    Event completed = event(EventKind::request_completed, "LED0", "IRP_MJ_DEVICE_CONTROL");
    EXPECT_FALSE(is_step(completed));
    completed.c = 0x104;  // STATUS_REPARSE
    EXPECT_FALSE(is_step(completed));
    completed.c = 0xC0000022;  // STATUS_ACCESS_DENIED
    EXPECT_TRUE(is_step(completed));
}

TEST_F(StepsTest, requests_of_Plug_and_Play_are_none_even_if_they_fail) {
    EXPECT_FALSE(is_step(event(EventKind::request_sent, "LED0", "IRP_MJ_PNP IRP_MN_QUERY_ID")));
    Event refused = event(EventKind::request_completed, "LED0", "IRP_MJ_PNP IRP_MN_QUERY_ID");
    refused.c = 0xC00000BB;
    EXPECT_FALSE(is_step(refused));
}

TEST_F(StepsTest, a_state_that_two_report_is_one_step) {
    EXPECT_TRUE(is_step(event(EventKind::device_state, "LED0", "started")));
    EXPECT_FALSE(is_step(event(EventKind::device_state, "LED0", "started")));
    EXPECT_TRUE(is_step(event(EventKind::device_state, "BTN0", "started")));
    EXPECT_TRUE(is_step(event(EventKind::device_state, "LED0", "removed")));
    EXPECT_TRUE(is_step(event(EventKind::device_state, "LED0", "started")));
}

TEST_F(StepsTest, the_framework_s_callback_in_a_service_routine_is_that_routine) {
    Event isr = event(EventKind::interrupt_enter, "BTN0 ISR");
    isr.actor = add("BTN0 ISR");
    EXPECT_TRUE(is_step(isr));
    Event callback = event(EventKind::callback_enter, "EvtInterruptIsr", "BTN0");
    callback.actor = isr.actor;
    EXPECT_FALSE(is_step(callback));
    isr.kind = EventKind::interrupt_exit;
    is_step(isr);
    EXPECT_TRUE(is_step(callback));  // the framework calls it from somewhere else
}

TEST_F(StepsTest, banners_of_firmware_tables_are_no_steps_and_its_errors_are) {
    EXPECT_FALSE(is_step(event(EventKind::message, "ACPI", "ACPI: DSDT 0x00F0 (v02)")));
    EXPECT_TRUE(is_step(event(EventKind::message, "ACPI", "ACPI Error: AE_NOT_FOUND")));
    EXPECT_TRUE(is_step(event(EventKind::message, "ACPI", "Notify (\\_SB.BTN0, 0x80)")));
    EXPECT_TRUE(is_step(event(EventKind::message, "button", "ACPI: not here")));
}

TEST_F(StepsTest, who_speaks_is_said_once) {
    EXPECT_EQ(describe(event(EventKind::message, "ACPI", "ACPI Error: AE_NOT_FOUND"), *this),
              "ACPI Error: AE_NOT_FOUND");
    EXPECT_EQ(describe(event(EventKind::message, "led", "ready"), *this), "led: ready");
}

TEST(RequestText, control_codes_of_this_machine_have_names) {
    EXPECT_EQ(request_text("IRP_MJ_DEVICE_CONTROL", 0x00480004), "IOCTL_GPIO_WRITE_PINS");
    EXPECT_EQ(request_text("IRP_MJ_DEVICE_CONTROL", 0x0022a004),
              "IRP_MJ_DEVICE_CONTROL 0x0022a004");
    EXPECT_EQ(request_text("IRP_MJ_CREATE", 0), "IRP_MJ_CREATE");
}

}  // namespace
}  // namespace gpioclx::trace
