#include "framework/resource_list.h"
#include "framework/pool_tag.h"

#include "ext/gx_export.h"

#include <cstddef>
#include <cstring>

namespace gpioclx::framework {
namespace {
constexpr ULONG pool_tag = make_tag("WRes");
}

CmResourceList::~CmResourceList() {
    if (pool_ != nullptr) ExFreePoolWithTag(pool_, pool_tag);
}

bool CmResourceList::reserve(ULONG count) {
    if (count <= capacity_) return true;
    const ULONG capacity = count + 4;
    auto* entries = static_cast<Entry*>(
        ExAllocatePoolWithTag(NonPagedPoolNx, capacity * sizeof(Entry), pool_tag));
    if (entries == nullptr) return false;
    if (count_ != 0) std::memcpy(static_cast<void*>(entries), entries_, count_ * sizeof(Entry));
    if (pool_ != nullptr) ExFreePoolWithTag(pool_, pool_tag);
    pool_ = entries;
    void* seen = view_.show_copy(process_of(driver()), entries, capacity * sizeof(Entry));
    entries_ = static_cast<Entry*>(seen);
    if (entries_ == nullptr) return false;
    capacity_ = capacity;
    return true;
}

NTSTATUS CmResourceList::fill(const CM_RESOURCE_LIST* list) {
    count_ = 0;
    if (list == nullptr || list->Count == 0) return STATUS_SUCCESS;
    const CM_PARTIAL_RESOURCE_LIST& partial = list->List[0].PartialResourceList;
    if (!reserve(partial.Count)) return STATUS_INSUFFICIENT_RESOURCES;
    for (ULONG i = 0; i < partial.Count; ++i) {
        std::memcpy(&entries_[i].descriptor, &partial.PartialDescriptors[i],
                    sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR));
    }
    count_ = partial.Count;
    return STATUS_SUCCESS;
}

NTSTATUS CmResourceList::insert(const CM_PARTIAL_RESOURCE_DESCRIPTOR& descriptor, ULONG index) {
    if (index == WDF_INSERT_AT_END) index = count_;
    if (index > count_) return STATUS_ARRAY_BOUNDS_EXCEEDED;
    if (!reserve(count_ + 1)) return STATUS_INSUFFICIENT_RESOURCES;
    std::memmove(static_cast<void*>(&entries_[index + 1]), &entries_[index],
                 (count_ - index) * sizeof(Entry));
    std::memcpy(&entries_[index].descriptor, &descriptor, sizeof(descriptor));
    ++count_;
    return STATUS_SUCCESS;
}

void CmResourceList::remove(ULONG index) {
    if (index >= count_) return;
    std::memmove(static_cast<void*>(&entries_[index]), &entries_[index + 1],
                 (count_ - index - 1) * sizeof(Entry));
    --count_;
}

bool CmResourceList::find(const CM_PARTIAL_RESOURCE_DESCRIPTOR* descriptor, ULONG* index) const {
    for (ULONG i = 0; i < count_; ++i) {
        if (&entries_[i].descriptor != descriptor) continue;
        *index = i;
        return true;
    }
    return false;
}

CM_RESOURCE_LIST* CmResourceList::build() const {
    if (count_ == 0) return nullptr;
    const size_t size = offsetof(CM_RESOURCE_LIST, List[0].PartialResourceList.PartialDescriptors) +
                        count_ * sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR);
    auto* list = static_cast<CM_RESOURCE_LIST*>(ExAllocatePoolWithTag(PagedPool, size, pool_tag));
    if (list == nullptr) return nullptr;
    std::memset(static_cast<void*>(list), 0, size);
    list->Count = 1;
    list->List[0].InterfaceType = Internal;
    CM_PARTIAL_RESOURCE_LIST& partial = list->List[0].PartialResourceList;
    partial.Version = partial.Revision = 1;
    partial.Count = count_;
    for (ULONG i = 0; i < count_; ++i) {
        std::memcpy(&partial.PartialDescriptors[i], &entries_[i].descriptor,
                    sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR));
    }
    return list;
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

#define GX_LIST(function) from_handle<CmResourceList>(List, function)

ULONG WdfCmResourceListGetCount(WDFCMRESLIST List) {
    enter();
    return GX_LIST("WdfCmResourceListGetCount").count();
}
GX_EXPORT_FUNCTION(WdfCmResourceListGetCount);

PCM_PARTIAL_RESOURCE_DESCRIPTOR WdfCmResourceListGetDescriptor(WDFCMRESLIST List, ULONG Index) {
    enter();
    return GX_LIST("WdfCmResourceListGetDescriptor").at(Index);
}
GX_EXPORT_FUNCTION(WdfCmResourceListGetDescriptor);

NTSTATUS WdfCmResourceListAppendDescriptor(WDFCMRESLIST List,
                                           PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor) {
    enter();
    require(Descriptor, "WdfCmResourceListAppendDescriptor", "Descriptor");
    return GX_LIST("WdfCmResourceListAppendDescriptor").insert(*Descriptor, WDF_INSERT_AT_END);
}
GX_EXPORT_FUNCTION(WdfCmResourceListAppendDescriptor);

NTSTATUS WdfCmResourceListInsertDescriptor(WDFCMRESLIST List,
                                           PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor,
                                           ULONG Index) {
    enter();
    require(Descriptor, "WdfCmResourceListInsertDescriptor", "Descriptor");
    return GX_LIST("WdfCmResourceListInsertDescriptor").insert(*Descriptor, Index);
}
GX_EXPORT_FUNCTION(WdfCmResourceListInsertDescriptor);

VOID WdfCmResourceListRemove(WDFCMRESLIST List, ULONG Index) {
    enter();
    GX_LIST("WdfCmResourceListRemove").remove(Index);
}
GX_EXPORT_FUNCTION(WdfCmResourceListRemove);

VOID WdfCmResourceListRemoveByDescriptor(WDFCMRESLIST List,
                                         PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor) {
    enter();
    CmResourceList& list = GX_LIST("WdfCmResourceListRemoveByDescriptor");
    ULONG index;
    if (list.find(Descriptor, &index)) list.remove(index);
}
GX_EXPORT_FUNCTION(WdfCmResourceListRemoveByDescriptor);
