#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

using EventTest = KernelTest;

TEST_F(EventTest, reset_says_how_it_was_and_clear_does_not_ask) {
    run_as_thread([] {
        KEVENT event;
        KeInitializeEvent(&event, NotificationEvent, TRUE);
        EXPECT_NE(KeResetEvent(&event), 0);
        EXPECT_EQ(KeResetEvent(&event), 0);
        EXPECT_EQ(KeReadStateEvent(&event), 0);
        KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
        KeClearEvent(&event);
        EXPECT_EQ(KeReadStateEvent(&event), 0);
        LARGE_INTEGER at_once{};
        EXPECT_EQ(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &at_once),
                  STATUS_TIMEOUT);
    });
}

}  // namespace
}  // namespace gpioclx::kernel
