// Dispatcher objects and the waits on them. The objects stand in the memory of drivers; their wait
// lists link the wait blocks of threads that wait.
//
// The one that signals satisfies the wait on behalf of the waiter (as in Windows), so a
// synchronization object is never handed to a thread that then finds it taken. Which of several
// waiters wins is a choice point (waiter; 0 = the one that waits longest).
#pragma once

#include <wdm.h>

#include <cstdint>

#include "kernel/ke/object_name.h"
#include "machine/machine.h"

namespace gpioclx::kernel::ke {

// DISPATCHER_HEADER::Type.
enum class DispatcherType : std::uint8_t {
    notification_event = 0,
    synchronization_event = 1,
    mutant = 2,
    process = 3,
    semaphore = 5,
    thread = 6,
    notification_timer = 8,
    synchronization_timer = 9,
};

void initialize_header(DISPATCHER_HEADER& header, DispatcherType type, LONG signal_state);

// Bug check with lifetime-005 unless the header was initialized as one of the types.
void require_initialized(const DISPATCHER_HEADER& header, DispatcherType type, DispatcherType other,
                         const char* function);

// The signal state became positive: whoever can go on now does. Any level, also outside processors.
void wake_waiters(DISPATCHER_HEADER& header);

// Waits as KeWaitForSingleObject; `deadline_ns` absolute, forever_ns = none, 0 = do not wait.
NTSTATUS wait(DISPATCHER_HEADER& header, std::uint64_t deadline_ns, const char* function);

// The same for 1 to 64 objects; `blocks`: one for each.
NTSTATUS wait(ULONG count, PVOID* objects, WAIT_TYPE type, std::uint64_t deadline_ns,
              KWAIT_BLOCK* blocks, const char* function);
// The running thread does nothing until then.
void delay(std::uint64_t deadline_ns);
// Ends the wait or the delay that a thread is in, before its time: STATUS_ALERTED.
void break_wait(PKTHREAD thread);

// Windows' timeouts (100 ns; negative relative, positive absolute) as the machine's time.
std::uint64_t deadline_of(const LARGE_INTEGER* timeout);

// Bug check if a thread must not block here.
void require_may_block(const char* function);

ObjectKind kind_of(const DISPATCHER_HEADER& header);

}  // namespace gpioclx::kernel::ke
