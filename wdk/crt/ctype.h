/* Character classes of ASCII. */
#ifndef GX_CRT_CTYPE_H
#define GX_CRT_CTYPE_H

#include "crt_types.h"

GX_CRT_BEGIN
int isalnum(int character);
int isalpha(int character);
int iscntrl(int character);
int isdigit(int character);
int isgraph(int character);
int islower(int character);
int isprint(int character);
int ispunct(int character);
int isspace(int character);
int isupper(int character);
int isxdigit(int character);
int tolower(int character);
int toupper(int character);
GX_CRT_END

#endif
