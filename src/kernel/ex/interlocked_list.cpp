// Lists and sums that bring their spin lock along. They raise above every device, so that they work
// at any IRQL.
#include <wdm.h>

#include "ext/gx_export.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/spin_lock.h"

namespace ke = gpioclx::kernel::ke;

namespace {

template <typename Operation>
auto locked(PKSPIN_LOCK lock, const char* function, Operation operation) {
    const KIRQL before = ke::raise_irql(HIGH_LEVEL, function);
    ke::acquire_lock(lock, before, true, function);
    const auto result = operation();
    ke::release_lock(lock, function);
    ke::lower_irql(before, function);
    return result;
}

}  // namespace

PLIST_ENTRY ExInterlockedInsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
                                        PKSPIN_LOCK Lock) {
    return locked(Lock, "ExInterlockedInsertHeadList", [=]() -> PLIST_ENTRY {
        PLIST_ENTRY first = IsListEmpty(ListHead) ? nullptr : ListHead->Flink;
        InsertHeadList(ListHead, ListEntry);
        return first;
    });
}
GX_EXPORT_FUNCTION(ExInterlockedInsertHeadList);

PLIST_ENTRY ExInterlockedInsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
                                        PKSPIN_LOCK Lock) {
    return locked(Lock, "ExInterlockedInsertTailList", [=]() -> PLIST_ENTRY {
        PLIST_ENTRY last = IsListEmpty(ListHead) ? nullptr : ListHead->Blink;
        InsertTailList(ListHead, ListEntry);
        return last;
    });
}
GX_EXPORT_FUNCTION(ExInterlockedInsertTailList);

PLIST_ENTRY ExInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PKSPIN_LOCK Lock) {
    return locked(Lock, "ExInterlockedRemoveHeadList", [=]() -> PLIST_ENTRY {
        return IsListEmpty(ListHead) ? nullptr : RemoveHeadList(ListHead);
    });
}
GX_EXPORT_FUNCTION(ExInterlockedRemoveHeadList);

PSINGLE_LIST_ENTRY ExInterlockedPopEntryList(PSINGLE_LIST_ENTRY ListHead, PKSPIN_LOCK Lock) {
    return locked(Lock, "ExInterlockedPopEntryList", [=] { return PopEntryList(ListHead); });
}
GX_EXPORT_FUNCTION(ExInterlockedPopEntryList);

PSINGLE_LIST_ENTRY ExInterlockedPushEntryList(PSINGLE_LIST_ENTRY ListHead,
                                              PSINGLE_LIST_ENTRY ListEntry, PKSPIN_LOCK Lock) {
    return locked(Lock, "ExInterlockedPushEntryList", [=] {
        PSINGLE_LIST_ENTRY first = ListHead->Next;
        PushEntryList(ListHead, ListEntry);
        return first;
    });
}
GX_EXPORT_FUNCTION(ExInterlockedPushEntryList);

LARGE_INTEGER ExInterlockedAddLargeInteger(PLARGE_INTEGER Addend, LARGE_INTEGER Increment,
                                           PKSPIN_LOCK Lock) {
    return locked(Lock, "ExInterlockedAddLargeInteger", [=] {
        const LARGE_INTEGER before = *Addend;
        Addend->QuadPart += Increment.QuadPart;
        return before;
    });
}
GX_EXPORT_FUNCTION(ExInterlockedAddLargeInteger);

ULONG ExInterlockedAddUlong(PULONG Addend, ULONG Increment, PKSPIN_LOCK Lock) {
    return locked(Lock, "ExInterlockedAddUlong", [=] {
        const ULONG before = *Addend;
        *Addend += Increment;
        return before;
    });
}
GX_EXPORT_FUNCTION(ExInterlockedAddUlong);
