#include "framework/child_list.h"

#include <cstring>

#include "framework/attributes.h"
#include "framework/callback.h"
#include "framework/device.h"
#include "framework/driver.h"
#include "framework/pool_tag.h"

namespace gpioclx::framework {
namespace {

constexpr ULONG pool_tag = make_tag("WChi");

UCHAR* copy_of(const void* from, size_t size) {
    auto* copy = static_cast<UCHAR*>(ExAllocatePoolWithTag(NonPagedPoolNx, size, pool_tag));
    if (copy != nullptr) std::memcpy(copy, from, size);
    return copy;
}

}  // namespace

ChildList::ChildList(Device& device, const WDF_CHILD_LIST_CONFIG& config)
    : Object(object_type, device.driver()), device_(device), config_(config) {}

ChildList::~ChildList() {
    while (first_ != nullptr) remove_child(*first_);
}

ChildList* ChildList::create(Device& device, const WDF_CHILD_LIST_CONFIG& config,
                             const WDF_OBJECT_ATTRIBUTES* attributes) {
    return create_object<ChildList>(&device, attributes, device, config);
}

bool ChildList::same(const UCHAR* left, const UCHAR* right,
                     PFN_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_COMPARE compare) const {
    if (compare == nullptr) compare = config_.EvtChildListIdentificationDescriptionCompare;
    if (compare == nullptr)
        return std::memcmp(left, right, config_.IdentificationDescriptionSize) == 0;
    const auto header = [](const UCHAR* bytes) {
        return reinterpret_cast<PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER>(
            const_cast<UCHAR*>(bytes));
    };
    return compare(static_cast<WDFCHILDLIST>(const_cast<ChildList*>(this)->handle()), header(left),
                   header(right)) != FALSE;
}

ChildList::Child* ChildList::find(
    const WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER* identification,
    PFN_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_COMPARE compare) const {
    const auto* wanted = reinterpret_cast<const UCHAR*>(identification);
    for (Child* child = first_; child != nullptr; child = child->next) {
        if (child->present && child->identification != nullptr &&
            same(child->identification, wanted, compare))
            return child;
    }
    return nullptr;
}

ChildList::Child* ChildList::child_of(const Device& device) const {
    for (Child* child = first_; child != nullptr; child = child->next) {
        if (child->device == &device) return child;
    }
    return nullptr;
}

bool ChildList::still_present(const Device& device) const {
    const Child* child = child_of(device);
    return child != nullptr && child->present && device_.phase != PnpPhase::removed;
}

UCHAR* ChildList::duplicate_identification(const void* from) const {
    if (config_.EvtChildListIdentificationDescriptionDuplicate == nullptr)
        return copy_of(from, config_.IdentificationDescriptionSize);
    auto* copy = copy_of(from, config_.IdentificationDescriptionSize);
    if (copy == nullptr) return nullptr;
    const NTSTATUS status = config_.EvtChildListIdentificationDescriptionDuplicate(
        static_cast<WDFCHILDLIST>(const_cast<ChildList*>(this)->handle()),
        static_cast<PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER>(const_cast<void*>(from)),
        reinterpret_cast<PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER>(copy));
    if (NT_SUCCESS(status)) return copy;
    ExFreePoolWithTag(copy, pool_tag);
    return nullptr;
}

void ChildList::remove_child(Child& child) {
    for (Child** link = &first_; *link != nullptr; link = &(*link)->next) {
        if (*link != &child) continue;
        *link = child.next;
        break;
    }
    const auto list = static_cast<WDFCHILDLIST>(handle());
    if (child.identification != nullptr) {
        if (config_.EvtChildListIdentificationDescriptionCleanup != nullptr) {
            config_.EvtChildListIdentificationDescriptionCleanup(
                list, reinterpret_cast<PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER>(
                          child.identification));
        }
        ExFreePoolWithTag(child.identification, pool_tag);
    }
    if (child.address != nullptr) {
        if (config_.EvtChildListAddressDescriptionCleanup != nullptr) {
            config_.EvtChildListAddressDescriptionCleanup(
                list, reinterpret_cast<PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER>(child.address));
        }
        ExFreePoolWithTag(child.address, pool_tag);
    }
    delete &child;
}

NTSTATUS ChildList::add_or_update(const WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER* identification,
                                  const WDF_CHILD_ADDRESS_DESCRIPTION_HEADER* address) {
    if (identification->IdentificationDescriptionSize != config_.IdentificationDescriptionSize)
        return STATUS_INVALID_PARAMETER;
    if ((address != nullptr) != (config_.AddressDescriptionSize != 0))
        return STATUS_INVALID_PARAMETER;
    if (address != nullptr && address->AddressDescriptionSize != config_.AddressDescriptionSize)
        return STATUS_INVALID_PARAMETER;
    if (Child* child = find(identification)) {
        child->seen_in_scan = true;
        if (address != nullptr)
            std::memcpy(child->address, address, config_.AddressDescriptionSize);
        return STATUS_OBJECT_NAME_EXISTS;
    }
    machine::ArenaScope inside;
    auto* child = new Child;
    child->identification = duplicate_identification(identification);
    if (address != nullptr) child->address = copy_of(address, config_.AddressDescriptionSize);
    if (child->identification == nullptr || (address != nullptr && child->address == nullptr)) {
        remove_child(*child);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    child->seen_in_scan = true;
    Child** end = &first_;
    while (*end != nullptr) end = &(*end)->next;
    *end = child;
    changed();
    return STATUS_SUCCESS;
}

NTSTATUS ChildList::mark_missing(
    const WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER* identification) {
    if (identification->IdentificationDescriptionSize != config_.IdentificationDescriptionSize)
        return STATUS_INVALID_PARAMETER;
    Child* child = find(identification);
    if (child == nullptr) return STATUS_NO_SUCH_DEVICE;
    child->present = false;
    if (child->device == nullptr) remove_child(*child);
    changed();
    return STATUS_SUCCESS;
}

void ChildList::mark_all_present() {
    for (Child* child = first_; child != nullptr; child = child->next) child->seen_in_scan = true;
}

NTSTATUS ChildList::add_static(Device& child_device) {
    if (child_of(child_device) != nullptr) return STATUS_INVALID_PARAMETER;
    machine::ArenaScope inside;
    auto* child = new Child;
    child->device = &child_device;
    child_device.child_list = this;
    Child** end = &first_;
    while (*end != nullptr) end = &(*end)->next;
    *end = child;
    changed();
    return STATUS_SUCCESS;
}

bool ChildList::mark_static_missing(Device& device) {
    Child* child = child_of(device);
    if (child == nullptr || !child->present) return false;
    child->present = false;
    changed();
    return true;
}

void ChildList::begin_scan() {
    if (scans_++ != 0) return;
    for (Child* child = first_; child != nullptr; child = child->next) child->seen_in_scan = false;
}

void ChildList::end_scan() {
    if (scans_ == 0) {
        report("lifetime-236", &device_, "WdfChildListEndScan without WdfChildListBeginScan");
        return;
    }
    if (--scans_ != 0) return;
    bool any = false;
    for (Child* child = first_; child != nullptr;) {
        Child* next = child->next;
        if (!child->seen_in_scan && child->present) {
            child->present = false;
            any = true;
            if (child->device == nullptr) remove_child(*child);
        }
        child = next;
    }
    if (any) changed();
}

void ChildList::scan() {
    if (config_.EvtChildListScanForChildren == nullptr) return;
    begin_scan();
    {
        CallbackScope scope(Callback::child_list_scan, device_);
        config_.EvtChildListScanForChildren(static_cast<WDFCHILDLIST>(handle()));
    }
    end_scan();
}

// Before the device is started the PnP manager will ask anyway.
void ChildList::changed() {
    if (device_.phase == PnpPhase::started && scans_ == 0)
        IoInvalidateDeviceRelations(device_.pdo(), BusRelations);
}

NTSTATUS ChildList::create_device(Child& child) {
    WDFDEVICE_INIT* init = WDFDEVICE_INIT::create(device_.driver(), DeviceRole::physical);
    init->parent = &device_;
    init->child_list = this;
    NTSTATUS status;
    {
        CallbackScope scope(Callback::child_list_create_device, device_);
        status = scope.returned(config_.EvtChildListCreateDevice(
            static_cast<WDFCHILDLIST>(handle()),
            reinterpret_cast<PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER>(child.identification),
            init));
    }
    Device* device = init->created;
    WDFDEVICE_INIT::destroy(init);
    if (NT_SUCCESS(status) && device == nullptr) status = STATUS_UNSUCCESSFUL;
    if (!NT_SUCCESS(status)) {
        child.creation_failed = true;
        device_.emit_state(callback_text(Callback::child_list_create_device), status);
        if (device != nullptr) device->destroy();
        return status;
    }
    device->child_list = this;
    child.device = device;
    return STATUS_SUCCESS;
}

ULONG ChildList::prepare_relations() {
    ULONG count = 0;
    for (Child* child = first_; child != nullptr; child = child->next) {
        if (!child->present) continue;
        if (child->device == nullptr && !child->creation_failed) create_device(*child);
        if (child->device != nullptr) ++count;
    }
    return count;
}

ULONG ChildList::fill_relations(DEVICE_OBJECT** objects) {
    ULONG count = 0;
    for (Child* child = first_; child != nullptr; child = child->next) {
        if (!child->present || child->device == nullptr) {
            child->reported = false;
            continue;
        }
        child->reported = true;
        ObReferenceObject(child->device->wdm());
        objects[count++] = child->device->wdm();
    }
    return count;
}

void ChildList::device_gone(Device& device) {
    Child* child = child_of(device);
    if (child != nullptr) remove_child(*child);
}

void ChildList::destroy_devices() {
    while (first_ != nullptr) {
        Device* device = first_->device;
        remove_child(*first_);
        if (device != nullptr) device->destroy();
    }
}

}  // namespace gpioclx::framework
