// What drivers may rely on, and what they must not do, with requests that they send.
#include "framework/io_target_fixture.h"

namespace gpioclx::framework {
namespace {

// Whoever has closed a target may free what its completion routines use.
TEST_F(IoTargetTest, closing_waits_for_the_completion_routine) {
    started([this](WDFIOTARGET target) {
        plan.pend = true;
        UCHAR byte = 0;
        WDFREQUEST request = formatted(target, memory_over(&byte, 1));
        static bool left = false;
        left = false;
        WdfRequestSetCompletionRoutine(
            request,
            [](WDFREQUEST, WDFIOTARGET, PWDF_REQUEST_COMPLETION_PARAMS, WDFCONTEXT) {
                KeStallExecutionProcessor(50);
                left = true;
            },
            nullptr);
        ASSERT_TRUE(WdfRequestSend(request, target, nullptr));
        IoSetCancelRoutine(plan.pending, nullptr);
        const machine::NameId name = names.intern("completes");
        {
            machine::ArenaScope inside;
            machine().create_thread(
                name,
                [](void*) {
                    KeStallExecutionProcessor(10);
                    complete_irp(plan.pending, STATUS_SUCCESS);
                },
                nullptr, 8, 2);
        }
        WdfIoTargetPurge(target, WdfIoTargetPurgeIoAndWait);
        EXPECT_TRUE(left);
        WdfObjectDelete(request);
    });
    EXPECT_TRUE(findings().empty());
}

// ReqSendWhileSpinlock: the completion routine may run inside.
TEST_F(IoTargetTest, a_request_is_sent_with_a_spin_lock_held) {
    started([](WDFIOTARGET target) {
        WDFSPINLOCK lock = nullptr;
        ASSERT_EQ(WdfSpinLockCreate(nullptr, &lock), STATUS_SUCCESS);
        UCHAR byte = 0;
        WDFREQUEST request = formatted(target, memory_over(&byte, 1));
        WdfRequestSetCompletionRoutine(request, completed, &plan);
        WdfSpinLockAcquire(lock);
        ASSERT_TRUE(WdfRequestSend(request, target, nullptr));
        WdfSpinLockRelease(lock);
        WdfObjectDelete(request);
        request = formatted(target, memory_over(&byte, 1));
        WdfRequestSetCompletionRoutine(request, completed, &plan);
        ASSERT_TRUE(WdfRequestSend(request, target, nullptr));
        WdfObjectDelete(request);
        WdfObjectDelete(lock);
    });
    ASSERT_EQ(findings().size(), 1u);
    EXPECT_TRUE(findings()[0].starts_with("lock-208"));
}

TEST_F(IoTargetTest, a_request_is_sent_again_without_reuse) {
    started([](WDFIOTARGET target) {
        UCHAR byte = 0;
        WDFREQUEST request = formatted(target, memory_over(&byte, 1));
        WdfRequestSetCompletionRoutine(request, completed, &plan);
        ASSERT_TRUE(WdfRequestSend(request, target, nullptr));
        EXPECT_EQ(WdfIoTargetFormatRequestForIoctl(target, request, ioctl_buffered, nullptr,
                                                   nullptr, nullptr, nullptr),
                  STATUS_SUCCESS);
        WdfObjectDelete(request);
    });
    ASSERT_EQ(findings().size(), 1u);
    EXPECT_TRUE(findings()[0].starts_with("lifetime-237"));
}

TEST_F(IoTargetTest, a_request_is_deleted_while_it_is_away) {
    started([](WDFIOTARGET target) {
        plan.pend = true;
        UCHAR byte = 0;
        WDFREQUEST request = formatted(target, memory_over(&byte, 1));
        WdfRequestSetCompletionRoutine(request, completed, &plan);
        ASSERT_TRUE(WdfRequestSend(request, target, nullptr));
        WdfObjectDelete(request);
    });
    ASSERT_FALSE(findings().empty());
    EXPECT_TRUE(findings()[0].starts_with("lifetime-238"));
}

}  // namespace
}  // namespace gpioclx::framework
