#include "kernel/io/irp.h"

#include <cstring>
#include <optional>

#include "kernel/io/device_object.h"
#include "kernel/io/test_driver.h"
#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel::io {
namespace {

constexpr ULONG buffered_code =
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS);
constexpr ULONG direct_code =
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_OUT_DIRECT, FILE_ANY_ACCESS);

class IrpTest : public KernelTest {};

NTSTATUS note_and_go_on(PDEVICE_OBJECT, PIRP irp, PVOID context) {
    static_cast<std::string*>(context)->append("x");
    if (irp->PendingReturned) IoMarkIrpPending(irp);
    return STATUS_CONTINUE_COMPLETION;
}

NTSTATUS keep(PDEVICE_OBJECT, PIRP, PVOID context) {
    KeSetEvent(static_cast<PKEVENT>(context), IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

struct Named {
    std::string* order;
    char name;
};
NTSTATUS note_name(PDEVICE_OBJECT device, PIRP, PVOID context) {
    auto named = static_cast<Named*>(context);
    named->order->push_back(named->name);
    // The device is that of the driver which set the routine; the sender has none.
    named->order->push_back(device == nullptr ? '-' : '+');
    return STATUS_CONTINUE_COMPLETION;
}

TEST_F(IrpTest, completion_routines_run_from_the_lowest_driver_to_the_sender) {
    std::string order;
    KEVENT done;
    run_as_thread([&] {
        KeInitializeEvent(&done, NotificationEvent, FALSE);
        TestDriver driver("stack");
        Dispatch bottom = [](PDEVICE_OBJECT, PIRP irp) { return complete(irp, STATUS_SUCCESS, 7); };
        Named middle_name{&order, 'm'};
        Dispatch middle = [&](PDEVICE_OBJECT device, PIRP irp) {
            IoCopyCurrentIrpStackLocationToNext(irp);
            IoSetCompletionRoutine(irp, note_name, &middle_name, TRUE, TRUE, TRUE);
            return IoCallDriver(lower_of(device), irp);
        };
        Named top_name{&order, 't'};
        Dispatch top = [&](PDEVICE_OBJECT device, PIRP irp) {
            IoCopyCurrentIrpStackLocationToNext(irp);
            IoSetCompletionRoutine(irp, note_name, &top_name, TRUE, TRUE, TRUE);
            return IoCallDriver(lower_of(device), irp);
        };
        PDEVICE_OBJECT device =
            driver.add_device(top, driver.add_device(middle, driver.add_device(bottom)));
        ASSERT_EQ(device->StackSize, 3);
        PIRP irp = IoAllocateIrp(device->StackSize, FALSE);
        IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_READ;
        EXPECT_EQ(call_and_wait(device, irp), STATUS_SUCCESS);
        EXPECT_EQ(irp->IoStatus.Information, 7u);
        IoFreeIrp(irp);
    });
    EXPECT_EQ(order, "m+t+");
}

TEST_F(IrpTest, more_processing_required_gives_the_request_back_and_completion_goes_on_later) {
    run_as_thread([&] {
        TestDriver driver("stack");
        Dispatch bottom = [](PDEVICE_OBJECT, PIRP irp) {
            return complete(irp, STATUS_DEVICE_BUSY);
        };
        Dispatch top = [](PDEVICE_OBJECT device, PIRP irp) {
            KEVENT event;
            KeInitializeEvent(&event, NotificationEvent, FALSE);
            IoCopyCurrentIrpStackLocationToNext(irp);
            IoSetCompletionRoutine(irp, keep, &event, TRUE, TRUE, TRUE);
            IoCallDriver(lower_of(device), irp);
            EXPECT_NE(KeReadStateEvent(&event), 0);
            EXPECT_EQ(irp->IoStatus.Status, STATUS_DEVICE_BUSY);
            return complete(irp, STATUS_SUCCESS, 3);
        };
        PDEVICE_OBJECT device = driver.add_device(top, driver.add_device(bottom));
        IO_STATUS_BLOCK result{};
        KEVENT done;
        KeInitializeEvent(&done, NotificationEvent, FALSE);
        PIRP irp = IoBuildDeviceIoControlRequest(buffered_code, device, nullptr, 0, nullptr, 0,
                                                 FALSE, &done, &result);
        EXPECT_EQ(IoCallDriver(device, irp), STATUS_SUCCESS);
        EXPECT_NE(KeReadStateEvent(&done), 0);
        EXPECT_EQ(result.Status, STATUS_SUCCESS);
        EXPECT_EQ(result.Information, 3u);
    });
}

TEST_F(IrpTest, a_request_that_drivers_pass_on_is_sent_and_completed_once_for_observers) {
    run_as_thread([&] {
        TestDriver driver("led");
        Dispatch bottom = [](PDEVICE_OBJECT, PIRP irp) { return complete(irp, STATUS_SUCCESS); };
        Dispatch top = [](PDEVICE_OBJECT device, PIRP irp) {
            IoSkipCurrentIrpStackLocation(irp);
            return IoCallDriver(lower_of(device), irp);
        };
        PDEVICE_OBJECT device = driver.add_device(top, driver.add_device(bottom), "\\Device\\Led");
        PIRP irp = IoAllocateIrp(device->StackSize, FALSE);
        IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_WRITE;
        call_and_wait(device, irp);
        IoFreeIrp(irp);
    });
    EXPECT_EQ(subjects(machine::EventKind::request_sent),
              std::vector<std::string>{"\\Device\\Led"});
    // Completed by the driver below, which has no name of its own.
    EXPECT_EQ(subjects(machine::EventKind::request_completed).size(), 1u);
}

TEST_F(IrpTest, a_buffered_request_copies_input_in_and_information_bytes_out) {
    run_as_thread([&] {
        TestDriver driver("echo");
        Dispatch echo = [](PDEVICE_OBJECT, PIRP irp) {
            auto text = static_cast<char*>(irp->AssociatedIrp.SystemBuffer);
            EXPECT_EQ(std::memcmp(text, "in", 2), 0);
            std::memcpy(text, "outside", 7);
            return complete(irp, STATUS_SUCCESS, 3);
        };
        PDEVICE_OBJECT device = driver.add_device(echo);
        char input[] = "in";
        char output[8] = "-------";
        IO_STATUS_BLOCK result{};
        KEVENT done;
        KeInitializeEvent(&done, NotificationEvent, FALSE);
        PIRP irp = IoBuildDeviceIoControlRequest(buffered_code, device, input, 2, output, 7, FALSE,
                                                 &done, &result);
        IoCallDriver(device, irp);
        EXPECT_STREQ(output, "out----");
    });
}

TEST_F(IrpTest, a_direct_request_gives_the_driver_the_callers_memory) {
    run_as_thread([&] {
        TestDriver driver("direct");
        char output[4] = "---";
        Dispatch fill = [&](PDEVICE_OBJECT, PIRP irp) {
            EXPECT_NE(irp->MdlAddress, nullptr);
            void* mapped = MmGetSystemAddressForMdlSafe(irp->MdlAddress, NormalPagePriority);
            EXPECT_EQ(mapped, static_cast<void*>(output));
            std::memcpy(mapped, "abc", 3);
            return complete(irp, STATUS_SUCCESS, 3);
        };
        PDEVICE_OBJECT device = driver.add_device(fill);
        IO_STATUS_BLOCK result{};
        KEVENT done;
        KeInitializeEvent(&done, NotificationEvent, FALSE);
        PIRP irp = IoBuildDeviceIoControlRequest(direct_code, device, nullptr, 0, output, 3, FALSE,
                                                 &done, &result);
        IoCallDriver(device, irp);
        EXPECT_STREQ(output, "abc");
    });
}

TEST_F(IrpTest, a_request_completed_twice_is_bug_check_44) {
    thread("sender", [&] {
        TestDriver driver("careless");
        Dispatch twice = [](PDEVICE_OBJECT, PIRP irp) {
            complete(irp, STATUS_SUCCESS);
            return complete(irp, STATUS_SUCCESS);
        };
        PDEVICE_OBJECT device = driver.add_device(twice);
        IO_STATUS_BLOCK result{};
        KEVENT done;
        KeInitializeEvent(&done, NotificationEvent, FALSE);
        IoCallDriver(device, IoBuildDeviceIoControlRequest(buffered_code, device, nullptr, 0,
                                                           nullptr, 0, FALSE, &done, &result));
        ADD_FAILURE() << "went on after the second completion";
    });
    run();
    EXPECT_TRUE(found("lifetime-020"));
    ASSERT_FALSE(subjects(machine::EventKind::halt).empty());
    EXPECT_NE(subjects(machine::EventKind::halt)[0].find("MULTIPLE_IRP_COMPLETE_REQUESTS"),
              std::string::npos);
}

TEST_F(IrpTest, a_request_without_a_stack_location_for_the_driver_is_bug_check_35) {
    thread("sender", [&] {
        TestDriver driver("short");
        Dispatch bottom = [](PDEVICE_OBJECT, PIRP irp) { return complete(irp, STATUS_SUCCESS); };
        Dispatch top = [](PDEVICE_OBJECT device, PIRP irp) {
            IoCopyCurrentIrpStackLocationToNext(irp);
            return IoCallDriver(lower_of(device), irp);
        };
        PDEVICE_OBJECT device = driver.add_device(top, driver.add_device(bottom));
        PIRP irp = IoAllocateIrp(1, FALSE);
        IoCallDriver(device, irp);
    });
    run();
    EXPECT_TRUE(found("lifetime-024"));
}

VOID cancel_pending(PDEVICE_OBJECT, PIRP irp) {
    IoReleaseCancelSpinLock(irp->CancelIrql);
    complete(irp, STATUS_CANCELLED);
}

// The driver holds a request that one thread cancels while another completes it: whoever takes the
// cancel routine away owns the request, in every schedule.
TEST_F(IrpTest, cancel_and_completion_race_for_one_owner) {
    int cancelled = 0;
    int completed = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        start(2, seed);
        PIRP held = nullptr;
        IO_STATUS_BLOCK result{};
        KEVENT done;
        KEVENT pending;
        Dispatch hold = [&](PDEVICE_OBJECT, PIRP irp) {
            IoMarkIrpPending(irp);
            IoSetCancelRoutine(irp, cancel_pending);
            held = irp;
            KeSetEvent(&pending, IO_NO_INCREMENT, FALSE);
            return STATUS_PENDING;
        };
        std::optional<TestDriver> driver;
        thread("sender", [&] {
            KeInitializeEvent(&done, NotificationEvent, FALSE);
            KeInitializeEvent(&pending, NotificationEvent, FALSE);
            driver.emplace("holder");
            PDEVICE_OBJECT device = driver->add_device(hold);
            PIRP irp = IoBuildDeviceIoControlRequest(buffered_code, device, nullptr, 0, nullptr, 0,
                                                     FALSE, &done, &result);
            EXPECT_EQ(IoCallDriver(device, irp), STATUS_PENDING);
            KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, nullptr);
        });
        run();
        KeSetEvent(&pending, IO_NO_INCREMENT, FALSE);
        const std::uint64_t delay_us = seed % 8;
        thread("canceller", [&, delay_us] {
            KeStallExecutionProcessor(static_cast<ULONG>(delay_us));
            IoCancelIrp(held);
        });
        thread("device", [&] {
            KeStallExecutionProcessor(3);
            PIRP irp = held;
            if (IoSetCancelRoutine(irp, nullptr) != nullptr) complete(irp, STATUS_SUCCESS);
        });
        run();
        EXPECT_TRUE(findings().empty()) << "seed " << seed << ": " << findings()[0];
        (result.Status == STATUS_CANCELLED ? cancelled : completed)++;
    }
    EXPECT_GT(cancelled, 0);
    EXPECT_GT(completed, 0);
}

TEST_F(IrpTest, a_routine_is_called_for_errors_only_if_it_asked_for_errors) {
    std::string called;
    run_as_thread([&] {
        TestDriver driver("stack");
        Dispatch bottom = [](PDEVICE_OBJECT, PIRP irp) {
            return complete(irp, STATUS_IO_DEVICE_ERROR);
        };
        Dispatch top = [&](PDEVICE_OBJECT device, PIRP irp) {
            IoCopyCurrentIrpStackLocationToNext(irp);
            IoSetCompletionRoutine(irp, note_and_go_on, &called, TRUE, FALSE, FALSE);
            return IoCallDriver(lower_of(device), irp);
        };
        PDEVICE_OBJECT device = driver.add_device(top, driver.add_device(bottom));
        PIRP irp = IoAllocateIrp(device->StackSize, FALSE);
        EXPECT_EQ(call_and_wait(device, irp), STATUS_IO_DEVICE_ERROR);
        IoFreeIrp(irp);
    });
    EXPECT_EQ(called, "");
}

}  // namespace
}  // namespace gpioclx::kernel::io
