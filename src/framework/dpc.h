// WDFDPC: a callback at DISPATCH_LEVEL, serialized with its parent's callbacks if it asks for it.
#pragma once

#include "framework/object.h"

namespace gpioclx::framework {

// Names a DPC of the framework after the driver's function that it is there to call: the kernel
// sees a routine of ours only. Nothing happens for a null pointer or a function outside driver
// images.
void name_dpc_after(const KDPC& dpc, const void* function);
template <typename Function>
void name_dpc(const KDPC& dpc, Function* function) {
    name_dpc_after(dpc, reinterpret_cast<const void*>(function));
}

class Dpc final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::dpc;
    Dpc(Driver* driver, const WDF_DPC_CONFIG& config);

    PKDPC wdm() { return &dpc_; }
    bool enqueue() { return KeInsertQueueDpc(&dpc_, nullptr, nullptr) != FALSE; }
    bool cancel(bool wait);

  protected:
    void stop() override;

  private:
    static void entry(PKDPC dpc, PVOID context, PVOID, PVOID);

    WDF_DPC_CONFIG config_;
    KDPC dpc_{};
};

// The lock around callbacks of objects below `parent` that ask for automatic serialization; null if
// the parent has no synchronization scope, for then the wish has no effect.
CallbackLock* serialization_lock(Object* parent);
// Automatic serialization: the parent's lock must be taken at the IRQL at which the callback runs.
NTSTATUS check_serialization(Object& parent, bool automatic, bool runs_passive);

}  // namespace gpioclx::framework
