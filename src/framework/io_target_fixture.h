// A driver that sends requests to the device below it, which does with them what the plan says.
#pragma once

#include "framework/framework_fixture.h"
#include "framework/io_target.h"

namespace gpioclx::framework {

struct Plan {
    PIRP pending = nullptr;  // held by the device below
    NTSTATUS status = STATUS_SUCCESS;
    bool pend = false;
    ULONG code_seen = 0;
    PVOID buffer_seen = nullptr;
    NTSTATUS completion_status = STATUS_PENDING;
    KIRQL completion_irql = 255;
    WDFREQUEST received = nullptr;
};
inline Plan plan;

inline void cancel_below(PDEVICE_OBJECT, PIRP irp) {
    IoReleaseCancelSpinLock(irp->CancelIrql);
    plan.pending = nullptr;
    complete_irp(irp, STATUS_CANCELLED);
}

inline NTSTATUS below(PIRP irp) {
    const IO_STACK_LOCATION& stack = *IoGetCurrentIrpStackLocation(irp);
    plan.code_seen = stack.Parameters.DeviceIoControl.IoControlCode;
    plan.buffer_seen = irp->AssociatedIrp.SystemBuffer;
    if (plan.pend) {
        plan.pending = irp;
        IoMarkIrpPending(irp);
        IoSetCancelRoutine(irp, cancel_below);
        return STATUS_PENDING;
    }
    ULONG_PTR information = 0;
    if (stack.MajorFunction == IRP_MJ_DEVICE_CONTROL &&
        irp->AssociatedIrp.SystemBuffer != nullptr) {
        auto* bytes = static_cast<UCHAR*>(irp->AssociatedIrp.SystemBuffer);
        information = stack.Parameters.DeviceIoControl.OutputBufferLength;
        for (ULONG i = 0; i < information; ++i) bytes[i] = static_cast<UCHAR>(0xA0 + i);
    }
    return complete_irp(irp, plan.status, information);
}

inline void completed(WDFREQUEST, WDFIOTARGET, PWDF_REQUEST_COMPLETION_PARAMS params,
                      WDFCONTEXT context) {
    GX_NOTE("completed");
    EXPECT_EQ(context, &plan);
    plan.completion_status = params->IoStatus.Status;
    plan.completion_irql = KeGetCurrentIrql();
}

inline void io_device_control(WDFQUEUE, WDFREQUEST request, size_t, size_t, ULONG) {
    plan.received = request;
}

inline NTSTATUS device_add(WDFDRIVER, PWDFDEVICE_INIT init) {
    WDFDEVICE device;
    NTSTATUS status = WdfDeviceCreate(&init, nullptr, &device);
    if (!NT_SUCCESS(status)) return status;
    FrameworkTest::current->device = device;
    WDF_IO_QUEUE_CONFIG config;
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
    config.EvtIoDeviceControl = io_device_control;
    return WdfIoQueueCreate(device, &config, nullptr, nullptr);
}

class IoTargetTest : public FrameworkTest {
  protected:
    void SetUp() override {
        FrameworkTest::SetUp();
        plan = {};
    }
    void started(std::function<void(WDFIOTARGET)> body) {
        run_as_thread([this, body] {
            ASSERT_EQ(load(device_add), STATUS_SUCCESS);
            ASSERT_EQ(start_device(), STATUS_SUCCESS);
            lower_io = below;
            body(WdfDeviceGetIoTarget(device));
        });
    }
    static WDFREQUEST formatted(WDFIOTARGET target, WDFMEMORY memory) {
        WDFREQUEST request = nullptr;
        EXPECT_EQ(WdfRequestCreate(nullptr, target, &request), STATUS_SUCCESS);
        EXPECT_EQ(WdfIoTargetFormatRequestForIoctl(target, request, ioctl_buffered, memory, nullptr,
                                                   memory, nullptr),
                  STATUS_SUCCESS);
        return request;
    }
    static WDFMEMORY memory_over(void* bytes, size_t size) {
        WDFMEMORY memory = nullptr;
        EXPECT_EQ(WdfMemoryCreatePreallocated(nullptr, bytes, size, &memory), STATUS_SUCCESS);
        return memory;
    }
};

}  // namespace gpioclx::framework
