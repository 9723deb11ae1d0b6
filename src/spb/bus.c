/*
 * The wire: which request goes next, and what becomes of it. A controller lock keeps everybody else
 * off the bus; a connection lock keeps the others off its target.
 */
#include "serialbus.h"

static KDEFERRED_ROUTINE TransferDone;
static EVT_WDF_REQUEST_CANCEL CancelOnWire;

VOID InitializeBus(PBUS Bus) {
    InitializeListHead(&Bus->Targets);
    KeInitializeDpc(&Bus->Done, TransferDone, Bus);
}

/* Under the bus's lock. */
static BOOLEAN MayGo(PBUS Bus, WDFFILEOBJECT File) {
    const TARGET* target = TargetOf(File);
    PLIST_ENTRY link;

    if (Bus->Holder != NULL && Bus->Holder != File) {
        return FALSE;
    }
    for (link = Bus->Targets.Flink; link != &Bus->Targets; link = link->Flink) {
        const TARGET* other = CONTAINING_RECORD(link, TARGET, Link);
        if (other != target && other->HoldsConnection && other->Address == target->Address &&
            other->Spi == target->Spi) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Under the bus's lock: the first waiting request that may go, or NULL. */
static WDFREQUEST TakeNext(PBUS Bus) {
    WDFREQUEST previous = NULL;
    WDFREQUEST found = NULL;
    WDFREQUEST taken = NULL;
    NTSTATUS status = STATUS_SUCCESS;

    while (taken == NULL && NT_SUCCESS(status)) {
        status = WdfIoQueueFindRequest(Bus->Waiting, previous, NULL, NULL, &found);
        if (previous != NULL) {
            WdfObjectDereference(previous);
            previous = NULL;
        }
        if (status == STATUS_NOT_FOUND) { /* the one to go on from was cancelled: from the start */
            status = STATUS_SUCCESS;
            continue;
        }
        if (!NT_SUCCESS(status)) {
            break;
        }
        if (MayGo(Bus, WdfRequestGetFileObject(found))) {
            if (!NT_SUCCESS(WdfIoQueueRetrieveFoundRequest(Bus->Waiting, found, &taken))) {
                taken = NULL; /* cancelled meanwhile */
            }
            WdfObjectDereference(found);
        } else {
            previous = found;
        }
    }
    return taken;
}

/* The locks. Under the bus's lock; `*Release` asks for a stop condition. */
static NTSTATUS ChangeLock(PBUS Bus, WDFFILEOBJECT File, REQUEST_KIND Kind, PBOOLEAN Release) {
    PTARGET target = TargetOf(File);
    const BOOLEAN holds = Bus->Holder == File;

    switch (Kind) {
        case LockController: /* not nested */
            if (holds) {
                return STATUS_INVALID_DEVICE_REQUEST;
            }
            Bus->Holder = File;
            return STATUS_SUCCESS;
        case UnlockController:
            if (!holds) {
                return STATUS_INVALID_DEVICE_REQUEST;
            }
            Bus->Holder = NULL;
            *Release = TRUE;
            return STATUS_SUCCESS;
        case LockConnection: /* before the controller lock, and not nested */
            if (target->HoldsConnection || holds) {
                return STATUS_INVALID_DEVICE_REQUEST;
            }
            target->HoldsConnection = TRUE;
            return STATUS_SUCCESS;
        case UnlockConnection: /* after the controller lock */
            if (!target->HoldsConnection || holds) {
                return STATUS_INVALID_DEVICE_REQUEST;
            }
            target->HoldsConnection = FALSE;
            return STATUS_SUCCESS;
        default:
            /* While the controller is locked, only reads and writes make the sequence. */
            return holds && Kind != SimpleTransfer ? STATUS_INVALID_DEVICE_REQUEST : STATUS_PENDING;
    }
}

static NTSTATUS PutOnWire(PBUS Bus, WDFREQUEST Request) {
    const WDFFILEOBJECT file = WdfRequestGetFileObject(Request);
    const TARGET* target = TargetOf(file);
    const JOB* job = JobOf(Request);
    PGX_SERIAL_TRANSFER transfer = &Bus->Transfer;

    RtlZeroMemory(transfer, sizeof(*transfer));
    transfer->Spi = target->Spi;
    transfer->FullDuplex = job->Kind == FullDuplex;
    transfer->KeepSelected = Bus->Holder == file;
    transfer->TenBitAddress = target->TenBitAddress;
    transfer->Address = target->Address;
    transfer->Frequency = target->Frequency;
    transfer->Messages = job->Messages;
    transfer->MessageCount = job->MessageCount;
    transfer->Done = &Bus->Done;
    return GxStartSerialTransfer(Bus->PhysicalDevice, transfer);
}

/* TRUE: the request is on the wire. FALSE: it was completed. */
static BOOLEAN Begin(PBUS Bus, WDFREQUEST Request) {
    const WDFFILEOBJECT file = WdfRequestGetFileObject(Request);
    BOOLEAN release = FALSE;
    NTSTATUS status;

    WdfSpinLockAcquire(Bus->Lock);
    status = ChangeLock(Bus, file, JobOf(Request)->Kind, &release);
    WdfSpinLockRelease(Bus->Lock);
    if (status == STATUS_PENDING) {
        status = WdfRequestMarkCancelableEx(Request, CancelOnWire);
        if (NT_SUCCESS(status)) {
            status = PutOnWire(Bus, Request);
            if (NT_SUCCESS(status)) {
                return TRUE;
            }
            WdfRequestUnmarkCancelable(Request);
        }
    }
    if (release) {
        GxReleaseSerialBus(Bus->PhysicalDevice);
    }
    WdfSpinLockAcquire(Bus->Lock);
    Bus->Active = NULL;
    WdfSpinLockRelease(Bus->Lock);
    WdfRequestComplete(Request, status);
    return FALSE;
}

VOID PumpBus(PBUS Bus) {
    WDFREQUEST next;
    do {
        WdfSpinLockAcquire(Bus->Lock);
        next = Bus->Active == NULL ? TakeNext(Bus) : NULL;
        if (next != NULL) {
            Bus->Active = next;
        }
        WdfSpinLockRelease(Bus->Lock);
    } while (next != NULL && !Begin(Bus, next));
}

/* The byte on the wire ends first; TransferDone completes the request. */
static VOID CancelOnWire(WDFREQUEST Request) {
    PBUS bus = BusOf(WdfIoQueueGetDevice(WdfRequestGetIoQueue(Request)));

    WdfSpinLockAcquire(bus->Lock);
    if (bus->Active == Request) {
        GxCancelSerialTransfer(bus->PhysicalDevice, &bus->Transfer);
    }
    WdfSpinLockRelease(bus->Lock);
}

/*
 * An address that nobody acknowledges means that there is no such device. After that, what was
 * transferred before somebody declined is a success of so many bytes: the client judges by the
 * count.
 */
static NTSTATUS StatusOf(const GX_SERIAL_TRANSFER* Transfer) {
    switch (Transfer->Outcome) {
        case GxSerialNoTarget:
            return Transfer->BytesTransferred == 0 ? STATUS_NO_SUCH_DEVICE : STATUS_SUCCESS;
        case GxSerialCancelled:
            return STATUS_CANCELLED;
        default:
            return STATUS_SUCCESS;
    }
}

static VOID TransferDone(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2) {
    PBUS bus = Context;
    const NTSTATUS status = StatusOf(&bus->Transfer);
    const ULONG_PTR bytes = bus->Transfer.BytesTransferred;
    WDFREQUEST request;
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);

    WdfSpinLockAcquire(bus->Lock);
    request = bus->Active;
    bus->Active = NULL;
    WdfSpinLockRelease(bus->Lock);
    WdfRequestUnmarkCancelable(request);
    WdfRequestCompleteWithInformation(request, status, NT_SUCCESS(status) ? bytes : 0);
    PumpBus(bus);
}
