/* Conversions and sorting. No heap: drivers use pool. */
#ifndef GX_CRT_STDLIB_H
#define GX_CRT_STDLIB_H

#include "crt_types.h"

#ifndef _countof
#define _countof(array) (sizeof(array) / sizeof((array)[0]))
#endif
#if !defined(__cplusplus) && !defined(NOMINMAX)
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#endif

GX_CRT_BEGIN
int abs(int value);
int atoi(const char* text);
/* `long` is the compiler's; values and limits are those of Windows' 32-bit long. */
long atol(const char* text);
long strtol(const char* text, char** end, int base);
unsigned long strtoul(const char* text, char** end, int base);
void qsort(void* base, size_t count, size_t size, int (*compare)(const void*, const void*));
void* bsearch(const void* key, const void* base, size_t count, size_t size,
              int (*compare)(const void*, const void*));
int rand(void);
void srand(unsigned int seed);
GX_CRT_END

#endif
