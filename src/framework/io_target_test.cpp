// Requests that a driver sends down its stack.
#include "framework/io_target_fixture.h"

namespace gpioclx::framework {
namespace {

TEST_F(IoTargetTest, W31_an_ioctl_is_sent_synchronously_with_its_buffers) {
    started([](WDFIOTARGET target) {
        UCHAR in[2] = {1, 2};
        UCHAR out[3] = {};
        WDF_MEMORY_DESCRIPTOR input, output;
        WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&input, in, sizeof(in));
        WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&output, out, sizeof(out));
        ULONG_PTR returned = 0;
        EXPECT_EQ(WdfIoTargetSendIoctlSynchronously(target, nullptr, ioctl_buffered, &input,
                                                    &output, nullptr, &returned),
                  STATUS_SUCCESS);
        EXPECT_EQ(plan.code_seen, ioctl_buffered);
        EXPECT_EQ(returned, 3u);
        EXPECT_EQ(out[2], 0xA2);
        EXPECT_EQ(in[0], 1) << "the input is not written";
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(IoTargetTest, a_failure_below_is_the_status_of_the_send) {
    started([](WDFIOTARGET target) {
        plan.status = STATUS_UNSUCCESSFUL;
        EXPECT_EQ(WdfIoTargetSendIoctlSynchronously(target, nullptr, ioctl_buffered, nullptr,
                                                    nullptr, nullptr, nullptr),
                  STATUS_UNSUCCESSFUL);
    });
}

TEST_F(IoTargetTest, F179_a_synchronous_send_times_out_with_STATUS_IO_TIMEOUT) {
    started([](WDFIOTARGET target) {
        plan.pend = true;
        WDF_REQUEST_SEND_OPTIONS options;
        WDF_REQUEST_SEND_OPTIONS_INIT(&options, 0);
        WDF_REQUEST_SEND_OPTIONS_SET_TIMEOUT(&options, WDF_REL_TIMEOUT_IN_MS(5));
        const auto before = machine::Machine::current().now_ns();
        EXPECT_EQ(WdfIoTargetSendIoctlSynchronously(target, nullptr, ioctl_buffered, nullptr,
                                                    nullptr, &options, nullptr),
                  STATUS_IO_TIMEOUT);
        EXPECT_GE(machine::Machine::current().now_ns() - before, 5'000'000u);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(IoTargetTest, a_request_that_ends_in_time_does_not_time_out) {
    started([](WDFIOTARGET target) {
        WDF_REQUEST_SEND_OPTIONS options;
        WDF_REQUEST_SEND_OPTIONS_INIT(&options, WDF_REQUEST_SEND_OPTION_SYNCHRONOUS);
        WDF_REQUEST_SEND_OPTIONS_SET_TIMEOUT(&options, WDF_REL_TIMEOUT_IN_MS(5));
        UCHAR byte = 0;
        WDFREQUEST request = formatted(target, memory_over(&byte, 1));
        EXPECT_EQ(WdfRequestAllocateTimer(request), STATUS_SUCCESS);
        EXPECT_TRUE(WdfRequestSend(request, target, &options));
        EXPECT_EQ(WdfRequestGetStatus(request), STATUS_SUCCESS);
        EXPECT_EQ(WdfRequestGetInformation(request), 1u);
        sleep_us(20'000);
        EXPECT_EQ(WdfRequestGetStatus(request), STATUS_SUCCESS);
        WdfObjectDelete(request);
    });
}

TEST_F(IoTargetTest, an_asynchronous_send_calls_the_completion_routine) {
    started([this](WDFIOTARGET target) {
        plan.pend = true;
        UCHAR byte = 0;
        WDFREQUEST request = formatted(target, memory_over(&byte, 1));
        WdfRequestSetCompletionRoutine(request, completed, &plan);
        ASSERT_TRUE(WdfRequestSend(request, target, nullptr));
        EXPECT_EQ(trace.text(), "");
        PIRP irp = plan.pending;
        ASSERT_NE(irp, nullptr);
        IoSetCancelRoutine(irp, nullptr);
        complete_irp(irp, STATUS_SUCCESS);
        EXPECT_EQ(trace.text(), "completed");
        EXPECT_EQ(plan.completion_status, STATUS_SUCCESS);
        EXPECT_LE(plan.completion_irql, DISPATCH_LEVEL);
        WDF_REQUEST_REUSE_PARAMS reuse;
        WDF_REQUEST_REUSE_PARAMS_INIT(&reuse, WDF_REQUEST_REUSE_NO_FLAGS, STATUS_SUCCESS);
        EXPECT_EQ(WdfRequestReuse(request, &reuse), STATUS_SUCCESS);
        WdfObjectDelete(request);
    });
}

TEST_F(IoTargetTest, an_asynchronous_send_with_a_time_out_ends_in_its_completion_routine) {
    started([this](WDFIOTARGET target) {
        plan.pend = true;
        WDF_REQUEST_SEND_OPTIONS options;
        WDF_REQUEST_SEND_OPTIONS_INIT(&options, 0);
        WDF_REQUEST_SEND_OPTIONS_SET_TIMEOUT(&options, WDF_REL_TIMEOUT_IN_MS(5));
        UCHAR byte = 0;
        WDFREQUEST request = formatted(target, memory_over(&byte, 1));
        ASSERT_EQ(WdfRequestAllocateTimer(request), STATUS_SUCCESS);
        WdfRequestSetCompletionRoutine(request, completed, &plan);
        ASSERT_TRUE(WdfRequestSend(request, target, &options));
        sleep_us(4'000);
        EXPECT_FALSE(trace.has("completed"));
        sleep_us(4'000);
        EXPECT_TRUE(trace.has("completed"));
        EXPECT_EQ(plan.completion_status, STATUS_IO_TIMEOUT);
        WdfObjectDelete(request);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(IoTargetTest, an_absolute_time_out_is_a_time_of_the_system) {
    started([](WDFIOTARGET target) {
        plan.pend = true;
        LARGE_INTEGER now;
        KeQuerySystemTime(&now);
        WDF_REQUEST_SEND_OPTIONS options;
        WDF_REQUEST_SEND_OPTIONS_INIT(&options, 0);
        WDF_REQUEST_SEND_OPTIONS_SET_TIMEOUT(&options, now.QuadPart + WDF_ABS_TIMEOUT_IN_MS(5));
        const auto before = machine::Machine::current().now_ns();
        EXPECT_EQ(WdfIoTargetSendIoctlSynchronously(target, nullptr, ioctl_buffered, nullptr,
                                                    nullptr, &options, nullptr),
                  STATUS_IO_TIMEOUT);
        const auto took = machine::Machine::current().now_ns() - before;
        EXPECT_GE(took, 4'900'000u);
        EXPECT_LE(took, 6'000'000u);
    });
}

TEST_F(IoTargetTest, a_sent_request_is_cancelled) {
    started([this](WDFIOTARGET target) {
        plan.pend = true;
        UCHAR byte = 0;
        WDFREQUEST request = formatted(target, memory_over(&byte, 1));
        WdfRequestSetCompletionRoutine(request, completed, &plan);
        ASSERT_TRUE(WdfRequestSend(request, target, nullptr));
        EXPECT_TRUE(WdfRequestCancelSentRequest(request));
        EXPECT_EQ(trace.text(), "completed");
        EXPECT_EQ(plan.completion_status, STATUS_CANCELLED);
        EXPECT_FALSE(WdfRequestCancelSentRequest(request));
        WdfObjectDelete(request);
    });
}

TEST_F(IoTargetTest, a_stopped_target_holds_requests_back_until_it_starts) {
    started([this](WDFIOTARGET target) {
        WdfIoTargetStop(target, WdfIoTargetCancelSentIo);
        EXPECT_EQ(WdfIoTargetGetState(target), WdfIoTargetStopped);
        UCHAR byte = 0;
        WDFREQUEST request = formatted(target, memory_over(&byte, 1));
        WdfRequestSetCompletionRoutine(request, completed, &plan);
        ASSERT_TRUE(WdfRequestSend(request, target, nullptr));
        EXPECT_EQ(trace.text(), "");
        EXPECT_EQ(WdfIoTargetStart(target), STATUS_SUCCESS);
        EXPECT_EQ(trace.text(), "completed");
        WdfIoTargetPurge(target, WdfIoTargetPurgeIoAndWait);
        WDF_REQUEST_REUSE_PARAMS reuse;
        WDF_REQUEST_REUSE_PARAMS_INIT(&reuse, WDF_REQUEST_REUSE_NO_FLAGS, STATUS_SUCCESS);
        EXPECT_EQ(WdfRequestReuse(request, &reuse), STATUS_SUCCESS);
        EXPECT_EQ(WdfIoTargetFormatRequestForIoctl(target, request, ioctl_buffered, nullptr,
                                                   nullptr, nullptr, nullptr),
                  STATUS_SUCCESS);
        EXPECT_FALSE(WdfRequestSend(request, target, nullptr));
        EXPECT_EQ(WdfRequestGetStatus(request), STATUS_INVALID_DEVICE_STATE);
        WdfObjectDelete(request);
    });
}

TEST_F(IoTargetTest, a_received_request_is_sent_on_and_forgotten) {
    started([this](WDFIOTARGET target) {
        Outcome outcome;
        UCHAR bytes[2] = {};
        send_async(build_ioctl(ioctl_buffered, bytes, 0, 2), outcome);
        ASSERT_NE(plan.received, nullptr);
        WDF_REQUEST_SEND_OPTIONS options;
        WDF_REQUEST_SEND_OPTIONS_INIT(&options, WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET);
        WdfRequestFormatRequestUsingCurrentType(plan.received);
        EXPECT_TRUE(WdfRequestSend(plan.received, target, &options));
        EXPECT_TRUE(outcome.done);
        EXPECT_EQ(outcome.information, 2u);
        EXPECT_EQ(bytes[1], 0xA1);
    });
}

TEST_F(IoTargetTest, a_received_request_comes_back_from_the_target_to_be_completed) {
    started([this](WDFIOTARGET target) {
        Outcome outcome;
        UCHAR bytes[2] = {};
        send_async(build_ioctl(ioctl_buffered, bytes, 0, 2), outcome);
        WdfRequestFormatRequestUsingCurrentType(plan.received);
        WdfRequestSetCompletionRoutine(
            plan.received,
            [](WDFREQUEST request, WDFIOTARGET, PWDF_REQUEST_COMPLETION_PARAMS params, WDFCONTEXT) {
                GX_NOTE("back");
                WdfRequestCompleteWithInformation(request, params->IoStatus.Status,
                                                  params->IoStatus.Information);
            },
            nullptr);
        EXPECT_TRUE(WdfRequestSend(plan.received, target, nullptr));
        EXPECT_TRUE(trace.has("back"));
        EXPECT_EQ(outcome.status, STATUS_SUCCESS);
        EXPECT_EQ(outcome.information, 2u);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(IoTargetTest, memory_offsets_select_a_part_and_must_lie_inside) {
    started([](WDFIOTARGET target) {
        UCHAR bytes[4] = {};
        WDFMEMORY memory = memory_over(bytes, sizeof(bytes));
        WDFREQUEST request = nullptr;
        ASSERT_EQ(WdfRequestCreate(nullptr, target, &request), STATUS_SUCCESS);
        WDFMEMORY_OFFSET part{1, 2};
        EXPECT_EQ(WdfIoTargetFormatRequestForIoctl(target, request, ioctl_buffered, nullptr,
                                                   nullptr, memory, &part),
                  STATUS_SUCCESS);
        WDF_REQUEST_SEND_OPTIONS options;
        WDF_REQUEST_SEND_OPTIONS_INIT(&options, WDF_REQUEST_SEND_OPTION_SYNCHRONOUS);
        EXPECT_TRUE(WdfRequestSend(request, target, &options));
        EXPECT_EQ(bytes[0], 0);
        EXPECT_EQ(bytes[1], 0xA0);
        EXPECT_EQ(bytes[2], 0xA1);
        EXPECT_EQ(bytes[3], 0);
        part = {2, 3};
        EXPECT_EQ(WdfIoTargetFormatRequestForIoctl(target, request, ioctl_buffered, nullptr,
                                                   nullptr, memory, &part),
                  STATUS_INVALID_DEVICE_REQUEST);
        WdfObjectDelete(request);
    });
}

TEST_F(IoTargetTest, a_remote_target_must_be_open) {
    started([this](WDFIOTARGET) {
        WDFIOTARGET remote = nullptr;
        ASSERT_EQ(WdfIoTargetCreate(device, nullptr, &remote), STATUS_SUCCESS);
        EXPECT_EQ(WdfIoTargetGetState(remote), WdfIoTargetClosed);
        EXPECT_EQ(WdfIoTargetSendIoctlSynchronously(remote, nullptr, ioctl_buffered, nullptr,
                                                    nullptr, nullptr, nullptr),
                  STATUS_INVALID_DEVICE_STATE);
        WDF_IO_TARGET_OPEN_PARAMS params;
        WDF_IO_TARGET_OPEN_PARAMS_INIT_EXISTING_DEVICE(&params, pdo);
        EXPECT_EQ(WdfIoTargetOpen(remote, &params), STATUS_SUCCESS);
        EXPECT_EQ(WdfIoTargetOpen(remote, &params), STATUS_INVALID_DEVICE_STATE);
        EXPECT_EQ(WdfIoTargetSendIoctlSynchronously(remote, nullptr, ioctl_buffered, nullptr,
                                                    nullptr, nullptr, nullptr),
                  STATUS_SUCCESS);
        WdfIoTargetClose(remote);
        EXPECT_EQ(WdfIoTargetGetState(remote), WdfIoTargetClosed);
        WdfObjectDelete(remote);
    });
}

// Reads and writes carry a memory object, or a part of it.
TEST_F(IoTargetTest, reads_and_writes_carry_memory_to_the_device_below) {
    started([&](WDFIOTARGET target) {
        EXPECT_EQ(WdfIoTargetWdmGetTargetDeviceObject(target),
                  WdfDeviceWdmGetAttachedDevice(device));
        UCHAR bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
        WDFMEMORY memory = nullptr;
        ASSERT_EQ(WdfMemoryCreatePreallocated(nullptr, bytes, sizeof bytes, &memory),
                  STATUS_SUCCESS);
        WDFREQUEST request = nullptr;
        ASSERT_EQ(WdfRequestCreate(nullptr, target, &request), STATUS_SUCCESS);
        WDFMEMORY_OFFSET part{};
        part.BufferOffset = 2;
        part.BufferLength = 4;
        LONGLONG where = 0x1000;
        ASSERT_EQ(WdfIoTargetFormatRequestForWrite(target, request, memory, &part, &where),
                  STATUS_SUCCESS);
        PIO_STACK_LOCATION stack = IoGetNextIrpStackLocation(WdfRequestWdmGetIrp(request));
        EXPECT_EQ(stack->MajorFunction, IRP_MJ_WRITE);
        EXPECT_EQ(stack->Parameters.Write.Length, 4u);
        EXPECT_EQ(stack->Parameters.Write.ByteOffset.QuadPart, 0x1000);
        ASSERT_TRUE(WdfRequestSend(request, target, WDF_NO_SEND_OPTIONS));
        sleep_us(100);
        EXPECT_EQ(WdfRequestGetStatus(request), STATUS_SUCCESS);
        WDF_REQUEST_REUSE_PARAMS again;
        WDF_REQUEST_REUSE_PARAMS_INIT(&again, WDF_REQUEST_REUSE_NO_FLAGS, STATUS_SUCCESS);
        ASSERT_EQ(WdfRequestReuse(request, &again), STATUS_SUCCESS);
        ASSERT_EQ(WdfIoTargetFormatRequestForRead(target, request, memory, nullptr, nullptr),
                  STATUS_SUCCESS);
        stack = IoGetNextIrpStackLocation(WdfRequestWdmGetIrp(request));
        EXPECT_EQ(stack->MajorFunction, IRP_MJ_READ);
        EXPECT_EQ(stack->Parameters.Read.Length, 8u);
        part.BufferLength = 7;
        EXPECT_FALSE(
            NT_SUCCESS(WdfIoTargetFormatRequestForRead(target, request, memory, &part, nullptr)));
    });
}

TEST_F(IoTargetTest, memory_by_handle_and_offset_is_a_synchronous_requests_buffer) {
    started([&](WDFIOTARGET target) {
        UCHAR first[4] = {};
        UCHAR second[8] = {};
        WDFMEMORY memory = nullptr;
        ASSERT_EQ(WdfMemoryCreatePreallocated(nullptr, first, sizeof first, &memory),
                  STATUS_SUCCESS);
        // The same memory object may stand for other buffers, one after the other.
        ASSERT_EQ(WdfMemoryAssignBuffer(memory, second, sizeof second), STATUS_SUCCESS);
        EXPECT_EQ(WdfMemoryAssignBuffer(memory, nullptr, 1), STATUS_INVALID_PARAMETER);
        WDFMEMORY_OFFSET part{};
        part.BufferOffset = 6;
        part.BufferLength = 2;
        WDF_MEMORY_DESCRIPTOR output;
        WDF_MEMORY_DESCRIPTOR_INIT_HANDLE(&output, memory, &part);
        ULONG_PTR count = 0;
        ASSERT_EQ(WdfIoTargetSendIoctlSynchronously(target, nullptr, ioctl_buffered, nullptr,
                                                    &output, nullptr, &count),
                  STATUS_SUCCESS);
        EXPECT_EQ(count, 2u);
        EXPECT_EQ(second[5], 0);
        EXPECT_EQ(second[6], 0xA0);
        EXPECT_EQ(second[7], 0xA1);
        EXPECT_EQ(first[0], 0);
    });
}

TEST_F(IoTargetTest, a_request_can_be_formatted_by_its_stack_location) {
    started([&](WDFIOTARGET target) {
        WDFREQUEST request = nullptr;
        ASSERT_EQ(WdfRequestCreate(nullptr, target, &request), STATUS_SUCCESS);
        IO_STACK_LOCATION stack{};
        stack.MajorFunction = IRP_MJ_INTERNAL_DEVICE_CONTROL;
        stack.Parameters.DeviceIoControl.IoControlCode = 0x1234;
        WdfRequestWdmFormatUsingStackLocation(request, &stack);
        WdfRequestSetCompletionRoutine(request, completed, &plan);
        ASSERT_TRUE(WdfRequestSend(request, target, WDF_NO_SEND_OPTIONS));
        sleep_us(100);
        EXPECT_EQ(plan.code_seen, 0x1234u);
        EXPECT_EQ(plan.completion_status, STATUS_SUCCESS);
    });
}

TEST_F(IoTargetTest, the_output_of_a_received_request_is_a_memory_object) {
    started([&](WDFIOTARGET) {
        UCHAR bytes[4] = {};
        Outcome outcome;
        PIRP irp = build_ioctl(ioctl_buffered, bytes, 0, sizeof bytes);
        send_async(irp, outcome);
        sleep_us(100);
        ASSERT_NE(plan.received, nullptr);
        EXPECT_EQ(WdfRequestWdmGetIrp(plan.received), irp);
        WDFMEMORY memory = nullptr;
        ASSERT_EQ(WdfRequestRetrieveOutputMemory(plan.received, &memory), STATUS_SUCCESS);
        size_t size = 0;
        static_cast<UCHAR*>(WdfMemoryGetBuffer(memory, &size))[1] = 0x77;
        EXPECT_EQ(size, sizeof bytes);
        WDFMEMORY input = nullptr;
        EXPECT_EQ(WdfRequestRetrieveInputMemory(plan.received, &input), STATUS_BUFFER_TOO_SMALL);
        WdfRequestSetInformation(plan.received, 2);
        WdfRequestComplete(plan.received, STATUS_SUCCESS);
        sleep_us(100);
        EXPECT_EQ(outcome.information, 2u);
        EXPECT_EQ(bytes[1], 0x77);
        IoFreeIrp(irp);
    });
}

}  // namespace
}  // namespace gpioclx::framework
