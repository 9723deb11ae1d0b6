// What a driver says about its device, before and after it is created, and who then sees it.

#include "framework/framework_fixture.h"
#include "kernel/io/device_object.h"
#include "kernel/io/file_object.h"
#include "kernel/pnp/device_node.h"

namespace gpioclx::framework {
namespace {

struct Plan {
    void (*before)(PWDFDEVICE_INIT) = nullptr;
    void (*after)(WDFDEVICE) = nullptr;
};
Plan plan;
NTSTATUS status_seen = STATUS_PENDING;

void init_string(UNICODE_STRING& text, const WCHAR* from) { RtlInitUnicodeString(&text, from); }

NTSTATUS device_add(WDFDRIVER, PWDFDEVICE_INIT init) {
    if (plan.before != nullptr) plan.before(init);
    WDFDEVICE device;
    const NTSTATUS status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
    if (!NT_SUCCESS(status)) return status;
    FrameworkTest::current->device = device;
    if (plan.after != nullptr) plan.after(device);
    return STATUS_SUCCESS;
}

class DeviceSettingsTest : public FrameworkTest {
  protected:
    void SetUp() override {
        FrameworkTest::SetUp();
        plan = {};
        status_seen = STATUS_PENDING;
    }
    void added(std::function<void()> body) {
        run_as_thread([this, body] {
            ASSERT_EQ(load(device_add), STATUS_SUCCESS);
            body();
        });
    }
    PDEVICE_OBJECT wdm() { return WdfDeviceWdmGetDeviceObject(device); }
    ULONG_PTR device_state() {
        kernel::pnp::PnpRequest request;
        request.minor = IRP_MN_QUERY_PNP_DEVICE_STATE;
        EXPECT_EQ(kernel::pnp::send_pnp(pdo, request), STATUS_SUCCESS);
        return request.information;
    }
    DEVICE_CAPABILITIES capabilities() {
        DEVICE_CAPABILITIES caps{};
        caps.Size = sizeof caps;
        caps.Version = 1;
        caps.Address = caps.UINumber = ~ULONG{0};
        kernel::pnp::PnpRequest request;
        request.minor = IRP_MN_QUERY_CAPABILITIES;
        request.stack.Parameters.DeviceCapabilities.Capabilities = &caps;
        EXPECT_EQ(kernel::pnp::send_pnp(pdo, request), STATUS_SUCCESS);
        return caps;
    }
};

TEST_F(DeviceSettingsTest, type_characteristics_and_alignment_are_those_of_the_device_object) {
    plan.before = [](PWDFDEVICE_INIT init) {
        WdfDeviceInitSetDeviceType(init, FILE_DEVICE_CONTROLLER);
        WdfDeviceInitSetCharacteristics(init, FILE_DEVICE_SECURE_OPEN, FALSE);
        WdfDeviceInitSetCharacteristics(init, FILE_READ_ONLY_DEVICE, TRUE);
    };
    plan.after = [](WDFDEVICE device) {
        WdfDeviceSetAlignmentRequirement(device, FILE_QUAD_ALIGNMENT);
    };
    added([&] {
        EXPECT_EQ(wdm()->DeviceType, static_cast<DEVICE_TYPE>(FILE_DEVICE_CONTROLLER));
        EXPECT_EQ(wdm()->Characteristics & (FILE_DEVICE_SECURE_OPEN | FILE_READ_ONLY_DEVICE),
                  static_cast<ULONG>(FILE_DEVICE_SECURE_OPEN | FILE_READ_ONLY_DEVICE));
        EXPECT_EQ(wdm()->AlignmentRequirement, static_cast<ULONG>(FILE_QUAD_ALIGNMENT));
    });
}

TEST_F(DeviceSettingsTest, an_init_of_a_control_device_that_is_not_used_is_freed) {
    added([&] {
        UNICODE_STRING sddl;
        init_string(sddl, L"D:P(A;;GA;;;SY)");
        PWDFDEVICE_INIT init = WdfControlDeviceInitAllocate(wdf_driver, &sddl);
        ASSERT_NE(init, nullptr);
        WdfDeviceInitFree(init);
    });
    EXPECT_TRUE(findings().empty());
}

// WDM_IRP_PREPROCESS: the driver sees the request first, and lets the framework go on with it.
TEST_F(DeviceSettingsTest, requests_are_preprocessed_by_major_and_minor_function) {
    plan.before = [](PWDFDEVICE_INIT init) {
        UCHAR minor = IRP_MN_QUERY_CAPABILITIES;
        const auto preprocess = [](WDFDEVICE device, PIRP irp) -> NTSTATUS {
            GX_NOTE(IoGetCurrentIrpStackLocation(irp)->MajorFunction == IRP_MJ_PNP ? "pnp"
                                                                                   : "control");
            IoSkipCurrentIrpStackLocation(irp);
            return WdfDeviceWdmDispatchPreprocessedIrp(device, irp);
        };
        EXPECT_EQ(
            WdfDeviceInitAssignWdmIrpPreprocessCallback(init, preprocess, IRP_MJ_PNP, &minor, 1),
            STATUS_SUCCESS);
        EXPECT_EQ(WdfDeviceInitAssignWdmIrpPreprocessCallback(init, preprocess,
                                                              IRP_MJ_DEVICE_CONTROL, nullptr, 0),
                  STATUS_SUCCESS);
        EXPECT_EQ(
            WdfDeviceInitAssignWdmIrpPreprocessCallback(init, nullptr, IRP_MJ_READ, nullptr, 0),
            STATUS_INVALID_PARAMETER);
    };
    added([&] {
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        EXPECT_EQ(trace.text(), "");
        capabilities();
        device_state();
        EXPECT_EQ(trace.text(), "pnp");
        EXPECT_EQ(ioctl(ioctl_buffered).status,
                  STATUS_INVALID_DEVICE_REQUEST);  // there is no queue
        EXPECT_EQ(trace.text(), "pnp control");
    });
}

TEST_F(DeviceSettingsTest, capabilities_of_the_driver_prevail_where_it_has_an_opinion) {
    plan.after = [](WDFDEVICE device) {
        WDF_DEVICE_PNP_CAPABILITIES pnp;
        WDF_DEVICE_PNP_CAPABILITIES_INIT(&pnp);
        pnp.Removable = WdfTrue;
        pnp.SurpriseRemovalOK = WdfTrue;
        pnp.UINumber = 4;
        WdfDeviceSetPnpCapabilities(device, &pnp);
        WDF_DEVICE_POWER_CAPABILITIES power;
        WDF_DEVICE_POWER_CAPABILITIES_INIT(&power);
        power.DeviceD2 = WdfTrue;
        power.DeviceState[PowerSystemWorking] = PowerDeviceD0;
        power.D2Latency = 7;
        WdfDeviceSetPowerCapabilities(device, &power);
    };
    added([&] {
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        const DEVICE_CAPABILITIES caps = capabilities();
        EXPECT_TRUE(caps.Removable);
        EXPECT_TRUE(caps.SurpriseRemovalOK);
        EXPECT_FALSE(caps.EjectSupported);
        EXPECT_EQ(caps.UINumber, 4u);
        EXPECT_EQ(caps.Address, ~ULONG{0});
        EXPECT_TRUE(caps.DeviceD2);
        EXPECT_FALSE(caps.DeviceD1);
        EXPECT_EQ(caps.DeviceState[PowerSystemWorking], PowerDeviceD0);
        EXPECT_EQ(caps.D2Latency, 7u);
    });
}

TEST_F(DeviceSettingsTest, the_state_that_a_driver_sets_is_what_the_PnP_manager_is_told) {
    plan.after = [](WDFDEVICE device) {
        WDF_DEVICE_STATE state;
        WDF_DEVICE_STATE_INIT(&state);
        state.NotDisableable = WdfTrue;
        state.DontDisplayInUI = WdfTrue;
        WdfDeviceSetDeviceState(device, &state);
        WDF_DEVICE_STATE_INIT(&state);  // no opinion about the rest
        state.NotDisableable = WdfFalse;
        WdfDeviceSetDeviceState(device, &state);
    };
    added([&] {
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        EXPECT_EQ(device_state(), static_cast<ULONG_PTR>(PNP_DEVICE_DONT_DISPLAY_IN_UI));
    });
}

TEST_F(DeviceSettingsTest, a_device_that_its_driver_calls_failed_says_so) {
    added([&] {
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        EXPECT_EQ(device_state() & PNP_DEVICE_FAILED, 0u);
        WdfDeviceSetFailed(device, WdfDeviceFailedNoRestart);
        EXPECT_NE(device_state() & PNP_DEVICE_FAILED, 0u);
        WdfDeviceSetFailed(device, WdfDeviceFailedUndefined);
    });
    EXPECT_TRUE(found("lifetime-218"));
}

TEST_F(DeviceSettingsTest, requests_go_to_the_queue_of_their_type_and_the_rest_to_the_default) {
    plan.after = [](WDFDEVICE device) {
        EXPECT_EQ(WdfDeviceGetDefaultQueue(device), nullptr);
        WDF_IO_QUEUE_CONFIG config;
        WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
        config.EvtIoDefault = [](WDFQUEUE, WDFREQUEST request) {
            GX_NOTE("default");
            WdfRequestComplete(request, STATUS_SUCCESS);
        };
        WDFQUEUE fallback;
        EXPECT_EQ(WdfIoQueueCreate(device, &config, nullptr, &fallback), STATUS_SUCCESS);
        EXPECT_EQ(WdfDeviceGetDefaultQueue(device), fallback);
        WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchParallel);
        config.EvtIoRead = [](WDFQUEUE, WDFREQUEST request, size_t) {
            GX_NOTE("read");
            // The count is kept until the request is completed.
            WdfRequestSetInformation(request, 3);
            WdfRequestComplete(request, STATUS_SUCCESS);
        };
        WDFQUEUE reads;
        EXPECT_EQ(WdfIoQueueCreate(device, &config, nullptr, &reads), STATUS_SUCCESS);
        EXPECT_EQ(WdfDeviceConfigureRequestDispatching(device, reads, WdfRequestTypeRead),
                  STATUS_SUCCESS);
        EXPECT_EQ(WdfDeviceConfigureRequestDispatching(device, reads, WdfRequestTypeRead),
                  STATUS_WDF_BUSY);
        EXPECT_EQ(WdfDeviceConfigureRequestDispatching(device, reads, WdfRequestTypePnp),
                  STATUS_INVALID_PARAMETER);
    };
    added([&] {
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        UCHAR bytes[4] = {};
        const Outcome read = send(build_transfer(IRP_MJ_READ, bytes, sizeof bytes));
        EXPECT_EQ(read.status, STATUS_SUCCESS);
        EXPECT_EQ(read.information, 3u);
        send(build_transfer(IRP_MJ_WRITE, bytes, sizeof bytes));
        EXPECT_EQ(trace.text(), "read default");
    });
}

// Without ownership the framework leaves power to the owner: idle settings are refused.
TEST_F(DeviceSettingsTest, who_does_not_own_the_power_policy_cannot_set_it) {
    plan.before = [](PWDFDEVICE_INIT init) {
        WdfDeviceInitSetPowerPolicyOwnership(init, FALSE);
        WDF_POWER_POLICY_EVENT_CALLBACKS callbacks;
        WDF_POWER_POLICY_EVENT_CALLBACKS_INIT(&callbacks);
        EXPECT_EQ(callbacks.Size, sizeof callbacks);
        WdfDeviceInitSetPowerPolicyEventCallbacks(init, &callbacks);
    };
    plan.after = [](WDFDEVICE device) {
        WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS idle;
        WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(&idle, IdleCannotWakeFromS0);
        status_seen = WdfDeviceAssignS0IdleSettings(device, &idle);
    };
    added([] {});
    EXPECT_EQ(status_seen, STATUS_INVALID_DEVICE_REQUEST);
}

TEST_F(DeviceSettingsTest, the_driver_object_is_the_one_that_DriverEntry_was_given) {
    added([&] { EXPECT_EQ(WdfDriverWdmGetDriverObject(wdf_driver), driver); });
}

void assign_sddl(PWDFDEVICE_INIT init, const WCHAR* text) {
    UNICODE_STRING sddl;
    init_string(sddl, text);
    EXPECT_EQ(WdfDeviceInitAssignSDDLString(init, &sddl), STATUS_SUCCESS);
}

TEST_F(DeviceSettingsTest, a_security_descriptor_keeps_user_mode_out) {
    plan.before = [](PWDFDEVICE_INIT init) {
        UNICODE_STRING name;
        init_string(name, L"\\Device\\Safe");
        EXPECT_EQ(WdfDeviceInitAssignName(init, &name), STATUS_SUCCESS);
        assign_sddl(init, L"D:P(A;;GA;;;SY)");
    };
    added([&] {
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        kernel::io::OpenRequest request;
        request.access = FILE_GENERIC_READ;
        request.mode = UserMode;
        kernel::io::OpenResult result;
        EXPECT_EQ(kernel::io::open_file(u"\\Device\\Safe", request, result), STATUS_ACCESS_DENIED);
        request.mode = KernelMode;
        ASSERT_EQ(kernel::io::open_file(u"\\Device\\Safe", request, result), STATUS_SUCCESS);
        ObDereferenceObject(result.file);
    });
}

TEST_F(DeviceSettingsTest, a_security_descriptor_without_a_name_is_refused) {
    plan.before = [](PWDFDEVICE_INIT init) { assign_sddl(init, L"D:P(A;;GA;;;SY)"); };
    run_as_thread([this] { EXPECT_EQ(load(device_add), STATUS_INVALID_SECURITY_DESCR); });
}

constexpr GUID lamp_class = {0xCAFE0001, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};

std::size_t enabled_lamps() {
    PZZWSTR list = nullptr;
    EXPECT_EQ(IoGetDeviceInterfaces(&lamp_class, nullptr, 0, &list), STATUS_SUCCESS);
    const bool any = list[0] != 0;
    ExFreePool(list);
    return any ? 1 : 0;
}

// An interface follows its device, unless the driver has switched it off.
TEST_F(DeviceSettingsTest, an_interface_is_enabled_with_its_device_and_by_its_driver) {
    plan.before = [](PWDFDEVICE_INIT) {
        machine::ArenaScope inside;
        auto node = std::make_unique<kernel::pnp::DeviceNode>();
        node->path = "\\_SB.LAMP";
        node->firmware.hardware_id = "TEST0001";
        node->physical_device = FrameworkTest::current->pdo;
        kernel::io::record_of(FrameworkTest::current->pdo).node = node.get();
        kernel::part<kernel::pnp::DeviceTree>().nodes.push_back(std::move(node));
    };
    plan.after = [](WDFDEVICE device) {
        EXPECT_EQ(WdfDeviceCreateDeviceInterface(device, &lamp_class, nullptr), STATUS_SUCCESS);
    };
    added([&] {
        EXPECT_EQ(enabled_lamps(), 0u);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        EXPECT_EQ(enabled_lamps(), 1u);
        WdfDeviceSetDeviceInterfaceState(device, &lamp_class, nullptr, FALSE);
        EXPECT_EQ(enabled_lamps(), 0u);
        WdfDeviceSetDeviceInterfaceState(device, &lamp_class, nullptr, TRUE);
        EXPECT_EQ(enabled_lamps(), 1u);
        remove_device();
        EXPECT_EQ(enabled_lamps(), 0u);
    });
}

}  // namespace
}  // namespace gpioclx::framework
