/* Opening a connection: from the id in the file's name to an address on the bus. */
#include "serialbus.h"

#define FLAG_SHARED 0x04u  /* GeneralFlags, from revision 2 of the descriptor on */
#define FLAG_TEN_BIT 0x01u /* TypeSpecificFlags of I2C */

/* Behind the common head of the descriptor, byte-packed, as firmware stores it. */
#pragma pack(push, 1)
typedef struct _I2C_DATA {
    ULONG Frequency;
    USHORT Address;
} I2C_DATA;
typedef struct _SPI_DATA {
    ULONG Frequency;
    UCHAR DataBits;
    UCHAR Phase;
    UCHAR Polarity;
    USHORT DeviceSelection;
} SPI_DATA;
#pragma pack(pop)

static NTSTATUS ReadDescriptor(const GX_CONNECTION* Connection, PTARGET Target) {
    const PNP_SERIAL_BUS_DESCRIPTOR* head = Connection->Properties;
    const UCHAR* data = (const UCHAR*)(head + 1);

    if (head == NULL || Connection->PropertiesLength < sizeof(*head) ||
        head->Tag != SERIAL_BUS_DESCRIPTOR) {
        return STATUS_INVALID_PARAMETER;
    }
    Target->Shared = (head->GeneralFlags & FLAG_SHARED) != 0;
    if (head->SerialBusType == SERIAL_BUS_TYPE_I2C &&
        Connection->PropertiesLength >= sizeof(*head) + sizeof(I2C_DATA)) {
        I2C_DATA i2c;
        RtlCopyMemory(&i2c, data, sizeof(i2c));
        Target->Frequency = i2c.Frequency;
        Target->Address = i2c.Address;
        Target->TenBitAddress = (head->TypeSpecificFlags & FLAG_TEN_BIT) != 0;
    } else if (head->SerialBusType == SERIAL_BUS_TYPE_SPI &&
               Connection->PropertiesLength >= sizeof(*head) + sizeof(SPI_DATA)) {
        SPI_DATA spi;
        RtlCopyMemory(&spi, data, sizeof(spi));
        Target->Spi = TRUE;
        Target->Frequency = spi.Frequency;
        Target->Address = spi.DeviceSelection;
        if (spi.DataBits != 8) {
            return STATUS_NOT_SUPPORTED;
        }
    } else {
        return STATUS_INVALID_PARAMETER;
    }
    return Target->Frequency != 0 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* H12: one opener a peripheral, unless firmware declares all its connections shared. */
static NTSTATUS AddTarget(PBUS Bus, PTARGET Target) {
    NTSTATUS status = STATUS_SUCCESS;
    PLIST_ENTRY link;

    WdfSpinLockAcquire(Bus->Lock);
    for (link = Bus->Targets.Flink; link != &Bus->Targets; link = link->Flink) {
        const TARGET* other = CONTAINING_RECORD(link, TARGET, Link);
        if (other->Address == Target->Address && other->Spi == Target->Spi &&
            !(other->Shared && Target->Shared)) {
            status = STATUS_SHARING_VIOLATION;
        }
    }
    if (NT_SUCCESS(status)) {
        InsertTailList(&Bus->Targets, &Target->Link);
        Target->Open = TRUE;
    }
    WdfSpinLockRelease(Bus->Lock);
    return status;
}

static NTSTATUS Open(PBUS Bus, WDFREQUEST Request, WDFFILEOBJECT File) {
    PTARGET target = TargetOf(File);
    GX_CONNECTION connection;
    ULONG64 id;
    NTSTATUS status;

    if (WdfRequestGetRequestorMode(Request) == UserMode) {
        return STATUS_ACCESS_DENIED; /* H12 */
    }
    status = GxConnectionIdFromFileName(WdfFileObjectGetFileName(File), &id);
    if (NT_SUCCESS(status)) {
        status = GxQueryConnection(id, &connection);
    }
    if (NT_SUCCESS(status) && (connection.Class != CM_RESOURCE_CONNECTION_CLASS_SERIAL ||
                               connection.Controller != Bus->PhysicalDevice)) {
        status = STATUS_NOT_FOUND;
    }
    if (!NT_SUCCESS(status)) {
        return STATUS_NOT_FOUND; /* H8 */
    }
    target->File = File;
    status = ReadDescriptor(&connection, target);
    return NT_SUCCESS(status) ? AddTarget(Bus, target) : status;
}

VOID TargetOpen(WDFDEVICE Device, WDFREQUEST Request, WDFFILEOBJECT File) {
    WdfRequestComplete(Request, Open(BusOf(Device), Request, File));
}

/* A lock ends with the handle that holds it. */
VOID TargetCleanup(WDFFILEOBJECT File) {
    PBUS bus = BusOf(WdfFileObjectGetDevice(File));
    PTARGET target = TargetOf(File);
    BOOLEAN release;

    WdfSpinLockAcquire(bus->Lock);
    target->HoldsConnection = FALSE;
    release = bus->Holder == File;
    if (release) {
        bus->Holder = NULL;
    }
    WdfSpinLockRelease(bus->Lock);
    if (release) {
        GxReleaseSerialBus(bus->PhysicalDevice);
    }
    PumpBus(bus);
}

VOID TargetClose(WDFFILEOBJECT File) {
    PBUS bus = BusOf(WdfFileObjectGetDevice(File));
    PTARGET target = TargetOf(File);

    WdfSpinLockAcquire(bus->Lock);
    if (target->Open) {
        RemoveEntryList(&target->Link);
        target->Open = FALSE;
    }
    WdfSpinLockRelease(bus->Lock);
}
