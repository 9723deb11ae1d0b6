/* Evaluation of ACPI control methods through device control requests: codes, buffers, arguments. */
#pragma once

#include "parts/basic_types.h"
#include "parts/io_codes.h"

#define GX_ACPI_CODE_(function) \
    CTL_CODE(FILE_DEVICE_ACPI, function, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
#define IOCTL_ACPI_ASYNC_EVAL_METHOD GX_ACPI_CODE_(0)
#define IOCTL_ACPI_EVAL_METHOD GX_ACPI_CODE_(1)
#define IOCTL_ACPI_ACQUIRE_GLOBAL_LOCK GX_ACPI_CODE_(4)
#define IOCTL_ACPI_RELEASE_GLOBAL_LOCK GX_ACPI_CODE_(5)
#define IOCTL_ACPI_EVAL_METHOD_EX GX_ACPI_CODE_(6)
#define IOCTL_ACPI_ASYNC_EVAL_METHOD_EX GX_ACPI_CODE_(7)
#define IOCTL_ACPI_ENUM_CHILDREN GX_ACPI_CODE_(8)

/* Four characters each, first character in the highest byte. */
#define ACPI_EVAL_INPUT_BUFFER_SIGNATURE 0x42696541U                /* BieA */
#define ACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER_SIGNATURE 0x49696541U /* IieA */
#define ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_SIGNATURE 0x53696541U  /* SieA */
#define ACPI_EVAL_INPUT_BUFFER_COMPLEX_SIGNATURE 0x43696541U        /* CieA */
#define ACPI_EVAL_OUTPUT_BUFFER_SIGNATURE 0x426F6541U               /* BoeA */
/* The `Ex` forms and the rest: only the names are documented, the numbers are our own. */
#define ACPI_EVAL_INPUT_BUFFER_SIGNATURE_EX 0x46696541U                /* FieA */
#define ACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER_SIGNATURE_EX 0x4A696541U /* JieA */
#define ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_SIGNATURE_EX 0x54696541U  /* TieA */
#define ACPI_EVAL_INPUT_BUFFER_COMPLEX_SIGNATURE_EX 0x44696541U        /* DieA */
#define ACPI_ACQUIRE_GLOBAL_LOCK_SIGNATURE 0x4C676541U                 /* LgeA */
#define ACPI_RELEASE_GLOBAL_LOCK_SIGNATURE 0x52676541U                 /* RgeA */
#define ACPI_ENUM_CHILDREN_INPUT_BUFFER_SIGNATURE 0x43696E45U
#define ACPI_ENUM_CHILDREN_OUTPUT_BUFFER_SIGNATURE 0x436F6E45U

#define ACPI_METHOD_ARGUMENT_INTEGER 0x0
#define ACPI_METHOD_ARGUMENT_STRING 0x1
#define ACPI_METHOD_ARGUMENT_BUFFER 0x2
#define ACPI_METHOD_ARGUMENT_PACKAGE 0x3
#define ACPI_METHOD_ARGUMENT_PACKAGE_EX 0x4

#define ENUM_CHILDREN_IMMEDIATE_ONLY 0x1
#define ENUM_CHILDREN_MULTILEVEL 0x2
#define ENUM_CHILDREN_NAME_IS_FILTER 0x4
#define ACPI_OBJECT_HAS_CHILDREN 0x1

/* An argument or result. A package holds further arguments in Data. */
typedef struct _ACPI_METHOD_ARGUMENT_V1 {
    USHORT Type;
    USHORT DataLength;
    union {
        ULONG Argument;
        UCHAR Data[ANYSIZE_ARRAY];
    };
} ACPI_METHOD_ARGUMENT_V1, *PACPI_METHOD_ARGUMENT_V1;
typedef ACPI_METHOD_ARGUMENT_V1 ACPI_METHOD_ARGUMENT_V2, *PACPI_METHOD_ARGUMENT_V2;
typedef ACPI_METHOD_ARGUMENT_V1 ACPI_METHOD_ARGUMENT, *PACPI_METHOD_ARGUMENT;

#define GX_ACPI_METHOD_NAME_     \
    union {                      \
        UCHAR MethodName[4];     \
        ULONG MethodNameAsUlong; \
    }

typedef struct _ACPI_EVAL_INPUT_BUFFER_V1 {
    ULONG Signature;
    GX_ACPI_METHOD_NAME_;
} ACPI_EVAL_INPUT_BUFFER_V1, *PACPI_EVAL_INPUT_BUFFER_V1, ACPI_EVAL_INPUT_BUFFER,
    *PACPI_EVAL_INPUT_BUFFER;

typedef struct _ACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER_V1 {
    ULONG Signature;
    GX_ACPI_METHOD_NAME_;
    ULONG IntegerArgument;
} ACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER_V1, *PACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER_V1,
    ACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER, *PACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER;

typedef struct _ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_V1 {
    ULONG Signature;
    GX_ACPI_METHOD_NAME_;
    ULONG StringLength;
    UCHAR String[ANYSIZE_ARRAY];
} ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_V1, *PACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_V1,
    ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING, *PACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING;

typedef struct _ACPI_EVAL_INPUT_BUFFER_COMPLEX_V1 {
    ULONG Signature;
    GX_ACPI_METHOD_NAME_;
    ULONG Size; /* bytes of all arguments */
    ULONG ArgumentCount;
    ACPI_METHOD_ARGUMENT Argument[ANYSIZE_ARRAY];
} ACPI_EVAL_INPUT_BUFFER_COMPLEX_V1, *PACPI_EVAL_INPUT_BUFFER_COMPLEX_V1,
    ACPI_EVAL_INPUT_BUFFER_COMPLEX, *PACPI_EVAL_INPUT_BUFFER_COMPLEX;

typedef struct _ACPI_EVAL_INPUT_BUFFER_V1_EX {
    ULONG Signature;
    CHAR MethodName[256];
} ACPI_EVAL_INPUT_BUFFER_V1_EX, *PACPI_EVAL_INPUT_BUFFER_V1_EX, ACPI_EVAL_INPUT_BUFFER_EX,
    *PACPI_EVAL_INPUT_BUFFER_EX;

typedef struct _ACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER_V1_EX {
    ULONG Signature;
    CHAR MethodName[256];
    ULONG64 IntegerArgument;
} ACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER_V1_EX, *PACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER_V1_EX,
    ACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER_EX, *PACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER_EX;

typedef struct _ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_V1_EX {
    ULONG Signature;
    CHAR MethodName[256];
    ULONG StringLength;
    UCHAR String[ANYSIZE_ARRAY];
} ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_V1_EX, *PACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_V1_EX,
    ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_EX, *PACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_EX;

typedef struct _ACPI_EVAL_INPUT_BUFFER_COMPLEX_V1_EX {
    ULONG Signature;
    CHAR MethodName[256];
    ULONG Size;
    ULONG ArgumentCount;
    ACPI_METHOD_ARGUMENT Argument[ANYSIZE_ARRAY];
} ACPI_EVAL_INPUT_BUFFER_COMPLEX_V1_EX, *PACPI_EVAL_INPUT_BUFFER_COMPLEX_V1_EX,
    ACPI_EVAL_INPUT_BUFFER_COMPLEX_EX, *PACPI_EVAL_INPUT_BUFFER_COMPLEX_EX;

typedef struct _ACPI_EVAL_OUTPUT_BUFFER_V1 {
    ULONG Signature;
    ULONG Length; /* bytes of the whole result */
    ULONG Count;
    ACPI_METHOD_ARGUMENT Argument[ANYSIZE_ARRAY];
} ACPI_EVAL_OUTPUT_BUFFER_V1, *PACPI_EVAL_OUTPUT_BUFFER_V1, ACPI_EVAL_OUTPUT_BUFFER,
    *PACPI_EVAL_OUTPUT_BUFFER;

typedef struct _ACPI_ENUM_CHILD {
    ULONG Flags;
    ULONG NameLength;
    CHAR Name[ANYSIZE_ARRAY];
} ACPI_ENUM_CHILD, *PACPI_ENUM_CHILD;

typedef struct _ACPI_ENUM_CHILDREN_INPUT_BUFFER {
    ULONG Signature;
    ULONG Flags;
    ULONG NameLength;
    CHAR Name[ANYSIZE_ARRAY];
} ACPI_ENUM_CHILDREN_INPUT_BUFFER, *PACPI_ENUM_CHILDREN_INPUT_BUFFER;

typedef struct _ACPI_ENUM_CHILDREN_OUTPUT_BUFFER {
    ULONG Signature;
    ULONG NumberOfChildren;
    ACPI_ENUM_CHILD Children[ANYSIZE_ARRAY];
} ACPI_ENUM_CHILDREN_OUTPUT_BUFFER, *PACPI_ENUM_CHILDREN_OUTPUT_BUFFER;

typedef struct _ACPI_MANIPULATE_GLOBAL_LOCK_BUFFER {
    ULONG Signature;
    PVOID LockObject;
} ACPI_MANIPULATE_GLOBAL_LOCK_BUFFER, *PACPI_MANIPULATE_GLOBAL_LOCK_BUFFER;

/* Walking and filling. The data of an argument takes at least four bytes. */
#define ACPI_METHOD_ARGUMENT_LENGTH(data_length)                               \
    ((ULONG)(((data_length) > sizeof(ULONG) ? (data_length) : sizeof(ULONG)) + \
             offsetof(ACPI_METHOD_ARGUMENT, Data)))
#define ACPI_METHOD_ARGUMENT_LENGTH_FROM_ARGUMENT(argument) \
    (ACPI_METHOD_ARGUMENT_LENGTH(((PACPI_METHOD_ARGUMENT)(argument))->DataLength))
#define ACPI_METHOD_NEXT_ARGUMENT(argument)       \
    ((PACPI_METHOD_ARGUMENT)((PUCHAR)(argument) + \
                             ACPI_METHOD_ARGUMENT_LENGTH_FROM_ARGUMENT(argument)))
#define ACPI_METHOD_SET_ARGUMENT_INTEGER(method_argument, value) \
    {                                                            \
        (method_argument)->Type = ACPI_METHOD_ARGUMENT_INTEGER;  \
        (method_argument)->DataLength = sizeof(ULONG);           \
        (method_argument)->Argument = (value);                   \
    }
#define ACPI_METHOD_SET_ARGUMENT_STRING(method_argument, text)                                \
    {                                                                                         \
        (method_argument)->Type = ACPI_METHOD_ARGUMENT_STRING;                                \
        (method_argument)->DataLength = (USHORT)(__builtin_strlen((const char*)(text)) + 1);  \
        __builtin_memcpy(&(method_argument)->Data[0], (text), (method_argument)->DataLength); \
    }
#define ACPI_METHOD_SET_ARGUMENT_BUFFER(method_argument, buffer, length)   \
    {                                                                      \
        (method_argument)->Type = ACPI_METHOD_ARGUMENT_BUFFER;             \
        (method_argument)->DataLength = (USHORT)(length);                  \
        __builtin_memcpy(&(method_argument)->Data[0], (buffer), (length)); \
    }
