/*
 * F16: a client that declares every callback by its type and then defines it. Compiled as C and as
 * C++; a wrong return or parameter type does not compile.
 */
#include <ntddk.h>
#include <wdf.h>
#include <gpioclx.h>

EXTERN_C_START
DRIVER_INITIALIZE DriverEntry;
GPIO_CLIENT_PREPARE_CONTROLLER Prepare;
GPIO_CLIENT_RELEASE_CONTROLLER Release;
GPIO_CLIENT_START_CONTROLLER Start;
GPIO_CLIENT_STOP_CONTROLLER Stop;
GPIO_CLIENT_QUERY_CONTROLLER_BASIC_INFORMATION QueryBasic;
GPIO_CLIENT_QUERY_SET_CONTROLLER_INFORMATION QuerySet;
GPIO_CLIENT_ENABLE_INTERRUPT Enable;
GPIO_CLIENT_DISABLE_INTERRUPT Disable;
GPIO_CLIENT_UNMASK_INTERRUPT Unmask;
GPIO_CLIENT_MASK_INTERRUPTS Mask;
GPIO_CLIENT_QUERY_ACTIVE_INTERRUPTS QueryActive;
GPIO_CLIENT_CLEAR_ACTIVE_INTERRUPTS ClearActive;
GPIO_CLIENT_QUERY_ENABLED_INTERRUPTS QueryEnabled;
GPIO_CLIENT_RECONFIGURE_INTERRUPT Reconfigure;
GPIO_CLIENT_PRE_PROCESS_CONTROLLER_INTERRUPT PreProcess;
GPIO_CLIENT_CONNECT_IO_PINS Connect;
GPIO_CLIENT_DISCONNECT_IO_PINS Disconnect;
GPIO_CLIENT_READ_PINS Read;
GPIO_CLIENT_READ_PINS_MASK ReadMask;
GPIO_CLIENT_WRITE_PINS Write;
GPIO_CLIENT_WRITE_PINS_MASK WriteMask;
GPIO_CLIENT_SAVE_BANK_HARDWARE_CONTEXT Save;
GPIO_CLIENT_RESTORE_BANK_HARDWARE_CONTEXT Restore;
GPIO_CLIENT_CONTROLLER_SPECIFIC_FUNCTION SpecificFunction;
GPIO_CLIENT_CONNECT_FUNCTION_CONFIG_PINS ConnectFunction;
GPIO_CLIENT_DISCONNECT_FUNCTION_CONFIG_PINS DisconnectFunction;
EXTERN_C_END

#define UNUSED(parameter) UNREFERENCED_PARAMETER(parameter)
/* One defined callback: its parameters as a real driver writes them. */
#define GX_CALLBACK(name, type, parameter)                                \
    _Use_decl_annotations_ NTSTATUS name(PVOID Context, type parameter) { \
        UNUSED(Context);                                                  \
        UNUSED(parameter);                                                \
        return STATUS_SUCCESS;                                            \
    }

GX_CALLBACK(QueryBasic, PCLIENT_CONTROLLER_BASIC_INFORMATION, Information)
GX_CALLBACK(Enable, PGPIO_ENABLE_INTERRUPT_PARAMETERS, EnableParameters)
GX_CALLBACK(Disable, PGPIO_DISABLE_INTERRUPT_PARAMETERS, DisableParameters)
GX_CALLBACK(Unmask, PGPIO_ENABLE_INTERRUPT_PARAMETERS, UnmaskParameters)
GX_CALLBACK(Mask, PGPIO_MASK_INTERRUPT_PARAMETERS, MaskParameters)
GX_CALLBACK(QueryActive, PGPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS, QueryActiveParameters)
GX_CALLBACK(ClearActive, PGPIO_CLEAR_ACTIVE_INTERRUPTS_PARAMETERS, ClearParameters)
GX_CALLBACK(QueryEnabled, PGPIO_QUERY_ENABLED_INTERRUPTS_PARAMETERS, QueryEnabledParameters)
GX_CALLBACK(Reconfigure, PGPIO_RECONFIGURE_INTERRUPTS_PARAMETERS, ReconfigureParameters)
GX_CALLBACK(Connect, PGPIO_CONNECT_IO_PINS_PARAMETERS, ConnectParameters)
GX_CALLBACK(Disconnect, PGPIO_DISCONNECT_IO_PINS_PARAMETERS, DisconnectParameters)
GX_CALLBACK(Read, PGPIO_READ_PINS_PARAMETERS, ReadParameters)
GX_CALLBACK(ReadMask, PGPIO_READ_PINS_MASK_PARAMETERS, ReadParameters)
GX_CALLBACK(Write, PGPIO_WRITE_PINS_PARAMETERS, WriteParameters)
GX_CALLBACK(WriteMask, PGPIO_WRITE_PINS_MASK_PARAMETERS, WriteParameters)
GX_CALLBACK(SpecificFunction, PGPIO_CLIENT_CONTROLLER_SPECIFIC_FUNCTION_PARAMETERS, Parameters)
GX_CALLBACK(ConnectFunction, PGPIO_CONNECT_FUNCTION_CONFIG_PINS_PARAMETERS, ConnectParameters)
GX_CALLBACK(DisconnectFunction, PGPIO_DISCONNECT_FUNCTION_CONFIG_PINS_PARAMETERS,
            DisconnectParameters)

#pragma alloc_text(PAGE, QueryBasic)

NTSTATUS Prepare(WDFDEVICE Device, PVOID Context, WDFCMRESLIST ResourcesRaw,
                 WDFCMRESLIST ResourcesTranslated) {
    UNUSED(Device);
    UNUSED(Context);
    UNUSED(ResourcesRaw);
    UNUSED(ResourcesTranslated);
    return STATUS_SUCCESS;
}
NTSTATUS Release(WDFDEVICE Device, PVOID Context) {
    UNUSED(Device);
    UNUSED(Context);
    return STATUS_SUCCESS;
}
NTSTATUS Start(PVOID Context, BOOLEAN RestoreContext, WDF_POWER_DEVICE_STATE PreviousPowerState) {
    UNUSED(Context);
    UNUSED(RestoreContext);
    UNUSED(PreviousPowerState);
    return STATUS_SUCCESS;
}
NTSTATUS Stop(PVOID Context, BOOLEAN SaveContext, WDF_POWER_DEVICE_STATE TargetState) {
    UNUSED(Context);
    UNUSED(SaveContext);
    UNUSED(TargetState);
    return STATUS_SUCCESS;
}
NTSTATUS QuerySet(PVOID Context, PCLIENT_CONTROLLER_QUERY_SET_INFORMATION_INPUT InputBuffer,
                  PCLIENT_CONTROLLER_QUERY_SET_INFORMATION_OUTPUT OutputBuffer) {
    UNUSED(Context);
    if (InputBuffer->RequestType != QueryBankPowerInformation || OutputBuffer == NULL) {
        return STATUS_NOT_SUPPORTED;
    }
    OutputBuffer->Version = GPIO_BANK_POWER_INFORMATION_OUTPUT_VERSION;
    OutputBuffer->Size = sizeof(*OutputBuffer);
    OutputBuffer->BankPowerInformation.F1StateSupported = 1;
    OutputBuffer->BankPowerInformation.F1IdleStateParameters.NominalPower = PO_FX_UNKNOWN_POWER;
    return STATUS_SUCCESS;
}

#ifdef GPIOCLX_COMPAT_WIN8
NTSTATUS PreProcess(PVOID Context, BANK_ID BankId) {
    UNUSED(Context);
    UNUSED(BankId);
    return STATUS_SUCCESS;
}
NTSTATUS Save(PVOID Context, PGPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_PARAMETERS Parameters) {
    UNUSED(Context);
    return Parameters->Flags.CriticalTransition ? STATUS_SUCCESS : STATUS_PENDING;
}
NTSTATUS Restore(PVOID Context, PGPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_PARAMETERS Parameters) {
    UNUSED(Context);
    UNUSED(Parameters);
    return STATUS_SUCCESS;
}
#else
NTSTATUS PreProcess(PVOID Context, BANK_ID BankId, ULONG64 EnabledMask) {
    UNUSED(Context);
    UNUSED(BankId);
    UNUSED(EnabledMask);
    return STATUS_SUCCESS;
}
VOID Save(PVOID Context, PGPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_PARAMETERS Parameters) {
    UNUSED(Context);
    UNUSED(Parameters->Flags.CriticalTransition);
}
VOID Restore(PVOID Context, PGPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_PARAMETERS Parameters) {
    UNUSED(Context);
    UNUSED(Parameters->State);
}
#endif

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
    GPIO_CLIENT_REGISTRATION_PACKET packet;
    PAGED_CODE();
    UNUSED(DriverObject);
    RtlZeroMemory(&packet, sizeof(packet));
    packet.Version = GPIO_CLIENT_VERSION;
    packet.Size = sizeof(packet);
    packet.Flags = GPIO_CLIENT_REGISTRATION_FLAGS_NONE;
    packet.CLIENT_PrepareController = Prepare;
    packet.CLIENT_ReleaseController = Release;
    packet.CLIENT_StartController = Start;
    packet.CLIENT_StopController = Stop;
    packet.CLIENT_QueryControllerBasicInformation = QueryBasic;
    packet.CLIENT_QuerySetControllerInformation = QuerySet;
    packet.CLIENT_EnableInterrupt = Enable;
    packet.CLIENT_DisableInterrupt = Disable;
    packet.CLIENT_UnmaskInterrupt = Unmask;
    packet.CLIENT_MaskInterrupts = Mask;
    packet.CLIENT_QueryActiveInterrupts = QueryActive;
    packet.CLIENT_ClearActiveInterrupts = ClearActive;
    packet.CLIENT_QueryEnabledInterrupts = QueryEnabled;
    packet.CLIENT_ReconfigureInterrupt = Reconfigure;
    packet.CLIENT_PreProcessControllerInterrupt = PreProcess;
    packet.CLIENT_ConnectIoPins = Connect;
    packet.CLIENT_DisconnectIoPins = Disconnect;
    packet.CLIENT_ReadGpioPins = Read;
    packet.CLIENT_ReadGpioPinsUsingMask = ReadMask;
    packet.CLIENT_WriteGpioPins = Write;
    packet.CLIENT_WriteGpioPinsUsingMask = WriteMask;
    packet.CLIENT_SaveBankHardwareContext = Save;
    packet.CLIENT_RestoreBankHardwareContext = Restore;
    packet.CLIENT_ControllerSpecificFunction = SpecificFunction;
    packet.CLIENT_ConnectFunctionConfigPins = ConnectFunction;
    packet.CLIENT_DisconnectFunctionConfigPins = DisconnectFunction;
    return GPIO_CLX_RegisterClient(NULL, &packet, RegistryPath);
}
