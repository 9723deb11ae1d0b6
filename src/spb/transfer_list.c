/* Transfer lists: what a list may say, and its buffers in the order of the bytes on the wire. */
#include "serialbus.h"

/* Calls `Add` for each piece of a transfer's buffer. Simple buffers of kernel-mode callers are
 * addresses. */
typedef struct _PIECES {
    PJOB Job;
    ULONG Room;
    ULONG64 Bytes;
    const SPB_TRANSFER_LIST_ENTRY* Entry;
    BOOLEAN First; /* piece of its transfer */
} PIECES;

static NTSTATUS AddPiece(PIECES* Pieces, PVOID Buffer, ULONG Length) {
    PGX_SERIAL_MESSAGE message;
    if (Buffer == NULL || Length == 0) {
        return STATUS_INVALID_PARAMETER;
    }
    if (Pieces->Job->MessageCount == Pieces->Room) {
        return STATUS_INVALID_PARAMETER;
    }
    Pieces->Bytes += Length;
    if (Pieces->Bytes > MAX_TRANSFER_BYTES) {
        return STATUS_INVALID_PARAMETER;
    }
    message = &Pieces->Job->Messages[Pieces->Job->MessageCount++];
    message->Read = Pieces->Entry->Direction == SpbTransferDirectionFromDevice;
    message->Continues = !Pieces->First;
    message->DelayInUs = Pieces->First ? Pieces->Entry->DelayInUs : 0;
    message->Buffer = Buffer;
    message->Length = Length;
    Pieces->First = FALSE;
    return STATUS_SUCCESS;
}

static NTSTATUS AddMdl(PIECES* Pieces, PMDL Mdl) {
    NTSTATUS status = Mdl != NULL ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    for (; NT_SUCCESS(status) && Mdl != NULL; Mdl = Mdl->Next) {
        PVOID address = MmGetSystemAddressForMdlSafe(Mdl, NormalPagePriority | MdlMappingNoExecute);
        status = address != NULL ? AddPiece(Pieces, address, MmGetMdlByteCount(Mdl))
                                 : STATUS_INSUFFICIENT_RESOURCES;
    }
    return status;
}

static NTSTATUS AddEntry(PIECES* Pieces, const SPB_TRANSFER_LIST_ENTRY* Entry) {
    NTSTATUS status = STATUS_SUCCESS;
    ULONG i;

    if (Entry->Direction != SpbTransferDirectionFromDevice &&
        Entry->Direction != SpbTransferDirectionToDevice) {
        return STATUS_INVALID_PARAMETER;
    }
    Pieces->Entry = Entry;
    Pieces->First = TRUE;
    Pieces->Bytes = 0;
    switch (Entry->Buffer.Format) {
        case SpbTransferBufferFormatSimple:
        case SpbTransferBufferFormatSimpleNonPaged:
            return AddPiece(Pieces, Entry->Buffer.Simple.Buffer, Entry->Buffer.Simple.BufferCb);
        case SpbTransferBufferFormatList:
            if (Entry->Buffer.BufferList.List == NULL || Entry->Buffer.BufferList.ListCe == 0) {
                return STATUS_INVALID_PARAMETER;
            }
            for (i = 0; NT_SUCCESS(status) && i < Entry->Buffer.BufferList.ListCe; i++) {
                const SPB_TRANSFER_BUFFER_LIST_ENTRY* piece = &Entry->Buffer.BufferList.List[i];
                status = AddPiece(Pieces, piece->Buffer, piece->BufferCb);
            }
            return status;
        case SpbTransferBufferFormatMdl:
            return AddMdl(Pieces, Entry->Buffer.Mdl);
        default:
            return STATUS_INVALID_PARAMETER;
    }
}

/* How many messages the list can become. */
static ULONG CountPieces(const SPB_TRANSFER_LIST* List) {
    ULONG64 count = 0;
    ULONG i;
    for (i = 0; i < List->TransferCount && count <= MAX_MESSAGES; i++) {
        const SPB_TRANSFER_BUFFER* buffer = &List->Transfers[i].Buffer;
        if (buffer->Format == SpbTransferBufferFormatList) {
            count += buffer->BufferList.ListCe;
        } else if (buffer->Format == SpbTransferBufferFormatMdl) {
            PMDL mdl;
            for (mdl = buffer->Mdl; mdl != NULL && count <= MAX_MESSAGES; mdl = mdl->Next) {
                count++;
            }
        } else {
            count++;
        }
    }
    return count <= MAX_MESSAGES ? (ULONG)count : 0;
}

/* The write first, then the read, and no delays. */
static BOOLEAN IsFullDuplex(const SPB_TRANSFER_LIST* List) {
    return List->TransferCount == 2 &&
           List->Transfers[0].Direction == SpbTransferDirectionToDevice &&
           List->Transfers[1].Direction == SpbTransferDirectionFromDevice &&
           List->Transfers[0].DelayInUs == 0 && List->Transfers[1].DelayInUs == 0;
}

NTSTATUS MessagesOfList(const SPB_TRANSFER_LIST* List, size_t Length, PJOB Job) {
    PIECES pieces = {0};
    NTSTATUS status = STATUS_SUCCESS;
    ULONG i;

    if (Length < sizeof(*List) || List->Size != sizeof(*List) || List->TransferCount == 0 ||
        List->TransferCount > MAX_TRANSFERS ||
        Length < FIELD_OFFSET(SPB_TRANSFER_LIST, Transfers) +
                     List->TransferCount * sizeof(List->Transfers[0])) {
        return STATUS_INVALID_PARAMETER;
    }
    if (Job->Kind == FullDuplex && !IsFullDuplex(List)) {
        return STATUS_INVALID_PARAMETER;
    }
    pieces.Job = Job;
    pieces.Room = CountPieces(List);
    if (pieces.Room == 0) {
        return STATUS_INVALID_PARAMETER;
    }
    Job->Messages =
        ExAllocatePool2(POOL_FLAG_NON_PAGED, pieces.Room * sizeof(GX_SERIAL_MESSAGE), BUS_POOL_TAG);
    if (Job->Messages == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    for (i = 0; NT_SUCCESS(status) && i < List->TransferCount; i++) {
        status = AddEntry(&pieces, &List->Transfers[i]);
    }
    return status;
}
