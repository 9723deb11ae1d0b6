// Allocation and reuse of requests.
#include "kernel/io/irp.h"
#include "kernel/ex/pool.h"

#include <ext/gx_export.h>

#include <cstring>

#include "kernel/io/io_call.h"
#include "kernel/io/pool_tag.h"
#include "kernel/system.h"
#include "machine/arena.h"

using namespace gpioclx;
using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace {
constexpr ULONG irp_tag = pool_tag("Irp ");

void set_up(PIRP irp, USHORT size, CCHAR stack_size) {
    irp->Type = IO_TYPE_IRP;
    irp->Size = size;
    irp->StackCount = stack_size;
    irp->CurrentLocation = static_cast<CHAR>(stack_size + 1);
    irp->Tail.Overlay.CurrentStackLocation =
        reinterpret_cast<PIO_STACK_LOCATION>(irp + 1) + stack_size;
    irp->RequestorMode = KernelMode;
}

}  // namespace

extern "C" {

VOID IoInitializeIrp(PIRP Irp, USHORT PacketSize, CCHAR StackSize) {
    IoCall call;
    std::memset(static_cast<void*>(Irp), 0, PacketSize);
    set_up(Irp, PacketSize, StackSize);
}
GX_EXPORT_FUNCTION(IoInitializeIrp);

static PIRP allocate_irp(CCHAR stack_size, const void* caller) {
    IoCall call;
    if (stack_size <= 0) return nullptr;
    const USHORT size = IoSizeOfIrp(stack_size);
    auto irp = static_cast<PIRP>(ex::allocate_for(caller, size, irp_tag));
    if (irp == nullptr) return nullptr;
    ke::charge();
    set_up(irp, size, stack_size);  // the pool zeroed it
    irp->AllocationFlags = irp_from_system;
    return irp;
}

GX_ASKS_CALLER
PIRP IoAllocateIrp(CCHAR StackSize, BOOLEAN) {
    return allocate_irp(StackSize, __builtin_return_address(0));
}
GX_EXPORT_FUNCTION(IoAllocateIrp);

GX_ASKS_CALLER
PIRP IoAllocateIrpEx(PDEVICE_OBJECT, CCHAR StackSize, BOOLEAN) {
    return allocate_irp(StackSize, __builtin_return_address(0));
}
GX_EXPORT_FUNCTION(IoAllocateIrpEx);

VOID IoFreeIrp(PIRP Irp) {
    IoCall call;
    if (Irp->Type != IO_TYPE_IRP) {
        KeBugCheckEx(MULTIPLE_IRP_COMPLETE_REQUESTS, reinterpret_cast<ULONG_PTR>(Irp), __LINE__, 0,
                     0);
    }
    const bool ours = (Irp->AllocationFlags & irp_from_system) != 0;
    Irp->Type = 0;
    if (!ours) return;
    Irp->AllocationFlags |= irp_in_quarantine;
    machine::ArenaScope inside;
    auto& quarantine = part<IrpState>().quarantine;
    quarantine.push_back(Irp);
    if (quarantine.size() <= irp_quarantine_length) return;
    // Out of the list first: freeing takes time, in which another processor may come here.
    PIRP oldest = quarantine.front();
    quarantine.pop_front();
    ExFreePoolWithTag(oldest, irp_tag);
}
GX_EXPORT_FUNCTION(IoFreeIrp);

// The request is as after IoAllocateIrp, except for its memory.
VOID IoReuseIrp(PIRP Irp, NTSTATUS Status) {
    IoCall call;
    const UCHAR flags = Irp->AllocationFlags;
    IoInitializeIrp(Irp, IoSizeOfIrp(Irp->StackCount), Irp->StackCount);
    Irp->AllocationFlags = flags;
    Irp->IoStatus.Status = Status;
}
GX_EXPORT_FUNCTION(IoReuseIrp);

}  // extern "C"
