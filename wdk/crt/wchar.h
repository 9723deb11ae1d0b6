/* Wide strings: 16-bit characters. */
#ifndef GX_CRT_WCHAR_H
#define GX_CRT_WCHAR_H

#include "crt_types.h"

#define WCHAR_MIN 0
#define WCHAR_MAX 0xffff
#ifndef WEOF
#define WEOF ((wint_t)0xffff)
#endif

GX_CRT_BEGIN
size_t wcslen(const wchar_t* text);
size_t wcsnlen(const wchar_t* text, size_t limit);
int wcscmp(const wchar_t* left, const wchar_t* right);
int wcsncmp(const wchar_t* left, const wchar_t* right, size_t limit);
wchar_t* wcscpy(wchar_t* to, const wchar_t* from);
wchar_t* wcsncpy(wchar_t* to, const wchar_t* from, size_t limit);
wchar_t* wcscat(wchar_t* to, const wchar_t* from);
wchar_t* wcsncat(wchar_t* to, const wchar_t* from, size_t limit);
wchar_t* wcschr(const wchar_t* text, wchar_t character);
wchar_t* wcsrchr(const wchar_t* text, wchar_t character);
wchar_t* wcsstr(const wchar_t* text, const wchar_t* part);
size_t wcsspn(const wchar_t* text, const wchar_t* set);
int _wcsicmp(const wchar_t* left, const wchar_t* right);
int _wcsnicmp(const wchar_t* left, const wchar_t* right, size_t limit);
wchar_t* _wcslwr(wchar_t* text);
wchar_t* _wcsupr(wchar_t* text);
int swprintf(wchar_t* to, const wchar_t* format, ...);
int _snwprintf(wchar_t* to, size_t limit, const wchar_t* format, ...);
int _vsnwprintf(wchar_t* to, size_t limit, const wchar_t* format, va_list arguments);
int swprintf_s(wchar_t* to, size_t size, const wchar_t* format, ...);
errno_t wcscpy_s(wchar_t* to, rsize_t size, const wchar_t* from);
errno_t wcscat_s(wchar_t* to, rsize_t size, const wchar_t* from);
errno_t wcsncpy_s(wchar_t* to, rsize_t size, const wchar_t* from, rsize_t count);
wchar_t towlower(wint_t character);
wchar_t towupper(wint_t character);
int iswalpha(wint_t character);
int iswdigit(wint_t character);
int iswspace(wint_t character);
int iswxdigit(wint_t character);
unsigned long wcstoul(const wchar_t* text, wchar_t** end, int base);
GX_CRT_END

#endif
