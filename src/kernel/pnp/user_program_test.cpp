#include "kernel/pnp/user_program.h"

#include <optional>

#include "kernel/io/test_driver.h"
#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel::pnp {
namespace {

using io::complete;
using Request = Kernel::UserRequest;

void cancel_held(PDEVICE_OBJECT, PIRP irp) {
    IoReleaseCancelSpinLock(irp->CancelIrql);
    complete(irp, STATUS_CANCELLED);
}

// A device that holds what it is sent, until it is cancelled or let go.
class UserProgramTest : public KernelTest {
  protected:
    void open() {
        thread("driver", [this] {
            driver.emplace("led");
            driver->add_device(dispatch, nullptr, "\\Device\\Led");
        });
        run();
        Request request;
        request.name = "\\Device\\Led";
        submit(request);
        ASSERT_TRUE(request.finished);
        handle = request.handle;
    }
    void submit(Request& request) {
        submit_user_request(request);
        run();
    }
    Request ioctl() const {
        Request request;
        request.operation = Request::Operation::ioctl;
        request.handle = handle;
        return request;
    }
    NTSTATUS cancel(Request& victim) {
        Request request;
        request.operation = Request::Operation::cancel;
        request.victim = &victim;
        submit(request);
        EXPECT_TRUE(request.finished);
        return static_cast<NTSTATUS>(request.status);
    }

    io::Dispatch dispatch = [this](PDEVICE_OBJECT, PIRP irp) {
        if (IoGetCurrentIrpStackLocation(irp)->MajorFunction != IRP_MJ_DEVICE_CONTROL)
            return complete(irp, STATUS_SUCCESS);
        if (completes) return complete(irp, STATUS_SUCCESS);
        IoMarkIrpPending(irp);
        if (cancelable) IoSetCancelRoutine(irp, cancel_held);
        held = irp;
        return STATUS_PENDING;
    };
    std::optional<io::TestDriver> driver;
    std::uint64_t handle = 0;
    PIRP held = nullptr;
    bool completes = false;
    bool cancelable = true;
};

TEST_F(UserProgramTest, a_held_request_is_cancelled) {
    open();
    Request request = ioctl();
    submit(request);
    EXPECT_TRUE(request.pending);
    EXPECT_FALSE(request.finished);
    EXPECT_EQ(cancel(request), STATUS_SUCCESS);
    EXPECT_TRUE(request.finished);
    EXPECT_EQ(static_cast<NTSTATUS>(request.status), STATUS_CANCELLED);
}

TEST_F(UserProgramTest, what_is_completed_cannot_be_cancelled) {
    open();
    completes = true;
    Request request = ioctl();
    submit(request);
    EXPECT_TRUE(request.finished);
    EXPECT_FALSE(request.pending);
    EXPECT_EQ(cancel(request), STATUS_NOT_FOUND);
}

// As with CancelIoEx: asking succeeds, the request stays until the driver lets it go.
TEST_F(UserProgramTest, a_driver_without_a_cancel_routine_keeps_the_request) {
    open();
    cancelable = false;
    Request request = ioctl();
    submit(request);
    EXPECT_EQ(cancel(request), STATUS_SUCCESS);
    EXPECT_FALSE(request.finished);
    thread("driver", [this] {
        EXPECT_TRUE(held->Cancel);
        complete(held, STATUS_SUCCESS);
    });
    run();
    EXPECT_TRUE(request.finished);
    EXPECT_EQ(static_cast<NTSTATUS>(request.status), STATUS_SUCCESS);
}

TEST_F(UserProgramTest, the_memory_of_a_cancelled_request_is_freed_once) {
    open();
    for (int i = 0; i < 200; ++i) {  // more than freed requests rest (irp_quarantine_length)
        Request request = ioctl();
        submit(request);
        ASSERT_EQ(cancel(request), STATUS_SUCCESS);
        ASSERT_TRUE(request.finished);
    }
}

}  // namespace
}  // namespace gpioclx::kernel::pnp
