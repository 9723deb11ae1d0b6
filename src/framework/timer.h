// WDFTIMER: one-shot or periodic; at DISPATCH_LEVEL, or at PASSIVE_LEVEL in a system thread if its
// ExecutionLevel says so.
#pragma once

#include "framework/object.h"

namespace gpioclx::framework {

class Timer final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::timer;
    Timer(Driver* driver, const WDF_TIMER_CONFIG& config, bool passive);

    // TRUE if it was set already.
    bool start(LONGLONG due_time);
    bool stop_timer(bool wait);
    bool passive_execution() override { return passive_; }
    bool in_own_callback() const { return running_thread_ == KeGetCurrentThread(); }

  protected:
    void stop() override;

  private:
    void run();
    static void dpc_entry(PKDPC dpc, PVOID context, PVOID, PVOID);
    static void NTAPI work_entry(PVOID context);

    WDF_TIMER_CONFIG config_;
    bool passive_;
    bool work_queued_ = false;
    PKTHREAD running_thread_ = nullptr;  // passive only
    KTIMER timer_{};
    KDPC dpc_{};
    WORK_QUEUE_ITEM work_{};
    KEVENT idle_{};
};

}  // namespace gpioclx::framework
