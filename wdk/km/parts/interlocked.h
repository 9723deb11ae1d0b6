/*
 * Interlocked operations. Each returns what its Windows namesake returns: Increment, Decrement and
 * Add the new value, all others the old one. Function-like and typed, in C and C++; the
 * `_Interlocked` spellings of the compiler intrinsics and the Acquire/Release/NoFence spellings are
 * the same operations.
 */
#pragma once

#include "basic_types.h"

GX_INLINE LONG InterlockedIncrement(LONG volatile* Addend) {
    return (LONG)__atomic_add_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG InterlockedDecrement(LONG volatile* Addend) {
    return (LONG)__atomic_sub_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG InterlockedAdd(LONG volatile* Addend, LONG Value) {
    return (LONG)__atomic_add_fetch(Addend, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG InterlockedExchange(LONG volatile* Target, LONG Value) {
    return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG InterlockedExchangeAdd(LONG volatile* Addend, LONG Value) {
    return (LONG)__atomic_fetch_add(Addend, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG InterlockedOr(LONG volatile* Destination, LONG Value) {
    return (LONG)__atomic_fetch_or(Destination, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG InterlockedAnd(LONG volatile* Destination, LONG Value) {
    return (LONG)__atomic_fetch_and(Destination, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG InterlockedXor(LONG volatile* Destination, LONG Value) {
    return (LONG)__atomic_fetch_xor(Destination, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG InterlockedCompareExchange(LONG volatile* Destination, LONG Exchange,
                                          LONG Comparand) {
    (void)__atomic_compare_exchange_n(Destination, &Comparand, Exchange, 0, __ATOMIC_SEQ_CST,
                                      __ATOMIC_SEQ_CST);
    return Comparand;
}

GX_INLINE LONG64 InterlockedIncrement64(LONG64 volatile* Addend) {
    return (LONG64)__atomic_add_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG64 InterlockedDecrement64(LONG64 volatile* Addend) {
    return (LONG64)__atomic_sub_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG64 InterlockedAdd64(LONG64 volatile* Addend, LONG64 Value) {
    return (LONG64)__atomic_add_fetch(Addend, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG64 InterlockedExchange64(LONG64 volatile* Target, LONG64 Value) {
    return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG64 InterlockedExchangeAdd64(LONG64 volatile* Addend, LONG64 Value) {
    return (LONG64)__atomic_fetch_add(Addend, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG64 InterlockedOr64(LONG64 volatile* Destination, LONG64 Value) {
    return (LONG64)__atomic_fetch_or(Destination, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG64 InterlockedAnd64(LONG64 volatile* Destination, LONG64 Value) {
    return (LONG64)__atomic_fetch_and(Destination, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG64 InterlockedXor64(LONG64 volatile* Destination, LONG64 Value) {
    return (LONG64)__atomic_fetch_xor(Destination, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE LONG64 InterlockedCompareExchange64(LONG64 volatile* Destination, LONG64 Exchange,
                                              LONG64 Comparand) {
    (void)__atomic_compare_exchange_n(Destination, &Comparand, Exchange, 0, __ATOMIC_SEQ_CST,
                                      __ATOMIC_SEQ_CST);
    return Comparand;
}

GX_INLINE SHORT InterlockedIncrement16(SHORT volatile* Addend) {
    return (SHORT)__atomic_add_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}
GX_INLINE SHORT InterlockedDecrement16(SHORT volatile* Addend) {
    return (SHORT)__atomic_sub_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}
GX_INLINE SHORT InterlockedExchange16(SHORT volatile* Target, SHORT Value) {
    return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE SHORT InterlockedExchangeAdd16(SHORT volatile* Addend, SHORT Value) {
    return (SHORT)__atomic_fetch_add(Addend, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE SHORT InterlockedOr16(SHORT volatile* Destination, SHORT Value) {
    return (SHORT)__atomic_fetch_or(Destination, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE SHORT InterlockedAnd16(SHORT volatile* Destination, SHORT Value) {
    return (SHORT)__atomic_fetch_and(Destination, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE SHORT InterlockedXor16(SHORT volatile* Destination, SHORT Value) {
    return (SHORT)__atomic_fetch_xor(Destination, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE SHORT InterlockedCompareExchange16(SHORT volatile* Destination, SHORT Exchange,
                                             SHORT Comparand) {
    (void)__atomic_compare_exchange_n(Destination, &Comparand, Exchange, 0, __ATOMIC_SEQ_CST,
                                      __ATOMIC_SEQ_CST);
    return Comparand;
}

GX_INLINE CHAR InterlockedExchange8(CHAR volatile* Target, CHAR Value) {
    return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE CHAR InterlockedExchangeAdd8(CHAR volatile* Addend, CHAR Value) {
    return (CHAR)__atomic_fetch_add(Addend, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE CHAR InterlockedOr8(CHAR volatile* Destination, CHAR Value) {
    return (CHAR)__atomic_fetch_or(Destination, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE CHAR InterlockedAnd8(CHAR volatile* Destination, CHAR Value) {
    return (CHAR)__atomic_fetch_and(Destination, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE CHAR InterlockedXor8(CHAR volatile* Destination, CHAR Value) {
    return (CHAR)__atomic_fetch_xor(Destination, Value, __ATOMIC_SEQ_CST);
}

GX_INLINE PVOID InterlockedExchangePointer(PVOID volatile* Target, PVOID Value) {
    return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}
GX_INLINE PVOID InterlockedCompareExchangePointer(PVOID volatile* Destination, PVOID Exchange,
                                                  PVOID Comparand) {
    (void)__atomic_compare_exchange_n(Destination, &Comparand, Exchange, 0, __ATOMIC_SEQ_CST,
                                      __ATOMIC_SEQ_CST);
    return Comparand;
}
#ifndef __cplusplus
/* C drivers pass pointers to typed pointers; C has no implicit conversion for those. */
#define InterlockedExchangePointer(target, value) \
    InterlockedExchangePointer((PVOID volatile*)(target), (PVOID)(value))
#define InterlockedCompareExchangePointer(target, exchange, comparand)              \
    InterlockedCompareExchangePointer((PVOID volatile*)(target), (PVOID)(exchange), \
                                      (PVOID)(comparand))
#endif

GX_INLINE UCHAR InterlockedBitTestAndSet(LONG volatile* Base, LONG Bit) {
    LONG mask = (LONG)(1u << (Bit & 31));
    return (UCHAR)((__atomic_fetch_or(Base + (Bit >> 5), mask, __ATOMIC_SEQ_CST) & mask) != 0);
}
GX_INLINE UCHAR InterlockedBitTestAndReset(LONG volatile* Base, LONG Bit) {
    LONG mask = (LONG)(1u << (Bit & 31));
    return (UCHAR)((__atomic_fetch_and(Base + (Bit >> 5), ~mask, __ATOMIC_SEQ_CST) & mask) != 0);
}

#define InterlockedIncrementSizeT(a) ((SIZE_T)InterlockedIncrement64((LONG64 volatile*)(a)))
#define InterlockedDecrementSizeT(a) ((SIZE_T)InterlockedDecrement64((LONG64 volatile*)(a)))
#define InterlockedExchangeAddSizeT(a, b) \
    ((SIZE_T)InterlockedExchangeAdd64((LONG64 volatile*)(a), (LONG64)(b)))
#define InterlockedIncrementUlong(a) ((ULONG)InterlockedIncrement((LONG volatile*)(a)))
#define InterlockedDecrementUlong(a) ((ULONG)InterlockedDecrement((LONG volatile*)(a)))
#define InterlockedOrAffinity(a, b) ((KAFFINITY)InterlockedOr64((LONG64 volatile*)(a), (LONG64)(b)))
#define InterlockedAndAffinity(a, b) \
    ((KAFFINITY)InterlockedAnd64((LONG64 volatile*)(a), (LONG64)(b)))

#define ReadNoFence(source) __atomic_load_n((LONG const volatile*)(source), __ATOMIC_RELAXED)
#define ReadAcquire(source) __atomic_load_n((LONG const volatile*)(source), __ATOMIC_ACQUIRE)
#define ReadULongNoFence(source) __atomic_load_n((ULONG const volatile*)(source), __ATOMIC_RELAXED)
#define ReadULongAcquire(source) __atomic_load_n((ULONG const volatile*)(source), __ATOMIC_ACQUIRE)
#define ReadNoFence64(source) __atomic_load_n((LONG64 const volatile*)(source), __ATOMIC_RELAXED)
#define ReadAcquire64(source) __atomic_load_n((LONG64 const volatile*)(source), __ATOMIC_ACQUIRE)
#define ReadULong64NoFence(source) \
    __atomic_load_n((ULONG64 const volatile*)(source), __ATOMIC_RELAXED)
#define ReadULong64Acquire(source) \
    __atomic_load_n((ULONG64 const volatile*)(source), __ATOMIC_ACQUIRE)
#define ReadPointerNoFence(source) \
    __atomic_load_n((PVOID const volatile*)(source), __ATOMIC_RELAXED)
#define ReadPointerAcquire(source) \
    __atomic_load_n((PVOID const volatile*)(source), __ATOMIC_ACQUIRE)
#define WriteNoFence(target, value) \
    __atomic_store_n((LONG volatile*)(target), (LONG)(value), __ATOMIC_RELAXED)
#define WriteRelease(target, value) \
    __atomic_store_n((LONG volatile*)(target), (LONG)(value), __ATOMIC_RELEASE)
#define WriteULongNoFence(target, value) \
    __atomic_store_n((ULONG volatile*)(target), (ULONG)(value), __ATOMIC_RELAXED)
#define WriteULongRelease(target, value) \
    __atomic_store_n((ULONG volatile*)(target), (ULONG)(value), __ATOMIC_RELEASE)
#define WriteULong64NoFence(target, value) \
    __atomic_store_n((ULONG64 volatile*)(target), (ULONG64)(value), __ATOMIC_RELAXED)
#define WriteULong64Release(target, value) \
    __atomic_store_n((ULONG64 volatile*)(target), (ULONG64)(value), __ATOMIC_RELEASE)
#define WritePointerNoFence(target, value) \
    __atomic_store_n((PVOID volatile*)(target), (PVOID)(value), __ATOMIC_RELAXED)
#define WritePointerRelease(target, value) \
    __atomic_store_n((PVOID volatile*)(target), (PVOID)(value), __ATOMIC_RELEASE)

#define _InterlockedIncrement InterlockedIncrement
#define _InterlockedDecrement InterlockedDecrement
#define _InterlockedAdd InterlockedAdd
#define _InterlockedExchange InterlockedExchange
#define _InterlockedExchangeAdd InterlockedExchangeAdd
#define _InterlockedOr InterlockedOr
#define _InterlockedAnd InterlockedAnd
#define _InterlockedXor InterlockedXor
#define _InterlockedCompareExchange InterlockedCompareExchange
#define _InterlockedIncrement64 InterlockedIncrement64
#define _InterlockedDecrement64 InterlockedDecrement64
#define _InterlockedAdd64 InterlockedAdd64
#define _InterlockedExchange64 InterlockedExchange64
#define _InterlockedExchangeAdd64 InterlockedExchangeAdd64
#define _InterlockedOr64 InterlockedOr64
#define _InterlockedAnd64 InterlockedAnd64
#define _InterlockedXor64 InterlockedXor64
#define _InterlockedCompareExchange64 InterlockedCompareExchange64
#define _InterlockedIncrement16 InterlockedIncrement16
#define _InterlockedDecrement16 InterlockedDecrement16
#define _InterlockedExchange16 InterlockedExchange16
#define _InterlockedExchangeAdd16 InterlockedExchangeAdd16
#define _InterlockedOr16 InterlockedOr16
#define _InterlockedAnd16 InterlockedAnd16
#define _InterlockedXor16 InterlockedXor16
#define _InterlockedCompareExchange16 InterlockedCompareExchange16
#define _InterlockedExchange8 InterlockedExchange8
#define _InterlockedExchangeAdd8 InterlockedExchangeAdd8
#define _InterlockedOr8 InterlockedOr8
#define _InterlockedAnd8 InterlockedAnd8
#define _InterlockedXor8 InterlockedXor8
#define _InterlockedExchangePointer InterlockedExchangePointer
#define _InterlockedCompareExchangePointer InterlockedCompareExchangePointer
#define _interlockedbittestandset InterlockedBitTestAndSet
#define _interlockedbittestandreset InterlockedBitTestAndReset
#define InterlockedIncrementAcquire InterlockedIncrement
#define InterlockedIncrementRelease InterlockedIncrement
#define InterlockedIncrementNoFence InterlockedIncrement
#define InterlockedDecrementAcquire InterlockedDecrement
#define InterlockedDecrementRelease InterlockedDecrement
#define InterlockedDecrementNoFence InterlockedDecrement
#define InterlockedAddAcquire InterlockedAdd
#define InterlockedAddRelease InterlockedAdd
#define InterlockedAddNoFence InterlockedAdd
#define InterlockedExchangeAcquire InterlockedExchange
#define InterlockedExchangeRelease InterlockedExchange
#define InterlockedExchangeNoFence InterlockedExchange
#define InterlockedExchangeAddAcquire InterlockedExchangeAdd
#define InterlockedExchangeAddRelease InterlockedExchangeAdd
#define InterlockedExchangeAddNoFence InterlockedExchangeAdd
#define InterlockedOrAcquire InterlockedOr
#define InterlockedOrRelease InterlockedOr
#define InterlockedOrNoFence InterlockedOr
#define InterlockedAndAcquire InterlockedAnd
#define InterlockedAndRelease InterlockedAnd
#define InterlockedAndNoFence InterlockedAnd
#define InterlockedXorAcquire InterlockedXor
#define InterlockedXorRelease InterlockedXor
#define InterlockedXorNoFence InterlockedXor
#define InterlockedCompareExchangeAcquire InterlockedCompareExchange
#define InterlockedCompareExchangeRelease InterlockedCompareExchange
#define InterlockedCompareExchangeNoFence InterlockedCompareExchange
#define InterlockedIncrementAcquire64 InterlockedIncrement64
#define InterlockedIncrementRelease64 InterlockedIncrement64
#define InterlockedIncrementNoFence64 InterlockedIncrement64
#define InterlockedDecrementAcquire64 InterlockedDecrement64
#define InterlockedDecrementRelease64 InterlockedDecrement64
#define InterlockedDecrementNoFence64 InterlockedDecrement64
#define InterlockedAddAcquire64 InterlockedAdd64
#define InterlockedAddRelease64 InterlockedAdd64
#define InterlockedAddNoFence64 InterlockedAdd64
#define InterlockedExchangeAcquire64 InterlockedExchange64
#define InterlockedExchangeRelease64 InterlockedExchange64
#define InterlockedExchangeNoFence64 InterlockedExchange64
#define InterlockedExchangeAddAcquire64 InterlockedExchangeAdd64
#define InterlockedExchangeAddRelease64 InterlockedExchangeAdd64
#define InterlockedExchangeAddNoFence64 InterlockedExchangeAdd64
#define InterlockedOrAcquire64 InterlockedOr64
#define InterlockedOrRelease64 InterlockedOr64
#define InterlockedOrNoFence64 InterlockedOr64
#define InterlockedAndAcquire64 InterlockedAnd64
#define InterlockedAndRelease64 InterlockedAnd64
#define InterlockedAndNoFence64 InterlockedAnd64
#define InterlockedXorAcquire64 InterlockedXor64
#define InterlockedXorRelease64 InterlockedXor64
#define InterlockedXorNoFence64 InterlockedXor64
#define InterlockedCompareExchangeAcquire64 InterlockedCompareExchange64
#define InterlockedCompareExchangeRelease64 InterlockedCompareExchange64
#define InterlockedCompareExchangeNoFence64 InterlockedCompareExchange64
#define InterlockedIncrementAcquire16 InterlockedIncrement16
#define InterlockedIncrementRelease16 InterlockedIncrement16
#define InterlockedIncrementNoFence16 InterlockedIncrement16
#define InterlockedDecrementAcquire16 InterlockedDecrement16
#define InterlockedDecrementRelease16 InterlockedDecrement16
#define InterlockedDecrementNoFence16 InterlockedDecrement16
#define InterlockedCompareExchangeAcquire16 InterlockedCompareExchange16
#define InterlockedCompareExchangeRelease16 InterlockedCompareExchange16
#define InterlockedCompareExchangeNoFence16 InterlockedCompareExchange16
#define InterlockedExchangePointerAcquire InterlockedExchangePointer
#define InterlockedExchangePointerRelease InterlockedExchangePointer
#define InterlockedExchangePointerNoFence InterlockedExchangePointer
#define InterlockedCompareExchangePointerAcquire InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerRelease InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerNoFence InterlockedCompareExchangePointer
