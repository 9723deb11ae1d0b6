// Remove locks: how a driver's REMOVE_DEVICE waits for everything it still has under way.
#include <ext/gx_export.h>
#include <ext/gx_observe.h>

#include "kernel/io/io_call.h"

using namespace gpioclx::kernel::io;

extern "C" {

VOID IoInitializeRemoveLockEx(PIO_REMOVE_LOCK Lock, ULONG, ULONG, ULONG, ULONG) {
    IoCall call;
    // Drivers built with and without checks give different sizes; only the common part is used.
    Lock->Common.Removed = FALSE;
    Lock->Common.IoCount = 1;
    KeInitializeEvent(&Lock->Common.RemoveEvent, SynchronizationEvent, FALSE);
}
GX_EXPORT_FUNCTION(IoInitializeRemoveLockEx);

NTSTATUS IoAcquireRemoveLockEx(PIO_REMOVE_LOCK RemoveLock, PVOID, PCSTR, ULONG, ULONG) {
    IoCall call;
    InterlockedIncrement(&RemoveLock->Common.IoCount);
    if (!RemoveLock->Common.Removed) return STATUS_SUCCESS;
    if (InterlockedDecrement(&RemoveLock->Common.IoCount) == 0) {
        KeSetEvent(&RemoveLock->Common.RemoveEvent, IO_NO_INCREMENT, FALSE);
    }
    return STATUS_DELETE_PENDING;
}
GX_EXPORT_FUNCTION(IoAcquireRemoveLockEx);

VOID IoReleaseRemoveLockEx(PIO_REMOVE_LOCK RemoveLock, PVOID, ULONG) {
    IoCall call;
    const LONG count = InterlockedDecrement(&RemoveLock->Common.IoCount);
    if (count == 0) KeSetEvent(&RemoveLock->Common.RemoveEvent, IO_NO_INCREMENT, FALSE);
    if (count < 0) {
        GxReportFinding("lifetime-028", nullptr,
                        "IoReleaseRemoveLock: released more often than acquired");
    }
}
GX_EXPORT_FUNCTION(IoReleaseRemoveLockEx);

// The caller holds the lock once, and the lock itself counts one.
VOID IoReleaseRemoveLockAndWaitEx(PIO_REMOVE_LOCK RemoveLock, PVOID, ULONG) {
    IoCall call;
    RemoveLock->Common.Removed = TRUE;
    InterlockedDecrement(&RemoveLock->Common.IoCount);
    if (InterlockedDecrement(&RemoveLock->Common.IoCount) > 0) {
        KeWaitForSingleObject(&RemoveLock->Common.RemoveEvent, Executive, KernelMode, FALSE,
                              nullptr);
    }
}
GX_EXPORT_FUNCTION(IoReleaseRemoveLockAndWaitEx);

}  // extern "C"
