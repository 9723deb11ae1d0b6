/* Requests as they come: checked at once, then in line for the wire. */
#include "serialbus.h"

static EVT_WDF_IO_QUEUE_IO_READ OnRead;
static EVT_WDF_IO_QUEUE_IO_WRITE OnWrite;
static EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL OnDeviceControl;

NTSTATUS CreateQueues(PBUS Bus) {
    WDF_IO_QUEUE_CONFIG config;
    NTSTATUS status;

    /* Peripherals use their bus on their own way down. */
    WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchManual);
    config.PowerManaged = WdfFalse;
    status = WdfIoQueueCreate(Bus->Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &Bus->Waiting);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
    config.PowerManaged = WdfFalse;
    config.EvtIoRead = OnRead;
    config.EvtIoWrite = OnWrite;
    config.EvtIoDeviceControl = OnDeviceControl;
    return WdfIoQueueCreate(Bus->Device, &config, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
}

VOID JobCleanup(WDFOBJECT Request) {
    PJOB job = JobOf(Request);
    if (job->Messages != NULL && job->Messages != &job->Only) {
        ExFreePoolWithTag(job->Messages, BUS_POOL_TAG);
    }
    job->Messages = NULL;
}

/* Everything waits in one line, so that the requests of a target keep their order, locks included.
 */
static VOID Enqueue(WDFQUEUE Queue, WDFREQUEST Request) {
    PBUS bus = BusOf(WdfIoQueueGetDevice(Queue));
    NTSTATUS status = WdfRequestForwardToIoQueue(Request, bus->Waiting);
    if (!NT_SUCCESS(status)) {
        WdfRequestComplete(Request, status);
        return;
    }
    PumpBus(bus);
}

static VOID EnqueueSimple(WDFQUEUE Queue, WDFREQUEST Request, BOOLEAN Read, PVOID Buffer,
                          size_t Length, NTSTATUS Status) {
    PJOB job = JobOf(Request);
    if (NT_SUCCESS(Status) && (Length == 0 || Length > MAX_TRANSFER_BYTES)) {
        Status = STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(Status)) {
        WdfRequestComplete(Request, Status);
        return;
    }
    job->Kind = SimpleTransfer;
    job->Only.Read = Read;
    job->Only.Buffer = Buffer;
    job->Only.Length = (ULONG)Length;
    job->Messages = &job->Only;
    job->MessageCount = 1;
    Enqueue(Queue, Request);
}

static VOID OnRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
    PVOID buffer = NULL;
    NTSTATUS status = WdfRequestRetrieveOutputBuffer(Request, 1, &buffer, NULL);
    EnqueueSimple(Queue, Request, TRUE, buffer, Length, status);
}

static VOID OnWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
    PVOID buffer = NULL;
    NTSTATUS status = WdfRequestRetrieveInputBuffer(Request, 1, &buffer, NULL);
    EnqueueSimple(Queue, Request, FALSE, buffer, Length, status);
}

static NTSTATUS ReadList(WDFREQUEST Request, REQUEST_KIND Kind) {
    PJOB job = JobOf(Request);
    PVOID list = NULL;
    size_t length = 0;
    NTSTATUS status;

    /* The list holds addresses of its caller's: user mode has none here (H12). */
    if (WdfRequestGetRequestorMode(Request) == UserMode) {
        return STATUS_NOT_SUPPORTED;
    }
    if (Kind == FullDuplex && !TargetOf(WdfRequestGetFileObject(Request))->Spi) {
        return STATUS_NOT_SUPPORTED;
    }
    status = WdfRequestRetrieveInputBuffer(Request, sizeof(SPB_TRANSFER_LIST), &list, &length);
    if (!NT_SUCCESS(status)) {
        return STATUS_INVALID_PARAMETER;
    }
    job->Kind = Kind;
    return MessagesOfList(list, length, job);
}

static VOID OnDeviceControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                            size_t InputLength, ULONG Code) {
    NTSTATUS status = STATUS_SUCCESS;
    UNREFERENCED_PARAMETER(OutputLength);
    UNREFERENCED_PARAMETER(InputLength);

    switch (Code) {
        case IOCTL_SPB_EXECUTE_SEQUENCE:
            status = ReadList(Request, Sequence);
            break;
        case IOCTL_SPB_FULL_DUPLEX:
            status = ReadList(Request, FullDuplex);
            break;
        case IOCTL_SPB_LOCK_CONTROLLER:
            JobOf(Request)->Kind = LockController;
            break;
        case IOCTL_SPB_UNLOCK_CONTROLLER:
            JobOf(Request)->Kind = UnlockController;
            break;
        case IOCTL_SPB_LOCK_CONNECTION:
            JobOf(Request)->Kind = LockConnection;
            break;
        case IOCTL_SPB_UNLOCK_CONNECTION:
            JobOf(Request)->Kind = UnlockConnection;
            break;
        default:
            status = STATUS_NOT_SUPPORTED;
            break;
    }
    if (!NT_SUCCESS(status)) {
        WdfRequestComplete(Request, status);
        return;
    }
    Enqueue(Queue, Request);
}
