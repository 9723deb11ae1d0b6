// The way of a device through PnP and power.
#include "framework/framework_fixture.h"

namespace gpioclx::framework {
namespace {

struct Plan {  // statuses that the driver returns
    NTSTATUS prepare = STATUS_SUCCESS;
    NTSTATUS d0_entry = STATUS_SUCCESS;
    NTSTATUS post_interrupts = STATUS_SUCCESS;
    NTSTATUS self_managed_init = STATUS_SUCCESS;
    NTSTATUS device_add = STATUS_SUCCESS;
    NTSTATUS query_remove = STATUS_SUCCESS;
    bool interrupt = false;
    bool idle = false;
    WDF_POWER_DEVICE_STATE entered_from = WdfPowerDeviceInvalid;
    WDF_POWER_DEVICE_STATE left_for = WdfPowerDeviceInvalid;
    ULONG raw_count = 0;
    bool beyond_is_null = false;
};
Plan plan;

NTSTATUS prepare_hardware(WDFDEVICE, WDFCMRESLIST raw, WDFCMRESLIST translated) {
    GX_NOTE("Prepare");
    plan.raw_count = WdfCmResourceListGetCount(raw);
    plan.beyond_is_null = WdfCmResourceListGetDescriptor(translated, plan.raw_count) == nullptr;
    return plan.prepare;
}
NTSTATUS d0_entry(WDFDEVICE, WDF_POWER_DEVICE_STATE previous) {
    GX_NOTE("D0Entry");
    plan.entered_from = previous;
    return plan.d0_entry;
}
NTSTATUS d0_exit(WDFDEVICE, WDF_POWER_DEVICE_STATE target) {
    GX_NOTE("D0Exit");
    plan.left_for = target;
    return STATUS_SUCCESS;
}
NTSTATUS post_interrupts(WDFDEVICE, WDF_POWER_DEVICE_STATE) {
    GX_NOTE("PostInterruptsEnabled");
    return plan.post_interrupts;
}
NTSTATUS self_managed_init(WDFDEVICE) {
    GX_NOTE("SelfManagedIoInit");
    return plan.self_managed_init;
}
NTSTATUS query_remove(WDFDEVICE) {
    GX_NOTE("QueryRemove");
    return plan.query_remove;
}

NTSTATUS device_add(WDFDRIVER, PWDFDEVICE_INIT init) {
    WDF_PNPPOWER_EVENT_CALLBACKS pnp;
    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&pnp);
    pnp.EvtDevicePrepareHardware = prepare_hardware;
    pnp.EvtDeviceReleaseHardware = succeeds<"Release">;
    pnp.EvtDeviceD0Entry = d0_entry;
    pnp.EvtDeviceD0Exit = d0_exit;
    pnp.EvtDeviceD0EntryPostInterruptsEnabled = post_interrupts;
    pnp.EvtDeviceD0ExitPreInterruptsDisabled = succeeds<"PreInterruptsDisabled">;
    pnp.EvtDeviceSelfManagedIoInit = self_managed_init;
    pnp.EvtDeviceSelfManagedIoSuspend = succeeds<"SelfManagedIoSuspend">;
    pnp.EvtDeviceSelfManagedIoRestart = succeeds<"SelfManagedIoRestart">;
    pnp.EvtDeviceSelfManagedIoFlush = is_called<"SelfManagedIoFlush">;
    pnp.EvtDeviceSelfManagedIoCleanup = is_called<"SelfManagedIoCleanup">;
    pnp.EvtDeviceSurpriseRemoval = is_called<"SurpriseRemoval">;
    pnp.EvtDeviceQueryRemove = query_remove;
    WdfDeviceInitSetPnpPowerEventCallbacks(init, &pnp);
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.EvtCleanupCallback = is_called<"ContextCleanup">;
    WDFDEVICE device;
    NTSTATUS status = WdfDeviceCreate(&init, &attributes, &device);
    if (!NT_SUCCESS(status)) return status;
    EXPECT_EQ(init, nullptr);
    FrameworkTest::current->device = device;
    if (plan.interrupt) {
        WDF_INTERRUPT_CONFIG config;
        WDF_INTERRUPT_CONFIG_INIT(
            &config, [](WDFINTERRUPT, ULONG) -> BOOLEAN { return TRUE; }, nullptr);
        config.EvtInterruptEnable = succeeds<"InterruptEnable">;
        config.EvtInterruptDisable = succeeds<"InterruptDisable">;
        WDFINTERRUPT interrupt;
        EXPECT_EQ(WdfInterruptCreate(device, &config, nullptr, &interrupt), STATUS_SUCCESS);
    }
    if (plan.idle) {
        WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS idle;
        WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(&idle, IdleCannotWakeFromS0);
        idle.IdleTimeout = 10;
        EXPECT_EQ(WdfDeviceAssignS0IdleSettings(device, &idle), STATUS_SUCCESS);
    }
    return plan.device_add;
}

class PnpTest : public FrameworkTest {
  protected:
    void SetUp() override {
        FrameworkTest::SetUp();
        plan = {};
    }
    std::vector<std::string> states() const {
        std::vector<std::string> result;
        for (const machine::Event& e : recorder.events) {
            if (e.kind == machine::EventKind::device_state)
                result.emplace_back(names.text(e.detail));
        }
        return result;
    }
};

TEST_F(PnpTest, W14_interrupts_are_connected_between_D0Entry_and_PostInterruptsEnabled) {
    run_as_thread([this] {
        plan.interrupt = true;
        add_interrupt_resource(gsi);
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        EXPECT_EQ(trace.text(),
                  "Prepare D0Entry InterruptEnable PostInterruptsEnabled SelfManagedIoInit");
        trace = {};
        EXPECT_EQ(pnp(IRP_MN_QUERY_REMOVE_DEVICE), STATUS_SUCCESS);
        EXPECT_EQ(remove_device(), STATUS_SUCCESS);
        EXPECT_EQ(trace.text(),
                  "QueryRemove SelfManagedIoSuspend PreInterruptsDisabled InterruptDisable D0Exit "
                  "Release "
                  "SelfManagedIoFlush SelfManagedIoCleanup ContextCleanup");
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(PnpTest, W30_the_first_D0Entry_comes_from_D3Final_and_removal_leaves_for_it) {
    run_as_thread([this] {
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        EXPECT_EQ(plan.entered_from, WdfPowerDeviceD3Final);
        remove_device();
        EXPECT_EQ(plan.left_for, WdfPowerDeviceD3Final);
    });
}

TEST_F(PnpTest, W30_release_hardware_is_called_although_prepare_failed) {
    run_as_thread([this] {
        plan.prepare = STATUS_UNSUCCESSFUL;
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        EXPECT_EQ(start_device(), STATUS_UNSUCCESSFUL);
        EXPECT_EQ(trace.text(), "Prepare Release");
        remove_device();
        EXPECT_EQ(trace.text(), "Prepare Release ContextCleanup");
    });
    const auto all = states();
    EXPECT_NE(std::find(all.begin(), all.end(), "EvtDevicePrepareHardware"), all.end());
}

TEST_F(PnpTest, D0Exit_is_not_called_after_a_failed_D0Entry) {
    run_as_thread([this] {
        plan.d0_entry = STATUS_UNSUCCESSFUL;
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        EXPECT_EQ(start_device(), STATUS_UNSUCCESSFUL);
        EXPECT_EQ(trace.text(), "Prepare D0Entry Release");
        remove_device();
    });
}

TEST_F(PnpTest, a_failure_after_interrupts_are_enabled_takes_everything_back) {
    run_as_thread([this] {
        plan.interrupt = true;
        plan.post_interrupts = STATUS_UNSUCCESSFUL;
        add_interrupt_resource(gsi);
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        EXPECT_EQ(start_device(), STATUS_UNSUCCESSFUL);
        EXPECT_EQ(trace.text(),
                  "Prepare D0Entry InterruptEnable PostInterruptsEnabled InterruptDisable D0Exit "
                  "Release");
        remove_device();
    });
}

TEST_F(PnpTest, a_failed_EvtDriverDeviceAdd_leaves_no_device_behind) {
    run_as_thread([this] {
        plan.device_add = STATUS_UNSUCCESSFUL;
        EXPECT_EQ(load(device_add), STATUS_UNSUCCESSFUL);
        EXPECT_EQ(IoGetAttachedDevice(pdo), pdo);
        EXPECT_EQ(trace.text(), "ContextCleanup");
    });
}

TEST_F(PnpTest, W1_resources_arrive_in_order_and_none_is_beyond_the_last) {
    run_as_thread([this] {
        add_memory_resource(0xFE000000, 0x1000);
        add_interrupt_resource(gsi);
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        EXPECT_EQ(plan.raw_count, 2u);
        EXPECT_TRUE(plan.beyond_is_null);
    });
}

TEST_F(PnpTest, surprise_removal_powers_down_before_the_remove_request) {
    run_as_thread([this] {
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        trace = {};
        EXPECT_EQ(pnp(IRP_MN_SURPRISE_REMOVAL), STATUS_SUCCESS);
        EXPECT_EQ(trace.text(),
                  "SurpriseRemoval SelfManagedIoSuspend PreInterruptsDisabled D0Exit Release "
                  "SelfManagedIoFlush");
        trace = {};
        remove_device();
        EXPECT_EQ(trace.text(), "SelfManagedIoCleanup ContextCleanup");
    });
}

TEST_F(PnpTest, a_driver_can_refuse_removal) {
    run_as_thread([this] {
        plan.query_remove = STATUS_UNSUCCESSFUL;
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        EXPECT_EQ(pnp(IRP_MN_QUERY_REMOVE_DEVICE), STATUS_UNSUCCESSFUL);
    });
}

TEST_F(PnpTest, stop_and_restart_prepare_again_and_restart_self_managed_io) {
    run_as_thread([this] {
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        trace = {};
        EXPECT_EQ(pnp(IRP_MN_STOP_DEVICE), STATUS_SUCCESS);
        EXPECT_EQ(trace.text(), "SelfManagedIoSuspend PreInterruptsDisabled D0Exit Release");
        EXPECT_EQ(plan.left_for, WdfPowerDeviceD3Final);
        trace = {};
        EXPECT_EQ(start_device(), STATUS_SUCCESS);
        EXPECT_EQ(trace.text(), "Prepare D0Entry PostInterruptsEnabled SelfManagedIoRestart");
    });
}

TEST_F(PnpTest, an_idle_device_goes_to_D3_and_StopIdle_brings_it_back) {
    run_as_thread([this] {
        plan.idle = true;
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        trace = {};
        sleep_us(50'000);
        EXPECT_EQ(trace.text(), "SelfManagedIoSuspend PreInterruptsDisabled D0Exit");
        EXPECT_EQ(plan.left_for, WdfPowerDeviceD3);
        trace = {};
        EXPECT_EQ(WdfDeviceStopIdle(device, TRUE), STATUS_SUCCESS);
        EXPECT_EQ(trace.text(), "D0Entry PostInterruptsEnabled SelfManagedIoRestart");
        EXPECT_EQ(plan.entered_from, WdfPowerDeviceD3);
        sleep_us(50'000);
        EXPECT_FALSE(trace.has("D0Exit"));  // a reference keeps it up
        WdfDeviceResumeIdle(device);
        sleep_us(50'000);
        EXPECT_TRUE(trace.has("D0Exit"));
        trace = {};
        remove_device();
        EXPECT_FALSE(trace.has("D0Exit"))
            << "P12: a device that idled out of D0 does not leave it again";
        EXPECT_TRUE(trace.has("Release"));
    });
}

TEST_F(PnpTest, unload_calls_the_driver_and_deletes_its_object) {
    run_as_thread([this] {
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        remove_device();
        driver->DriverUnload(driver);
        EXPECT_TRUE(trace.has("Unload"));
        EXPECT_EQ(Driver::of(driver), nullptr);
    });
}

}  // namespace
}  // namespace gpioclx::framework
