// Devices beyond the usual function device: class extensions, control devices, children, filters.
#include "framework/device.h"

#include <wdfcx.h>

#include "framework/framework_fixture.h"

namespace gpioclx::framework {
namespace {

struct Child {
    WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER header;
    ULONG number;
};

bool with_extension = false;
bool as_filter = false;
bool with_children = false;
WDFCHILDLIST children = nullptr;

NTSTATUS note_prepare(WDFDEVICE, WDFCMRESLIST, WDFCMRESLIST) {
    GX_NOTE("Prepare");
    return STATUS_SUCCESS;
}
NTSTATUS pre_prepare(WDFDEVICE, WDFCMRESLIST, WDFCMRESLIST) {
    GX_NOTE("PrePrepare");
    return STATUS_SUCCESS;
}
NTSTATUS post_prepare(WDFDEVICE, WDFCMRESLIST, WDFCMRESLIST) {
    GX_NOTE("PostPrepare");
    return STATUS_SUCCESS;
}

NTSTATUS create_child(WDFCHILDLIST list, PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER header,
                      PWDFDEVICE_INIT init) {
    GX_NOTE("CreateChild");
    EXPECT_EQ(reinterpret_cast<Child*>(header)->number, 7u);
    WCHAR id[] = L"TEST\\Child";
    UNICODE_STRING text;
    RtlInitUnicodeString(&text, id);
    EXPECT_EQ(WdfPdoInitAssignDeviceID(init, &text), STATUS_SUCCESS);
    EXPECT_EQ(WdfPdoInitAddHardwareID(init, &text), STATUS_SUCCESS);
    WDFDEVICE device;
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.EvtCleanupCallback = [](WDFOBJECT) { GX_NOTE("ChildCleanup"); };
    const NTSTATUS status = WdfDeviceCreate(&init, &attributes, &device);
    EXPECT_EQ(status, STATUS_SUCCESS);
    EXPECT_EQ(WdfPdoGetParent(device), WdfChildListGetDevice(list));
    return status;
}

NTSTATUS device_add(WDFDRIVER, PWDFDEVICE_INIT init) {
    WDF_PNPPOWER_EVENT_CALLBACKS pnp;
    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&pnp);
    pnp.EvtDevicePrepareHardware = note_prepare;
    WdfDeviceInitSetPnpPowerEventCallbacks(init, &pnp);
    if (with_extension) {
        PWDFCXDEVICE_INIT extension = WdfCxDeviceInitAllocate(init);
        WDFCX_PNPPOWER_EVENT_CALLBACKS callbacks;
        WDFCX_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
        callbacks.EvtCxDevicePrePrepareHardware = pre_prepare;
        callbacks.EvtCxDevicePostPrepareHardware = post_prepare;
        WdfCxDeviceInitSetPnpPowerEventCallbacks(extension, &callbacks);
    }
    if (as_filter) WdfFdoInitSetFilter(init);
    if (with_children) {
        WDF_CHILD_LIST_CONFIG config;
        WDF_CHILD_LIST_CONFIG_INIT(&config, sizeof(Child), create_child);
        WdfFdoInitSetDefaultChildListConfig(init, &config, nullptr);
    }
    WDFDEVICE device;
    const NTSTATUS status = WdfDeviceCreate(&init, nullptr, &device);
    FrameworkTest::current->device = device;
    if (NT_SUCCESS(status)) children = WdfFdoGetDefaultChildList(device);
    return status;
}

class DeviceTest : public FrameworkTest {
  protected:
    void SetUp() override {
        FrameworkTest::SetUp();
        with_extension = as_filter = with_children = false;
    }
};

TEST_F(DeviceTest, an_extensions_callbacks_run_around_the_drivers) {
    with_extension = true;
    run_as_thread([this] {
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        EXPECT_EQ(trace.text(), "PrePrepare Prepare PostPrepare");
        remove_device();
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(DeviceTest, a_filter_hands_on_what_it_has_no_queue_for) {
    as_filter = true;
    run_as_thread([this] {
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        lower_io = [](PIRP irp) { return complete_irp(irp, STATUS_SUCCESS, 17); };
        EXPECT_EQ(ioctl(ioctl_buffered).information, 17u);
        remove_device();
    });
}

TEST_F(DeviceTest, a_device_is_known_by_its_wdm_device) {
    run_as_thread([this] {
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        DEVICE_OBJECT* wdm = WdfDeviceWdmGetDeviceObject(device);
        EXPECT_EQ(WdfWdmDeviceGetWdfDeviceHandle(wdm), device);
        EXPECT_EQ(WdfDeviceWdmGetPhysicalDevice(device), pdo);
        EXPECT_EQ(WdfDeviceWdmGetAttachedDevice(device), pdo);
        EXPECT_EQ(IoGetAttachedDevice(pdo), wdm);
        EXPECT_EQ(WdfDeviceGetDriver(device), wdf_driver);
        EXPECT_EQ(WdfDeviceGetDevicePnpState(device), WdfDevStatePnpInit);
        start_device();
        EXPECT_EQ(WdfDeviceGetDevicePnpState(device), WdfDevStatePnpStarted);
        EXPECT_EQ(WdfDeviceGetDevicePowerState(device), WdfDevStatePowerD0);
    });
}

TEST_F(DeviceTest, a_used_up_device_init_is_a_bug_check) {
    machine();
    thread("test", [this] {
        load([](WDFDRIVER, PWDFDEVICE_INIT init) -> NTSTATUS {
            PWDFDEVICE_INIT again = init;
            WDFDEVICE first;
            WdfDeviceCreate(&init, nullptr, &first);
            FrameworkTest::current->device = first;
            WDFDEVICE second;
            EXPECT_EQ(WdfDeviceCreate(&again, nullptr, &second), STATUS_INVALID_DEVICE_STATE);
            return STATUS_SUCCESS;
        });
        WdfObjectDelete(device);  // the framework's to delete
    });
    run();
    EXPECT_TRUE(machine().halted());
    EXPECT_TRUE(found("lifetime-207"));
}

TEST_F(DeviceTest, children_get_devices_when_bus_relations_are_asked_for) {
    with_children = true;
    run_as_thread([this] {
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        Child child;
        WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER_INIT(&child.header, sizeof(child));
        child.number = 7;
        EXPECT_EQ(
            WdfChildListAddOrUpdateChildDescriptionAsPresent(children, &child.header, nullptr),
            STATUS_SUCCESS);
        EXPECT_EQ(
            WdfChildListAddOrUpdateChildDescriptionAsPresent(children, &child.header, nullptr),
            STATUS_OBJECT_NAME_EXISTS);
        kernel::pnp::PnpRequest request;
        request.minor = IRP_MN_QUERY_DEVICE_RELATIONS;
        request.stack.Parameters.QueryDeviceRelations.Type = BusRelations;
        ASSERT_EQ(kernel::pnp::send_pnp(pdo, request), STATUS_SUCCESS);
        auto* relations = reinterpret_cast<DEVICE_RELATIONS*>(request.information);
        ASSERT_NE(relations, nullptr);
        ASSERT_EQ(relations->Count, 1u);
        DEVICE_OBJECT* found_child = relations->Objects[0];
        ExFreePool(relations);
        EXPECT_TRUE(trace.has("CreateChild"));
        kernel::pnp::PnpRequest id;
        id.minor = IRP_MN_QUERY_ID;
        id.stack.Parameters.QueryId.IdType = BusQueryDeviceID;
        ASSERT_EQ(kernel::pnp::send_pnp(found_child, id), STATUS_SUCCESS);
        EXPECT_EQ(std::memcmp(reinterpret_cast<void*>(id.information), L"TEST\\Child", 22), 0);
        ExFreePool(reinterpret_cast<void*>(id.information));
        EXPECT_EQ(WdfChildListUpdateChildDescriptionAsMissing(children, &child.header),
                  STATUS_SUCCESS);
        EXPECT_EQ(kernel::pnp::send_pnp(found_child, IRP_MN_REMOVE_DEVICE), STATUS_SUCCESS);
        EXPECT_TRUE(trace.has("ChildCleanup"));
        ObDereferenceObject(found_child);
        remove_device();
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(DeviceTest, a_control_device_takes_requests_after_it_is_initialized) {
    run_as_thread([this] {
        create_driver_object();
        WDF_DRIVER_CONFIG config;
        WDF_DRIVER_CONFIG_INIT(&config, nullptr);
        config.DriverInitFlags = WdfDriverInitNonPnpDriver;
        ASSERT_EQ(create_driver(&config, nullptr), STATUS_SUCCESS);
        WCHAR sddl[] = L"D:P";
        WCHAR name[] = L"\\Device\\TestControl";
        UNICODE_STRING text;
        RtlInitUnicodeString(&text, sddl);
        PWDFDEVICE_INIT init = WdfControlDeviceInitAllocate(wdf_driver, &text);
        ASSERT_NE(init, nullptr);
        RtlInitUnicodeString(&text, name);
        ASSERT_EQ(WdfDeviceInitAssignName(init, &text), STATUS_SUCCESS);
        ASSERT_EQ(WdfDeviceCreate(&init, nullptr, &device), STATUS_SUCCESS);
        WDF_IO_QUEUE_CONFIG queue;
        WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&queue, WdfIoQueueDispatchSequential);
        queue.EvtIoDeviceControl = [](WDFQUEUE, WDFREQUEST request, size_t, size_t, ULONG) {
            GX_NOTE("ioctl");
            WdfRequestComplete(request, STATUS_SUCCESS);
        };
        ASSERT_EQ(WdfIoQueueCreate(device, &queue, nullptr, nullptr), STATUS_SUCCESS);
        WdfControlFinishInitializing(device);
        pdo = WdfDeviceWdmGetDeviceObject(device);
        EXPECT_EQ(ioctl(ioctl_buffered).status, STATUS_SUCCESS);
        EXPECT_TRUE(trace.has("ioctl"));
        WdfObjectDelete(device);
    });
    EXPECT_TRUE(findings().empty());
}

}  // namespace
}  // namespace gpioclx::framework
