#include "kernel/pnp/pnp_request.h"

#include "kernel/io/device_object.h"
#include "kernel/io/irp.h"
#include "kernel/io/text.h"

namespace gpioclx::kernel::pnp {

NTSTATUS send_pnp(PDEVICE_OBJECT physical_device, PnpRequest& request) {
    PDEVICE_OBJECT top = io::top_of_stack(physical_device);
    PIRP irp = IoAllocateIrp(top->StackSize, FALSE);
    if (irp == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    // A request that nobody knows comes back as it was sent.
    irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    irp->IoStatus.Information = request.information;
    PIO_STACK_LOCATION stack = IoGetNextIrpStackLocation(irp);
    *stack = request.stack;
    stack->MajorFunction = IRP_MJ_PNP;
    stack->MinorFunction = request.minor;
    // The driver may delete the devices of the stack while it handles the request.
    ObReferenceObject(top);
    const NTSTATUS status = io::call_and_wait(top, irp);
    ObDereferenceObject(top);
    request.information = irp->IoStatus.Information;
    IoFreeIrp(irp);
    return status;
}

NTSTATUS send_pnp(PDEVICE_OBJECT physical_device, UCHAR minor) {
    PnpRequest request;
    request.minor = minor;
    return send_pnp(physical_device, request);
}

std::vector<std::string> query_id(PDEVICE_OBJECT physical_device, BUS_QUERY_ID_TYPE type) {
    PnpRequest request;
    request.minor = IRP_MN_QUERY_ID;
    request.stack.Parameters.QueryId.IdType = type;
    std::vector<std::string> ids;
    if (!NT_SUCCESS(send_pnp(physical_device, request)) || request.information == 0) return ids;
    auto text = reinterpret_cast<const char16_t*>(request.information);
    const bool list = type == BusQueryHardwareIDs || type == BusQueryCompatibleIDs;
    do {
        const std::u16string_view id(text);
        if (id.empty()) break;
        ids.push_back(io::narrow(id));
        text += id.size() + 1;
    } while (list);
    ExFreePool(reinterpret_cast<PVOID>(request.information));
    return ids;
}

}  // namespace gpioclx::kernel::pnp
