#include "kernel/io/interrupt_chain.h"

#include <algorithm>

#include "kernel/io/interrupt_object.h"
#include "machine/arena.h"

namespace gpioclx::kernel::io {
namespace {

bool before(const _KINTERRUPT& left, const _KINTERRUPT& right) {
    return left.passive != right.passive ? right.passive : left.order < right.order;
}

}  // namespace

void InterruptChain::insert(_KINTERRUPT& interrupt) {
    machine::ArenaScope inside;
    interrupt.order = ++last_order_;
    const auto place =
        std::find_if(interrupts_.begin(), interrupts_.end(),
                     [&](const _KINTERRUPT* other) { return before(interrupt, *other); });
    interrupts_.insert(place, &interrupt);
}

void InterruptChain::remove(_KINTERRUPT& interrupt) { std::erase(interrupts_, &interrupt); }

bool InterruptChain::has(bool passive) const {
    return any([&](const _KINTERRUPT& i) { return i.passive == passive && i.dispatched(); });
}

bool InterruptChain::wants_interrupts() const {
    return (has(false) || has(true)) && !any([](const _KINTERRUPT& i) { return i.masked; });
}

// The next routine is looked up by its order and not by a pointer kept across the call: the chain
// may have changed, and an interrupt object may be gone, when a routine returns.
bool InterruptChain::ask(bool passive, Until until) {
    bool claimed = false;
    std::uint64_t last = 0;
    for (;;) {
        _KINTERRUPT* next = nullptr;
        for (_KINTERRUPT* i : interrupts_) {
            if (i->passive != passive || i->order <= last || !i->dispatched()) continue;
            next = i;
            break;
        }
        if (next == nullptr) return claimed;
        last = next->order;
        if (run_service_routine(*next)) claimed = true;
        if (claimed && until == Until::claimed) return true;
    }
}

}  // namespace gpioclx::kernel::io
