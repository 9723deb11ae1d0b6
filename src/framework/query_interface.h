// Interfaces that a device offers through IRP_MN_QUERY_INTERFACE, and asking other devices for
// theirs.
#pragma once

#include <wdf.h>

namespace gpioclx::framework {

class Device;
struct OfferedInterface;

void free_offered_interface(OfferedInterface* offered);
// STATUS_NOT_SUPPORTED if the device does not offer what the IRP asks for.
NTSTATUS answer_query_interface(Device& device, PIRP irp);
// Asks the top of the stack in which `target` stands. PASSIVE_LEVEL.
NTSTATUS ask_for_interface(DEVICE_OBJECT* target, LPCGUID type, PINTERFACE table, USHORT size,
                           USHORT version, PVOID data);

}  // namespace gpioclx::framework
