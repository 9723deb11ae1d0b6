// Physical devices that a bus driver makes itself and reports as children.
#include <string>

#include "framework/device.h"
#include "framework/framework_fixture.h"

namespace gpioclx::framework {
namespace {

constexpr GUID raw_class = {0x0000CAFE, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};

NTSTATUS device_add(WDFDRIVER, PWDFDEVICE_INIT init) {
    WDFDEVICE device;
    const NTSTATUS status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
    if (!NT_SUCCESS(status)) return status;
    FrameworkTest::current->device = device;
    WDF_IO_QUEUE_CONFIG config;
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
    config.EvtIoDeviceControl = [](WDFQUEUE, WDFREQUEST request, size_t, size_t, ULONG) {
        GX_NOTE("parent's queue");
        WdfRequestComplete(request, STATUS_SUCCESS);
    };
    EXPECT_EQ(WdfIoQueueCreate(device, &config, nullptr, nullptr), STATUS_SUCCESS);
    PNP_BUS_INFORMATION bus{};
    bus.BusTypeGuid = raw_class;
    bus.LegacyBusType = PNPBus;
    bus.BusNumber = 9;
    WdfDeviceSetBusInformationForChildren(device, &bus);
    return STATUS_SUCCESS;
}

UNICODE_STRING text(const WCHAR* from) {
    UNICODE_STRING string;
    RtlInitUnicodeString(&string, from);
    return string;
}

class StaticChildTest : public FrameworkTest {
  protected:
    void started(std::function<void()> body) {
        run_as_thread([this, body] {
            ASSERT_EQ(load(device_add), STATUS_SUCCESS);
            ASSERT_EQ(start_device(), STATUS_SUCCESS);
            body();
        });
    }
    WDFDEVICE make_child(bool raw = true) {
        PWDFDEVICE_INIT init = WdfPdoInitAllocate(device);
        const UNICODE_STRING id = text(L"TEST\\Lamp");
        const UNICODE_STRING instance = text(L"7");
        const UNICODE_STRING compatible = text(L"TEST\\Any");
        const UNICODE_STRING container = text(L"{00000000-0000-0000-ffff-ffffffffffff}");
        const UNICODE_STRING name = text(L"Lamp");
        const UNICODE_STRING place = text(L"Slot 7");
        EXPECT_EQ(WdfPdoInitAssignDeviceID(init, &id), STATUS_SUCCESS);
        EXPECT_EQ(WdfPdoInitAssignInstanceID(init, &instance), STATUS_SUCCESS);
        EXPECT_EQ(WdfPdoInitAddHardwareID(init, &id), STATUS_SUCCESS);
        EXPECT_EQ(WdfPdoInitAddCompatibleID(init, &compatible), STATUS_SUCCESS);
        EXPECT_EQ(WdfPdoInitAssignContainerID(init, &container), STATUS_SUCCESS);
        EXPECT_EQ(WdfPdoInitAddDeviceText(init, &name, &place, 0x409), STATUS_SUCCESS);
        WdfPdoInitSetDefaultLocale(init, 0x409);
        WdfPdoInitAllowForwardingRequestToParent(init);
        if (raw) {
            EXPECT_EQ(WdfPdoInitAssignRawDevice(init, &raw_class), STATUS_SUCCESS);
        }
        WDF_PDO_EVENT_CALLBACKS callbacks;
        WDF_PDO_EVENT_CALLBACKS_INIT(&callbacks);
        callbacks.EvtDeviceResourcesQuery = [](WDFDEVICE, WDFCMRESLIST) -> NTSTATUS {
            GX_NOTE("ResourcesQuery");
            return STATUS_SUCCESS;
        };
        WdfPdoInitSetEventCallbacks(init, &callbacks);
        WDFDEVICE child = nullptr;
        EXPECT_EQ(WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &child), STATUS_SUCCESS);
        return child;
    }
    ULONG reported_children() {
        kernel::pnp::PnpRequest request;
        request.minor = IRP_MN_QUERY_DEVICE_RELATIONS;
        request.stack.Parameters.QueryDeviceRelations.Type = BusRelations;
        EXPECT_EQ(kernel::pnp::send_pnp(pdo, request), STATUS_SUCCESS);
        auto* relations = reinterpret_cast<PDEVICE_RELATIONS>(request.information);
        if (relations == nullptr) return 0;
        const ULONG count = relations->Count;
        for (ULONG i = 0; i < count; ++i) ObDereferenceObject(relations->Objects[i]);
        ExFreePool(relations);
        return count;
    }
    std::u16string query_id(WDFDEVICE child, BUS_QUERY_ID_TYPE type) {
        kernel::pnp::PnpRequest request;
        request.minor = IRP_MN_QUERY_ID;
        request.stack.Parameters.QueryId.IdType = type;
        return taken_text(child, request);
    }
    std::u16string taken_text(WDFDEVICE child, kernel::pnp::PnpRequest& request) {
        EXPECT_EQ(kernel::pnp::send_pnp(WdfDeviceWdmGetDeviceObject(child), request),
                  STATUS_SUCCESS);
        auto* answer = reinterpret_cast<PWCH>(request.information);
        if (answer == nullptr) return u"(none)";
        std::u16string result(reinterpret_cast<const char16_t*>(answer));
        ExFreePool(answer);
        return result;
    }
    WDFDEVICE next(WDFDEVICE previous, ULONG flags) {
        return WdfFdoRetrieveNextStaticChild(device, previous, flags);
    }
};

TEST_F(StaticChildTest, a_child_says_who_it_is) {
    started([&] {
        WDFDEVICE child = make_child();
        EXPECT_EQ(WdfPdoGetParent(child), device);
        EXPECT_EQ(query_id(child, BusQueryDeviceID), u"TEST\\Lamp");
        EXPECT_EQ(query_id(child, BusQueryInstanceID), u"7");
        EXPECT_EQ(query_id(child, BusQueryCompatibleIDs), u"TEST\\Any");
        EXPECT_EQ(query_id(child, BusQueryContainerID), u"{00000000-0000-0000-ffff-ffffffffffff}");
        kernel::pnp::PnpRequest request;
        request.minor = IRP_MN_QUERY_DEVICE_TEXT;
        request.stack.Parameters.QueryDeviceText.DeviceTextType = DeviceTextLocationInformation;
        EXPECT_EQ(taken_text(child, request), u"Slot 7");
        kernel::pnp::PnpRequest bus;
        bus.minor = IRP_MN_QUERY_BUS_INFORMATION;
        EXPECT_EQ(kernel::pnp::send_pnp(WdfDeviceWdmGetDeviceObject(child), bus), STATUS_SUCCESS);
        auto* information = reinterpret_cast<PPNP_BUS_INFORMATION>(bus.information);
        ASSERT_NE(information, nullptr);
        EXPECT_EQ(information->BusNumber, 9u);
        ExFreePool(information);
        kernel::pnp::PnpRequest resources;
        resources.minor = IRP_MN_QUERY_RESOURCES;
        EXPECT_EQ(kernel::pnp::send_pnp(WdfDeviceWdmGetDeviceObject(child), resources),
                  STATUS_SUCCESS);
        EXPECT_EQ(trace.text(), "ResourcesQuery");
        EXPECT_EQ(WdfFdoAddStaticChild(device, child), STATUS_SUCCESS);
    });
}

TEST_F(StaticChildTest, children_are_pending_then_present_then_missing) {
    started([&] {
        EXPECT_EQ(next(nullptr, WdfRetrieveAllChildren), nullptr);
        WDFDEVICE child = make_child();
        EXPECT_EQ(WdfPdoMarkMissing(child), STATUS_INVALID_PARAMETER);  // nobody's child yet
        ASSERT_EQ(WdfFdoAddStaticChild(device, child), STATUS_SUCCESS);
        EXPECT_EQ(WdfFdoAddStaticChild(device, child), STATUS_INVALID_PARAMETER);
        WdfFdoLockStaticChildListForIteration(device);
        EXPECT_EQ(next(nullptr, WdfRetrievePendingChildren), child);
        EXPECT_EQ(next(nullptr, WdfRetrievePresentChildren), nullptr);
        EXPECT_EQ(next(nullptr, WdfRetrieveAddedChildren), child);  // pending or present
        EXPECT_EQ(next(child, WdfRetrieveAllChildren), nullptr);
        WdfFdoUnlockStaticChildListFromIteration(device);
        EXPECT_EQ(reported_children(), 1u);
        EXPECT_EQ(next(nullptr, WdfRetrievePresentChildren), child);
        EXPECT_EQ(WdfPdoMarkMissing(child), STATUS_SUCCESS);
        EXPECT_EQ(WdfPdoMarkMissing(child), STATUS_NO_SUCH_DEVICE);
        EXPECT_EQ(next(nullptr, WdfRetrieveMissingChildren), child);
        EXPECT_EQ(reported_children(), 0u);
    });
}

// What a raw child cannot do itself it hands to a queue of its parent.
TEST_F(StaticChildTest, a_request_goes_on_in_the_parents_queue) {
    started([&] {
        WDFDEVICE child = make_child();
        WDF_IO_QUEUE_CONFIG config;
        WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
        config.PowerManaged = WdfFalse;
        config.EvtIoDeviceControl = [](WDFQUEUE queue, WDFREQUEST request, size_t, size_t, ULONG) {
            GX_NOTE("child's queue");
            WDF_REQUEST_FORWARD_OPTIONS options;
            WDF_REQUEST_FORWARD_OPTIONS_INIT(&options);
            WDFDEVICE parent = WdfPdoGetParent(WdfIoQueueGetDevice(queue));
            EXPECT_EQ(WdfRequestForwardToParentDeviceIoQueue(
                          request, WdfDeviceGetDefaultQueue(parent), &options),
                      STATUS_SUCCESS);
        };
        ASSERT_EQ(WdfIoQueueCreate(child, &config, nullptr, nullptr), STATUS_SUCCESS);
        ASSERT_EQ(WdfFdoAddStaticChild(device, child), STATUS_SUCCESS);
        PDEVICE_OBJECT wdm = WdfDeviceWdmGetDeviceObject(child);
        PIRP irp = IoAllocateIrp(wdm->StackSize, FALSE);
        IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_DEVICE_CONTROL;
        IoGetNextIrpStackLocation(irp)->Parameters.DeviceIoControl.IoControlCode = ioctl_buffered;
        Outcome outcome;
        IoSetCompletionRoutine(
            irp,
            [](PDEVICE_OBJECT, PIRP done, PVOID context) -> NTSTATUS {
                static_cast<Outcome*>(context)->status = done->IoStatus.Status;
                return STATUS_MORE_PROCESSING_REQUIRED;
            },
            &outcome, TRUE, TRUE, TRUE);
        IoCallDriver(wdm, irp);
        sleep_us(1000);
        EXPECT_EQ(outcome.status, STATUS_SUCCESS);
        EXPECT_EQ(trace.text(), "child's queue parent's queue");
        IoFreeIrp(irp);
    });
}

}  // namespace
}  // namespace gpioclx::framework
