// The C library that drivers import: numbers from text, sorting, pseudo-random numbers. `long` has
// 32 bits.
#include <wdm.h>

#include <cstdint>
#include <cstring>

#include "ext/gx_export.h"
#include "kernel/system.h"

namespace {

template <typename C>
bool space(C c) {
    return c == ' ' || (c >= 9 && c <= 13);
}

template <typename C>
int digit(C c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'z') return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return 99;
}

struct Number {
    std::uint64_t magnitude = 0;  // at most 2^32
    bool negative = false;
};

template <typename C>
Number parse(const C* text, C** end, int base) {
    const C* at = text;
    Number number;
    while (space(*at)) ++at;
    if (*at == '-' || *at == '+') number.negative = *at++ == '-';
    if ((base == 0 || base == 16) && at[0] == '0' && (at[1] == 'x' || at[1] == 'X') &&
        digit(at[2]) < 16) {
        at += 2;
        base = 16;
    }
    if (base == 0) base = *at == '0' ? 8 : 10;
    const C* first = at;
    constexpr std::uint64_t most = std::uint64_t{1} << 32;
    for (; digit(*at) < base; ++at) {
        if (number.magnitude < most)
            number.magnitude =
                number.magnitude * static_cast<unsigned>(base) + static_cast<unsigned>(digit(*at));
        if (number.magnitude > most) number.magnitude = most;
    }
    if (end != nullptr) *end = const_cast<C*>(at != first ? at : text);
    return number;
}

int to_signed(const char* text, char** end, int base) {
    const Number number = parse(text, end, base);
    if (number.negative)
        return number.magnitude > 0x80000000u
                   ? MINLONG
                   : static_cast<int>(0 - static_cast<std::uint32_t>(number.magnitude));
    return number.magnitude > 0x7FFFFFFFu ? MAXLONG : static_cast<int>(number.magnitude);
}

template <typename C>
unsigned to_unsigned(const C* text, C** end, int base) {
    const Number number = parse(text, end, base);
    if (number.magnitude > 0xFFFFFFFFu) return 0xFFFFFFFFu;
    const auto value = static_cast<unsigned>(number.magnitude);
    return number.negative ? 0 - value : value;
}

int from_decimal(const char* text) { return to_signed(text, nullptr, 10); }
int absolute(int value) { return value < 0 ? -value : value; }

using Compare = int (*)(const void*, const void*);

// Heap sort: no memory, bounded stack, the same order of comparisons everywhere.
void sift(char* base, size_t count, size_t size, size_t root, Compare compare) {
    const auto swap = [size](char* a, char* b) {
        for (size_t i = 0; i < size; ++i) {
            const char c = a[i];
            a[i] = b[i];
            b[i] = c;
        }
    };
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0)
            ++child;
        if (compare(base + root * size, base + child * size) >= 0) return;
        swap(base + root * size, base + child * size);
    }
}

void sort(void* base, size_t count, size_t size, Compare compare) {
    auto* bytes = static_cast<char*>(base);
    for (size_t i = count / 2; i-- > 0;) sift(bytes, count, size, i, compare);
    for (size_t last = count; last-- > 1;) {
        for (size_t i = 0; i < size; ++i) {
            const char c = bytes[i];
            bytes[i] = bytes[last * size + i];
            bytes[last * size + i] = c;
        }
        sift(bytes, last, size, 0, compare);
    }
}

void* search(const void* key, const void* base, size_t count, size_t size, Compare compare) {
    const auto* bytes = static_cast<const char*>(base);
    while (count > 0) {
        const char* middle = bytes + count / 2 * size;
        const int order = compare(key, middle);
        if (order == 0) return const_cast<char*>(middle);
        if (order > 0) {
            bytes = middle + size;
            count -= count / 2 + 1;
        } else {
            count /= 2;
        }
    }
    return nullptr;
}

struct RandomSeed {
    std::uint32_t value = 1;
};

int random_number() {
    std::uint32_t& seed = gpioclx::kernel::part<RandomSeed>().value;
    seed = seed * 214013 + 2531011;
    return static_cast<int>(seed >> 16 & 0x7FFF);
}
void seed_random(unsigned seed) { gpioclx::kernel::part<RandomSeed>().value = seed; }

}  // namespace

GX_EXPORT_AS(abs, absolute);
GX_EXPORT_AS(atoi, from_decimal);
GX_EXPORT_AS(atol, from_decimal);
GX_EXPORT_AS(strtol, to_signed);
GX_EXPORT_AS(strtoul, to_unsigned<char>);
GX_EXPORT_AS(wcstoul, to_unsigned<WCHAR>);
GX_EXPORT_AS(qsort, sort);
GX_EXPORT_AS(bsearch, search);
GX_EXPORT_AS(rand, random_number);
GX_EXPORT_AS(srand, seed_random);
