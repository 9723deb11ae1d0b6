/* Not Windows: what the headers of this folder share. */
#ifndef GX_CRT_TYPES_H
#define GX_CRT_TYPES_H

#include <stddef.h>
#include <stdarg.h>

#ifdef __cplusplus
#define GX_CRT_BEGIN extern "C" {
#define GX_CRT_END }
#else
#define GX_CRT_BEGIN
#define GX_CRT_END
#endif

#ifndef _ERRNO_T_DEFINED
#define _ERRNO_T_DEFINED
typedef int errno_t;
typedef size_t rsize_t;
#endif
typedef unsigned short wint_t;
typedef unsigned short wctype_t;

#endif
