// Threads that wait for a condition which code at any level makes true. Kernel events may only be
// set at or below DISPATCH_LEVEL; this wakes from service routines too.
#pragma once

#include <vector>

#include "kernel/ke/order.h"
#include "machine/arena.h"
#include "machine/machine.h"

namespace gpioclx::kernel::io {

class Waiters {
  public:
    // PASSIVE_LEVEL. Returns when `condition()` holds; it is asked again after each notify_all.
    template <typename Condition>
    void wait_until(machine::NameId waiting_for, Condition condition) {
        machine::Machine& m = machine::Machine::current();
        // Nothing steps between the question and the block, so no notification is lost.
        while (!condition()) {
            {
                machine::ArenaScope inside;
                threads_.push_back(m.running_thread());
            }
            m.block(waiting_for, machine::forever_ns);
        }
        ke::note_order_after(this);
    }

    // Any level, also outside the processors.
    void notify_all() {
        ke::note_order_before(this);
        while (!threads_.empty()) {
            machine::Thread* thread = threads_.back();
            threads_.pop_back();
            machine::Machine::current().wake(*thread, 0);
        }
    }

  private:
    std::vector<machine::Thread*> threads_;
};

}  // namespace gpioclx::kernel::io
