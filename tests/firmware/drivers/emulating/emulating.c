//
// The PL061 example, which asks GpioClx to emulate ActiveBoth although its hardware could do it itself.
//

#include <ntddk.h>
#include <wdf.h>
#include <gpioclx.h>

static NTSTATUS RegisterEmulatingClient(WDFDRIVER Driver, PGPIO_CLIENT_REGISTRATION_PACKET Packet,
                                        PUNICODE_STRING RegistryPath);

#define GPIO_CLX_RegisterClient RegisterEmulatingClient
#include "../../../../examples/drivers/pl061gpio/pl061gpio.c"
#undef GPIO_CLX_RegisterClient

static PGPIO_CLIENT_QUERY_CONTROLLER_BASIC_INFORMATION Query;

static NTSTATUS QueryAndAskForEmulation(PVOID Context, PCLIENT_CONTROLLER_BASIC_INFORMATION Information)
{
    NTSTATUS Status;

    Status = Query(Context, Information);
    Information->Flags.EmulateActiveBoth = TRUE;
    return Status;
}

static NTSTATUS RegisterEmulatingClient(WDFDRIVER Driver, PGPIO_CLIENT_REGISTRATION_PACKET Packet,
                                        PUNICODE_STRING RegistryPath)
{
    Query = Packet->CLIENT_QueryControllerBasicInformation;
    Packet->CLIENT_QueryControllerBasicInformation = QueryAndAskForEmulation;
    return GPIO_CLX_RegisterClient(Driver, Packet, RegistryPath);
}
