//
// Does to the registers of a BCM2835 what its data sheet forbids. Built with PROBE_REFUSED it uses an
// instruction that gpioclx cannot serve; with PROBE_SUPERIO it raises pin 0 of examples/models/superio.
//

#include <ntddk.h>
#include <wdf.h>

#define GPFSEL0 (0x00 / 4)
#define RESERVED_WORD (0x18 / 4)
#define GPLEV0 (0x34 / 4)

typedef struct _PROBE_CONTEXT {
    volatile ULONG* Registers;
    SIZE_T Length;
} PROBE_CONTEXT, *PPROBE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PROBE_CONTEXT, ProbeGetContext)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD ProbeEvtDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE ProbeEvtPrepareHardware;
EVT_WDF_DEVICE_RELEASE_HARDWARE ProbeEvtReleaseHardware;

static VOID
ProbeForbidden(
    _In_ volatile ULONG* Registers
    )
{
#if defined(PROBE_SUPERIO)
    volatile UCHAR* Ports = (volatile UCHAR*)Registers;

    Ports[0] = 0x87;
    Ports[0] = 0x87;
    Ports[0] = 0x10;
    Ports[1] |= 0x01;
    Ports[0] = 0x11;
    Ports[1] = 0x01;
    while ((READ_REGISTER_UCHAR((PUCHAR)&Ports[2]) & 1) != 0) {
    }

    Ports[0] = 0xAA;
    Ports[1] = 0;
#elif defined(PROBE_REFUSED)
    __asm__ volatile("callq *(%0)" : : "r"(Registers) : "memory");
#else
    WRITE_REGISTER_ULONG((PULONG)&Registers[GPLEV0], 1);
    Registers[GPLEV0] = 1;
    Registers[GPFSEL0] = 0x80000001;
    Registers[RESERVED_WORD] = 1;
#endif
}

_Use_decl_annotations_
NTSTATUS
ProbeEvtPrepareHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PPROBE_CONTEXT Probe;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Resource;

    UNREFERENCED_PARAMETER(ResourcesRaw);

    Probe = ProbeGetContext(Device);
    Resource = WdfCmResourceListGetDescriptor(ResourcesTranslated, 0);
    Probe->Length = Resource->u.Memory.Length;
    Probe->Registers = (volatile ULONG*)MmMapIoSpaceEx(
        Resource->u.Memory.Start, Probe->Length, PAGE_READWRITE | PAGE_NOCACHE);
    if (Probe->Registers == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    ProbeForbidden(Probe->Registers);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
ProbeEvtReleaseHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PPROBE_CONTEXT Probe;

    UNREFERENCED_PARAMETER(ResourcesTranslated);

    Probe = ProbeGetContext(Device);
    if (Probe->Registers != NULL) {
        MmUnmapIoSpace((PVOID)Probe->Registers, Probe->Length);
    }

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
ProbeEvtDeviceAdd(
    WDFDRIVER Driver,
    PWDFDEVICE_INIT DeviceInit
    )
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_PNPPOWER_EVENT_CALLBACKS Callbacks;
    WDFDEVICE Device;

    UNREFERENCED_PARAMETER(Driver);

    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&Callbacks);
    Callbacks.EvtDevicePrepareHardware = ProbeEvtPrepareHardware;
    Callbacks.EvtDeviceReleaseHardware = ProbeEvtReleaseHardware;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &Callbacks);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, PROBE_CONTEXT);
    return WdfDeviceCreate(&DeviceInit, &Attributes, &Device);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    WDF_DRIVER_CONFIG Config;

    WDF_DRIVER_CONFIG_INIT(&Config, ProbeEvtDeviceAdd);
    return WdfDriverCreate(
        DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &Config, WDF_NO_HANDLE);
}
