#include "trace/flows.h"

#include "trace/event_list_fixture.h"

namespace gpioclx::trace {
namespace {

using machine::EventKind;

class FlowsTest : public EventList {
  protected:
    std::uint64_t flow(const machine::Event& event) { return flows.flow_of(event, *this); }

    const Where outside{-1, 0, "button"}, line{0, 3, "GSI 39"}, isr{0, 3, "\\_SB.GPI0 ISR"},
        button_isr{0, 3, "\\_SB.BTN0 ISR"}, dpc{0, 2, "button!OnDpc"}, worker{1, 0, "worker 1"};
    Flows flows;
};

TEST_F(FlowsTest, one_flow_leads_from_the_edge_to_the_completion) {
    machine::Event edge = event(outside, EventKind::wire_changed, "button", 0);
    const std::uint64_t first = flow(edge);
    ASSERT_NE(first, 0u);
    machine::Event asserted = event(outside, EventKind::line_asserted, "GSI 39");
    asserted.time_ns = edge.time_ns;
    EXPECT_EQ(flow(asserted), first);
    EXPECT_EQ(flow(event(line, EventKind::interrupt_enter, "GSI 39", 39)), first);
    EXPECT_EQ(flow(event(isr, EventKind::interrupt_enter, "\\_SB.GPI0", 39, "ISR")), first);
    EXPECT_EQ(flow(event(isr, EventKind::secondary_raised, "\\_SB.GPI0 pin 3", 1024)), first);
    EXPECT_EQ(flow(event(button_isr, EventKind::interrupt_enter, "\\_SB.BTN0", 1024, "ISR")),
              first);
    EXPECT_EQ(flow(event(button_isr, EventKind::deferred_queued, "button!OnDpc")), first);
    flow(event(button_isr, EventKind::interrupt_exit, "\\_SB.BTN0", 1, "ISR"));
    flow(event(isr, EventKind::interrupt_exit, "\\_SB.GPI0", 1, "ISR"));
    flow(event(line, EventKind::interrupt_exit, "GSI 39", 1));
    EXPECT_EQ(flow(event(dpc, EventKind::deferred_enter, "button!OnDpc")), first);
    EXPECT_EQ(flow(event(dpc, EventKind::request_sent, "\\_SB.LED0", 24, "IRP_MJ_DEVICE_CONTROL")),
              first);
    flow(event(dpc, EventKind::deferred_exit, "button!OnDpc"));
    EXPECT_EQ(flow(event(dpc, EventKind::mark, "")), 0u);
    EXPECT_EQ(flow(event(worker, EventKind::callback_enter, "EvtIoDeviceControl", 0, "\\_SB.LED0")),
              first);
    EXPECT_EQ(flow(event(worker, EventKind::wire_changed, "led", 1)), first);
    flow(event(worker, EventKind::callback_exit, "EvtIoDeviceControl", 0, "\\_SB.LED0"));
    EXPECT_EQ(flow(event(worker, EventKind::request_completed, "\\_SB.LED0", 24)), first);
    EXPECT_EQ(flow(event(worker, EventKind::callback_enter, "EvtIoRead", 0, "\\_SB.LED0")), 0u);
}

TEST_F(FlowsTest, another_edge_is_another_flow) {
    EXPECT_NE(flow(event(outside, EventKind::wire_changed, "button", 0)),
              flow(event(outside, EventKind::wire_changed, "button", 1)));
}

TEST_F(FlowsTest, a_line_that_somebody_else_asserts_later_is_not_the_edges) {
    const std::uint64_t edge = flow(event(outside, EventKind::wire_changed, "button", 0));
    const std::uint64_t line = flow(event(isr, EventKind::line_asserted, "GSI 40"));
    EXPECT_NE(line, 0u);
    EXPECT_NE(line, edge);
}

TEST_F(FlowsTest, a_routine_of_a_queue_gets_the_oldest_request_of_its_device) {
    const auto send = [&](const char* device, std::uint64_t number) {
        return flow(event({0, 0, "user program"}, EventKind::request_sent, device, number));
    };
    const std::uint64_t one = send("\\_SB.A", 1), two = send("\\_SB.B", 2),
                        three = send("\\_SB.B", 3);
    EXPECT_NE(one, two);
    EXPECT_EQ(flow(event({1, 0, "w1"}, EventKind::callback_enter, "EvtIoRead", 0, "\\_SB.B")), two);
    EXPECT_EQ(flow(event({2, 0, "w2"}, EventKind::callback_enter, "EvtIoRead", 0, "\\_SB.B")),
              three);
    EXPECT_EQ(flow(event({3, 0, "w3"}, EventKind::callback_enter, "EvtIoRead", 0, "\\_SB.B")), 0u);
}

}  // namespace
}  // namespace gpioclx::trace
