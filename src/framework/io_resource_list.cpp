#include "framework/io_resource_list.h"

#include "ext/gx_export.h"

#include <cstddef>
#include <cstring>

#include "framework/attributes.h"
#include "framework/pool_tag.h"

namespace gpioclx::framework {
namespace {
constexpr ULONG pool_tag = make_tag("WRIr");
}

IoResourceList::IoResourceList(IoResourceRequirementsList& owner)
    : Object(object_type, owner.driver()), owner_(owner) {}

IoResourceList::~IoResourceList() {
    if (entries_ != nullptr) ExFreePoolWithTag(entries_, pool_tag);
}

NTSTATUS IoResourceList::insert(const IO_RESOURCE_DESCRIPTOR& descriptor, ULONG index) {
    if (index == WDF_INSERT_AT_END) index = count_;
    if (index > count_) return STATUS_ARRAY_BOUNDS_EXCEEDED;
    if (count_ == capacity_) {
        const ULONG capacity = capacity_ + 8;
        auto* entries = static_cast<IO_RESOURCE_DESCRIPTOR*>(ExAllocatePoolWithTag(
            NonPagedPoolNx, capacity * sizeof(IO_RESOURCE_DESCRIPTOR), pool_tag));
        if (entries == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
        if (count_ != 0)
            std::memcpy(static_cast<void*>(entries), entries_, count_ * sizeof(*entries));
        if (entries_ != nullptr) ExFreePoolWithTag(entries_, pool_tag);
        entries_ = entries;
        capacity_ = capacity;
    }
    std::memmove(static_cast<void*>(&entries_[index + 1]), &entries_[index],
                 (count_ - index) * sizeof(*entries_));
    std::memcpy(static_cast<void*>(&entries_[index]), &descriptor, sizeof(descriptor));
    ++count_;
    return STATUS_SUCCESS;
}

void IoResourceList::remove(ULONG index) {
    if (index >= count_) return;
    std::memmove(static_cast<void*>(&entries_[index]), &entries_[index + 1],
                 (count_ - index - 1) * sizeof(*entries_));
    --count_;
}

NTSTATUS IoResourceRequirementsList::insert(IoResourceList& list, ULONG index) {
    if (index == WDF_INSERT_AT_END) index = count_;
    if (index > count_) return STATUS_ARRAY_BOUNDS_EXCEEDED;
    if (count_ == max_lists) return STATUS_INSUFFICIENT_RESOURCES;
    std::memmove(&lists_[index + 1], &lists_[index], (count_ - index) * sizeof(lists_[0]));
    lists_[index] = &list;
    ++count_;
    return STATUS_SUCCESS;
}

void IoResourceRequirementsList::remove(ULONG index) {
    if (index >= count_) return;
    IoResourceList* list = lists_[index];
    std::memmove(&lists_[index], &lists_[index + 1], (count_ - index - 1) * sizeof(lists_[0]));
    --count_;
    list->delete_object();
}

bool IoResourceRequirementsList::index_of(const IoResourceList& list, ULONG* index) const {
    for (ULONG i = 0; i < count_; ++i) {
        if (lists_[i] != &list) continue;
        *index = i;
        return true;
    }
    return false;
}

NTSTATUS IoResourceRequirementsList::fill(const IO_RESOURCE_REQUIREMENTS_LIST* list) {
    if (list == nullptr) return STATUS_SUCCESS;
    slot_number = list->SlotNumber;
    interface_type = list->InterfaceType;
    const IO_RESOURCE_LIST* from = &list->List[0];
    for (ULONG i = 0; i < list->AlternativeLists; ++i) {
        auto* to = create_object<IoResourceList>(this, nullptr, *this);
        NTSTATUS status =
            to != nullptr ? insert(*to, WDF_INSERT_AT_END) : STATUS_INSUFFICIENT_RESOURCES;
        for (ULONG d = 0; NT_SUCCESS(status) && d < from->Count; ++d)
            status = to->insert(from->Descriptors[d], WDF_INSERT_AT_END);
        if (!NT_SUCCESS(status)) return status;
        from = reinterpret_cast<const IO_RESOURCE_LIST*>(&from->Descriptors[from->Count]);
    }
    return STATUS_SUCCESS;
}

IO_RESOURCE_REQUIREMENTS_LIST* IoResourceRequirementsList::build() const {
    size_t size = offsetof(IO_RESOURCE_REQUIREMENTS_LIST, List);
    for (ULONG i = 0; i < count_; ++i) {
        size += offsetof(IO_RESOURCE_LIST, Descriptors) +
                lists_[i]->count() * sizeof(IO_RESOURCE_DESCRIPTOR);
    }
    if (count_ == 0) return nullptr;
    auto* list = static_cast<IO_RESOURCE_REQUIREMENTS_LIST*>(
        ExAllocatePoolWithTag(PagedPool, size, pool_tag));
    if (list == nullptr) return nullptr;
    std::memset(static_cast<void*>(list), 0, size);
    list->ListSize = static_cast<ULONG>(size);
    list->InterfaceType = interface_type;
    list->SlotNumber = slot_number;
    list->AlternativeLists = count_;
    IO_RESOURCE_LIST* to = &list->List[0];
    for (ULONG i = 0; i < count_; ++i) {
        to->Version = to->Revision = 1;
        to->Count = lists_[i]->count();
        for (ULONG d = 0; d < to->Count; ++d) {
            std::memcpy(static_cast<void*>(&to->Descriptors[d]), lists_[i]->at(d),
                        sizeof(IO_RESOURCE_DESCRIPTOR));
        }
        to = reinterpret_cast<IO_RESOURCE_LIST*>(&to->Descriptors[to->Count]);
    }
    return list;
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

#define GX_REQUIREMENTS(function) \
    from_handle<IoResourceRequirementsList>(RequirementsList, function)
#define GX_RESOURCES(function) from_handle<IoResourceList>(ResourceList, function)

VOID WdfIoResourceRequirementsListSetSlotNumber(WDFIORESREQLIST RequirementsList,
                                                ULONG SlotNumber) {
    enter();
    GX_REQUIREMENTS("WdfIoResourceRequirementsListSetSlotNumber").slot_number = SlotNumber;
}
GX_EXPORT_FUNCTION(WdfIoResourceRequirementsListSetSlotNumber);

VOID WdfIoResourceRequirementsListSetInterfaceType(WDFIORESREQLIST RequirementsList,
                                                   INTERFACE_TYPE InterfaceType) {
    enter();
    GX_REQUIREMENTS("WdfIoResourceRequirementsListSetInterfaceType").interface_type = InterfaceType;
}
GX_EXPORT_FUNCTION(WdfIoResourceRequirementsListSetInterfaceType);

NTSTATUS WdfIoResourceRequirementsListInsertIoResList(WDFIORESREQLIST RequirementsList,
                                                      WDFIORESLIST IoResList, ULONG Index) {
    constexpr const char* function = "WdfIoResourceRequirementsListInsertIoResList";
    enter();
    auto& requirements = GX_REQUIREMENTS(function);
    auto& list = from_handle<IoResourceList>(IoResList, function);
    ULONG index;
    if (&list.owner() != &requirements || requirements.index_of(list, &index))
        return STATUS_INVALID_PARAMETER;
    return requirements.insert(list, Index);
}
GX_EXPORT_FUNCTION(WdfIoResourceRequirementsListInsertIoResList);

NTSTATUS WdfIoResourceRequirementsListAppendIoResList(WDFIORESREQLIST RequirementsList,
                                                      WDFIORESLIST IoResList) {
    return WdfIoResourceRequirementsListInsertIoResList(RequirementsList, IoResList,
                                                        WDF_INSERT_AT_END);
}
GX_EXPORT_FUNCTION(WdfIoResourceRequirementsListAppendIoResList);

ULONG WdfIoResourceRequirementsListGetCount(WDFIORESREQLIST RequirementsList) {
    enter();
    return GX_REQUIREMENTS("WdfIoResourceRequirementsListGetCount").count();
}
GX_EXPORT_FUNCTION(WdfIoResourceRequirementsListGetCount);

WDFIORESLIST WdfIoResourceRequirementsListGetIoResList(WDFIORESREQLIST RequirementsList,
                                                       ULONG Index) {
    enter();
    IoResourceList* list = GX_REQUIREMENTS("WdfIoResourceRequirementsListGetIoResList").at(Index);
    return list != nullptr ? static_cast<WDFIORESLIST>(list->handle()) : nullptr;
}
GX_EXPORT_FUNCTION(WdfIoResourceRequirementsListGetIoResList);

VOID WdfIoResourceRequirementsListRemove(WDFIORESREQLIST RequirementsList, ULONG Index) {
    enter();
    GX_REQUIREMENTS("WdfIoResourceRequirementsListRemove").remove(Index);
}
GX_EXPORT_FUNCTION(WdfIoResourceRequirementsListRemove);

VOID WdfIoResourceRequirementsListRemoveByIoResList(WDFIORESREQLIST RequirementsList,
                                                    WDFIORESLIST IoResList) {
    constexpr const char* function = "WdfIoResourceRequirementsListRemoveByIoResList";
    enter();
    auto& requirements = GX_REQUIREMENTS(function);
    ULONG index;
    if (requirements.index_of(from_handle<IoResourceList>(IoResList, function), &index))
        requirements.remove(index);
}
GX_EXPORT_FUNCTION(WdfIoResourceRequirementsListRemoveByIoResList);

NTSTATUS WdfIoResourceListCreate(WDFIORESREQLIST RequirementsList,
                                 PWDF_OBJECT_ATTRIBUTES Attributes, WDFIORESLIST* ResourceList) {
    enter();
    auto& requirements = GX_REQUIREMENTS("WdfIoResourceListCreate");
    require(ResourceList, "WdfIoResourceListCreate", "ResourceList");
    *ResourceList = nullptr;
    const NTSTATUS status = check_attributes(Attributes, ObjectType::io_resource_list);
    if (!NT_SUCCESS(status)) return status;
    auto* list = create_object<IoResourceList>(&requirements, Attributes, requirements);
    if (list == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    *ResourceList = static_cast<WDFIORESLIST>(list->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfIoResourceListCreate);

NTSTATUS WdfIoResourceListInsertDescriptor(WDFIORESLIST ResourceList,
                                           PIO_RESOURCE_DESCRIPTOR Descriptor, ULONG Index) {
    enter();
    require(Descriptor, "WdfIoResourceListInsertDescriptor", "Descriptor");
    return GX_RESOURCES("WdfIoResourceListInsertDescriptor").insert(*Descriptor, Index);
}
GX_EXPORT_FUNCTION(WdfIoResourceListInsertDescriptor);

NTSTATUS WdfIoResourceListAppendDescriptor(WDFIORESLIST ResourceList,
                                           PIO_RESOURCE_DESCRIPTOR Descriptor) {
    return WdfIoResourceListInsertDescriptor(ResourceList, Descriptor, WDF_INSERT_AT_END);
}
GX_EXPORT_FUNCTION(WdfIoResourceListAppendDescriptor);

VOID WdfIoResourceListUpdateDescriptor(WDFIORESLIST ResourceList,
                                       PIO_RESOURCE_DESCRIPTOR Descriptor, ULONG Index) {
    enter();
    require(Descriptor, "WdfIoResourceListUpdateDescriptor", "Descriptor");
    auto* entry = GX_RESOURCES("WdfIoResourceListUpdateDescriptor").at(Index);
    if (entry != nullptr) *entry = *Descriptor;
}
GX_EXPORT_FUNCTION(WdfIoResourceListUpdateDescriptor);

ULONG WdfIoResourceListGetCount(WDFIORESLIST ResourceList) {
    enter();
    return GX_RESOURCES("WdfIoResourceListGetCount").count();
}
GX_EXPORT_FUNCTION(WdfIoResourceListGetCount);

PIO_RESOURCE_DESCRIPTOR WdfIoResourceListGetDescriptor(WDFIORESLIST ResourceList, ULONG Index) {
    enter();
    return GX_RESOURCES("WdfIoResourceListGetDescriptor").at(Index);
}
GX_EXPORT_FUNCTION(WdfIoResourceListGetDescriptor);

VOID WdfIoResourceListRemove(WDFIORESLIST ResourceList, ULONG Index) {
    enter();
    GX_RESOURCES("WdfIoResourceListRemove").remove(Index);
}
GX_EXPORT_FUNCTION(WdfIoResourceListRemove);

VOID WdfIoResourceListRemoveByDescriptor(WDFIORESLIST ResourceList,
                                         PIO_RESOURCE_DESCRIPTOR Descriptor) {
    enter();
    auto& list = GX_RESOURCES("WdfIoResourceListRemoveByDescriptor");
    for (ULONG i = 0; i < list.count(); ++i) {
        if (list.at(i) != Descriptor) continue;
        list.remove(i);
        return;
    }
}
GX_EXPORT_FUNCTION(WdfIoResourceListRemoveByDescriptor);
