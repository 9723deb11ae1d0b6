// Threads: the machine's thread with what Windows adds. KTHREAD and ETHREAD are one object; its
// dispatcher header is signalled when the thread ends.
#pragma once

#include <wdm.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "kernel/ob/object.h"
#include "machine/machine.h"

struct _KTHREAD {
    DISPATCHER_HEADER Header;
    gpioclx::machine::Thread* MachineThread;  // null for the stand-in of an idle processor
    PKSTART_ROUTINE StartRoutine;
    PVOID StartContext;
    NTSTATUS ExitStatus;
    // The wait that the thread is in; its blocks are linked into the objects.
    PKWAIT_BLOCK WaitBlocks;
    ULONG WaitCount;
    WAIT_TYPE WaitType;
    NTSTATUS WaitStatus;
    LIST_ENTRY MutantListHead;  // mutexes owned
    ULONG CriticalRegions;      // KeEnterCriticalRegion, mutexes
    ULONG GuardedRegions;
    ULONG OriginalAffinity;
    bool AffinityChanged;
    // Of user mode: what GetLastError gives, how many locks of its process the thread holds.
    ULONG LastError;
    ULONG UserLocks;
    void (*Blocks)(_KTHREAD*);  // told before the thread blocks (worker threads); may be null
};

namespace gpioclx::kernel::ke {

extern const ob::Type thread_type;

// The thread that runs, or the idle processor's stand-in. On a processor only.
PKTHREAD current_thread();

// A thread of the system, ready to run `routine(context)`. `name` must differ from all living
// threads' names. The object has one reference for itself, dropped when it ends, and one for the
// caller (ob::dereference).
PKTHREAD create_thread(std::string_view name, PKSTART_ROUTINE routine, PVOID context,
                       int priority = 8);

// "led thread", "led thread 2": the first of the series that no living thread has.
std::string unused_thread_name(std::string_view prefix);

[[noreturn]] void exit_thread(NTSTATUS status);

}  // namespace gpioclx::kernel::ke
