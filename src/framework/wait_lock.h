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
    bool held_by_caller() const { return owner_ == KeGetCurrentThread(); }

  private:
    KEVENT event_{};
    PKTHREAD owner_ = nullptr;
};

}  // namespace gpioclx::framework
