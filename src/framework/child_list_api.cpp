// The functions of WDFCHILDLIST.
#include "ext/gx_export.h"

#include <cstring>

#include "framework/attributes.h"
#include "framework/child_list.h"
#include "framework/device.h"

using namespace gpioclx::framework;

#define GX_LIST(function) from_handle<gpioclx::framework::ChildList>(ChildList, function)
using Child = gpioclx::framework::ChildList::Child;

NTSTATUS WdfChildListCreate(WDFDEVICE Device, PWDF_CHILD_LIST_CONFIG Config,
                            PWDF_OBJECT_ATTRIBUTES ChildListAttributes, WDFCHILDLIST* ChildList) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfChildListCreate");
    require(Config, "WdfChildListCreate", "Config");
    require(ChildList, "WdfChildListCreate", "ChildList");
    *ChildList = nullptr;
    if (Config->Size != sizeof(WDF_CHILD_LIST_CONFIG)) return STATUS_INFO_LENGTH_MISMATCH;
    if (Config->EvtChildListCreateDevice == nullptr ||
        Config->IdentificationDescriptionSize <
            sizeof(WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER)) {
        return STATUS_INVALID_PARAMETER;
    }
    const NTSTATUS status = check_attributes(ChildListAttributes, ObjectType::child_list);
    if (!NT_SUCCESS(status)) return status;
    auto* list = gpioclx::framework::ChildList::create(device, *Config, ChildListAttributes);
    if (list == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    *ChildList = static_cast<WDFCHILDLIST>(list->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfChildListCreate);

WDFDEVICE WdfChildListGetDevice(WDFCHILDLIST ChildList) {
    enter();
    return GX_LIST("WdfChildListGetDevice").owner().device_handle();
}
GX_EXPORT_FUNCTION(WdfChildListGetDevice);

WDFDEVICE WdfChildListRetrievePdo(WDFCHILDLIST ChildList, PWDF_CHILD_RETRIEVE_INFO RetrieveInfo) {
    enter();
    auto& list = GX_LIST("WdfChildListRetrievePdo");
    require(RetrieveInfo, "WdfChildListRetrievePdo", "RetrieveInfo");
    Child* child = list.find(RetrieveInfo->IdentificationDescription,
                             RetrieveInfo->EvtChildListIdentificationDescriptionCompare);
    if (child == nullptr) {
        RetrieveInfo->Status = WdfChildListRetrieveDeviceNoSuchDevice;
        return nullptr;
    }
    if (RetrieveInfo->AddressDescription != nullptr && child->address != nullptr) {
        std::memcpy(RetrieveInfo->AddressDescription, child->address,
                    list.config().AddressDescriptionSize);
    }
    RetrieveInfo->Status = child->device != nullptr ? WdfChildListRetrieveDeviceSuccess
                                                    : WdfChildListRetrieveDeviceNotYetCreated;
    return child->device != nullptr ? child->device->device_handle() : nullptr;
}
GX_EXPORT_FUNCTION(WdfChildListRetrievePdo);

NTSTATUS WdfChildListRetrieveAddressDescription(
    WDFCHILDLIST ChildList, PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER IdentificationDescription,
    PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER AddressDescription) {
    enter();
    auto& list = GX_LIST("WdfChildListRetrieveAddressDescription");
    Child* child = list.find(IdentificationDescription);
    if (child == nullptr) return STATUS_NO_SUCH_DEVICE;
    if (child->address == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    std::memcpy(AddressDescription, child->address, list.config().AddressDescriptionSize);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfChildListRetrieveAddressDescription);

VOID WdfChildListBeginScan(WDFCHILDLIST ChildList) {
    enter();
    GX_LIST("WdfChildListBeginScan").begin_scan();
}
GX_EXPORT_FUNCTION(WdfChildListBeginScan);

VOID WdfChildListEndScan(WDFCHILDLIST ChildList) {
    enter();
    GX_LIST("WdfChildListEndScan").end_scan();
}
GX_EXPORT_FUNCTION(WdfChildListEndScan);

VOID WdfChildListBeginIteration(WDFCHILDLIST ChildList, PWDF_CHILD_LIST_ITERATOR Iterator) {
    enter();
    require(Iterator, "WdfChildListBeginIteration", "Iterator");
    ++GX_LIST("WdfChildListBeginIteration").iterators;
    Iterator->Reserved[0] = nullptr;
}
GX_EXPORT_FUNCTION(WdfChildListBeginIteration);

NTSTATUS WdfChildListRetrieveNextDevice(WDFCHILDLIST ChildList, PWDF_CHILD_LIST_ITERATOR Iterator,
                                        WDFDEVICE* Device, PWDF_CHILD_RETRIEVE_INFO Info) {
    enter();
    auto& list = GX_LIST("WdfChildListRetrieveNextDevice");
    require(Iterator, "WdfChildListRetrieveNextDevice", "Iterator");
    require(Device, "WdfChildListRetrieveNextDevice", "Device");
    *Device = nullptr;
    auto* child = static_cast<Child*>(Iterator->Reserved[0]);
    child = child == nullptr ? list.first() : child->next;
    for (; child != nullptr; child = child->next) {
        const ULONG kind = !child->present            ? WdfRetrieveMissingChildren
                           : child->device == nullptr ? WdfRetrievePendingChildren
                                                      : WdfRetrievePresentChildren;
        if ((Iterator->Flags & kind) != 0) break;
    }
    if (child == nullptr) return STATUS_NO_MORE_ENTRIES;
    Iterator->Reserved[0] = child;
    if (Info != nullptr && Info->IdentificationDescription != nullptr &&
        child->identification != nullptr) {
        std::memcpy(Info->IdentificationDescription, child->identification,
                    list.config().IdentificationDescriptionSize);
        Info->Status = child->device != nullptr ? WdfChildListRetrieveDeviceSuccess
                                                : WdfChildListRetrieveDeviceNotYetCreated;
    }
    *Device = child->device != nullptr ? child->device->device_handle() : nullptr;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfChildListRetrieveNextDevice);

VOID WdfChildListEndIteration(WDFCHILDLIST ChildList, PWDF_CHILD_LIST_ITERATOR Iterator) {
    enter();
    UNREFERENCED_PARAMETER(Iterator);
    auto& list = GX_LIST("WdfChildListEndIteration");
    if (list.iterators != 0) --list.iterators;
}
GX_EXPORT_FUNCTION(WdfChildListEndIteration);

NTSTATUS WdfChildListAddOrUpdateChildDescriptionAsPresent(
    WDFCHILDLIST ChildList, PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER IdentificationDescription,
    PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER AddressDescription) {
    constexpr const char* function = "WdfChildListAddOrUpdateChildDescriptionAsPresent";
    enter();
    require(IdentificationDescription, function, "IdentificationDescription");
    return GX_LIST(function).add_or_update(IdentificationDescription, AddressDescription);
}
GX_EXPORT_FUNCTION(WdfChildListAddOrUpdateChildDescriptionAsPresent);

NTSTATUS WdfChildListUpdateChildDescriptionAsMissing(
    WDFCHILDLIST ChildList,
    PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER IdentificationDescription) {
    constexpr const char* function = "WdfChildListUpdateChildDescriptionAsMissing";
    enter();
    require(IdentificationDescription, function, "IdentificationDescription");
    return GX_LIST(function).mark_missing(IdentificationDescription);
}
GX_EXPORT_FUNCTION(WdfChildListUpdateChildDescriptionAsMissing);

VOID WdfChildListUpdateAllChildDescriptionsAsPresent(WDFCHILDLIST ChildList) {
    enter();
    GX_LIST("WdfChildListUpdateAllChildDescriptionsAsPresent").mark_all_present();
}
GX_EXPORT_FUNCTION(WdfChildListUpdateAllChildDescriptionsAsPresent);

BOOLEAN WdfChildListRequestChildEject(
    WDFCHILDLIST ChildList,
    PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER IdentificationDescription) {
    enter();
    Child* child = GX_LIST("WdfChildListRequestChildEject").find(IdentificationDescription);
    if (child == nullptr || child->device == nullptr) return FALSE;
    IoRequestDeviceEject(child->device->wdm());
    return TRUE;
}
GX_EXPORT_FUNCTION(WdfChildListRequestChildEject);
