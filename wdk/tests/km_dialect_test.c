/*
 * The dialect that Windows drivers are written in, in one file: what Microsoft's compilers accept
 * must pass here without an error. Compiled as C and as C++ with the driver's flags.
 */
#include <initguid.h>
#include <ntddk.h>
#include <ntstrsafe.h>
#include <wdmguid.h>
#include <wdmsec.h>
#include <devpkey.h>
#include <intrin.h>
#include <stdlib.h>
#include <stdio.h>

DEFINE_GUID(GUID_TEST, 0x12345678, 0x1234, 0x5678, 1, 2, 3, 4, 5, 6, 7, 8);
DECLARE_CONST_UNICODE_STRING(GlobalName, L"\\Device\\Test");
DECLARE_GLOBAL_CONST_UNICODE_STRING(SelectAny, L"\\DosDevices\\Test");
static const UNICODE_STRING ConstantString = RTL_CONSTANT_STRING(L"constant");

#include <pshpack1.h>
typedef struct _PACKED {
    UCHAR First;
    ULONG Second;
} PACKED, *PPACKED;
#include <poppack.h>
C_ASSERT(sizeof(PACKED) == 5);

#define POOL_TAG_TEST 'tseT'

#ifdef ALLOC_PRAGMA
EXTERN_C VOID Paged(VOID);
#pragma alloc_text(PAGE, Paged)
#endif

__forceinline ULONG ForceInlined(ULONG value) {
    return value + 1;
}
static __inline ULONG Inlined(ULONG value) {
    return value + 2;
}
FORCEINLINE BOOLEAN Forced(IN PULONG value, OUT PULONG other OPTIONAL) {
    *other = *value;
    return TRUE;
}

NTSTATUS __cdecl WithConvention(__in ULONG input, __out_opt PULONG output);
NTSTATUS NTAPI WithNtapi(_In_reads_bytes_(length) PVOID buffer, _In_range_(0, 4) ULONG length);
_Must_inspect_result_ _IRQL_requires_max_(DISPATCH_LEVEL) _Success_(return != 0) BOOLEAN
    Annotated(_When_(length != 0, _Out_writes_bytes_to_(length, *used)) PVOID buffer, ULONG length,
              _Inout_ PULONG used, __drv_freesMem(Mem) PVOID memory);

EXTERN_C VOID Paged(VOID) {
    KIRQL irql;
    KSPIN_LOCK lock;
    KLOCK_QUEUE_HANDLE handle;
    LARGE_INTEGER timeout;
    OBJECT_ATTRIBUTES attributes;
    LONG counter = 0;
    unsigned long index = 0;
    __int64 wide = 0;
    unsigned __int64 mask = 1;
    ULONG narrow = 0;
    size_t bytes = 0;
    PSIZE_T bytes_pointer = &bytes;
    DECLARE_UNICODE_STRING_SIZE(text, 32);
    PVOID pointer = NULL;
    PUCHAR typed = NULL;
    PAGED_CODE();
    NT_ASSERT(bytes_pointer != NULL);
    NT_ASSERTMSG("a message", narrow == 0);
    ASSERT(KeGetCurrentIrql() == PASSIVE_LEVEL);
    _Analysis_assume_(narrow == 0);
    KeInitializeSpinLock(&lock);
    KeAcquireSpinLock(&lock, &irql);
    KeReleaseSpinLock(&lock, irql);
    KeAcquireInStackQueuedSpinLock(&lock, &handle);
    KeReleaseInStackQueuedSpinLock(&handle);
    timeout.QuadPart = -10000I64;
    (void)KeDelayExecutionThread(KernelMode, FALSE, &timeout);
    InitializeObjectAttributes(&attributes, (PUNICODE_STRING)&GlobalName,
                               OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    (void)InterlockedIncrement(&counter);
    (void)InterlockedCompareExchange64(&wide, 1, 0);
    (void)InterlockedExchangePointer(&pointer, NULL);
    (void)InterlockedExchangePointer((PVOID*)&typed, NULL);
    (void)_BitScanForward(&index, 0x10);
    (void)_BitScanForward(&narrow, 0x10);
    (void)BitScanForward64(&narrow, mask);
    (void)RtlStringCbPrintfA((PSTR)typed, bytes, "%Iu", bytes);
    (void)RtlUnicodeStringPrintf(&text, L"%wZ %I64x", &GlobalName, mask);
    KdPrint(("%s %d\n", __FUNCTION__, __LINE__));
    KdPrintEx((DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL, "%p\n", pointer));
    KeMemoryBarrier();
    _ReadWriteBarrier();
    YieldProcessor();
    RtlCopyMemory(&mask, &wide, sizeof(mask));
    pointer = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(PACKED), POOL_TAG_TEST);
    UNREFERENCED_PARAMETER(pointer);
    UNREFERENCED_PARAMETER(ConstantString);
    (void)ForceInlined(narrow);
    (void)Inlined(narrow);
    (void)Forced(&narrow, &narrow);
}
