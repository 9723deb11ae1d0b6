#include "framework/dpc.h"

#include "ext/gx_export.h"

#include "framework/attributes.h"
#include "framework/callback.h"
#include "framework/callback_lock.h"
#include "framework/device.h"
#include "framework/driver.h"
#include "framework/queue.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/object_name.h"

namespace gpioclx::framework {

CallbackLock* serialization_lock(Object* parent) {
    for (Object* object = parent; object != nullptr; object = object->parent()) {
        if (object->type() == ObjectType::queue)
            return static_cast<Queue*>(object)->synchronization();
        if (object->type() == ObjectType::device) {
            auto* device = static_cast<Device*>(object);
            return device->scope() == WdfSynchronizationScopeNone ? nullptr
                                                                  : device->callback_lock();
        }
    }
    return nullptr;
}

NTSTATUS check_serialization(Object& parent, bool automatic, bool runs_passive) {
    if (parent.device() == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    if (!automatic) return STATUS_SUCCESS;
    CallbackLock* lock = parent.callback_lock() != nullptr ? parent.callback_lock()
                                                           : parent.device()->callback_lock();
    return lock->passive() == runs_passive ? STATUS_SUCCESS
                                           : STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL;
}

void name_dpc_after(const KDPC& dpc, const void* function) {
    const std::string name = kernel::dbg::function_name(function);
    if (!name.empty()) kernel::ke::name_object(&dpc, name);
}

Dpc::Dpc(Driver* driver, const WDF_DPC_CONFIG& config)
    : Object(object_type, driver), config_(config) {
    KeInitializeDpc(&dpc_, &Dpc::entry, this);
    name_dpc(dpc_, config.EvtDpcFunc);
}

void Dpc::entry(PKDPC, PVOID context, PVOID, PVOID) {
    auto& self = *static_cast<Dpc*>(context);
    Device* device = self.device();
    CallbackLock* lock =
        self.config_.AutomaticSerialization ? serialization_lock(self.parent()) : nullptr;
    self.reference();
    {
        Serialized serialized(lock);
        CallbackScope scope(Callback::dpc, *device);
        self.config_.EvtDpcFunc(static_cast<WDFDPC>(self.handle()));
    }
    self.release();
}

bool Dpc::cancel(bool wait) {
    const bool removed = KeRemoveQueueDpc(&dpc_) != FALSE;
    if (wait) KeFlushQueuedDpcs();
    return removed;
}

void Dpc::stop() {
    KeRemoveQueueDpc(&dpc_);
    KeFlushQueuedDpcs();
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

#define GX_DPC(function) from_handle<gpioclx::framework::Dpc>(Dpc, function)

NTSTATUS WdfDpcCreate(PWDF_DPC_CONFIG Config, PWDF_OBJECT_ATTRIBUTES Attributes, WDFDPC* Dpc) {
    enter();
    require(Config, "WdfDpcCreate", "Config");
    require(Dpc, "WdfDpcCreate", "Dpc");
    *Dpc = nullptr;
    if (Config->Size != sizeof(WDF_DPC_CONFIG)) return STATUS_INFO_LENGTH_MISMATCH;
    if (Config->EvtDpcFunc == nullptr) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = check_attributes(Attributes, ObjectType::dpc);
    Object* parent = nullptr;
    if (NT_SUCCESS(status)) status = require_parent(Attributes, "WdfDpcCreate", &parent);
    if (NT_SUCCESS(status))
        status = check_serialization(*parent, Config->AutomaticSerialization != FALSE, false);
    if (!NT_SUCCESS(status)) return status;
    auto* dpc =
        create_object<gpioclx::framework::Dpc>(parent, Attributes, parent->driver(), *Config);
    if (dpc == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    *Dpc = static_cast<WDFDPC>(dpc->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDpcCreate);

BOOLEAN WdfDpcEnqueue(WDFDPC Dpc) {
    enter();
    return GX_DPC("WdfDpcEnqueue").enqueue();
}
GX_EXPORT_FUNCTION(WdfDpcEnqueue);

BOOLEAN WdfDpcCancel(WDFDPC Dpc, BOOLEAN Wait) {
    enter("WdfDpcCancel", Wait ? PASSIVE_LEVEL : HIGH_LEVEL);
    return GX_DPC("WdfDpcCancel").cancel(Wait != FALSE);
}
GX_EXPORT_FUNCTION(WdfDpcCancel);

WDFOBJECT WdfDpcGetParentObject(WDFDPC Dpc) {
    enter();
    return GX_DPC("WdfDpcGetParentObject").parent()->handle();
}
GX_EXPORT_FUNCTION(WdfDpcGetParentObject);

PKDPC WdfDpcWdmGetDpc(WDFDPC Dpc) {
    enter();
    return GX_DPC("WdfDpcWdmGetDpc").wdm();
}
GX_EXPORT_FUNCTION(WdfDpcWdmGetDpc);
