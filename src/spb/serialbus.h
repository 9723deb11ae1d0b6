/*
 * The driver of a virtual I2C or SPI bus: the requests of spb.h that peripheral drivers send to
 * their targets (specification 11.7, H12), one transfer at a time on the wire.
 */
#pragma once

#include <ntddk.h>
#include <wdf.h>

#include <reshub.h>
#include <spb.h>

#include <ext/gx_connection.h>
#include <ext/gx_pnp.h>
#include <ext/gx_serial_bus.h>

#define BUS_POOL_TAG 'subS'

/* Bounds of one request. */
#define MAX_TRANSFERS 256
#define MAX_MESSAGES 1024
#define MAX_TRANSFER_BYTES 0x10000

/* What a file stands for: a chip at an address. Context of the file. */
typedef struct _TARGET {
    LIST_ENTRY Link; /* among the open targets of the bus; guarded by the bus's lock */
    WDFFILEOBJECT File;
    BOOLEAN Open;
    BOOLEAN Shared;
    BOOLEAN Spi;
    BOOLEAN TenBitAddress;
    BOOLEAN HoldsConnection; /* IOCTL_SPB_LOCK_CONNECTION */
    ULONG Address;
    ULONG Frequency;
} TARGET, *PTARGET;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(TARGET, TargetOf)

typedef enum _REQUEST_KIND {
    SimpleTransfer, /* IRP_MJ_READ, IRP_MJ_WRITE */
    Sequence,
    FullDuplex,
    LockController,
    UnlockController,
    LockConnection,
    UnlockConnection
} REQUEST_KIND;

/* What was asked for, checked when the request came. Context of the request. */
typedef struct _JOB {
    REQUEST_KIND Kind;
    ULONG MessageCount;
    PGX_SERIAL_MESSAGE Messages;
    GX_SERIAL_MESSAGE Only; /* the message of a simple transfer */
} JOB, *PJOB;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(JOB, JobOf)

/* The bus. Context of the device. */
typedef struct _BUS {
    WDFDEVICE Device;
    PDEVICE_OBJECT PhysicalDevice;
    WDFQUEUE Waiting; /* requests that are not on the wire yet, in order of arrival */
    WDFSPINLOCK Lock; /* guards what follows */
    LIST_ENTRY Targets;
    WDFFILEOBJECT Holder; /* of the controller lock; NULL: nobody */
    WDFREQUEST Active;    /* taken from the queue and not completed */
    GX_SERIAL_TRANSFER Transfer;
    KDPC Done;
} BUS, *PBUS;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(BUS, BusOf)

/* target.c */
EVT_WDF_DEVICE_FILE_CREATE TargetOpen;
EVT_WDF_FILE_CLEANUP TargetCleanup;
EVT_WDF_FILE_CLOSE TargetClose;

/* request.c */
NTSTATUS CreateQueues(PBUS Bus);
EVT_WDF_OBJECT_CONTEXT_CLEANUP JobCleanup;

/* transfer_list.c: from an SPB_TRANSFER_LIST to messages; PASSIVE_LEVEL or DISPATCH_LEVEL. */
NTSTATUS MessagesOfList(const SPB_TRANSFER_LIST* List, size_t Length, PJOB Job);

/* bus.c */
VOID InitializeBus(PBUS Bus);
/* <= DISPATCH_LEVEL. Starts what may go on the wire next. */
VOID PumpBus(PBUS Bus);
