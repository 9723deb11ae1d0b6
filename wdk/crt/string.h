/* Byte and wide strings for drivers (built with -nostdlibinc). Implementations come with the
 * kernel. */
#ifndef GX_CRT_STRING_H
#define GX_CRT_STRING_H

#include "crt_types.h"

GX_CRT_BEGIN
void* memcpy(void* to, const void* from, size_t size);
void* memmove(void* to, const void* from, size_t size);
void* memset(void* to, int value, size_t size);
int memcmp(const void* left, const void* right, size_t size);
void* memchr(const void* block, int value, size_t size);
size_t strlen(const char* text);
size_t strnlen(const char* text, size_t limit);
int strcmp(const char* left, const char* right);
int strncmp(const char* left, const char* right, size_t limit);
char* strcpy(char* to, const char* from);
char* strncpy(char* to, const char* from, size_t limit);
char* strcat(char* to, const char* from);
char* strncat(char* to, const char* from, size_t limit);
char* strchr(const char* text, int character);
char* strrchr(const char* text, int character);
char* strstr(const char* text, const char* part);
size_t strspn(const char* text, const char* set);
size_t strcspn(const char* text, const char* set);
char* strpbrk(const char* text, const char* set);
int _stricmp(const char* left, const char* right);
int _strnicmp(const char* left, const char* right, size_t limit);
char* _strlwr(char* text);
char* _strupr(char* text);
char* _strrev(char* text);
GX_CRT_END

#include "wchar.h"

#endif
