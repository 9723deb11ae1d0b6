#include "framework/work_item.h"

#include "ext/gx_export.h"
#include "ext/gx_observe.h"

#include "framework/attributes.h"
#include "framework/callback.h"
#include "framework/callback_lock.h"
#include "framework/device.h"
#include "framework/dpc.h"
#include "framework/driver.h"

namespace gpioclx::framework {

WorkItem::WorkItem(Driver* driver, const WDF_WORKITEM_CONFIG& config)
    : Object(object_type, driver), config_(config) {
    KeInitializeEvent(&idle_, NotificationEvent, TRUE);
}

WorkItem::~WorkItem() { GxForgetLock(&idle_); }

void WorkItem::enqueue() {
    if (queued_) return;
    queued_ = true;
    reference();
    KeClearEvent(&idle_);
    ExInitializeWorkItem(&work_, &WorkItem::entry, this);
    ExQueueWorkItem(&work_, DelayedWorkQueue);
}

void NTAPI WorkItem::entry(PVOID context) {
    auto& self = *static_cast<WorkItem*>(context);
    // The callback may delete the item, and its parent may go before it returns.
    Device* device = self.device();
    CallbackLock* lock =
        self.config_.AutomaticSerialization ? serialization_lock(self.parent()) : nullptr;
    device->reference();
    self.queued_ = false;
    self.running_thread_ = KeGetCurrentThread();
    const kernel::ke::ObjectName name = self.wait_name();
    kernel::vf::note_begin(name);
    {
        Serialized serialized(lock);
        CallbackScope scope(Callback::work_item, *device);
        self.config_.EvtWorkItemFunc(static_cast<WDFWORKITEM>(self.handle()));
    }
    kernel::vf::note_end(name);
    self.running_thread_ = nullptr;
    if (!self.queued_) KeSetEvent(&self.idle_, IO_NO_INCREMENT, FALSE);
    self.release();
    device->release();
}

kernel::ke::ObjectName WorkItem::wait_name() const {
    return kernel::vf::routine_name(&idle_, "work item",
                                    reinterpret_cast<const void*>(config_.EvtWorkItemFunc));
}

void WorkItem::flush() {
    kernel::vf::note_wait(wait_name());
    KeWaitForSingleObject(&idle_, Executive, KernelMode, FALSE, nullptr);
}

void WorkItem::stop() {
    if (!in_own_callback()) flush();
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

#define GX_WORK_ITEM(function) from_handle<gpioclx::framework::WorkItem>(WorkItem, function)

NTSTATUS WdfWorkItemCreate(PWDF_WORKITEM_CONFIG Config, PWDF_OBJECT_ATTRIBUTES Attributes,
                           WDFWORKITEM* WorkItem) {
    enter();
    require(Config, "WdfWorkItemCreate", "Config");
    require(WorkItem, "WdfWorkItemCreate", "WorkItem");
    *WorkItem = nullptr;
    if (Config->Size != sizeof(WDF_WORKITEM_CONFIG)) return STATUS_INFO_LENGTH_MISMATCH;
    if (Config->EvtWorkItemFunc == nullptr) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = check_attributes(Attributes, ObjectType::work_item);
    Object* parent = nullptr;
    if (NT_SUCCESS(status)) status = require_parent(Attributes, "WdfWorkItemCreate", &parent);
    if (!NT_SUCCESS(status)) return status;
    if (parent->device() == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    // The default of TRUE needs passive execution, and has no effect without a scope.
    if (Config->AutomaticSerialization) {
        const CallbackLock* lock = serialization_lock(parent);
        if (lock != nullptr && !lock->passive()) return STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL;
    }
    auto* item =
        create_object<gpioclx::framework::WorkItem>(parent, Attributes, parent->driver(), *Config);
    if (item == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    *WorkItem = static_cast<WDFWORKITEM>(item->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfWorkItemCreate);

VOID WdfWorkItemEnqueue(WDFWORKITEM WorkItem) {
    enter();
    auto& item = GX_WORK_ITEM("WdfWorkItemEnqueue");
    if (item.deleting()) {
        report("lifetime-235", item.device(),
               "WdfWorkItemEnqueue of a work item that is being deleted");
        return;
    }
    item.enqueue();
}
GX_EXPORT_FUNCTION(WdfWorkItemEnqueue);

WDFOBJECT WdfWorkItemGetParentObject(WDFWORKITEM WorkItem) {
    enter();
    Object* parent = GX_WORK_ITEM("WdfWorkItemGetParentObject").parent();
    return parent != nullptr ? parent->handle() : nullptr;
}
GX_EXPORT_FUNCTION(WdfWorkItemGetParentObject);

VOID WdfWorkItemFlush(WDFWORKITEM WorkItem) {
    enter();
    auto& item = GX_WORK_ITEM("WdfWorkItemFlush");
    if (item.in_own_callback()) {
        violation("lock-207", item.device(), WDF_OBJECT_ERROR,
                  reinterpret_cast<ULONG_PTR>(WorkItem), 0,
                  "WdfWorkItemFlush waits for the callback in which it is called");
    }
    item.flush();
}
GX_EXPORT_FUNCTION(WdfWorkItemFlush);
