/*
 * Requests to a simple peripheral bus (I2C, SPI) as a peripheral driver sends them
 * (specification 11.7): transfer lists and control codes.
 */
#pragma once

#include "parts/basic_types.h"
#include "parts/io_codes.h"
#ifdef _KERNEL_MODE
#include "parts/memory_manager.h"
#endif

/* Only the order of the names is documented; the numbers are our own. */
#define GX_SPB_CODE_(function) \
    CTL_CODE(FILE_DEVICE_CONTROLLER, 0x400 + (function), METHOD_BUFFERED, FILE_ANY_ACCESS)
typedef enum SpbIoctl {
    IOCTL_SPB_LOCK_CONTROLLER = GX_SPB_CODE_(0),
    IOCTL_SPB_UNLOCK_CONTROLLER = GX_SPB_CODE_(1),
    IOCTL_SPB_EXECUTE_SEQUENCE = GX_SPB_CODE_(2),
    IOCTL_SPB_LOCK_CONNECTION = GX_SPB_CODE_(3),
    IOCTL_SPB_UNLOCK_CONNECTION = GX_SPB_CODE_(4),
    IOCTL_SPB_FULL_DUPLEX = GX_SPB_CODE_(5),
    IOCTL_SPB_MULTI_SPI_TRANSFER = GX_SPB_CODE_(6)
} SPBIOCTL;

typedef enum SPB_TRANSFER_DIRECTION {
    SpbTransferDirectionNone = 0,
    SpbTransferDirectionFromDevice,
    SpbTransferDirectionToDevice,
    SpbTransferDirectionMax
} SPB_TRANSFER_DIRECTION,
    *PSPB_TRANSFER_DIRECTION;

typedef enum SPB_TRANSFER_BUFFER_FORMAT {
    SpbTransferBufferFormatInvalid = 0,
    SpbTransferBufferFormatSimple,
    SpbTransferBufferFormatList,
    SpbTransferBufferFormatSimpleNonPaged,
    SpbTransferBufferFormatMdl,
    SpbTransferBufferFormatMax
} SPB_TRANSFER_BUFFER_FORMAT,
    *PSPB_TRANSFER_BUFFER_FORMAT;

typedef struct SPB_TRANSFER_BUFFER_LIST_ENTRY {
    PVOID Buffer;
    ULONG BufferCb;
} SPB_TRANSFER_BUFFER_LIST_ENTRY, *PSPB_TRANSFER_BUFFER_LIST_ENTRY;

struct _MDL;
typedef struct SPB_TRANSFER_BUFFER {
    SPB_TRANSFER_BUFFER_FORMAT Format;
    union {
        SPB_TRANSFER_BUFFER_LIST_ENTRY Simple;
        struct {
            PSPB_TRANSFER_BUFFER_LIST_ENTRY List;
            ULONG ListCe;
        } BufferList;
        struct _MDL* Mdl;
    };
} SPB_TRANSFER_BUFFER, *PSPB_TRANSFER_BUFFER;

typedef struct SPB_TRANSFER_LIST_ENTRY {
    SPB_TRANSFER_DIRECTION Direction;
    ULONG DelayInUs; /* before the transfer */
    SPB_TRANSFER_BUFFER Buffer;
} SPB_TRANSFER_LIST_ENTRY, *PSPB_TRANSFER_LIST_ENTRY;

typedef struct SPB_TRANSFER_LIST {
    ULONG Size; /* of this structure with one entry: tells the version */
    ULONG Reserved;
    ULONG TransferCount;
    SPB_TRANSFER_LIST_ENTRY Transfers[1];
} SPB_TRANSFER_LIST, *PSPB_TRANSFER_LIST;

/* A list with room for `count` entries in all, as an anonymous structure. */
#define SPB_TRANSFER_LIST_AND_ENTRIES(count)               \
    struct {                                               \
        SPB_TRANSFER_LIST List;                            \
        SPB_TRANSFER_LIST_ENTRY AfterTransfers[(count)-1]; \
    }

GX_INLINE VOID SPB_TRANSFER_LIST_INIT(PSPB_TRANSFER_LIST TransferList, ULONG TransferCount) {
    __builtin_memset(
        TransferList, 0,
        sizeof(SPB_TRANSFER_LIST) +
            (TransferCount > 1 ? (TransferCount - 1) * sizeof(SPB_TRANSFER_LIST_ENTRY) : 0));
    TransferList->Size = sizeof(SPB_TRANSFER_LIST);
    TransferList->TransferCount = TransferCount;
}

GX_INLINE SPB_TRANSFER_LIST_ENTRY SPB_TRANSFER_LIST_ENTRY_INIT_SIMPLE(
    SPB_TRANSFER_DIRECTION Direction, ULONG DelayInUs, PVOID Buffer, ULONG BufferCb) {
    SPB_TRANSFER_LIST_ENTRY entry;
    __builtin_memset(&entry, 0, sizeof(entry));
    entry.Direction = Direction;
    entry.DelayInUs = DelayInUs;
    entry.Buffer.Format = SpbTransferBufferFormatSimple;
    entry.Buffer.Simple.Buffer = Buffer;
    entry.Buffer.Simple.BufferCb = BufferCb;
    return entry;
}

GX_INLINE SPB_TRANSFER_LIST_ENTRY SPB_TRANSFER_LIST_ENTRY_INIT_NON_PAGED(
    SPB_TRANSFER_DIRECTION Direction, ULONG DelayInUs, PVOID Buffer, ULONG BufferCb) {
    SPB_TRANSFER_LIST_ENTRY entry =
        SPB_TRANSFER_LIST_ENTRY_INIT_SIMPLE(Direction, DelayInUs, Buffer, BufferCb);
    entry.Buffer.Format = SpbTransferBufferFormatSimpleNonPaged;
    return entry;
}

GX_INLINE SPB_TRANSFER_LIST_ENTRY
SPB_TRANSFER_LIST_ENTRY_INIT_BUFFER_LIST(SPB_TRANSFER_DIRECTION Direction, ULONG DelayInUs,
                                         PSPB_TRANSFER_BUFFER_LIST_ENTRY List, ULONG ListCe) {
    SPB_TRANSFER_LIST_ENTRY entry;
    __builtin_memset(&entry, 0, sizeof(entry));
    entry.Direction = Direction;
    entry.DelayInUs = DelayInUs;
    entry.Buffer.Format = SpbTransferBufferFormatList;
    entry.Buffer.BufferList.List = List;
    entry.Buffer.BufferList.ListCe = ListCe;
    return entry;
}

GX_INLINE SPB_TRANSFER_LIST_ENTRY SPB_TRANSFER_LIST_ENTRY_INIT_MDL(SPB_TRANSFER_DIRECTION Direction,
                                                                   ULONG DelayInUs,
                                                                   struct _MDL* Mdl) {
    SPB_TRANSFER_LIST_ENTRY entry;
    __builtin_memset(&entry, 0, sizeof(entry));
    entry.Direction = Direction;
    entry.DelayInUs = DelayInUs;
    entry.Buffer.Format = SpbTransferBufferFormatMdl;
    entry.Buffer.Mdl = Mdl;
    return entry;
}
