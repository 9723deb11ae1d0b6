// Interrupts of drivers in user mode (I94, W18, F177).
#include "user_mode_board.h"

namespace gpioclx::umdf_tests {
namespace {

using InterruptTest = UserModeBoard;

TEST_F(InterruptTest, F177_interrupt_is_passive_whatever_the_driver_asks_for) {
    Board board(changed("drivers/umbutton/umbutton.c", "    InterruptConfig.EvtInterruptWorkItem =",
                        "    InterruptConfig.PassiveHandling = FALSE;\n"
                        "    InterruptConfig.EvtInterruptWorkItem ="));
    board.start();
    board.take_new_events();
    board.button("second").press_for(300us);
    EXPECT_TRUE(board.run_until_idle());
    const Events services = board.take_new_events()
                                .of(EventKind::callback_enter)
                                .containing("EvtInterruptIsr of \\_SB.UBT0");
    ASSERT_EQ(services.size(), 2u);
    for (const Event& event : services) EXPECT_EQ(event.irql, passive_level) << event;
    EXPECT_TRUE(board.led("lamp").is_on());
    board.stop();
    EXPECT_TRUE(nothing_found(board));
}

TEST_F(InterruptTest, F177_dpc_of_the_interrupt_runs_at_passive_level) {
    changed("drivers/umbutton/umbutton.c", "WdfInterruptQueueWorkItemForIsr(Interrupt);",
            "WdfInterruptQueueDpcForIsr(Interrupt);");
    Board board(changed("drivers/umbutton/umbutton.c", "InterruptConfig.EvtInterruptWorkItem =",
                        "InterruptConfig.EvtInterruptDpc ="));
    board.start();
    board.take_new_events();
    board.button("second").press_for(300us);
    EXPECT_TRUE(board.run_until_idle());
    const Events calls = board.take_new_events()
                             .of(EventKind::callback_enter)
                             .containing("EvtInterruptDpc of \\_SB.UBT0");
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_EQ(calls[0].irql, passive_level);
    EXPECT_TRUE(board.led("lamp").is_on());
    board.stop();
    EXPECT_TRUE(nothing_found(board));
}

// W18: an edge for itself only.
TEST_F(InterruptTest, shared_edge_is_refused) {
    Board board(
        changed("boards/usermode/usermode.asl",
                "GpioInt (Edge, ActiveBoth, Exclusive, PullUp, 0,\n                         "
                "\"\\\\_SB.GPI0\", 0, ResourceConsumer) { 1 }",
                "GpioInt (Edge, ActiveBoth, Shared, PullUp, 0,\n                         "
                "\"\\\\_SB.GPI0\", 0, ResourceConsumer) { 1 }"));
    EXPECT_THROW(board.start(), StartFailed);
    EXPECT_EQ(board.device(user_device).status, Status("STATUS_NOT_SUPPORTED"));
    ASSERT_FALSE(board.findings().empty());
    EXPECT_EQ(board.findings()[0].id, "umdf-003");
}

TEST_F(InterruptTest, a_press_completes_the_request_that_waits) {
    Board board(shipped());
    board.start();
    {
        File file = board.open(user_device);
        PendingRequest waiting = file.begin_ioctl(wait_press, {}, 4);
        EXPECT_TRUE(board.run_until_idle());
        EXPECT_FALSE(waiting.is_completed());
        board.button("second").press_for(300us);
        EXPECT_EQ(waiting.wait().output, (Bytes{1, 0, 0, 0}));
        EXPECT_EQ(file.ioctl(get_presses, {}, 4).output, (Bytes{1, 0, 0, 0}));
    }
    board.stop();
    EXPECT_TRUE(nothing_found(board));
}

}  // namespace
}  // namespace gpioclx::umdf_tests
