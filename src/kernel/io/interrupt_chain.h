// The service routines connected to one interrupt, those at DIRQL before the passive ones, each
// kind in the order of connection (rule I49).
#pragma once

#include <wdm.h>

#include <cstdint>
#include <vector>

namespace gpioclx::kernel::io {

class InterruptChain {
  public:
    void insert(_KINTERRUPT& interrupt);
    void remove(_KINTERRUPT& interrupt);

    bool empty() const { return interrupts_.empty(); }
    _KINTERRUPT* first() const { return interrupts_.empty() ? nullptr : interrupts_.front(); }
    // One that is dispatched (active, not masked, not being disconnected) exists of this kind.
    bool has(bool passive) const;
    // Some routine is dispatched, and nobody masked the interrupt.
    bool wants_interrupts() const;

    enum class Until { claimed, end };
    // Asks the routines of one kind in order. Others may connect and disconnect meanwhile.
    bool ask(bool passive, Until until);

    template <typename Predicate>
    bool any(Predicate predicate) const {
        for (const _KINTERRUPT* interrupt : interrupts_) {
            if (predicate(*interrupt)) return true;
        }
        return false;
    }

  private:
    std::vector<_KINTERRUPT*> interrupts_;
    std::uint64_t last_order_ = 0;
};

}  // namespace gpioclx::kernel::io
