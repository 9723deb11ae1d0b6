#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

using ThreadServices = KernelTest;

TEST_F(ThreadServices, the_old_priority_is_returned) {
    thread(
        "worker",
        [] {
            EXPECT_EQ(KeSetPriorityThread(KeGetCurrentThread(), 12), 8);
            EXPECT_EQ(KeQueryPriorityThread(KeGetCurrentThread()), 12);
            EXPECT_EQ(KeSetPriorityThread(KeGetCurrentThread(), 8), 12);
        },
        8);
    run();
}

// On one processor the more urgent of two ready threads goes on.
TEST_F(ThreadServices, a_raised_thread_runs_first) {
    start(1);
    std::string order;
    KEVENT go;
    thread("init", [&] { KeInitializeEvent(&go, NotificationEvent, FALSE); });
    run();
    const auto wait = [&](const char* name, KPRIORITY priority) {
        KeSetPriorityThread(KeGetCurrentThread(), priority);
        KeWaitForSingleObject(&go, Executive, KernelMode, FALSE, nullptr);
        order += name;
    };
    thread("plain", [&] { wait("plain ", 8); });
    thread("urgent", [&] { wait("urgent ", 15); });
    run();
    thread("go", [&] { KeSetEvent(&go, IO_NO_INCREMENT, FALSE); });
    run();
    EXPECT_EQ(order, "urgent plain ");
}

}  // namespace
}  // namespace gpioclx::kernel
