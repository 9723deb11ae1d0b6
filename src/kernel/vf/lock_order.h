// Deadlocks that did not happen in this run: locks that are taken in opposite orders, and spin
// locks that a routine takes at a higher IRQL than others hold them (L8, V19); waits, with a lock
// held, for what needs that lock; and spin locks that are held for long (L11, V14). Nothing is
// noted unless the verifier is on (KernelOptions::verify).
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
// What somebody waits for stands in the order too, as if it were a lock that is held while it goes
// on: a routine (a work item, a timer, a thread), an event, the requests of a queue or a device.
// The caller is about to wait for it, for as long as it takes.
void note_wait(const ke::ObjectName& what);
// It is brought about by the caller, who needed the locks that it holds for that (an event is set,
// a request completed).
void note_done(const ke::ObjectName& what);
// The routine runs on the caller's thread (or on `thread`) from here to there.
void note_begin(const ke::ObjectName& what, PKTHREAD thread = nullptr);
void note_end(const ke::ObjectName& what);
void forget_thread(PKTHREAD thread);
// The name for what is waited for: "work item led!LedFlush". Nothing while the verifier is off.
// `key`: any address of its own, forgotten by ke::forget_name.
ke::ObjectName routine_name(const void* key, std::string_view kind, const void* routine);

// The object is gone; what stood in an order with it does so no more.
void forget_lock(std::uint32_t instance);

// The blocking locks that the caller's thread holds, in order of acquiring.
std::vector<machine::NameId> held_by_thread();

}  // namespace gpioclx::kernel::vf
