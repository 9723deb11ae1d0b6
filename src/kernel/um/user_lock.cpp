// Critical sections and slim reader/writer locks. The lock that counts is the machine's, found by
// its place in the driver's memory; a driver that writes over that place harms nobody but itself.
#include <um/parts/um_lock.h>
#include <wdm.h>

#include <fmt/format.h>

#include <algorithm>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/object_name.h"
#include "kernel/ke/thread.h"
#include "kernel/um/user_resources.h"
#include "kernel/vf/lock_order.h"
#include "machine/arena.h"
#include "machine/witness.h"

namespace gpioclx::kernel::um {
namespace {

using machine::EventKind;
using machine::Machine;

enum class Mode { exclusive, shared };

ke::ObjectName name_of(UserLock& lock) { return ke::name_of(&lock, ke::ObjectKind::lock); }

void emit(EventKind kind, UserLock& lock) {
    const ke::ObjectName name = name_of(lock);
    Machine::current().emit(kind, name.name, machine::no_name, name.instance);
}

UserLock* lock_at(UserResources& resources, const void* place) {
    const auto found = resources.lock_at.find(place);
    return found != resources.lock_at.end() ? found->second : nullptr;
}

UserLock& make_lock(UserResources& resources, void* place, bool slim, std::size_t size,
                    const void* caller) {
    machine::ArenaScope inside;
    UserLock& lock = resources.locks.emplace_back();
    lock.place = place;
    lock.size = size;
    lock.slim = slim;
    lock.initialized = caller;
    lock.number = (slim ? resources.slim_numbers : resources.section_numbers).take();
    ke::initialize_header(lock.free.Header, ke::DispatcherType::synchronization_event, 0);
    ke::name_object(&lock, fmt::format("{} {} #{}", resources.name(),
                                       slim ? "slim lock" : "critical section", lock.number));
    resources.lock_at[place] = &lock;
    return lock;
}

bool available(const UserLock& lock, Mode mode) {
    return lock.owner == nullptr && (mode == Mode::shared || lock.readers.empty());
}

bool anybody_waits(UserLock& lock) { return !IsListEmpty(&lock.free.Header.WaitListHead); }

void take(UserLock& lock, Mode mode, PKTHREAD thread) {
    machine::ArenaScope inside;
    if (mode == Mode::shared) {
        lock.readers.push_back(thread);
    } else {
        lock.owner = thread;
        lock.recursion = 1;
    }
    ++thread->UserLocks;
    vf::note_acquired(name_of(lock), vf::LockKind::blocking);
    if (machine::Witness* witness = Machine::current().witness())
        witness->is_lock(&lock.free.Header);
    emit(EventKind::lock_acquired, lock);
    // Readers let each other in.
    if (mode == Mode::shared && anybody_waits(lock)) KeSetEvent(&lock.free, 0, FALSE);
}

// False: the process has ended meanwhile.
bool acquire(UserResources& resources, UserLock& lock, Mode mode, const char* function) {
    PKTHREAD thread = ke::current_thread();
    vf::note_acquire(name_of(lock), vf::LockKind::blocking);
    if (!available(lock, mode)) emit(EventKind::lock_contended, lock);
    while (!available(lock, mode)) {
        ke::require_may_block(function);
        if (resources.gone) return false;
        const WaitScope scope(resources);
        ke::wait(lock.free.Header, machine::forever_ns, function);
    }
    if (resources.gone) return false;
    take(lock, mode, thread);
    return true;
}

// The last recursion, or one reader.
void release(UserLock& lock, PKTHREAD thread) {
    if (lock.owner == thread) {
        lock.owner = nullptr;
        lock.recursion = 0;
    } else {
        lock.readers.erase(std::find(lock.readers.begin(), lock.readers.end(), thread));
    }
    --thread->UserLocks;
    vf::note_released(name_of(lock), vf::LockKind::blocking);
    emit(EventKind::lock_released, lock);
    if (anybody_waits(lock)) KeSetEvent(&lock.free, 0, FALSE);
}

// What a debugger of the driver sees.
void show(RTL_CRITICAL_SECTION& section, const UserLock& lock) {
    section.LockCount = lock.owner != nullptr ? 0 : -1;
    section.RecursionCount = static_cast<LONG>(lock.recursion);
    section.OwningThread =
        lock.owner == nullptr
            ? nullptr
            : reinterpret_cast<HANDLE>(std::uintptr_t{lock.owner->MachineThread->number} * 4);
}

std::string text_of(UserLock& lock) {
    return std::string(Machine::current().text(lock_name(lock)));
}

void initialize(void* place, bool slim, std::size_t size, ULONG spin_count, const void* caller,
                const char* function) {
    ke::charge(ke::cost::lock_ns);
    UserResources& resources = resources_of_caller(caller);
    if (UserLock* old = lock_at(resources, place)) {
        if (old->held()) {
            dbg::report_finding(dbg::id::pool_active_object,
                                fmt::format("{}: '{}' is initialized again while it is held",
                                            function, text_of(*old)));
        } else if (!slim) {
            dbg::report_finding(
                dbg::id::section_leak,
                fmt::format("{}: '{}', initialized in {}, is initialized again and was not deleted",
                            function, text_of(*old), dbg::function_name(old->initialized)));
        }
        forget_lock(resources, *old);
    }
    UserLock& lock = make_lock(resources, place, slim, size, call_of(caller));
    lock.spin_count = spin_count & 0x00FFFFFF;
}

void initialize_section(LPCRITICAL_SECTION section, ULONG spin_count, const void* caller,
                        const char* function) {
    *section = {nullptr, -1, 0, nullptr, nullptr, spin_count};
    initialize(section, false, sizeof(*section), spin_count, caller, function);
}

UserLock& section_at(UserResources& resources, LPCRITICAL_SECTION section, const void* caller,
                     const char* function) {
    if (UserLock* lock = lock_at(resources, section)) return *lock;
    dbg::report_finding(
        dbg::id::lock_uninitialized,
        fmt::format("{}: the critical section was never initialized, or is deleted", function));
    return make_lock(resources, section, false, sizeof(*section), call_of(caller));
}

UserLock& slim_at(UserResources& resources, PSRWLOCK place, const void* caller) {
    if (UserLock* lock = lock_at(resources, place)) return *lock;
    return make_lock(resources, place, true, sizeof(*place), call_of(caller));
}

void report_not_owner(UserLock& lock, const char* function) {
    dbg::report_finding(
        dbg::id::lock_not_owned,
        fmt::format("{}: '{}' {}", function, text_of(lock),
                    lock.held() ? "is held by another thread or otherwise" : "is not held"));
}

void acquire_slim(PSRWLOCK place, Mode mode, const void* caller, const char* function) {
    ke::charge(ke::cost::lock_ns);
    UserResources& resources = resources_of_caller(caller);
    UserLock& lock = slim_at(resources, place, caller);
    PKTHREAD thread = ke::current_thread();
    if (lock.held_by(thread)) {
        dbg::report_finding(
            dbg::id::lock_recursion,
            fmt::format("{}: '{}' is already held by this thread, which would wait for itself",
                        function, text_of(lock)));
        // Goes on as if it were allowed, so that more can be seen.
        if (lock.owner == thread) ++lock.recursion;
        if (lock.owner == thread || mode == Mode::exclusive) return;
    }
    acquire(resources, lock, mode, function);
}

BOOLEAN try_slim(PSRWLOCK place, Mode mode, const void* caller) {
    ke::charge(ke::cost::lock_ns);
    UserLock& lock = slim_at(resources_of_caller(caller), place, caller);
    if (!available(lock, mode)) return FALSE;
    take(lock, mode, ke::current_thread());
    return TRUE;
}

void release_slim(PSRWLOCK place, Mode mode, const void* caller, const char* function) {
    ke::charge(ke::cost::lock_ns);
    UserLock& lock = slim_at(resources_of_caller(caller), place, caller);
    PKTHREAD thread = ke::current_thread();
    const bool mine = mode == Mode::exclusive ? lock.owner == thread : lock.read_by(thread);
    if (!mine) return report_not_owner(lock, function);
    if (mode == Mode::exclusive && --lock.recursion > 0) return;
    release(lock, thread);
}

}  // namespace

machine::NameId lock_name(UserLock& lock) { return name_of(lock).name; }

void forget_lock(UserResources& resources, UserLock& lock) {
    if (lock.owner != nullptr) release(lock, lock.owner);
    while (!lock.readers.empty()) release(lock, lock.readers.back());
    (lock.slim ? resources.slim_numbers : resources.section_numbers).give_back(lock.number);
    ke::forget_name(&lock);
    resources.lock_at.erase(lock.place);
    // Somebody may still wait for it: then it stays, without a place.
    if (anybody_waits(lock)) return;
    resources.locks.remove_if([&lock](const UserLock& one) { return &one == &lock; });
}

void forget_locks_in(UserResources& resources, const void* start, std::size_t size,
                     std::string_view what) {
    const auto first = reinterpret_cast<std::uintptr_t>(start);
    for (auto at = resources.lock_at.lower_bound(start); at != resources.lock_at.end();) {
        UserLock& lock = *at->second;
        if (reinterpret_cast<std::uintptr_t>(at->first) - first >= size) return;
        ++at;
        if (!lock.slim || lock.held()) {
            dbg::report_finding(
                dbg::id::pool_active_object,
                fmt::format("{} was freed with '{}' in it, which {}", what, text_of(lock),
                            lock.held() ? "is held" : "is not deleted"));
        }
        forget_lock(resources, lock);
    }
}

void release_for_lost_process(UserResources& resources) {
    for (UserLock& lock : resources.locks) {
        if (lock.owner != nullptr) {
            --lock.owner->UserLocks;
            vf::note_released(name_of(lock), vf::LockKind::blocking);
        }
        for (PKTHREAD reader : lock.readers) {
            --reader->UserLocks;
            vf::note_released(name_of(lock), vf::LockKind::blocking);
        }
        lock.owner = nullptr;
        lock.readers.clear();
    }
}

}  // namespace gpioclx::kernel::um

namespace dbg = gpioclx::kernel::dbg;
namespace ke = gpioclx::kernel::ke;
using namespace gpioclx::kernel::um;

#define GX_CALLER __builtin_return_address(0)

GX_ASKS_CALLER
VOID InitializeCriticalSection(LPCRITICAL_SECTION Section) {
    initialize_section(Section, 0, GX_CALLER, "InitializeCriticalSection");
}
GX_EXPORT_FUNCTION(InitializeCriticalSection);

GX_ASKS_CALLER
BOOL InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION Section, DWORD SpinCount) {
    initialize_section(Section, SpinCount, GX_CALLER, "InitializeCriticalSectionAndSpinCount");
    return TRUE;
}
GX_EXPORT_FUNCTION(InitializeCriticalSectionAndSpinCount);

GX_ASKS_CALLER
BOOL InitializeCriticalSectionEx(LPCRITICAL_SECTION Section, DWORD SpinCount, DWORD) {
    initialize_section(Section, SpinCount, GX_CALLER, "InitializeCriticalSectionEx");
    return TRUE;
}
GX_EXPORT_FUNCTION(InitializeCriticalSectionEx);

GX_ASKS_CALLER
VOID EnterCriticalSection(LPCRITICAL_SECTION Section) {
    constexpr const char* function = "EnterCriticalSection";
    ke::charge(ke::cost::lock_ns);
    UserResources& resources = resources_of_caller(GX_CALLER);
    UserLock& lock = section_at(resources, Section, GX_CALLER, function);
    if (lock.owner == ke::current_thread()) {
        ++lock.recursion;
    } else if (!acquire(resources, lock, Mode::exclusive, function)) {
        return;
    }
    show(*Section, lock);
}
GX_EXPORT_FUNCTION(EnterCriticalSection);

GX_ASKS_CALLER
BOOL TryEnterCriticalSection(LPCRITICAL_SECTION Section) {
    ke::charge(ke::cost::lock_ns);
    UserLock& lock =
        section_at(resources_of_caller(GX_CALLER), Section, GX_CALLER, "TryEnterCriticalSection");
    PKTHREAD thread = ke::current_thread();
    if (lock.owner == thread) {
        ++lock.recursion;
    } else if (available(lock, Mode::exclusive)) {
        take(lock, Mode::exclusive, thread);
    } else {
        return FALSE;
    }
    show(*Section, lock);
    return TRUE;
}
GX_EXPORT_FUNCTION(TryEnterCriticalSection);

GX_ASKS_CALLER
VOID LeaveCriticalSection(LPCRITICAL_SECTION Section) {
    constexpr const char* function = "LeaveCriticalSection";
    ke::charge(ke::cost::lock_ns);
    UserLock& lock = section_at(resources_of_caller(GX_CALLER), Section, GX_CALLER, function);
    PKTHREAD thread = ke::current_thread();
    if (lock.owner != thread) return report_not_owner(lock, function);
    if (lock.recursion == 1) {
        *Section = {nullptr, -1, 0, nullptr, nullptr, lock.spin_count};
        release(lock, thread);  // last: from here on it may be deleted
        return;
    }
    --lock.recursion;
    show(*Section, lock);
}
GX_EXPORT_FUNCTION(LeaveCriticalSection);

GX_ASKS_CALLER
VOID DeleteCriticalSection(LPCRITICAL_SECTION Section) {
    constexpr const char* function = "DeleteCriticalSection";
    ke::charge(ke::cost::lock_ns);
    UserResources& resources = resources_of_caller(GX_CALLER);
    UserLock& lock = section_at(resources, Section, GX_CALLER, function);
    if (lock.held()) {
        dbg::report_finding(
            dbg::id::pool_active_object,
            fmt::format("{}: '{}' is deleted while it is held", function, text_of(lock)));
    }
    forget_lock(resources, lock);
    *Section = {};
}
GX_EXPORT_FUNCTION(DeleteCriticalSection);

// Nobody spins here; the count is kept.
GX_ASKS_CALLER
DWORD SetCriticalSectionSpinCount(LPCRITICAL_SECTION Section, DWORD SpinCount) {
    ke::charge(ke::cost::lock_ns);
    UserLock& lock = section_at(resources_of_caller(GX_CALLER), Section, GX_CALLER,
                                "SetCriticalSectionSpinCount");
    const DWORD before = lock.spin_count;
    lock.spin_count = SpinCount;
    Section->SpinCount = SpinCount;
    return before;
}
GX_EXPORT_FUNCTION(SetCriticalSectionSpinCount);

GX_ASKS_CALLER
VOID InitializeSRWLock(PSRWLOCK Lock) {
    Lock->Ptr = nullptr;
    initialize(Lock, true, sizeof(*Lock), 0, GX_CALLER, "InitializeSRWLock");
}
GX_EXPORT_FUNCTION(InitializeSRWLock);

GX_ASKS_CALLER
VOID AcquireSRWLockExclusive(PSRWLOCK Lock) {
    acquire_slim(Lock, Mode::exclusive, GX_CALLER, "AcquireSRWLockExclusive");
}
GX_EXPORT_FUNCTION(AcquireSRWLockExclusive);

GX_ASKS_CALLER
VOID ReleaseSRWLockExclusive(PSRWLOCK Lock) {
    release_slim(Lock, Mode::exclusive, GX_CALLER, "ReleaseSRWLockExclusive");
}
GX_EXPORT_FUNCTION(ReleaseSRWLockExclusive);

GX_ASKS_CALLER
BOOLEAN TryAcquireSRWLockExclusive(PSRWLOCK Lock) {
    return try_slim(Lock, Mode::exclusive, GX_CALLER);
}
GX_EXPORT_FUNCTION(TryAcquireSRWLockExclusive);

GX_ASKS_CALLER
VOID AcquireSRWLockShared(PSRWLOCK Lock) {
    acquire_slim(Lock, Mode::shared, GX_CALLER, "AcquireSRWLockShared");
}
GX_EXPORT_FUNCTION(AcquireSRWLockShared);

GX_ASKS_CALLER
VOID ReleaseSRWLockShared(PSRWLOCK Lock) {
    release_slim(Lock, Mode::shared, GX_CALLER, "ReleaseSRWLockShared");
}
GX_EXPORT_FUNCTION(ReleaseSRWLockShared);

GX_ASKS_CALLER
BOOLEAN TryAcquireSRWLockShared(PSRWLOCK Lock) { return try_slim(Lock, Mode::shared, GX_CALLER); }
GX_EXPORT_FUNCTION(TryAcquireSRWLockShared);
