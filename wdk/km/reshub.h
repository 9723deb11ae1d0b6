/*
 * Connection ids and the resource hub (specification 4). A connection id stands for connection
 * parameters that the hub keeps; a driver turns it into a path and opens that.
 *
 * The helper routine exists only if RESHUB_USE_HELPER_ROUTINES is defined before this header is
 * read.
 */
#ifndef GX_RESHUB_H
#define GX_RESHUB_H

#include "ntdef.h"
#include "parts/io_codes.h"

#define RESOURCE_HUB_DEVICE_NAME L"\\Device\\RESOURCE_HUB"

/* Characters of a path with its terminator: the prefix and 16 hexadecimal digits. */
#define RESOURCE_HUB_PATH_CHARS ((sizeof(RESOURCE_HUB_DEVICE_NAME) / sizeof(WCHAR)) + 1 + 16)
/* What drivers give DECLARE_UNICODE_STRING_SIZE and what they allocate in bytes: generous for
 * either use. */
#define RESOURCE_HUB_PATH_SIZE (RESOURCE_HUB_PATH_CHARS * sizeof(WCHAR))

#define SERIAL_BUS_DESCRIPTOR 0x8e
#define SERIAL_BUS_DESCRIPTOR_REVISION 0x01
#define FUNCTION_CONFIG_DESCRIPTOR 0x8d
#define RH_QUERY_CONNECTION_PROPERTIES_INPUT_VERSION 1
#define RH_QUERY_CONNECTION_PROPERTIES_OUTPUT_VERSION 1

#define SERIAL_BUS_TYPE_I2C 1
#define SERIAL_BUS_TYPE_SPI 2
#define SERIAL_BUS_TYPE_UART 3

#define FILE_DEVICE_RESOURCE_HUB 0x0000004F
#define IOCTL_RH_QUERY_CONNECTION_PROPERTIES \
    CTL_CODE(FILE_DEVICE_RESOURCE_HUB, 0x1, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* Byte-packed, as firmware stores it. */
#pragma pack(push, 1)
typedef struct _PNP_SERIAL_BUS_DESCRIPTOR {
    UCHAR Tag;
    USHORT Length; /* bytes after this member */
    UCHAR RevisionId;
    UCHAR ResourceSourceIndex;
    UCHAR SerialBusType;
    UCHAR GeneralFlags;
    USHORT TypeSpecificFlags;
    UCHAR TypeSpecificRevisionId;
    USHORT TypeDataLength;
} PNP_SERIAL_BUS_DESCRIPTOR, *PPNP_SERIAL_BUS_DESCRIPTOR;

/* Of the function-config descriptor only two members are documented; their order follows the
 * firmware format. */
typedef struct _PNP_FUNCTION_CONFIG_DESCRIPTOR {
    UCHAR Tag;
    USHORT Length;
    UCHAR RevisionId;
    USHORT Flags;
    UCHAR PinConfiguration;
    USHORT FunctionNumber;
    USHORT PinTableOffset;
    UCHAR ResourceSourceIndex;
    USHORT ResourceSourceOffset;
    USHORT VendorDataOffset;
    USHORT VendorDataLength;
} PNP_FUNCTION_CONFIG_DESCRIPTOR, *PPNP_FUNCTION_CONFIG_DESCRIPTOR;
#pragma pack(pop)

typedef enum _RH_QUERY_CONNECTION_PROPERTIES_TYPE {
    ConnectionIdType = 1,
    FileObjectType
} RH_QUERY_CONNECTION_PROPERTIES_TYPE;

typedef struct _RH_QUERY_CONNECTION_PROPERTIES_INPUT_BUFFER {
    ULONG Version;
    RH_QUERY_CONNECTION_PROPERTIES_TYPE QueryType;
    union {
        LARGE_INTEGER ConnectionId;
        PVOID FileObject;
    } u;
} RH_QUERY_CONNECTION_PROPERTIES_INPUT_BUFFER, *PRH_QUERY_CONNECTION_PROPERTIES_INPUT_BUFFER;

typedef struct _RH_QUERY_CONNECTION_PROPERTIES_OUTPUT_BUFFER {
    ULONG Version;
    ULONG PropertiesLength;
    UCHAR ConnectionProperties[ANYSIZE_ARRAY];
} RH_QUERY_CONNECTION_PROPERTIES_OUTPUT_BUFFER, *PRH_QUERY_CONNECTION_PROPERTIES_OUTPUT_BUFFER;

#endif

#if defined(RESHUB_USE_HELPER_ROUTINES) && !defined(GX_RESHUB_HELPERS)
#define GX_RESHUB_HELPERS

#include "ntstatus.h"

/*
 * Writes the path of a connection id (H4, H5): 16 lower-case digits. Length does not count the
 * terminator, which is written where there is room for it. STATUS_BUFFER_TOO_SMALL leaves the
 * string as it was.
 */
GX_INLINE NTSTATUS RESOURCE_HUB_CREATE_PATH_FROM_ID(PUNICODE_STRING Path, ULONG IdLowPart,
                                                    ULONG IdHighPart) {
    static const WCHAR prefix[] = RESOURCE_HUB_DEVICE_NAME L"\\";
    const ULONG prefix_characters = sizeof(prefix) / sizeof(WCHAR) - 1;
    const ULONG bytes = (prefix_characters + 16) * sizeof(WCHAR);
    ULONG64 id = ((ULONG64)IdHighPart << 32) | IdLowPart;
    ULONG i;
    if (Path->MaximumLength < bytes) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    for (i = 0; i < prefix_characters; i++) {
        Path->Buffer[i] = prefix[i];
    }
    for (i = 0; i < 16; i++) {
        ULONG digit = (ULONG)(id >> (60 - 4 * i)) & 0xf;
        Path->Buffer[prefix_characters + i] = (WCHAR)(digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    if (Path->MaximumLength >= bytes + sizeof(WCHAR)) {
        Path->Buffer[prefix_characters + 16] = 0;
    }
    Path->Length = (USHORT)bytes;
    return STATUS_SUCCESS;
}

/* The way back, for bus drivers: the id from the file name `\` + 16 digits that a create request
 * carries. */
GX_INLINE NTSTATUS RESOURCE_HUB_ID_FROM_FILE_NAME(PCUNICODE_STRING FileName, PLARGE_INTEGER Id) {
    ULONG characters = FileName->Length / sizeof(WCHAR);
    ULONG i = (characters > 0 && FileName->Buffer[0] == '\\') ? 1 : 0;
    ULONG64 id = 0;
    if (characters - i != 16) {
        return STATUS_INVALID_PARAMETER;
    }
    for (; i < characters; i++) {
        WCHAR c = FileName->Buffer[i];
        ULONG digit;
        if (c >= '0' && c <= '9') {
            digit = (ULONG)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = (ULONG)(c - 'a') + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = (ULONG)(c - 'A') + 10;
        } else {
            return STATUS_INVALID_PARAMETER;
        }
        id = (id << 4) | digit;
    }
    Id->QuadPart = (LONGLONG)id;
    return STATUS_SUCCESS;
}
#endif
