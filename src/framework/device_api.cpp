// The functions of WDFDEVICE that need no file of their own.
#include "ext/gx_export.h"

#include "framework/attributes.h"
#include "framework/device.h"
#include "framework/driver.h"
#include "framework/file_object.h"
#include "framework/io_target.h"
#include "framework/queue.h"
#include "framework/request.h"

using namespace gpioclx::framework;

NTSTATUS WdfDeviceCreate(PWDFDEVICE_INIT* DeviceInit, PWDF_OBJECT_ATTRIBUTES DeviceAttributes,
                         WDFDEVICE* Device) {
    enter();
    require(DeviceInit, "WdfDeviceCreate", "DeviceInit");
    require(Device, "WdfDeviceCreate", "Device");
    *Device = nullptr;
    if (*DeviceInit == nullptr) return STATUS_INVALID_PARAMETER;
    WDFDEVICE_INIT& init = WDFDEVICE_INIT::checked(*DeviceInit, "WdfDeviceCreate");
    if (init.created != nullptr) return STATUS_INVALID_DEVICE_STATE;
    NTSTATUS status = check_attributes(DeviceAttributes, ObjectType::device);
    if (!NT_SUCCESS(status)) return status;
    gpioclx::framework::Object* parent = init.parent != nullptr
                                             ? static_cast<gpioclx::framework::Object*>(init.parent)
                                             : init.driver;
    auto* device = create_object<gpioclx::framework::Device>(
        parent, DeviceAttributes, init.driver, static_cast<DeviceSettings&&>(init.settings));
    if (device == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    status = device->create(init, DeviceAttributes);
    if (!NT_SUCCESS(status)) {
        device->destroy();
        return status;
    }
    *Device = device->device_handle();
    if (device->is_physical() || device->is_control()) {
        // Nobody waits for the outcome of an AddDevice: the init is used up here.
        if (init.child_list != nullptr) {
            init.created = device;
        } else {
            WDFDEVICE_INIT::destroy(&init);
        }
        if (device->is_physical()) device->wdm()->Flags &= ~ULONG{DO_DEVICE_INITIALIZING};
    } else {
        init.created = device;
    }
    *DeviceInit = nullptr;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceCreate);

#define GX_DEVICE(function) from_handle<gpioclx::framework::Device>(Device, function)

WDFDEVICE WdfWdmDeviceGetWdfDeviceHandle(PDEVICE_OBJECT DeviceObject) {
    enter();
    auto* device = gpioclx::framework::Device::of(DeviceObject);
    return device != nullptr ? device->device_handle() : nullptr;
}
GX_EXPORT_FUNCTION(WdfWdmDeviceGetWdfDeviceHandle);

PDEVICE_OBJECT WdfDeviceWdmGetDeviceObject(WDFDEVICE Device) {
    enter();
    return GX_DEVICE("WdfDeviceWdmGetDeviceObject").wdm();
}
GX_EXPORT_FUNCTION(WdfDeviceWdmGetDeviceObject);

PDEVICE_OBJECT WdfDeviceWdmGetAttachedDevice(WDFDEVICE Device) {
    enter();
    return GX_DEVICE("WdfDeviceWdmGetAttachedDevice").lower();
}
GX_EXPORT_FUNCTION(WdfDeviceWdmGetAttachedDevice);

PDEVICE_OBJECT WdfDeviceWdmGetPhysicalDevice(WDFDEVICE Device) {
    enter();
    return GX_DEVICE("WdfDeviceWdmGetPhysicalDevice").pdo();
}
GX_EXPORT_FUNCTION(WdfDeviceWdmGetPhysicalDevice);

WDFDRIVER WdfDeviceGetDriver(WDFDEVICE Device) {
    enter();
    return static_cast<WDFDRIVER>(GX_DEVICE("WdfDeviceGetDriver").driver()->handle());
}
GX_EXPORT_FUNCTION(WdfDeviceGetDriver);

WDFIOTARGET WdfDeviceGetIoTarget(WDFDEVICE Device) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceGetIoTarget");
    return device.local_target != nullptr ? static_cast<WDFIOTARGET>(device.local_target->handle())
                                          : nullptr;
}
GX_EXPORT_FUNCTION(WdfDeviceGetIoTarget);

WDFQUEUE WdfDeviceGetDefaultQueue(WDFDEVICE Device) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceGetDefaultQueue");
    return device.default_queue != nullptr ? static_cast<WDFQUEUE>(device.default_queue->handle())
                                           : nullptr;
}
GX_EXPORT_FUNCTION(WdfDeviceGetDefaultQueue);

NTSTATUS WdfDeviceConfigureRequestDispatching(WDFDEVICE Device, WDFQUEUE Queue,
                                              WDF_REQUEST_TYPE RequestType) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceConfigureRequestDispatching");
    auto& queue =
        from_handle<gpioclx::framework::Queue>(Queue, "WdfDeviceConfigureRequestDispatching");
    if (&queue.owner() != &device) return STATUS_INVALID_PARAMETER;
    if (RequestType != WdfRequestTypeCreate && RequestType != WdfRequestTypeRead &&
        RequestType != WdfRequestTypeWrite && RequestType != WdfRequestTypeDeviceControl &&
        RequestType != WdfRequestTypeDeviceControlInternal) {
        return STATUS_INVALID_PARAMETER;
    }
    // A request type has the number of its IRP's major function.
    auto*& slot = device.queues_by_major[RequestType];
    if (slot != nullptr) return STATUS_WDF_BUSY;
    slot = &queue;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceConfigureRequestDispatching);

NTSTATUS WdfDeviceEnqueueRequest(WDFDEVICE Device, WDFREQUEST Request) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceEnqueueRequest");
    auto& request = from_handle<gpioclx::framework::Request>(Request, "WdfDeviceEnqueueRequest");
    if (!request.in_caller_context() || request.device() != &device)
        return STATUS_INVALID_DEVICE_REQUEST;
    auto* queue = device.queue_for(request.major());
    if (queue == nullptr && !device.is_filter()) return STATUS_INVALID_DEVICE_REQUEST;
    if (queue != nullptr && !queue->accepts()) return STATUS_WDF_BUSY;
    request.leave_caller_context();
    device.enqueue(request);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceEnqueueRequest);

WDFFILEOBJECT WdfDeviceGetFileObject(WDFDEVICE Device, PFILE_OBJECT FileObject) {
    enter();
    auto* file = GX_DEVICE("WdfDeviceGetFileObject").file_object(FileObject);
    return file != nullptr ? static_cast<WDFFILEOBJECT>(file->handle()) : nullptr;
}
GX_EXPORT_FUNCTION(WdfDeviceGetFileObject);

WDF_DEVICE_PNP_STATE WdfDeviceGetDevicePnpState(WDFDEVICE Device) {
    enter();
    return GX_DEVICE("WdfDeviceGetDevicePnpState").pnp_state;
}
GX_EXPORT_FUNCTION(WdfDeviceGetDevicePnpState);

WDF_DEVICE_POWER_STATE WdfDeviceGetDevicePowerState(WDFDEVICE Device) {
    enter();
    return GX_DEVICE("WdfDeviceGetDevicePowerState").power_state;
}
GX_EXPORT_FUNCTION(WdfDeviceGetDevicePowerState);

WDF_DEVICE_POWER_POLICY_STATE WdfDeviceGetDevicePowerPolicyState(WDFDEVICE Device) {
    enter();
    return GX_DEVICE("WdfDeviceGetDevicePowerPolicyState").policy_state;
}
GX_EXPORT_FUNCTION(WdfDeviceGetDevicePowerPolicyState);

POWER_ACTION WdfDeviceGetSystemPowerAction(WDFDEVICE Device) {
    enter();
    return GX_DEVICE("WdfDeviceGetSystemPowerAction").system_power_action;
}
GX_EXPORT_FUNCTION(WdfDeviceGetSystemPowerAction);

VOID WdfDeviceGetDeviceState(WDFDEVICE Device, PWDF_DEVICE_STATE DeviceState) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceGetDeviceState");
    require(DeviceState, "WdfDeviceGetDeviceState", "DeviceState");
    *DeviceState = device.reported_state;
}
GX_EXPORT_FUNCTION(WdfDeviceGetDeviceState);

VOID WdfDeviceSetDeviceState(WDFDEVICE Device, PWDF_DEVICE_STATE DeviceState) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceSetDeviceState");
    require(DeviceState, "WdfDeviceSetDeviceState", "DeviceState");
    const auto take = [](WDF_TRI_STATE& to, WDF_TRI_STATE from) {
        if (from != WdfUseDefault) to = from;
    };
    WDF_DEVICE_STATE& state = device.reported_state;
    take(state.Disabled, DeviceState->Disabled);
    take(state.DontDisplayInUI, DeviceState->DontDisplayInUI);
    take(state.Failed, DeviceState->Failed);
    take(state.NotDisableable, DeviceState->NotDisableable);
    take(state.Removed, DeviceState->Removed);
    take(state.ResourcesChanged, DeviceState->ResourcesChanged);
    take(state.AssignedToGuest, DeviceState->AssignedToGuest);
    // Before the start nobody has asked yet; the PnP manager asks after it.
    if (device.phase != PnpPhase::added && device.pdo() != nullptr)
        IoInvalidateDeviceState(device.pdo());
}
GX_EXPORT_FUNCTION(WdfDeviceSetDeviceState);

VOID WdfDeviceSetFailed(WDFDEVICE Device, WDF_DEVICE_FAILED_ACTION FailedAction) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceSetFailed");
    if (FailedAction == WdfDeviceFailedUndefined || FailedAction > WdfDeviceFailedNoRestart) {
        report("lifetime-218", &device, "WdfDeviceSetFailed with action %d",
               static_cast<int>(FailedAction));
        return;
    }
    device.emit_state("WdfDeviceSetFailed", STATUS_DEVICE_DATA_ERROR);
    device.reported_state.Failed = WdfTrue;
    if (device.pdo() != nullptr) IoInvalidateDeviceState(device.pdo());
}
GX_EXPORT_FUNCTION(WdfDeviceSetFailed);

VOID WdfDeviceSetStaticStopRemove(WDFDEVICE Device, BOOLEAN Stoppable) {
    enter();
    GX_DEVICE("WdfDeviceSetStaticStopRemove").static_stop_remove = Stoppable != FALSE;
}
GX_EXPORT_FUNCTION(WdfDeviceSetStaticStopRemove);

VOID WdfDeviceSetPnpCapabilities(WDFDEVICE Device, PWDF_DEVICE_PNP_CAPABILITIES PnpCapabilities) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceSetPnpCapabilities");
    require(PnpCapabilities, "WdfDeviceSetPnpCapabilities", "PnpCapabilities");
    device.pnp_capabilities = *PnpCapabilities;
    device.has_pnp_capabilities = true;
}
GX_EXPORT_FUNCTION(WdfDeviceSetPnpCapabilities);

VOID WdfDeviceSetPowerCapabilities(WDFDEVICE Device,
                                   PWDF_DEVICE_POWER_CAPABILITIES PowerCapabilities) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceSetPowerCapabilities");
    require(PowerCapabilities, "WdfDeviceSetPowerCapabilities", "PowerCapabilities");
    device.power_capabilities = *PowerCapabilities;
    device.has_power_capabilities = true;
}
GX_EXPORT_FUNCTION(WdfDeviceSetPowerCapabilities);

VOID WdfDeviceSetBusInformationForChildren(WDFDEVICE Device, PPNP_BUS_INFORMATION BusInformation) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceSetBusInformationForChildren");
    require(BusInformation, "WdfDeviceSetBusInformationForChildren", "BusInformation");
    device.bus_information = *BusInformation;
    device.has_bus_information = true;
}
GX_EXPORT_FUNCTION(WdfDeviceSetBusInformationForChildren);

VOID WdfDeviceSetSpecialFileSupport(WDFDEVICE Device, WDF_SPECIAL_FILE_TYPE FileType,
                                    BOOLEAN FileTypeIsSupported) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceSetSpecialFileSupport");
    if (FileType <= WdfSpecialFileUndefined || FileType >= WdfSpecialFileMax) return;
    const ULONG bit = 1u << FileType;
    device.special_files =
        FileTypeIsSupported ? device.special_files | bit : device.special_files & ~bit;
}
GX_EXPORT_FUNCTION(WdfDeviceSetSpecialFileSupport);

VOID WdfDeviceSetCharacteristics(WDFDEVICE Device, ULONG DeviceCharacteristics) {
    enter();
    GX_DEVICE("WdfDeviceSetCharacteristics").wdm()->Characteristics = DeviceCharacteristics;
}
GX_EXPORT_FUNCTION(WdfDeviceSetCharacteristics);

ULONG WdfDeviceGetCharacteristics(WDFDEVICE Device) {
    enter();
    return GX_DEVICE("WdfDeviceGetCharacteristics").wdm()->Characteristics;
}
GX_EXPORT_FUNCTION(WdfDeviceGetCharacteristics);

ULONG WdfDeviceGetAlignmentRequirement(WDFDEVICE Device) {
    enter();
    return GX_DEVICE("WdfDeviceGetAlignmentRequirement").wdm()->AlignmentRequirement;
}
GX_EXPORT_FUNCTION(WdfDeviceGetAlignmentRequirement);

VOID WdfDeviceSetAlignmentRequirement(WDFDEVICE Device, ULONG AlignmentRequirement) {
    enter();
    GX_DEVICE("WdfDeviceSetAlignmentRequirement").wdm()->AlignmentRequirement =
        AlignmentRequirement;
}
GX_EXPORT_FUNCTION(WdfDeviceSetAlignmentRequirement);

// Relations of removal and power usage between devices: recorded by nobody here, because nothing is
// paged and nothing is ejected; drivers that declare them run unchanged.
NTSTATUS WdfDeviceAddDependentUsageDeviceObject(WDFDEVICE Device, PDEVICE_OBJECT DependentDevice) {
    enter();
    GX_DEVICE("WdfDeviceAddDependentUsageDeviceObject");
    require(DependentDevice, "WdfDeviceAddDependentUsageDeviceObject", "DependentDevice");
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceAddDependentUsageDeviceObject);

VOID WdfDeviceRemoveDependentUsageDeviceObject(WDFDEVICE Device, PDEVICE_OBJECT DependentDevice) {
    enter();
    GX_DEVICE("WdfDeviceRemoveDependentUsageDeviceObject");
    require(DependentDevice, "WdfDeviceRemoveDependentUsageDeviceObject", "DependentDevice");
}
GX_EXPORT_FUNCTION(WdfDeviceRemoveDependentUsageDeviceObject);

NTSTATUS WdfDeviceAddRemovalRelationsPhysicalDevice(WDFDEVICE Device,
                                                    PDEVICE_OBJECT PhysicalDevice) {
    enter();
    GX_DEVICE("WdfDeviceAddRemovalRelationsPhysicalDevice");
    require(PhysicalDevice, "WdfDeviceAddRemovalRelationsPhysicalDevice", "PhysicalDevice");
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceAddRemovalRelationsPhysicalDevice);

VOID WdfDeviceRemoveRemovalRelationsPhysicalDevice(WDFDEVICE Device,
                                                   PDEVICE_OBJECT PhysicalDevice) {
    enter();
    GX_DEVICE("WdfDeviceRemoveRemovalRelationsPhysicalDevice");
    require(PhysicalDevice, "WdfDeviceRemoveRemovalRelationsPhysicalDevice", "PhysicalDevice");
}
GX_EXPORT_FUNCTION(WdfDeviceRemoveRemovalRelationsPhysicalDevice);

VOID WdfDeviceClearRemovalRelationsDevices(WDFDEVICE Device) {
    enter();
    GX_DEVICE("WdfDeviceClearRemovalRelationsDevices");
}
GX_EXPORT_FUNCTION(WdfDeviceClearRemovalRelationsDevices);

NTSTATUS WdfDeviceAssignMofResourceName(WDFDEVICE Device, PCUNICODE_STRING MofResourceName) {
    enter();
    GX_DEVICE("WdfDeviceAssignMofResourceName");
    require(MofResourceName, "WdfDeviceAssignMofResourceName", "MofResourceName");
    return STATUS_SUCCESS;  // there is no WMI to hand it to
}
GX_EXPORT_FUNCTION(WdfDeviceAssignMofResourceName);
