/* Formatting into buffers. There are no streams in the kernel. */
#ifndef GX_CRT_STDIO_H
#define GX_CRT_STDIO_H

#include "crt_types.h"
#include "wchar.h"

GX_CRT_BEGIN
int sprintf(char* to, const char* format, ...);
int vsprintf(char* to, const char* format, va_list arguments);
int _snprintf(char* to, size_t limit, const char* format, ...);
int _vsnprintf(char* to, size_t limit, const char* format, va_list arguments);
int snprintf(char* to, size_t limit, const char* format, ...);
int vsnprintf(char* to, size_t limit, const char* format, va_list arguments);
int sprintf_s(char* to, size_t size, const char* format, ...);
int vsprintf_s(char* to, size_t size, const char* format, va_list arguments);
int sscanf(const char* text, const char* format, ...);
int sscanf_s(const char* text, const char* format, ...);
GX_CRT_END

#endif
