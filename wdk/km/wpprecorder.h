/*
 * The in-flight recorder of WPP. All messages of a driver go to the machine's timeline, which is a
 * recorder already: there is one log, always available, and configuring it succeeds.
 */
#pragma once

#include "ntdef.h"
#include "ntstatus.h"

typedef struct RECORDER_LOG__* RECORDER_LOG;
#define WPP_RECORDER_DEFAULT_LOG ((RECORDER_LOG)(ULONG_PTR)1)

#define RECORDER_LOG_IDENTIFIER_MAX_CHARS 16
#define WPP_RECORDER_LOG_TYPE_DEFAULT 0

typedef struct _RECORDER_CONFIGURE_PARAMS {
    ULONG Size;
    BOOLEAN CreateDefaultLog;
} RECORDER_CONFIGURE_PARAMS, *PRECORDER_CONFIGURE_PARAMS;

typedef struct _RECORDER_LOG_CREATE_PARAMS {
    ULONG Size;
    CHAR LogTypeString[RECORDER_LOG_IDENTIFIER_MAX_CHARS];
    ULONG TotalBufferSize;
    ULONG ErrorPartitionSize;
    CHAR LogIdentifier[RECORDER_LOG_IDENTIFIER_MAX_CHARS];
} RECORDER_LOG_CREATE_PARAMS, *PRECORDER_LOG_CREATE_PARAMS;

GX_INLINE VOID RECORDER_CONFIGURE_PARAMS_INIT(PRECORDER_CONFIGURE_PARAMS Params) {
    Params->Size = sizeof(*Params);
    Params->CreateDefaultLog = TRUE;
}
GX_INLINE VOID RECORDER_LOG_CREATE_PARAMS_INIT(PRECORDER_LOG_CREATE_PARAMS Params,
                                               PCSTR LogIdentifier) {
    ULONG i;
    __builtin_memset(Params, 0, sizeof(*Params));
    Params->Size = sizeof(*Params);
    for (i = 0; LogIdentifier != NULL && LogIdentifier[i] != 0 &&
                i + 1 < RECORDER_LOG_IDENTIFIER_MAX_CHARS;
         i++) {
        Params->LogIdentifier[i] = LogIdentifier[i];
    }
}
GX_INLINE VOID WppRecorderConfigure(PRECORDER_CONFIGURE_PARAMS ConfigureParams) {
    (void)ConfigureParams;
}
GX_INLINE BOOLEAN WppRecorderIsDefaultLogAvailable(VOID) {
    return TRUE;
}
GX_INLINE RECORDER_LOG WppRecorderLogGetDefault(VOID) {
    return WPP_RECORDER_DEFAULT_LOG;
}
GX_INLINE NTSTATUS WppRecorderLogCreate(PRECORDER_LOG_CREATE_PARAMS CreateParams,
                                        RECORDER_LOG* RecorderLog) {
    (void)CreateParams;
    *RecorderLog = WPP_RECORDER_DEFAULT_LOG;
    return STATUS_SUCCESS;
}
GX_INLINE VOID WppRecorderLogDelete(RECORDER_LOG RecorderLog) {
    (void)RecorderLog;
}
