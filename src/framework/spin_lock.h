// WDFSPINLOCK (W33): a spin lock that raises to DISPATCH_LEVEL. One given to interrupt objects is
// taken at their DIRQL instead (W32).
#pragma once

#include <string_view>

#include "framework/object.h"

namespace gpioclx::framework {

class WaitLock;

class SpinLock final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::spin_lock;
    SpinLock(Driver* driver, const char* name);
    ~SpinLock() override;

    void acquire();
    void release();
    KSPIN_LOCK* lock() { return &lock_; }
    // An interrupt that uses the lock was connected: it is taken at `irql` from now on.
    void use_for_interrupts(KIRQL irql) {
        if (irql > irql_) irql_ = irql;
    }
    bool is_interrupt_lock() const { return interrupt_lock_; }
    void make_interrupt_lock() { interrupt_lock_ = true; }
    KIRQL synchronize_irql() const { return irql_; }
    // One that the driver holds on this processor; null if none.
    static const SpinLock* held_here(const Driver& driver);
    std::string_view name() const { return name_; }

  private:
    void unlink();

    KSPIN_LOCK lock_ = 0;
    SpinLock* next_held_ = nullptr;
    char name_[64]{};
    WaitLock* waiting_ = nullptr;  // instead, in user mode, where nobody spins
    KIRQL irql_ = DISPATCH_LEVEL;
    KIRQL old_irql_ = PASSIVE_LEVEL;
    bool interrupt_lock_ = false;
    bool held_ = false;
    std::uint8_t processor_ = 0;
};

}  // namespace gpioclx::framework
