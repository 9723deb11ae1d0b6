/* A client's callbacks as a C driver defines them: the definitions must agree with the types. */
#include "callback_declarations.h"

#define UNUSED2(a, b) UNREFERENCED_PARAMETER(a); UNREFERENCED_PARAMETER(b)
#define CALLBACK_(name, type)                                      \
    NTSTATUS name(PVOID Context, type Parameters) {                \
        UNUSED2(Context, Parameters);                              \
        return STATUS_SUCCESS;                                     \
    }

NTSTATUS GxPrepareController(WDFDEVICE Device, PVOID Context, WDFCMRESLIST ResourcesRaw,
                             WDFCMRESLIST ResourcesTranslated) {
    UNUSED2(Device, Context);
    UNUSED2(ResourcesRaw, ResourcesTranslated);
    return STATUS_SUCCESS;
}
NTSTATUS GxReleaseController(WDFDEVICE Device, PVOID Context) {
    UNUSED2(Device, Context);
    return STATUS_SUCCESS;
}
NTSTATUS GxStartController(PVOID Context, BOOLEAN RestoreContext,
                           WDF_POWER_DEVICE_STATE PreviousPowerState) {
    UNUSED2(Context, RestoreContext);
    UNREFERENCED_PARAMETER(PreviousPowerState);
    return STATUS_SUCCESS;
}
NTSTATUS GxStopController(PVOID Context, BOOLEAN SaveContext, WDF_POWER_DEVICE_STATE TargetState) {
    UNUSED2(Context, SaveContext);
    UNREFERENCED_PARAMETER(TargetState);
    return STATUS_SUCCESS;
}
NTSTATUS GxQuerySetControllerInformation(
    PVOID Context, PCLIENT_CONTROLLER_QUERY_SET_INFORMATION_INPUT InputBuffer,
    PCLIENT_CONTROLLER_QUERY_SET_INFORMATION_OUTPUT OutputBuffer) {
    UNUSED2(Context, InputBuffer);
    UNREFERENCED_PARAMETER(OutputBuffer);
    return STATUS_NOT_SUPPORTED;
}
NTSTATUS GxPreProcessControllerInterrupt(PVOID Context, BANK_ID BankId, ULONG64 EnabledMask) {
    UNUSED2(Context, BankId);
    UNREFERENCED_PARAMETER(EnabledMask);
    return STATUS_SUCCESS;
}
VOID GxSaveBankHardwareContext(PVOID Context,
                               PGPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_PARAMETERS Parameters) {
    UNUSED2(Context, Parameters);
}
VOID GxRestoreBankHardwareContext(PVOID Context,
                                  PGPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_PARAMETERS Parameters) {
    UNUSED2(Context, Parameters);
}
CALLBACK_(GxQueryControllerBasicInformation, PCLIENT_CONTROLLER_BASIC_INFORMATION)
CALLBACK_(GxEnableInterrupt, PGPIO_ENABLE_INTERRUPT_PARAMETERS)
CALLBACK_(GxDisableInterrupt, PGPIO_DISABLE_INTERRUPT_PARAMETERS)
CALLBACK_(GxUnmaskInterrupt, PGPIO_ENABLE_INTERRUPT_PARAMETERS)
CALLBACK_(GxMaskInterrupts, PGPIO_MASK_INTERRUPT_PARAMETERS)
CALLBACK_(GxQueryActiveInterrupts, PGPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS)
CALLBACK_(GxClearActiveInterrupts, PGPIO_CLEAR_ACTIVE_INTERRUPTS_PARAMETERS)
CALLBACK_(GxConnectIoPins, PGPIO_CONNECT_IO_PINS_PARAMETERS)
CALLBACK_(GxDisconnectIoPins, PGPIO_DISCONNECT_IO_PINS_PARAMETERS)
CALLBACK_(GxReadGpioPins, PGPIO_READ_PINS_PARAMETERS)
CALLBACK_(GxReadGpioPinsUsingMask, PGPIO_READ_PINS_MASK_PARAMETERS)
CALLBACK_(GxWriteGpioPins, PGPIO_WRITE_PINS_PARAMETERS)
CALLBACK_(GxWriteGpioPinsUsingMask, PGPIO_WRITE_PINS_MASK_PARAMETERS)
CALLBACK_(GxControllerSpecificFunction, PGPIO_CLIENT_CONTROLLER_SPECIFIC_FUNCTION_PARAMETERS)
CALLBACK_(GxReconfigureInterrupt, PGPIO_RECONFIGURE_INTERRUPTS_PARAMETERS)
CALLBACK_(GxQueryEnabledInterrupts, PGPIO_QUERY_ENABLED_INTERRUPTS_PARAMETERS)
CALLBACK_(GxConnectFunctionConfigPins, PGPIO_CONNECT_FUNCTION_CONFIG_PINS_PARAMETERS)
CALLBACK_(GxDisconnectFunctionConfigPins, PGPIO_DISCONNECT_FUNCTION_CONFIG_PINS_PARAMETERS)

GPIO_CLIENT_REGISTRATION_PACKET GxPacketMadeInC(VOID) {
    GPIO_CLIENT_REGISTRATION_PACKET Packet;
    RtlZeroMemory(&Packet, sizeof(Packet));
    Packet.Version = GPIO_CLIENT_VERSION;
    Packet.Size = sizeof(Packet);
    Packet.Flags = GPIO_CLIENT_REGISTRATION_FLAGS_NONE;
    Packet.ControllerContextSize = 16;
    Packet.CLIENT_PrepareController = GxPrepareController;
    Packet.CLIENT_ReleaseController = GxReleaseController;
    Packet.CLIENT_StartController = GxStartController;
    Packet.CLIENT_StopController = GxStopController;
    Packet.CLIENT_QueryControllerBasicInformation = GxQueryControllerBasicInformation;
    Packet.CLIENT_QuerySetControllerInformation = GxQuerySetControllerInformation;
    Packet.CLIENT_EnableInterrupt = GxEnableInterrupt;
    Packet.CLIENT_DisableInterrupt = GxDisableInterrupt;
    Packet.CLIENT_UnmaskInterrupt = GxUnmaskInterrupt;
    Packet.CLIENT_MaskInterrupts = GxMaskInterrupts;
    Packet.CLIENT_QueryActiveInterrupts = GxQueryActiveInterrupts;
    Packet.CLIENT_ClearActiveInterrupts = GxClearActiveInterrupts;
    Packet.CLIENT_ConnectIoPins = GxConnectIoPins;
    Packet.CLIENT_DisconnectIoPins = GxDisconnectIoPins;
    Packet.CLIENT_ReadGpioPinsUsingMask = GxReadGpioPinsUsingMask;
    Packet.CLIENT_WriteGpioPinsUsingMask = GxWriteGpioPinsUsingMask;
    Packet.CLIENT_SaveBankHardwareContext = GxSaveBankHardwareContext;
    Packet.CLIENT_RestoreBankHardwareContext = GxRestoreBankHardwareContext;
    Packet.CLIENT_PreProcessControllerInterrupt = GxPreProcessControllerInterrupt;
    Packet.CLIENT_ControllerSpecificFunction = GxControllerSpecificFunction;
    Packet.CLIENT_ReconfigureInterrupt = GxReconfigureInterrupt;
    Packet.CLIENT_QueryEnabledInterrupts = GxQueryEnabledInterrupts;
    Packet.CLIENT_ConnectFunctionConfigPins = GxConnectFunctionConfigPins;
    Packet.CLIENT_DisconnectFunctionConfigPins = GxDisconnectFunctionConfigPins;
    return Packet;
}
