// Memory descriptor lists. All memory of the machine is mapped once and never paged out, so a list
// describes one range and its "mapping" is the range itself.
#include <ext/gx_export.h>

#include "kernel/ex/pool.h"
#include "kernel/io/io_call.h"
#include "kernel/io/pool_tag.h"

using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace {
constexpr ULONG mdl_tag = pool_tag("Mdl ");
}

extern "C" {

GX_ASKS_CALLER
PMDL IoAllocateMdl(PVOID VirtualAddress, ULONG Length, BOOLEAN SecondaryBuffer, BOOLEAN, PIRP Irp) {
    IoCall call;
    const SIZE_T size =
        sizeof(MDL) + sizeof(PFN_NUMBER) * ADDRESS_AND_SIZE_TO_SPAN_PAGES(VirtualAddress, Length);
    auto mdl = static_cast<PMDL>(
        gpioclx::kernel::ex::allocate_for(__builtin_return_address(0), size, mdl_tag));
    if (mdl == nullptr) return nullptr;
    MmInitializeMdl(mdl, VirtualAddress, Length);
    if (Irp == nullptr) return mdl;
    if (!SecondaryBuffer) {
        Irp->MdlAddress = mdl;
        return mdl;
    }
    PMDL* link = &Irp->MdlAddress;
    while (*link != nullptr) link = &(*link)->Next;
    *link = mdl;
    return mdl;
}
GX_EXPORT_FUNCTION(IoAllocateMdl);

VOID IoFreeMdl(PMDL Mdl) {
    IoCall call;
    ExFreePoolWithTag(Mdl, mdl_tag);
}
GX_EXPORT_FUNCTION(IoFreeMdl);

VOID IoBuildPartialMdl(PMDL SourceMdl, PMDL TargetMdl, PVOID VirtualAddress, ULONG Length) {
    IoCall call;
    const ULONG_PTR offset = reinterpret_cast<ULONG_PTR>(VirtualAddress) -
                             reinterpret_cast<ULONG_PTR>(MmGetMdlVirtualAddress(SourceMdl));
    if (Length == 0) Length = static_cast<ULONG>(SourceMdl->ByteCount - offset);
    TargetMdl->StartVa = PAGE_ALIGN(VirtualAddress);
    TargetMdl->ByteOffset = BYTE_OFFSET(VirtualAddress);
    TargetMdl->ByteCount = Length;
    TargetMdl->MappedSystemVa = VirtualAddress;
    TargetMdl->MdlFlags = static_cast<CSHORT>(MDL_PARTIAL | MDL_MAPPED_TO_SYSTEM_VA);
}
GX_EXPORT_FUNCTION(IoBuildPartialMdl);

}  // extern "C"
