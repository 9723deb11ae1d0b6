//
// The PL061 example with one thing added: its CLIENT_ConnectIoPins evaluates the method REEN of its own device.
// GpioClx holds the bank's wait lock meanwhile.
//

#include <ntddk.h>
#include <wdf.h>
#include <gpioclx.h>
#include <acpiioct.h>

static NTSTATUS RegisterReentrantClient(WDFDRIVER Driver, PGPIO_CLIENT_REGISTRATION_PACKET Packet,
                                        PUNICODE_STRING RegistryPath);

#define GPIO_CLX_RegisterClient RegisterReentrantClient
#include "../../../../examples/drivers/pl061gpio/pl061gpio.c"
#undef GPIO_CLX_RegisterClient

static PGPIO_CLIENT_PREPARE_CONTROLLER Prepare;
static PGPIO_CLIENT_CONNECT_IO_PINS Connect;
static WDFDEVICE Controller;

static NTSTATUS PrepareAndKeepDevice(WDFDEVICE Device, PVOID Context, WDFCMRESLIST Raw, WDFCMRESLIST Translated)
{
    Controller = Device;
    return Prepare(Device, Context, Raw, Translated);
}

static NTSTATUS EvaluateThenConnect(PVOID Context, PGPIO_CONNECT_IO_PINS_PARAMETERS Parameters)
{
    ACPI_EVAL_INPUT_BUFFER Input;
    WDF_MEMORY_DESCRIPTOR Memory;

    RtlZeroMemory(&Input, sizeof(Input));
    Input.Signature = ACPI_EVAL_INPUT_BUFFER_SIGNATURE;
    RtlCopyMemory(Input.MethodName, "REEN", sizeof(Input.MethodName));
    WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&Memory, &Input, sizeof(Input));
    WdfIoTargetSendIoctlSynchronously(WdfDeviceGetIoTarget(Controller), NULL, IOCTL_ACPI_EVAL_METHOD, &Memory, NULL,
                                      NULL, NULL);
    return Connect(Context, Parameters);
}

static NTSTATUS RegisterReentrantClient(WDFDRIVER Driver, PGPIO_CLIENT_REGISTRATION_PACKET Packet,
                                        PUNICODE_STRING RegistryPath)
{
    Prepare = Packet->CLIENT_PrepareController;
    Connect = Packet->CLIENT_ConnectIoPins;
    Packet->CLIENT_PrepareController = PrepareAndKeepDevice;
    Packet->CLIENT_ConnectIoPins = EvaluateThenConnect;
    return GPIO_CLX_RegisterClient(Driver, Packet, RegistryPath);
}
