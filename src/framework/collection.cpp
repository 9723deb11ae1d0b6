#include "framework/collection.h"

#include "ext/gx_export.h"

#include <cstring>

#include "framework/attributes.h"
#include "framework/driver.h"
#include "framework/pool_tag.h"

namespace gpioclx::framework {
namespace {
constexpr ULONG pool_tag = make_tag("WCol");
}

Collection::~Collection() {
    if (items_ != nullptr) ExFreePoolWithTag(items_, pool_tag);
}

void Collection::cleaned() {
    while (count_ != 0) remove_at(count_ - 1);
}

NTSTATUS Collection::add(Object& object) {
    if (count_ == capacity_) {
        const ULONG capacity = capacity_ == 0 ? 8 : capacity_ * 2;
        auto** items = static_cast<Object**>(
            ExAllocatePoolWithTag(NonPagedPoolNx, capacity * sizeof(Object*), pool_tag));
        if (items == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
        if (count_ != 0) std::memcpy(items, items_, count_ * sizeof(Object*));
        if (items_ != nullptr) ExFreePoolWithTag(items_, pool_tag);
        items_ = items;
        capacity_ = capacity;
    }
    object.reference();
    items_[count_++] = &object;
    return STATUS_SUCCESS;
}

bool Collection::remove_at(ULONG index) {
    if (index >= count_) return false;
    Object* object = items_[index];
    std::memmove(&items_[index], &items_[index + 1], (count_ - index - 1) * sizeof(Object*));
    --count_;
    object->release();
    return true;
}

bool Collection::index_of(const Object& object, ULONG* index) const {
    for (ULONG i = 0; i < count_; ++i) {
        if (items_[i] != &object) continue;
        *index = i;
        return true;
    }
    return false;
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

#define GX_COLLECTION(function) from_handle<gpioclx::framework::Collection>(Collection, function)

GX_ASKS_CALLER
NTSTATUS WdfCollectionCreate(PWDF_OBJECT_ATTRIBUTES CollectionAttributes,
                             WDFCOLLECTION* Collection) {
    enter();
    require(Collection, "WdfCollectionCreate", "Collection");
    *Collection = nullptr;
    Driver* driver = Driver::calling(__builtin_return_address(0));
    NTSTATUS status = check_attributes(CollectionAttributes, ObjectType::collection);
    Object* parent = nullptr;
    if (NT_SUCCESS(status))
        status = resolve_parent(CollectionAttributes, driver, "WdfCollectionCreate", &parent);
    if (!NT_SUCCESS(status)) return status;
    auto* collection =
        create_object<gpioclx::framework::Collection>(parent, CollectionAttributes, driver);
    if (collection == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    *Collection = static_cast<WDFCOLLECTION>(collection->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfCollectionCreate);

ULONG WdfCollectionGetCount(WDFCOLLECTION Collection) {
    enter();
    return GX_COLLECTION("WdfCollectionGetCount").count();
}
GX_EXPORT_FUNCTION(WdfCollectionGetCount);

NTSTATUS WdfCollectionAdd(WDFCOLLECTION Collection, WDFOBJECT Object) {
    enter();
    auto& collection = GX_COLLECTION("WdfCollectionAdd");
    return collection.add(object_from(Object, "WdfCollectionAdd"));
}
GX_EXPORT_FUNCTION(WdfCollectionAdd);

VOID WdfCollectionRemove(WDFCOLLECTION Collection, WDFOBJECT Item) {
    enter();
    auto& collection = GX_COLLECTION("WdfCollectionRemove");
    ULONG index;
    if (collection.index_of(object_from(Item, "WdfCollectionRemove"), &index)) {
        collection.remove_at(index);
    } else {
        report("lifetime-229", collection.device(),
               "WdfCollectionRemove of an object that is not in the collection");
    }
}
GX_EXPORT_FUNCTION(WdfCollectionRemove);

VOID WdfCollectionRemoveItem(WDFCOLLECTION Collection, ULONG Index) {
    enter();
    auto& collection = GX_COLLECTION("WdfCollectionRemoveItem");
    if (!collection.remove_at(Index)) {
        report("lifetime-229", collection.device(),
               "WdfCollectionRemoveItem with index %u of %u items", static_cast<unsigned>(Index),
               static_cast<unsigned>(collection.count()));
    }
}
GX_EXPORT_FUNCTION(WdfCollectionRemoveItem);

static WDFOBJECT handle_of(gpioclx::framework::Object* object) {
    return object != nullptr ? object->handle() : nullptr;
}

WDFOBJECT WdfCollectionGetItem(WDFCOLLECTION Collection, ULONG Index) {
    enter();
    return handle_of(GX_COLLECTION("WdfCollectionGetItem").at(Index));
}
GX_EXPORT_FUNCTION(WdfCollectionGetItem);

WDFOBJECT WdfCollectionGetFirstItem(WDFCOLLECTION Collection) {
    enter();
    return handle_of(GX_COLLECTION("WdfCollectionGetFirstItem").at(0));
}
GX_EXPORT_FUNCTION(WdfCollectionGetFirstItem);

WDFOBJECT WdfCollectionGetLastItem(WDFCOLLECTION Collection) {
    enter();
    auto& collection = GX_COLLECTION("WdfCollectionGetLastItem");
    return collection.count() != 0 ? handle_of(collection.at(collection.count() - 1)) : nullptr;
}
GX_EXPORT_FUNCTION(WdfCollectionGetLastItem);
