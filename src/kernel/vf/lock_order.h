// Deadlocks that did not happen in this run: locks that are taken in opposite orders, and spin
// locks that a routine takes at a higher IRQL than others hold them (L8, V19); and spin locks that
// are held for long (L11, V14). Nothing is noted unless the verifier is on (KernelOptions::verify).
#pragma once

#include <wdm.h>

#include <vector>

#include "kernel/ke/object_name.h"
#include "kernel/system.h"

namespace gpioclx::kernel::vf {

enum class LockKind : std::uint8_t {
    spinning,  // held by a processor, at DISPATCH_LEVEL or above
    blocking   // held by a thread
};

struct Switch {
    bool on = false;
};
inline bool on() { return part<Switch>().on; }

// An acquire that waits as long as it takes is about to begin: compares it with the locks that its
// caller holds. An attempt, or one with a timeout, is no part of any order.
void note_acquire(const ke::ObjectName& lock, LockKind kind);
// It is held now; the IRQL is the one at which it will be held.
// `thread` holds a blocking one; the caller's if null.
void note_acquired(const ke::ObjectName& lock, LockKind kind, PKTHREAD thread = nullptr);
void note_released(const ke::ObjectName& lock, LockKind kind);
// The object is gone; what stood in an order with it does so no more.
void forget_lock(std::uint32_t instance);

// The blocking locks that the caller's thread holds, in order of acquiring.
std::vector<machine::NameId> held_by_thread();

}  // namespace gpioclx::kernel::vf
