// WDFWAITLOCK (W33): a lock for code at PASSIVE_LEVEL. Its holder runs in a critical region, so
// that nothing suspends the thread meanwhile.
#pragma once

#include "framework/object.h"

namespace gpioclx::framework {

class WaitLock final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::wait_lock;
    WaitLock(Driver* driver, const char* name);
    ~WaitLock() override;

    // Null: waits for ever. Zero: tries. STATUS_SUCCESS or STATUS_TIMEOUT.
    NTSTATUS acquire(const LONGLONG* timeout, const char* function);
    void release(const char* function);
    // The driver that holds it is gone; its thread goes back through the framework.
    void release_for_lost_driver();
    bool held_by_caller() const { return owner_ == KeGetCurrentThread(); }

  private:
    KEVENT event_{};
    PKTHREAD owner_ = nullptr;
    bool of_framework_ = false;  // holds it for the driver's callback
};

}  // namespace gpioclx::framework
