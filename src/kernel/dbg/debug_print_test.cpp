#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

using Debugger = KernelTest;

// Drivers that want to stop only under a debugger ask first.
TEST_F(Debugger, there_is_none_and_a_breakpoint_is_a_finding) {
    run_as_thread([] {
        EXPECT_TRUE(KdRefreshDebuggerNotPresent());
        EXPECT_FALSE(KD_DEBUGGER_ENABLED);
        EXPECT_TRUE(KD_DEBUGGER_NOT_PRESENT);
        DbgBreakPoint();
    });
    EXPECT_EQ(findings().size(), 1u);
}

}  // namespace
}  // namespace gpioclx::kernel
