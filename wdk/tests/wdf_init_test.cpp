// What the _INIT helpers leave in a structure that held garbage.
#include <ntddk.h>
#include <wdf.h>

#include <gtest/gtest.h>

#include <cstring>

namespace {

template <class Structure>
Structure garbage()
{
    Structure value;
    std::memset(&value, 0xA5, sizeof(value));
    return value;
}

BOOLEAN NTAPI isr(WDFINTERRUPT, ULONG)
{
    return TRUE;
}

VOID NTAPI timer(WDFTIMER) {}

}  // namespace

TEST(WdfInit, driver_config_has_no_unload_routine_until_one_is_set)
{
    auto config = garbage<WDF_DRIVER_CONFIG>();
    WDF_DRIVER_CONFIG_INIT(&config, nullptr);
    EXPECT_EQ(sizeof(config), config.Size);
    EXPECT_EQ(nullptr, config.EvtDriverUnload);
    EXPECT_EQ(0u, config.DriverInitFlags);
}

TEST(WdfInit, queue_config_presents_any_number_of_requests_only_if_parallel)
{
    auto config = garbage<WDF_IO_QUEUE_CONFIG>();
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
    EXPECT_EQ(0xFFFFFFFFu, config.Settings.Parallel.NumberOfPresentedRequests);
    EXPECT_TRUE(config.DefaultQueue);
    EXPECT_EQ(WdfUseDefault, config.PowerManaged);

    config = garbage<WDF_IO_QUEUE_CONFIG>();
    WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchSequential);
    EXPECT_EQ(0u, config.Settings.Parallel.NumberOfPresentedRequests);
    EXPECT_FALSE(config.DefaultQueue);
    EXPECT_EQ(nullptr, config.EvtIoDeviceControl);
}

TEST(WdfInit, interrupt_config_leaves_sharing_to_the_resource)
{
    auto config = garbage<WDF_INTERRUPT_CONFIG>();
    WDF_INTERRUPT_CONFIG_INIT(&config, isr, nullptr);
    EXPECT_EQ(isr, config.EvtInterruptIsr);
    EXPECT_EQ(WdfUseDefault, config.ShareVector);
    EXPECT_EQ(WdfUseDefault, config.ReportInactiveOnPowerDown);
    EXPECT_FALSE(config.PassiveHandling);
    EXPECT_FALSE(config.AutomaticSerialization);
    EXPECT_EQ(nullptr, config.EvtInterruptWorkItem);
}

TEST(WdfInit, open_by_name_opens_what_exists)
{
    UNICODE_STRING name = {};
    name.Length = 8;
    auto params = garbage<WDF_IO_TARGET_OPEN_PARAMS>();
    WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&params, &name, GENERIC_WRITE);
    EXPECT_EQ(WdfIoTargetOpenByName, params.Type);
    EXPECT_EQ(8, params.TargetDeviceName.Length);
    EXPECT_EQ(static_cast<ACCESS_MASK>(GENERIC_WRITE), params.DesiredAccess);
    EXPECT_EQ(static_cast<ULONG>(FILE_OPEN), params.CreateDisposition);
    EXPECT_EQ(static_cast<ULONG>(FILE_NON_DIRECTORY_FILE), params.CreateOptions);
    EXPECT_EQ(0u, params.ShareAccess);
}

TEST(WdfInit, send_timeout_sets_its_flag_beside_the_others)
{
    auto options = garbage<WDF_REQUEST_SEND_OPTIONS>();
    WDF_REQUEST_SEND_OPTIONS_INIT(&options, WDF_REQUEST_SEND_OPTION_SYNCHRONOUS);
    WDF_REQUEST_SEND_OPTIONS_SET_TIMEOUT(&options, WDF_REL_TIMEOUT_IN_MS(3));
    EXPECT_EQ(static_cast<ULONG>(WDF_REQUEST_SEND_OPTION_SYNCHRONOUS |
                                 WDF_REQUEST_SEND_OPTION_TIMEOUT),
              options.Flags);
    EXPECT_EQ(-30000, options.Timeout);
}

TEST(WdfInit, relative_timeouts_are_negative_and_absolute_ones_positive)
{
    EXPECT_EQ(-20000000, WDF_REL_TIMEOUT_IN_SEC(2));
    EXPECT_EQ(20000000, WDF_ABS_TIMEOUT_IN_SEC(2));
    EXPECT_EQ(-70, WDF_REL_TIMEOUT_IN_US(7));
    EXPECT_EQ(16u, WDF_ALIGN_SIZE_UP(9, 8));
    EXPECT_EQ(8u, WDF_ALIGN_SIZE_DOWN(15, 8));
}

TEST(WdfInit, periodic_timer_is_a_timer_with_a_period)
{
    auto config = garbage<WDF_TIMER_CONFIG>();
    WDF_TIMER_CONFIG_INIT_PERIODIC(&config, timer, 250);
    EXPECT_EQ(250u, static_cast<ULONG>(config.Period));
    EXPECT_TRUE(config.AutomaticSerialization);
    WDF_TIMER_CONFIG_INIT(&config, timer);
    EXPECT_EQ(0u, static_cast<ULONG>(config.Period));
}

TEST(WdfInit, a_device_that_cannot_wake_idles_in_d3)
{
    auto settings = garbage<WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS>();
    WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(&settings, IdleCannotWakeFromS0);
    EXPECT_EQ(PowerDeviceD3, settings.DxState);
    EXPECT_EQ(DriverManagedIdleTimeout, settings.IdleTimeoutType);
    WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(&settings, IdleCanWakeFromS0);
    EXPECT_EQ(PowerDeviceMaximum, settings.DxState);
}

TEST(WdfInit, power_capabilities_leave_every_state_to_the_bus)
{
    auto caps = garbage<WDF_DEVICE_POWER_CAPABILITIES>();
    WDF_DEVICE_POWER_CAPABILITIES_INIT(&caps);
    for (DEVICE_POWER_STATE state : caps.DeviceState) {
        EXPECT_EQ(PowerDeviceMaximum, state);
    }
    EXPECT_EQ(PowerSystemMaximum, caps.SystemWake);
    EXPECT_EQ(WdfUseDefault, caps.WakeFromD3);
}
