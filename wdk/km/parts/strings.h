/* Counted strings and object attributes: the types. The functions stand in rtl_string.h. */
#pragma once

#include "basic_types.h"

typedef struct _STRING {
    USHORT Length;        /* bytes, without a terminator */
    USHORT MaximumLength; /* bytes of Buffer */
    PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING, OEM_STRING, *POEM_STRING, UTF8_STRING,
    *PUTF8_STRING;
typedef const STRING *PCANSI_STRING, *PCOEM_STRING, *PCSTRING, *PCUTF8_STRING;

typedef struct _UNICODE_STRING {
    USHORT Length;
    USHORT MaximumLength;
    PWCH Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING* PCUNICODE_STRING;

#ifdef __cplusplus
extern "C++" {
template <class Character>
constexpr Character* GxWithoutConst(const Character* text) {
    return const_cast<Character*>(text);
}
}
#define RTL_CONSTANT_STRING(text) \
    { sizeof(text) - sizeof((text)[0]), sizeof(text), GxWithoutConst(text) }
#else
#define RTL_CONSTANT_STRING(text) \
    { sizeof(text) - sizeof((text)[0]), sizeof(text), (text) }
#endif

/*
 * Unlike on Windows the literal may be const here as well: the pointer loses its const by a cast,
 * which C and C++ both accept.
 */
#define DECLARE_CONST_UNICODE_STRING(name, text) \
    const WCHAR name##_buffer[] = text;          \
    __attribute__((unused))                      \
    const UNICODE_STRING name = {sizeof(text) - sizeof(WCHAR), sizeof(text), (PWCH)name##_buffer}
#ifdef __cplusplus
#define DECLARE_GLOBAL_CONST_UNICODE_STRING(name, text) \
    extern const __attribute__((weak))                  \
    UNICODE_STRING name = {sizeof(text) - sizeof(WCHAR), sizeof(text), (PWCH)(text)}
#else
#define DECLARE_GLOBAL_CONST_UNICODE_STRING(name, text) \
    const __attribute__((weak))                         \
    UNICODE_STRING name = {sizeof(text) - sizeof(WCHAR), sizeof(text), (PWCH)(text)}
#endif
#define DECLARE_UNICODE_STRING_SIZE(name, characters) \
    WCHAR name##_buffer[characters];                  \
    __attribute__((unused)) UNICODE_STRING name = {0, (characters) * sizeof(WCHAR), name##_buffer}

typedef struct _OBJECT_ATTRIBUTES {
    ULONG Length;
    HANDLE RootDirectory;
    PUNICODE_STRING ObjectName;
    ULONG Attributes;
    PVOID SecurityDescriptor;
    PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;
typedef CONST OBJECT_ATTRIBUTES* PCOBJECT_ATTRIBUTES;

#define OBJ_INHERIT 0x00000002
#define OBJ_PERMANENT 0x00000010
#define OBJ_EXCLUSIVE 0x00000020
#define OBJ_CASE_INSENSITIVE 0x00000040
#define OBJ_OPENIF 0x00000080
#define OBJ_OPENLINK 0x00000100
#define OBJ_KERNEL_HANDLE 0x00000200
#define OBJ_FORCE_ACCESS_CHECK 0x00000400
#define OBJ_IGNORE_IMPERSONATED_DEVICEMAP 0x00000800
#define OBJ_DONT_REPARSE 0x00001000
#define OBJ_VALID_ATTRIBUTES 0x00001FF2

#define InitializeObjectAttributes(attributes, name, flags, root, security) \
    {                                                                       \
        (attributes)->Length = sizeof(OBJECT_ATTRIBUTES);                   \
        (attributes)->RootDirectory = root;                                 \
        (attributes)->Attributes = flags;                                   \
        (attributes)->ObjectName = name;                                    \
        (attributes)->SecurityDescriptor = security;                        \
        (attributes)->SecurityQualityOfService = NULL;                      \
    }
#define RTL_CONSTANT_OBJECT_ATTRIBUTES(name, flags) \
    { sizeof(OBJECT_ATTRIBUTES), NULL, (PUNICODE_STRING)(name), flags, NULL, NULL }
