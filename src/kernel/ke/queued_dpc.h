// The machine's side of a queued KDPC. Records are recycled.
#pragma once

#include <wdm.h>

#include "machine/arena.h"
#include "machine/deferred_call.h"

namespace gpioclx::kernel::ke {

struct QueuedDpc {
    machine::DeferredCall call;
    KDPC* dpc = nullptr;
    PKDEFERRED_ROUTINE routine = nullptr;
    PVOID context = nullptr;
    PVOID argument1 = nullptr;
    PVOID argument2 = nullptr;
    QueuedDpc* next = nullptr;
    QueuedDpc* previous = nullptr;
};

struct QueuedDpcs {
    QueuedDpc* first = nullptr;
    QueuedDpc* free = nullptr;

    QueuedDpc& add() {
        machine::ArenaScope inside;
        QueuedDpc* queued = free;
        if (queued != nullptr)
            free = queued->next;
        else
            queued = new QueuedDpc;
        queued->previous = nullptr;
        queued->next = first;
        if (first != nullptr) first->previous = queued;
        first = queued;
        return *queued;
    }
    void remove(QueuedDpc& queued) {
        (queued.previous != nullptr ? queued.previous->next : first) = queued.next;
        if (queued.next != nullptr) queued.next->previous = queued.previous;
        queued.next = free;
        free = &queued;
    }
};

}  // namespace gpioclx::kernel::ke
