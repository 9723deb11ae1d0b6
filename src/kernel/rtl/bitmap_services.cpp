// Bit maps.
#include <wdm.h>

#include <algorithm>
#include <vector>

#include "ext/gx_export.h"
#include "kernel/ke/cost.h"

namespace ke = gpioclx::kernel::ke;

namespace {

constexpr ULONG none = 0xFFFFFFFF;

bool bit(const RTL_BITMAP* map, ULONG number) {
    return map->Buffer[number / 32] >> (number % 32) & 1;
}

void put(PRTL_BITMAP map, ULONG number, bool value) {
    const ULONG mask = 1u << (number % 32);
    if (value)
        map->Buffer[number / 32] |= mask;
    else
        map->Buffer[number / 32] &= ~mask;
}

bool in_range(const RTL_BITMAP* map, ULONG start, ULONG count) {
    return start <= map->SizeOfBitMap && count <= map->SizeOfBitMap - start;
}

void put_range(PRTL_BITMAP map, ULONG start, ULONG count, bool value) {
    ke::charge();
    if (!in_range(map, start, count)) return;
    for (ULONG i = start; i < start + count; ++i) put(map, i, value);
}

bool all(const RTL_BITMAP* map, ULONG start, ULONG count, bool value) {
    ke::charge();
    if (count == 0 || !in_range(map, start, count)) return false;
    for (ULONG i = start; i < start + count; ++i) {
        if (bit(map, i) != value) return false;
    }
    return true;
}

// The first run of `count` equal bits that starts in [from, to).
ULONG find_between(const RTL_BITMAP* map, ULONG count, bool value, ULONG from, ULONG to) {
    ULONG length = 0;
    for (ULONG i = from; i < map->SizeOfBitMap; ++i) {
        length = bit(map, i) == value ? length + 1 : 0;
        if (length >= count) return i + 1 - count < to ? i + 1 - count : none;
        if (length == 0 && i + 1 >= to) return none;
    }
    return none;
}

ULONG find(const RTL_BITMAP* map, ULONG count, ULONG hint, bool value) {
    ke::charge();
    if (hint >= map->SizeOfBitMap) hint = 0;
    if (count == 0) return hint & ~7u;
    const ULONG found = find_between(map, count, value, hint, map->SizeOfBitMap);
    return found != none || hint == 0 ? found : find_between(map, count, value, 0, hint);
}

std::vector<RTL_BITMAP_RUN> clear_runs(const RTL_BITMAP* map) {
    std::vector<RTL_BITMAP_RUN> runs;
    for (ULONG i = 0; i < map->SizeOfBitMap;) {
        if (bit(map, i)) {
            ++i;
            continue;
        }
        const ULONG start = i;
        while (i < map->SizeOfBitMap && !bit(map, i)) ++i;
        runs.push_back({start, i - start});
    }
    return runs;
}

ULONG count_set(const RTL_BITMAP* map) {
    ke::charge();
    ULONG count = 0;
    for (ULONG i = 0; i < map->SizeOfBitMap; ++i) count += bit(map, i);
    return count;
}

ULONG run_from(const RTL_BITMAP* map, ULONG from, PULONG start) {
    ke::charge();
    ULONG i = from;
    while (i < map->SizeOfBitMap && bit(map, i)) ++i;
    *start = i;
    while (i < map->SizeOfBitMap && !bit(map, i)) ++i;
    return i - *start;
}

}  // namespace

VOID RtlInitializeBitMap(PRTL_BITMAP BitMapHeader, PULONG BitMapBuffer, ULONG SizeOfBitMap) {
    *BitMapHeader = {SizeOfBitMap, BitMapBuffer};
}
GX_EXPORT_FUNCTION(RtlInitializeBitMap);

VOID RtlSetBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber) { put(BitMapHeader, BitNumber, true); }
GX_EXPORT_FUNCTION(RtlSetBit);

VOID RtlClearBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber) { put(BitMapHeader, BitNumber, false); }
GX_EXPORT_FUNCTION(RtlClearBit);

BOOLEAN RtlTestBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber) {
    return bit(BitMapHeader, BitNumber);
}
GX_EXPORT_FUNCTION(RtlTestBit);

VOID RtlSetBits(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG NumberToSet) {
    put_range(BitMapHeader, StartingIndex, NumberToSet, true);
}
GX_EXPORT_FUNCTION(RtlSetBits);

VOID RtlClearBits(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG NumberToClear) {
    put_range(BitMapHeader, StartingIndex, NumberToClear, false);
}
GX_EXPORT_FUNCTION(RtlClearBits);

VOID RtlSetAllBits(PRTL_BITMAP BitMapHeader) {
    put_range(BitMapHeader, 0, BitMapHeader->SizeOfBitMap, true);
}
GX_EXPORT_FUNCTION(RtlSetAllBits);

VOID RtlClearAllBits(PRTL_BITMAP BitMapHeader) {
    put_range(BitMapHeader, 0, BitMapHeader->SizeOfBitMap, false);
}
GX_EXPORT_FUNCTION(RtlClearAllBits);

BOOLEAN RtlAreBitsSet(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length) {
    return all(BitMapHeader, StartingIndex, Length, true);
}
GX_EXPORT_FUNCTION(RtlAreBitsSet);

BOOLEAN RtlAreBitsClear(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length) {
    return all(BitMapHeader, StartingIndex, Length, false);
}
GX_EXPORT_FUNCTION(RtlAreBitsClear);

ULONG RtlFindSetBits(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex) {
    return find(BitMapHeader, NumberToFind, HintIndex, true);
}
GX_EXPORT_FUNCTION(RtlFindSetBits);

ULONG RtlFindClearBits(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex) {
    return find(BitMapHeader, NumberToFind, HintIndex, false);
}
GX_EXPORT_FUNCTION(RtlFindClearBits);

ULONG RtlFindSetBitsAndClear(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex) {
    const ULONG found = find(BitMapHeader, NumberToFind, HintIndex, true);
    if (found != none) put_range(BitMapHeader, found, NumberToFind, false);
    return found;
}
GX_EXPORT_FUNCTION(RtlFindSetBitsAndClear);

ULONG RtlFindClearBitsAndSet(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex) {
    const ULONG found = find(BitMapHeader, NumberToFind, HintIndex, false);
    if (found != none) put_range(BitMapHeader, found, NumberToFind, true);
    return found;
}
GX_EXPORT_FUNCTION(RtlFindClearBitsAndSet);

ULONG RtlFindFirstRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex) {
    return run_from(BitMapHeader, 0, StartingIndex);
}
GX_EXPORT_FUNCTION(RtlFindFirstRunClear);

ULONG RtlFindNextForwardRunClear(PRTL_BITMAP BitMapHeader, ULONG FromIndex,
                                 PULONG StartingRunIndex) {
    return run_from(BitMapHeader, FromIndex, StartingRunIndex);
}
GX_EXPORT_FUNCTION(RtlFindNextForwardRunClear);

ULONG RtlFindLongestRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex) {
    ke::charge();
    RTL_BITMAP_RUN longest{0, 0};
    for (const RTL_BITMAP_RUN& run : clear_runs(BitMapHeader)) {
        if (run.NumberOfBits > longest.NumberOfBits) longest = run;
    }
    *StartingIndex = longest.StartingIndex;
    return longest.NumberOfBits;
}
GX_EXPORT_FUNCTION(RtlFindLongestRunClear);

ULONG RtlFindClearRuns(PRTL_BITMAP BitMapHeader, PRTL_BITMAP_RUN RunArray, ULONG SizeOfRunArray,
                       BOOLEAN LocateLongestRuns) {
    ke::charge();
    std::vector<RTL_BITMAP_RUN> runs = clear_runs(BitMapHeader);
    if (LocateLongestRuns) {
        std::stable_sort(runs.begin(), runs.end(),
                         [](const RTL_BITMAP_RUN& a, const RTL_BITMAP_RUN& b) {
                             return a.NumberOfBits > b.NumberOfBits;
                         });
    }
    const auto count = static_cast<ULONG>(std::min<std::size_t>(runs.size(), SizeOfRunArray));
    std::copy_n(runs.begin(), count, RunArray);
    return count;
}
GX_EXPORT_FUNCTION(RtlFindClearRuns);

ULONG RtlNumberOfSetBits(PRTL_BITMAP BitMapHeader) { return count_set(BitMapHeader); }
GX_EXPORT_FUNCTION(RtlNumberOfSetBits);

ULONG RtlNumberOfClearBits(PRTL_BITMAP BitMapHeader) {
    return BitMapHeader->SizeOfBitMap - count_set(BitMapHeader);
}
GX_EXPORT_FUNCTION(RtlNumberOfClearBits);
