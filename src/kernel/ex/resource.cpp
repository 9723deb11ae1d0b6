// Resources (ERESOURCE): one writer or many readers, recursive.
#include <wdm.h>

#include <algorithm>
#include <vector>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/order.h"
#include "kernel/ke/thread.h"
#include "machine/arena.h"

namespace dbg = gpioclx::kernel::dbg;
namespace ke = gpioclx::kernel::ke;

namespace {

struct Reader {
    PKTHREAD thread = nullptr;
    ULONG depth = 0;
};

struct Resource {
    PKTHREAD writer = nullptr;
    ULONG writer_depth = 0;
    ULONG waiting_writers = 0;
    std::vector<Reader> readers;
    KEVENT changed{};  // notification; reset by whoever is going to wait

    Reader* reader(PKTHREAD thread) {
        const auto found = std::find_if(readers.begin(), readers.end(),
                                        [=](const Reader& r) { return r.thread == thread; });
        return found != readers.end() ? &*found : nullptr;
    }
};

// What GxReserved[0] points to between ExInitializeResourceLite and ExDeleteResourceLite.
Resource& resource_of(PERESOURCE resource, const char* function) {
    ke::charge(ke::cost::lock_ns);
    auto* state = reinterpret_cast<Resource*>(resource->GxReserved[0]);
    if (state == nullptr || resource->GxReserved[1] != ~resource->GxReserved[0]) {
        ke::bug_check(ke::bug_code::resource_not_owned, reinterpret_cast<ULONG_PTR>(resource), 0, 0,
                      0,
                      std::string(function) +
                          " was given a resource that was never initialized or is deleted",
                      dbg::id::object_uninitialized);
    }
    return *state;
}

// Nothing can happen between the check, the reset and the wait: no time passes.
template <typename Blocked>
bool wait_while(Resource& state, Blocked blocked, BOOLEAN wait, const char* function) {
    while (blocked()) {
        if (!wait) return false;
        ke::require_may_block(function);
        state.changed.Header.SignalState = 0;
        ke::wait(state.changed.Header, gpioclx::machine::forever_ns, function);
    }
    return true;
}

// `writers_first`: new readers wait behind waiting writers.
BOOLEAN acquire_shared(PERESOURCE resource, BOOLEAN wait, bool writers_first,
                       const char* function) {
    gpioclx::machine::ArenaScope inside;
    Resource& state = resource_of(resource, function);
    PKTHREAD thread = ke::current_thread();
    if (state.writer == thread) {
        ++state.writer_depth;
        return TRUE;
    }
    const auto blocked = [&] {
        return state.writer != nullptr ||
               (writers_first && state.waiting_writers > 0 && state.reader(thread) == nullptr);
    };
    if (!wait_while(state, blocked, wait, function)) return FALSE;
    ke::note_memory_order(&state);
    if (Reader* reader = state.reader(thread))
        ++reader->depth;
    else
        state.readers.push_back({thread, 1});
    return TRUE;
}

}  // namespace

NTSTATUS ExInitializeResourceLite(PERESOURCE ResourceObject) {
    ke::charge();
    gpioclx::machine::ArenaScope inside;
    auto* state = new Resource;
    KeInitializeEvent(&state->changed, NotificationEvent, FALSE);
    InitializeListHead(&ResourceObject->SystemResourcesList);
    ResourceObject->GxReserved[0] = reinterpret_cast<ULONG_PTR>(state);
    ResourceObject->GxReserved[1] = ~ResourceObject->GxReserved[0];
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(ExInitializeResourceLite);

NTSTATUS ExDeleteResourceLite(PERESOURCE ResourceObject) {
    Resource& state = resource_of(ResourceObject, "ExDeleteResourceLite");
    if (state.writer != nullptr || !state.readers.empty()) {
        dbg::report_finding(dbg::id::object_misuse,
                            "ExDeleteResourceLite of a resource that somebody holds");
    }
    ResourceObject->GxReserved[0] = ResourceObject->GxReserved[1] = 0;
    delete &state;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(ExDeleteResourceLite);

NTSTATUS ExReinitializeResourceLite(PERESOURCE ResourceObject) {
    ExDeleteResourceLite(ResourceObject);
    return ExInitializeResourceLite(ResourceObject);
}
GX_EXPORT_FUNCTION(ExReinitializeResourceLite);

BOOLEAN ExAcquireResourceSharedLite(PERESOURCE ResourceObject, BOOLEAN Wait) {
    return acquire_shared(ResourceObject, Wait, true, "ExAcquireResourceSharedLite");
}
GX_EXPORT_FUNCTION(ExAcquireResourceSharedLite);

BOOLEAN ExAcquireSharedWaitForExclusive(PERESOURCE ResourceObject, BOOLEAN Wait) {
    return acquire_shared(ResourceObject, Wait, true, "ExAcquireSharedWaitForExclusive");
}
GX_EXPORT_FUNCTION(ExAcquireSharedWaitForExclusive);

BOOLEAN ExAcquireSharedStarveExclusive(PERESOURCE ResourceObject, BOOLEAN Wait) {
    return acquire_shared(ResourceObject, Wait, false, "ExAcquireSharedStarveExclusive");
}
GX_EXPORT_FUNCTION(ExAcquireSharedStarveExclusive);

BOOLEAN ExAcquireResourceExclusiveLite(PERESOURCE ResourceObject, BOOLEAN Wait) {
    constexpr const char* function = "ExAcquireResourceExclusiveLite";
    Resource& state = resource_of(ResourceObject, function);
    PKTHREAD thread = ke::current_thread();
    if (state.writer != thread) {
        ++state.waiting_writers;
        const auto blocked = [&] { return state.writer != nullptr || !state.readers.empty(); };
        const bool free = wait_while(state, blocked, Wait, function);
        --state.waiting_writers;
        if (!free) return FALSE;
        state.writer = thread;
        ke::note_memory_order(&state);
    }
    ++state.writer_depth;
    return TRUE;
}
GX_EXPORT_FUNCTION(ExAcquireResourceExclusiveLite);

VOID ExReleaseResourceLite(PERESOURCE ResourceObject) {
    Resource& state = resource_of(ResourceObject, "ExReleaseResourceLite");
    PKTHREAD thread = ke::current_thread();
    Reader* reader = state.reader(thread);
    ke::note_memory_order(&state);
    if (state.writer == thread) {
        if (--state.writer_depth > 0) return;
        state.writer = nullptr;
    } else if (reader != nullptr) {
        if (--reader->depth > 0) return;
        state.readers.erase(state.readers.begin() + (reader - state.readers.data()));
    } else {
        ke::bug_check(ke::bug_code::resource_not_owned, reinterpret_cast<ULONG_PTR>(ResourceObject),
                      0, 0, 0, "ExReleaseResourceLite by a thread that does not hold the resource",
                      dbg::id::lock_not_owned);
    }
    KeSetEvent(&state.changed, 0, FALSE);
}
GX_EXPORT_FUNCTION(ExReleaseResourceLite);

VOID ExConvertExclusiveToSharedLite(PERESOURCE ResourceObject) {
    gpioclx::machine::ArenaScope inside;
    Resource& state = resource_of(ResourceObject, "ExConvertExclusiveToSharedLite");
    if (state.writer != ke::current_thread()) return;
    state.readers.push_back({state.writer, state.writer_depth});
    state.writer = nullptr;
    state.writer_depth = 0;
    KeSetEvent(&state.changed, 0, FALSE);
}
GX_EXPORT_FUNCTION(ExConvertExclusiveToSharedLite);

BOOLEAN ExIsResourceAcquiredExclusiveLite(PERESOURCE ResourceObject) {
    return resource_of(ResourceObject, "ExIsResourceAcquiredExclusiveLite").writer ==
           ke::current_thread();
}
GX_EXPORT_FUNCTION(ExIsResourceAcquiredExclusiveLite);

ULONG ExIsResourceAcquiredSharedLite(PERESOURCE ResourceObject) {
    Resource& state = resource_of(ResourceObject, "ExIsResourceAcquiredSharedLite");
    if (state.writer == ke::current_thread()) return state.writer_depth;
    const Reader* reader = state.reader(ke::current_thread());
    return reader != nullptr ? reader->depth : 0;
}
GX_EXPORT_FUNCTION(ExIsResourceAcquiredSharedLite);
