/* What a child is called and what it can do. */
#include "acpi_bus.h"

#define MAX_ID_CHARACTERS 1024

typedef struct _ID_WRITER {
    WCHAR Text[MAX_ID_CHARACTERS];
    ULONG Length;
} ID_WRITER, *PID_WRITER;

static VOID Write(PID_WRITER Writer, PCSTR Text) {
    while (*Text != 0 && Writer->Length < MAX_ID_CHARACTERS - 2) {
        Writer->Text[Writer->Length++] = (WCHAR)(UCHAR)*Text++;
    }
}

static VOID End(PID_WRITER Writer) {
    if (Writer->Length < MAX_ID_CHARACTERS - 1) {
        Writer->Text[Writer->Length++] = 0;
    }
}

/* A device without _UID gets its place in the namespace, so that two of a kind differ. */
static VOID WriteInstance(PID_WRITER Writer, PCHILD_EXTENSION Child) {
    CHAR digits[11];
    ULONG value = Child->Index;
    ULONG at = sizeof(digits) - 1;
    if (Child->Firmware.UniqueId[0] != 0) {
        Write(Writer, Child->Firmware.UniqueId);
        return;
    }
    digits[at] = 0;
    do {
        digits[--at] = (CHAR)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    Write(Writer, &digits[at]);
}

NTSTATUS ChildQueryId(PCHILD_EXTENSION Child, BUS_QUERY_ID_TYPE Type, PWCHAR* Id) {
    PID_WRITER writer;
    ULONG i;
    NTSTATUS status = STATUS_SUCCESS;
    writer = ExAllocatePool2(POOL_FLAG_PAGED, sizeof(ID_WRITER), ACPI_BUS_TAG);
    if (writer == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    switch (Type) {
        case BusQueryDeviceID:
            Write(writer, "ACPI\\");
            Write(writer, Child->Firmware.HardwareId);
            break;
        case BusQueryHardwareIDs:
            Write(writer, "ACPI\\");
            Write(writer, Child->Firmware.HardwareId);
            End(writer);
            Write(writer, "*");
            Write(writer, Child->Firmware.HardwareId);
            End(writer);
            break;
        case BusQueryCompatibleIDs:
            if (Child->Firmware.CompatibleIdCount == 0) {
                status = STATUS_NOT_SUPPORTED;
            }
            for (i = 0; i < Child->Firmware.CompatibleIdCount; i++) {
                Write(writer, "ACPI\\");
                Write(writer, Child->Firmware.CompatibleIds[i]);
                End(writer);
            }
            break;
        case BusQueryInstanceID:
            WriteInstance(writer, Child);
            break;
        default:
            status = STATUS_NOT_SUPPORTED;
            break;
    }
    End(writer);
    *Id = NULL;
    if (NT_SUCCESS(status)) {
        *Id = ExAllocatePool2(POOL_FLAG_PAGED, writer->Length * sizeof(WCHAR), ACPI_BUS_TAG);
        if (*Id != NULL) {
            RtlCopyMemory(*Id, writer->Text, writer->Length * sizeof(WCHAR));
        } else {
            status = STATUS_INSUFFICIENT_RESOURCES;
        }
    }
    ExFreePoolWithTag(writer, ACPI_BUS_TAG);
    return status;
}

NTSTATUS ChildQueryCapabilities(PCHILD_EXTENSION Child, PDEVICE_CAPABILITIES Capabilities) {
    ULONG state;
    if (Capabilities == NULL || Capabilities->Version != 1 || Capabilities->Size < sizeof(DEVICE_CAPABILITIES)) {
        return STATUS_UNSUCCESSFUL;
    }
    Capabilities->UniqueID = Child->Firmware.UniqueId[0] != 0;
    Capabilities->SilentInstall = TRUE;
    Capabilities->SurpriseRemovalOK = FALSE;
    Capabilities->Address = (ULONG)Child->Firmware.Address;
    Capabilities->DeviceState[PowerSystemWorking] = PowerDeviceD0;
    for (state = PowerSystemSleeping1; state < PowerSystemMaximum; state++) {
        Capabilities->DeviceState[state] = PowerDeviceD3;
    }
    Capabilities->SystemWake = PowerSystemUnspecified;
    Capabilities->DeviceWake = PowerDeviceUnspecified;
    return STATUS_SUCCESS;
}
