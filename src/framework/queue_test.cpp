// Requests through queues.
#include "framework/queue.h"

#include "framework/framework_fixture.h"

namespace gpioclx::framework {
namespace {

struct Plan {
    WDF_IO_QUEUE_CONFIG config;
    WDF_OBJECT_ATTRIBUTES queue_attributes;
    bool has_queue_attributes = false;
    WDFQUEUE queue = nullptr;
    WDFQUEUE second = nullptr;
    WDFREQUEST held[8] = {};
    ULONG held_count = 0;
    bool hold = false;
    PFN_WDF_IO_IN_CALLER_CONTEXT in_caller_context = nullptr;
    KIRQL irql_seen = 255;
};
Plan plan;

void hold_or_complete(WDFREQUEST request) {
    plan.irql_seen = KeGetCurrentIrql();
    if (plan.hold) {
        plan.held[plan.held_count++] = request;
    } else {
        WdfRequestComplete(request, STATUS_SUCCESS);
    }
}
void io_device_control(WDFQUEUE, WDFREQUEST request, size_t, size_t, ULONG) {
    GX_NOTE("ioctl");
    hold_or_complete(request);
    GX_NOTE("ioctl-returns");
}
void io_read(WDFQUEUE, WDFREQUEST request, size_t length) {
    GX_NOTE("read");
    PVOID buffer = nullptr;
    size_t size = 0;
    EXPECT_EQ(WdfRequestRetrieveOutputBuffer(request, 1, &buffer, &size), STATUS_SUCCESS);
    EXPECT_EQ(size, length);
    std::memset(buffer, 0x5A, size);
    WdfRequestCompleteWithInformation(request, STATUS_SUCCESS, size);
}
void io_stop(WDFQUEUE, WDFREQUEST request, ULONG flags) {
    GX_NOTE((flags & WdfRequestStopActionPurge) != 0 ? "stop-purge" : "stop-suspend");
    if ((flags & WdfRequestStopActionPurge) != 0) {
        WdfRequestComplete(request, STATUS_CANCELLED);
    } else {
        WdfRequestStopAcknowledge(request, FALSE);
    }
}
void io_canceled(WDFQUEUE, WDFREQUEST request) {
    GX_NOTE("canceled-on-queue");
    WdfRequestComplete(request, STATUS_CANCELLED);
}
void request_cancel(WDFREQUEST request) {
    GX_NOTE("cancel");
    WdfRequestComplete(request, STATUS_CANCELLED);
}

NTSTATUS device_add(WDFDRIVER, PWDFDEVICE_INIT init) {
    if (plan.in_caller_context != nullptr)
        WdfDeviceInitSetIoInCallerContextCallback(init, plan.in_caller_context);
    WDFDEVICE device;
    NTSTATUS status = WdfDeviceCreate(&init, nullptr, &device);
    if (!NT_SUCCESS(status)) return status;
    FrameworkTest::current->device = device;
    status =
        WdfIoQueueCreate(device, &plan.config,
                         plan.has_queue_attributes ? &plan.queue_attributes : nullptr, &plan.queue);
    EXPECT_EQ(status, STATUS_SUCCESS);
    WDF_IO_QUEUE_CONFIG manual;
    WDF_IO_QUEUE_CONFIG_INIT(&manual, WdfIoQueueDispatchManual);
    manual.EvtIoCanceledOnQueue = io_canceled;
    EXPECT_EQ(WdfIoQueueCreate(device, &manual, nullptr, &plan.second), STATUS_SUCCESS);
    return status;
}

class QueueTest : public FrameworkTest {
  protected:
    void SetUp() override {
        FrameworkTest::SetUp();
        plan = {};
        configure(WdfIoQueueDispatchSequential);
    }
    void configure(WDF_IO_QUEUE_DISPATCH_TYPE type) {
        WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&plan.config, type);
        plan.config.EvtIoDeviceControl = io_device_control;
        plan.config.EvtIoRead = io_read;
    }
    void started(std::function<void()> body) {
        run_as_thread([this, body] {
            ASSERT_EQ(load(device_add), STATUS_SUCCESS);
            ASSERT_EQ(start_device(), STATUS_SUCCESS);
            body();
        });
    }
};

TEST_F(QueueTest, a_request_is_presented_and_completed_once) {
    started([this] {
        const Outcome outcome = ioctl(ioctl_buffered);
        EXPECT_EQ(outcome.status, STATUS_SUCCESS);
        EXPECT_EQ(trace.text(), "ioctl ioctl-returns");
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(QueueTest, a_read_gets_its_buffer_and_reports_what_was_read) {
    started([this] {
        UCHAR bytes[4] = {};
        const Outcome outcome = send(build_transfer(IRP_MJ_READ, bytes, sizeof(bytes)));
        EXPECT_EQ(outcome.status, STATUS_SUCCESS);
        EXPECT_EQ(outcome.information, 4u);
        EXPECT_EQ(bytes[3], 0x5A);
    });
}

TEST_F(QueueTest, zero_length_transfers_are_completed_by_the_framework) {
    started([this] {
        EXPECT_EQ(send(build_transfer(IRP_MJ_READ, nullptr, 0)).status, STATUS_SUCCESS);
        EXPECT_EQ(trace.text(), "");
    });
}

TEST_F(QueueTest, what_no_callback_handles_is_an_invalid_request) {
    started([this] {
        UCHAR byte = 0;
        EXPECT_EQ(send(build_transfer(IRP_MJ_WRITE, &byte, 1)).status,
                  STATUS_INVALID_DEVICE_REQUEST);
    });
}

TEST_F(QueueTest, a_sequential_queue_presents_the_next_request_after_completion) {
    plan.hold = true;
    started([this] {
        Outcome first, second;
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), first);
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), second);
        EXPECT_EQ(plan.held_count, 1u);
        WdfRequestComplete(plan.held[0], STATUS_SUCCESS);
        EXPECT_TRUE(first.done);
        EXPECT_EQ(plan.held_count, 2u);
        WdfRequestComplete(plan.held[1], STATUS_SUCCESS);
        EXPECT_TRUE(second.done);
    });
}

TEST_F(QueueTest, completing_in_a_callback_does_not_call_it_again_on_top_of_itself) {
    plan.hold = true;
    started([this] {
        Outcome first, second, third;
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), first);
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), second);
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), third);
        plan.hold = false;
        trace = {};
        WdfRequestComplete(plan.held[0], STATUS_SUCCESS);
        EXPECT_TRUE(third.done);
        EXPECT_EQ(trace.text(), "ioctl ioctl-returns ioctl ioctl-returns");
    });
}

TEST_F(QueueTest, a_parallel_queue_presents_up_to_its_limit) {
    configure(WdfIoQueueDispatchParallel);
    plan.config.Settings.Parallel.NumberOfPresentedRequests = 2;
    plan.hold = true;
    started([this] {
        Outcome outcomes[3];
        for (Outcome& outcome : outcomes)
            send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), outcome);
        EXPECT_EQ(plan.held_count, 2u);
        WdfRequestComplete(plan.held[0], STATUS_SUCCESS);
        EXPECT_EQ(plan.held_count, 3u);
        WdfRequestComplete(plan.held[1], STATUS_SUCCESS);
        WdfRequestComplete(plan.held[2], STATUS_SUCCESS);
    });
}

TEST_F(QueueTest, a_power_managed_queue_holds_requests_until_D0) {
    run_as_thread([this] {
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        Outcome outcome;
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), outcome);
        EXPECT_FALSE(outcome.done);
        ULONG waiting = 0;
        EXPECT_NE(WdfIoQueueGetState(plan.queue, &waiting, nullptr) & WdfIoQueuePnpHeld, 0);
        EXPECT_EQ(waiting, 1u);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        EXPECT_TRUE(outcome.done);
    });
}

TEST_F(QueueTest, removal_stops_what_the_driver_holds) {
    plan.hold = true;
    plan.config.EvtIoStop = io_stop;
    started([this] {
        Outcome outcome;
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), outcome);
        remove_device();
        EXPECT_TRUE(trace.has("stop-purge"));
        EXPECT_EQ(outcome.status, STATUS_CANCELLED);
    });
}

TEST_F(QueueTest, a_waiting_request_is_cancelled_without_the_driver) {
    plan.hold = true;
    started([this] {
        Outcome first, second;
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), first);
        PIRP irp = build_ioctl(ioctl_buffered, nullptr, 0, 0);
        send_async(irp, second);
        EXPECT_TRUE(IoCancelIrp(irp));
        EXPECT_TRUE(second.done);
        EXPECT_EQ(second.status, STATUS_CANCELLED);
        EXPECT_EQ(plan.held_count, 1u);
        WdfRequestComplete(plan.held[0], STATUS_SUCCESS);
    });
}

TEST_F(QueueTest, a_forwarded_request_is_cancelled_through_EvtIoCanceledOnQueue) {
    plan.hold = true;
    started([this] {
        Outcome outcome;
        PIRP irp = build_ioctl(ioctl_buffered, nullptr, 0, 0);
        send_async(irp, outcome);
        ASSERT_EQ(plan.held_count, 1u);
        EXPECT_EQ(WdfRequestForwardToIoQueue(plan.held[0], plan.queue),
                  STATUS_INVALID_DEVICE_REQUEST);
        EXPECT_EQ(WdfRequestForwardToIoQueue(plan.held[0], plan.second), STATUS_SUCCESS);
        IoCancelIrp(irp);
        EXPECT_TRUE(trace.has("canceled-on-queue"));
        EXPECT_EQ(outcome.status, STATUS_CANCELLED);
    });
}

TEST_F(QueueTest, a_manual_queue_is_retrieved_in_order) {
    plan.hold = true;
    configure(WdfIoQueueDispatchParallel);
    started([this] {
        Outcome first, second;
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), first);
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), second);
        WdfRequestForwardToIoQueue(plan.held[0], plan.second);
        WdfRequestForwardToIoQueue(plan.held[1], plan.second);
        WDFREQUEST request = nullptr;
        ASSERT_EQ(WdfIoQueueRetrieveNextRequest(plan.second, &request), STATUS_SUCCESS);
        EXPECT_EQ(request, plan.held[0]);
        EXPECT_EQ(WdfRequestRequeue(request), STATUS_SUCCESS);
        ASSERT_EQ(WdfIoQueueRetrieveNextRequest(plan.second, &request), STATUS_SUCCESS);
        EXPECT_EQ(request, plan.held[0]);
        WdfRequestComplete(request, STATUS_SUCCESS);
        ASSERT_EQ(WdfIoQueueRetrieveNextRequest(plan.second, &request), STATUS_SUCCESS);
        WdfRequestComplete(request, STATUS_SUCCESS);
        EXPECT_EQ(WdfIoQueueRetrieveNextRequest(plan.second, &request), STATUS_NO_MORE_ENTRIES);
        EXPECT_TRUE(first.done && second.done);
    });
}

TEST_F(QueueTest, a_cancelable_request_is_cancelled_through_its_callback) {
    plan.hold = true;
    started([this] {
        Outcome outcome;
        PIRP irp = build_ioctl(ioctl_buffered, nullptr, 0, 0);
        send_async(irp, outcome);
        ASSERT_EQ(WdfRequestMarkCancelableEx(plan.held[0], request_cancel), STATUS_SUCCESS);
        IoCancelIrp(irp);
        EXPECT_TRUE(trace.has("cancel"));
        EXPECT_EQ(outcome.status, STATUS_CANCELLED);
    });
}

TEST_F(QueueTest, an_unmarked_request_is_the_drivers_again) {
    plan.hold = true;
    started([this] {
        Outcome outcome;
        PIRP irp = build_ioctl(ioctl_buffered, nullptr, 0, 0);
        send_async(irp, outcome);
        WdfRequestMarkCancelable(plan.held[0], request_cancel);
        EXPECT_EQ(WdfRequestUnmarkCancelable(plan.held[0]), STATUS_SUCCESS);
        IoCancelIrp(irp);
        EXPECT_FALSE(trace.has("cancel"));
        EXPECT_EQ(WdfRequestMarkCancelableEx(plan.held[0], request_cancel), STATUS_CANCELLED);
        WdfRequestComplete(plan.held[0], STATUS_SUCCESS);
        EXPECT_EQ(outcome.status, STATUS_SUCCESS);
    });
}

TEST_F(QueueTest, a_second_completion_is_a_bug_check) {
    plan.hold = true;
    machine();
    thread("test", [this] {
        load(device_add);
        start_device();
        Outcome outcome;
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), outcome);
        WdfRequestComplete(plan.held[0], STATUS_SUCCESS);
        WdfRequestComplete(plan.held[0], STATUS_SUCCESS);
        GX_NOTE("went on");
    });
    run();
    EXPECT_TRUE(machine().halted());
    EXPECT_TRUE(found("lifetime-205") || found("lifetime-201"));
    EXPECT_FALSE(trace.has("went on"));
}

TEST_F(QueueTest, a_second_completion_is_a_bug_check_although_the_request_is_referenced) {
    plan.hold = true;
    machine();
    thread("test", [this] {
        load(device_add);
        start_device();
        Outcome outcome;
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), outcome);
        WdfObjectReference(plan.held[0]);
        WdfRequestComplete(plan.held[0], STATUS_SUCCESS);
        WdfRequestComplete(plan.held[0], STATUS_SUCCESS);
        GX_NOTE("went on");
    });
    run();
    EXPECT_TRUE(machine().halted());
    EXPECT_TRUE(found("lifetime-205"));
    EXPECT_FALSE(trace.has("went on"));
}

TEST_F(QueueTest, more_information_than_the_output_buffer_holds_is_a_bug_check) {
    plan.hold = true;
    machine();
    thread("test", [this] {
        load(device_add);
        start_device();
        Outcome outcome;
        UCHAR bytes[4];
        send_async(build_ioctl(ioctl_buffered, bytes, 0, 4), outcome);
        WdfRequestCompleteWithInformation(plan.held[0], STATUS_SUCCESS, 5);
    });
    run();
    EXPECT_TRUE(machine().halted());
    EXPECT_TRUE(found("lifetime-223"));
}

TEST_F(QueueTest, a_passive_queue_gets_its_callback_at_passive_level_from_dispatch_level) {
    WDF_OBJECT_ATTRIBUTES_INIT(&plan.queue_attributes);
    plan.queue_attributes.ExecutionLevel = WdfExecutionLevelPassive;
    plan.has_queue_attributes = true;
    started([this] {
        Outcome outcome;
        PIRP irp = build_ioctl(ioctl_buffered, nullptr, 0, 0);
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        send_async(irp, outcome);
        EXPECT_FALSE(outcome.done);
        KeLowerIrql(irql);
        for (int i = 0; i < 100 && !outcome.done; ++i) sleep_us(100);
        EXPECT_TRUE(outcome.done);
        EXPECT_EQ(plan.irql_seen, PASSIVE_LEVEL);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(QueueTest, queue_scope_without_passive_execution_calls_at_dispatch_level) {
    WDF_OBJECT_ATTRIBUTES_INIT(&plan.queue_attributes);
    plan.queue_attributes.SynchronizationScope = WdfSynchronizationScopeQueue;
    plan.has_queue_attributes = true;
    started([this] {
        EXPECT_EQ(ioctl(ioctl_buffered).status, STATUS_SUCCESS);
        EXPECT_EQ(plan.irql_seen, DISPATCH_LEVEL);
    });
}

TEST_F(QueueTest, buffers_too_small_are_refused) {
    plan.hold = true;
    started([this] {
        Outcome outcome;
        UCHAR bytes[4] = {1, 2, 3, 4};
        send_async(build_ioctl(ioctl_buffered, bytes, 4, 0), outcome);
        PVOID buffer;
        size_t length;
        EXPECT_EQ(WdfRequestRetrieveInputBuffer(plan.held[0], 5, &buffer, &length),
                  STATUS_BUFFER_TOO_SMALL);
        EXPECT_EQ(WdfRequestRetrieveInputBuffer(plan.held[0], 4, &buffer, &length), STATUS_SUCCESS);
        EXPECT_EQ(buffer, bytes);
        EXPECT_EQ(WdfRequestRetrieveOutputBuffer(plan.held[0], 0, &buffer, &length),
                  STATUS_BUFFER_TOO_SMALL);
        WDFMEMORY memory = nullptr;
        EXPECT_EQ(WdfRequestRetrieveInputMemory(plan.held[0], &memory), STATUS_SUCCESS);
        EXPECT_EQ(WdfMemoryGetBuffer(memory, &length), bytes);
        WDF_REQUEST_PARAMETERS parameters;
        WDF_REQUEST_PARAMETERS_INIT(&parameters);
        WdfRequestGetParameters(plan.held[0], &parameters);
        EXPECT_EQ(parameters.Type, WdfRequestTypeDeviceControl);
        EXPECT_EQ(parameters.Parameters.DeviceIoControl.IoControlCode, ioctl_buffered);
        EXPECT_EQ(parameters.Parameters.DeviceIoControl.InputBufferLength, 4u);
        WdfRequestComplete(plan.held[0], STATUS_SUCCESS);
    });
}

TEST_F(QueueTest, a_request_goes_through_the_callers_context_first) {
    plan.in_caller_context = [](WDFDEVICE device, WDFREQUEST request) {
        GX_NOTE("in-caller-context");
        EXPECT_EQ(WdfDeviceEnqueueRequest(device, request), STATUS_SUCCESS);
    };
    started([this] {
        EXPECT_EQ(ioctl(ioctl_buffered).status, STATUS_SUCCESS);
        EXPECT_EQ(trace.text(), "in-caller-context ioctl ioctl-returns");
    });
}

TEST_F(QueueTest, a_stopped_queue_holds_and_a_purged_one_refuses) {
    started([this] {
        WdfIoQueueStopSynchronously(plan.queue);
        Outcome held;
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), held);
        EXPECT_FALSE(held.done);
        WdfIoQueueStart(plan.queue);
        EXPECT_TRUE(held.done);
        WdfIoQueuePurgeSynchronously(plan.queue);
        EXPECT_EQ(ioctl(ioctl_buffered).status, STATUS_INVALID_DEVICE_STATE);
        WdfIoQueueStart(plan.queue);
        EXPECT_EQ(ioctl(ioctl_buffered).status, STATUS_SUCCESS);
    });
}

TEST_F(QueueTest, draining_waits_for_what_the_driver_has) {
    plan.hold = true;
    started([this] {
        Outcome outcome;
        send_async(build_ioctl(ioctl_buffered, nullptr, 0, 0), outcome);
        WdfIoQueueDrain(
            plan.queue, [](WDFQUEUE, WDFCONTEXT) { GX_NOTE("drained"); }, nullptr);
        EXPECT_FALSE(trace.has("drained"));
        WdfRequestComplete(plan.held[0], STATUS_SUCCESS);
        EXPECT_TRUE(trace.has("drained"));
    });
}

}  // namespace
}  // namespace gpioclx::framework
