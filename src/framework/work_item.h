// WDFWORKITEM: a callback in a system thread. Queued at most once; a run may be queued while one is
// under way.
#pragma once

#include "framework/object.h"
#include "kernel/vf/lock_order.h"

namespace gpioclx::framework {

class WorkItem final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::work_item;
    WorkItem(Driver* driver, const WDF_WORKITEM_CONFIG& config);

    ~WorkItem() override;

    void enqueue();
    void flush();
    bool in_own_callback() const { return running_thread_ == KeGetCurrentThread(); }

  protected:
    void stop() override;

  private:
    kernel::ke::ObjectName wait_name() const;
    static void NTAPI entry(PVOID context);

    WDF_WORKITEM_CONFIG config_;
    bool queued_ = false;
    PKTHREAD running_thread_ = nullptr;
    WORK_QUEUE_ITEM work_{};
    KEVENT idle_{};
};

}  // namespace gpioclx::framework
