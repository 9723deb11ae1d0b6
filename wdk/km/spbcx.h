/* The SPB framework extension as a bus controller driver sees it. Included after wdf.h. */
#pragma once

#include "spb.h"

typedef WDFFILEOBJECT SPBTARGET;
typedef WDFREQUEST SPBREQUEST;

typedef enum _SPB_REQUEST_TYPE {
    SpbRequestTypeUndefined = 0,
    SpbRequestTypeRead,
    SpbRequestTypeWrite,
    SpbRequestTypeSequence,
    SpbRequestTypeLockController,
    SpbRequestTypeUnlockController,
    SpbRequestTypeLockConnection,
    SpbRequestTypeUnlockConnection,
    SpbRequestTypeOther,
    SpbRequestTypeMax
} SPB_REQUEST_TYPE,
    *PSPB_REQUEST_TYPE;

typedef enum _SPB_REQUEST_SEQUENCE_POSITION {
    SpbRequestSequencePositionInvalid = 0,
    SpbRequestSequencePositionSingle,
    SpbRequestSequencePositionFirst,
    SpbRequestSequencePositionContinue,
    SpbRequestSequencePositionLast,
    SpbRequestSequencePositionMax
} SPB_REQUEST_SEQUENCE_POSITION,
    *PSPB_REQUEST_SEQUENCE_POSITION;

typedef struct SPB_CONNECTION_PARAMETERS {
    USHORT Size;
    PCWSTR ConnectionTag;
    PVOID ConnectionParameters; /* RH_QUERY_CONNECTION_PROPERTIES_OUTPUT_BUFFER */
} SPB_CONNECTION_PARAMETERS, *PSPB_CONNECTION_PARAMETERS;

typedef struct _SPB_REQUEST_PARAMETERS {
    ULONG Size;
    SPB_REQUEST_TYPE Type;
    SPB_REQUEST_SEQUENCE_POSITION Position;
    SPB_TRANSFER_DIRECTION PreviousTransferDirection;
    size_t Length;
    ULONG SequenceTransferCount;
} SPB_REQUEST_PARAMETERS, *PSPB_REQUEST_PARAMETERS;

typedef struct _SPB_TRANSFER_DESCRIPTOR {
    USHORT Size;
    SPB_TRANSFER_DIRECTION Direction;
    size_t TransferLength;
    ULONG DelayInUs;
} SPB_TRANSFER_DESCRIPTOR, *PSPB_TRANSFER_DESCRIPTOR;

EXTERN_C_START
typedef VOID EVT_SPB_CONTROLLER_LOCK(WDFDEVICE Controller, SPBTARGET Target,
                                     SPBREQUEST LockRequest);
typedef EVT_SPB_CONTROLLER_LOCK* PFN_SPB_CONTROLLER_LOCK;
typedef VOID EVT_SPB_CONTROLLER_UNLOCK(WDFDEVICE Controller, SPBTARGET Target,
                                       SPBREQUEST UnlockRequest);
typedef EVT_SPB_CONTROLLER_UNLOCK* PFN_SPB_CONTROLLER_UNLOCK;
typedef VOID EVT_SPB_CONTROLLER_READ(WDFDEVICE Controller, SPBTARGET Target, SPBREQUEST Request,
                                     size_t Length);
typedef EVT_SPB_CONTROLLER_READ* PFN_SPB_CONTROLLER_READ;
typedef VOID EVT_SPB_CONTROLLER_WRITE(WDFDEVICE Controller, SPBTARGET Target, SPBREQUEST Request,
                                      size_t Length);
typedef EVT_SPB_CONTROLLER_WRITE* PFN_SPB_CONTROLLER_WRITE;
typedef VOID EVT_SPB_CONTROLLER_SEQUENCE(WDFDEVICE Controller, SPBTARGET Target, SPBREQUEST Request,
                                         ULONG TransferCount);
typedef EVT_SPB_CONTROLLER_SEQUENCE* PFN_SPB_CONTROLLER_SEQUENCE;
typedef VOID EVT_SPB_CONTROLLER_OTHER(WDFDEVICE Controller, SPBTARGET Target, SPBREQUEST Request,
                                      size_t OutputBufferLength, size_t InputBufferLength,
                                      ULONG IoControlCode);
typedef EVT_SPB_CONTROLLER_OTHER* PFN_SPB_CONTROLLER_OTHER;
typedef PFN_SPB_CONTROLLER_OTHER PFN_SPB_CONTROLLER_IO_OTHER;
typedef NTSTATUS EVT_SPB_TARGET_CONNECT(WDFDEVICE Controller, SPBTARGET Target);
typedef EVT_SPB_TARGET_CONNECT* PFN_SPB_TARGET_CONNECT;
typedef VOID EVT_SPB_TARGET_DISCONNECT(WDFDEVICE Controller, SPBTARGET Target);
typedef EVT_SPB_TARGET_DISCONNECT* PFN_SPB_TARGET_DISCONNECT;

typedef struct _SPB_CONTROLLER_CONFIG {
    ULONG Size;
    WDF_IO_QUEUE_DISPATCH_TYPE ControllerDispatchType;
    WDF_TRI_STATE PowerManaged;
    PFN_SPB_TARGET_CONNECT EvtSpbTargetConnect;
    PFN_SPB_TARGET_DISCONNECT EvtSpbTargetDisconnect;
    PFN_SPB_CONTROLLER_LOCK EvtSpbControllerLock;
    PFN_SPB_CONTROLLER_UNLOCK EvtSpbControllerUnlock;
    PFN_SPB_CONTROLLER_READ EvtSpbIoRead;
    PFN_SPB_CONTROLLER_WRITE EvtSpbIoWrite;
    PFN_SPB_CONTROLLER_SEQUENCE EvtSpbIoSequence;
} SPB_CONTROLLER_CONFIG, *PSPB_CONTROLLER_CONFIG;

NTSTATUS SpbDeviceInitConfig(PWDFDEVICE_INIT DeviceInit);
NTSTATUS SpbDeviceInitialize(WDFDEVICE FxDevice, PSPB_CONTROLLER_CONFIG Config);
VOID SpbControllerSetIoOtherCallback(WDFDEVICE FxDevice,
                                     PFN_SPB_CONTROLLER_OTHER EvtSpbControllerIoOther,
                                     PFN_WDF_IO_IN_CALLER_CONTEXT EvtIoInCallerContext);
VOID SpbControllerSetTargetAttributes(WDFDEVICE FxDevice, PWDF_OBJECT_ATTRIBUTES ObjectAttributes);
VOID SpbControllerSetRequestAttributes(WDFDEVICE FxDevice,
                                       PWDF_OBJECT_ATTRIBUTES RequestAttributes);
VOID SpbTargetGetConnectionParameters(SPBTARGET Target,
                                      SPB_CONNECTION_PARAMETERS* ConnectionParameters);
WDFFILEOBJECT SpbTargetGetFileObject(SPBTARGET Target);
VOID SpbRequestComplete(SPBREQUEST Request, NTSTATUS CompletionStatus);
WDFDEVICE SpbRequestGetController(SPBREQUEST SpbRequest);
SPBTARGET SpbRequestGetTarget(SPBREQUEST SpbRequest);
VOID SpbRequestGetParameters(SPBREQUEST SpbRequest, SPB_REQUEST_PARAMETERS* Parameters);
VOID SpbRequestGetTransferParameters(SPBREQUEST SpbRequest, ULONG Index,
                                     SPB_TRANSFER_DESCRIPTOR* TransferDescriptor,
                                     PMDL* TransferBuffer);
NTSTATUS SpbRequestCaptureIoOtherTransferList(SPBREQUEST SpbRequest);
EXTERN_C_END

GX_INLINE VOID SPB_CONTROLLER_CONFIG_INIT(PSPB_CONTROLLER_CONFIG Config) {
    __builtin_memset(Config, 0, sizeof(*Config));
    Config->Size = sizeof(*Config);
    Config->PowerManaged = WdfUseDefault;
}
GX_INLINE VOID SPB_CONNECTION_PARAMETERS_INIT(SPB_CONNECTION_PARAMETERS* Parameters) {
    __builtin_memset(Parameters, 0, sizeof(*Parameters));
    Parameters->Size = sizeof(*Parameters);
}
GX_INLINE VOID SPB_REQUEST_PARAMETERS_INIT(SPB_REQUEST_PARAMETERS* Parameters) {
    __builtin_memset(Parameters, 0, sizeof(*Parameters));
    Parameters->Size = sizeof(*Parameters);
}
GX_INLINE VOID SPB_TRANSFER_DESCRIPTOR_INIT(SPB_TRANSFER_DESCRIPTOR* Descriptor) {
    __builtin_memset(Descriptor, 0, sizeof(*Descriptor));
    Descriptor->Size = sizeof(*Descriptor);
}
