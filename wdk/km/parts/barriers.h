/* Memory barriers, processor hints and bit scans: what drivers take from wdm.h and intrin.h. */
#pragma once

#include "../gx_assert.h"

#define _ReadWriteBarrier() __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define _ReadBarrier() __atomic_signal_fence(__ATOMIC_ACQUIRE)
#define _WriteBarrier() __atomic_signal_fence(__ATOMIC_RELEASE)
#define MemoryBarrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define KeMemoryBarrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define KeMemoryBarrierWithoutFence() __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define LoadFence() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define StoreFence() __atomic_thread_fence(__ATOMIC_RELEASE)
#define MemoryFence() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define FastFence() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define SpeculationFence() __atomic_thread_fence(__ATOMIC_SEQ_CST)

/* Words of ARM sources. The scope argument does not matter on one machine. */
#define _ARM64_BARRIER_SY 0xF
#define _ARM64_BARRIER_ST 0xE
#define _ARM64_BARRIER_LD 0xD
#define _ARM64_BARRIER_ISH 0xB
#define _ARM64_BARRIER_ISHST 0xA
#define _ARM64_BARRIER_ISHLD 0x9
#define _ARM64_BARRIER_OSH 0x3
#define _ARM_BARRIER_SY 0xF
#define _ARM_BARRIER_ST 0xE
#define _ARM_BARRIER_ISH 0xB
#define _ARM_BARRIER_ISHST 0xA
#define _ARM_BARRIER_OSH 0x3
#define __dmb(scope) ((void)(scope), __atomic_thread_fence(__ATOMIC_SEQ_CST))
#define __dsb(scope) ((void)(scope), __atomic_thread_fence(__ATOMIC_SEQ_CST))
#define __isb(scope) ((void)(scope), __atomic_signal_fence(__ATOMIC_SEQ_CST))
#define _DataSynchronizationBarrier() __dsb(_ARM64_BARRIER_SY)
#define _InstructionSynchronizationBarrier() __isb(_ARM64_BARRIER_SY)

/* A polling loop that yields consumes virtual time (gx_assert.h). */
#define YieldProcessor() GxYieldProcessor()
#define __yield() GxYieldProcessor()

#define DbgRaiseAssertionFailure() \
    GxAssertFailed("assertion failure raised", __FILE__, (ULONG)__LINE__)

GX_INLINE UCHAR GxBitScanForward(ULONG* index, ULONG mask) {
    if (mask == 0) {
        return 0;
    }
    *index = (ULONG)__builtin_ctz(mask);
    return 1;
}
GX_INLINE UCHAR GxBitScanReverse(ULONG* index, ULONG mask) {
    if (mask == 0) {
        return 0;
    }
    *index = 31u - (ULONG)__builtin_clz(mask);
    return 1;
}
GX_INLINE UCHAR GxBitScanForward64(ULONG* index, ULONG64 mask) {
    if (mask == 0) {
        return 0;
    }
    *index = (ULONG)__builtin_ctzl(mask);
    return 1;
}
GX_INLINE UCHAR GxBitScanReverse64(ULONG* index, ULONG64 mask) {
    if (mask == 0) {
        return 0;
    }
    *index = 63u - (ULONG)__builtin_clzl(mask);
    return 1;
}
/* Drivers declare the index as `unsigned long`, `ULONG` or `DWORD`; on Windows these are one size.
 */
#define GX_BIT_SCAN_(scan, index, mask)             \
    __extension__({                                 \
        ULONG gx_index_ = 0;                        \
        UCHAR gx_found_ = scan(&gx_index_, (mask)); \
        if (gx_found_) {                            \
            *(index) = gx_index_;                   \
        }                                           \
        gx_found_;                                  \
    })
#define _BitScanForward(index, mask) GX_BIT_SCAN_(GxBitScanForward, index, (ULONG)(mask))
#define _BitScanReverse(index, mask) GX_BIT_SCAN_(GxBitScanReverse, index, (ULONG)(mask))
#define _BitScanForward64(index, mask) GX_BIT_SCAN_(GxBitScanForward64, index, (ULONG64)(mask))
#define _BitScanReverse64(index, mask) GX_BIT_SCAN_(GxBitScanReverse64, index, (ULONG64)(mask))
#define BitScanForward _BitScanForward
#define BitScanReverse _BitScanReverse
#define BitScanForward64 _BitScanForward64
#define BitScanReverse64 _BitScanReverse64

GX_INLINE UCHAR BitTest(LONG const* Base, LONG Bit) {
    return (UCHAR)(((ULONG)Base[Bit >> 5] >> (Bit & 31)) & 1u);
}
GX_INLINE UCHAR BitTestAndSet(LONG* Base, LONG Bit) {
    UCHAR old = BitTest(Base, Bit);
    Base[Bit >> 5] |= (LONG)(1u << (Bit & 31));
    return old;
}
GX_INLINE UCHAR BitTestAndReset(LONG* Base, LONG Bit) {
    UCHAR old = BitTest(Base, Bit);
    Base[Bit >> 5] &= (LONG) ~(1u << (Bit & 31));
    return old;
}

#define RtlUshortByteSwap(value) __builtin_bswap16((USHORT)(value))
#define RtlUlongByteSwap(value) __builtin_bswap32((ULONG)(value))
#define RtlUlonglongByteSwap(value) ((ULONGLONG)__builtin_bswap64((ULONGLONG)(value)))

#define PopulationCount64(value) ((ULONG64)__builtin_popcountl((ULONG64)(value)))
