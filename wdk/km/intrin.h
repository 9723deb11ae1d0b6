/* Compiler intrinsics of Microsoft's compilers that drivers use, on the builtins of ours. */
#pragma once

#include "parts/basic_types.h"
#include "parts/interlocked.h"
#include "parts/barriers.h"

#define _byteswap_ushort(value) __builtin_bswap16(value)
#define _byteswap_ulong(value) __builtin_bswap32(value)
#define _byteswap_uint64(value) __builtin_bswap64(value)
#define __popcnt16(value) ((USHORT)__builtin_popcount((USHORT)(value)))
#define __popcnt(value) ((ULONG)__builtin_popcount((ULONG)(value)))
#define __popcnt64(value) ((ULONG64)__builtin_popcountl((ULONG64)(value)))
#define __lzcnt(value) ((value) == 0 ? 32u : (ULONG)__builtin_clz((ULONG)(value)))
#define _CountLeadingZeros(value) __lzcnt(value)
#define _CountLeadingZeros64(value) ((value) == 0 ? 64u : (ULONG)__builtin_clzl((ULONG64)(value)))
#define _CountTrailingZeros(value) ((value) == 0 ? 32u : (ULONG)__builtin_ctz((ULONG)(value)))
#define __nop() __asm__ volatile("nop")
#define _ReturnAddress() __builtin_return_address(0)
#define _AddressOfReturnAddress() __builtin_frame_address(0)
