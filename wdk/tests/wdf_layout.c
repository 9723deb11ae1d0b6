/*
 * Numbers and layouts that drivers and documentation rely on, checked when this file is compiled.
 * For the x86-64 Windows data model.
 */
#include <ntddk.h>
#include <wdf.h>

C_ASSERT(WdfFalse == 0 && WdfTrue == 1 && WdfUseDefault == 2);

C_ASSERT(WdfPowerDeviceInvalid == 0);
C_ASSERT(WdfPowerDeviceD0 == 1);
C_ASSERT(WdfPowerDeviceD3 == 4);
C_ASSERT(WdfPowerDeviceD3Final == 5);
C_ASSERT(WdfPowerDevicePrepareForHibernation == 6);
C_ASSERT(WdfPowerDeviceMaximum == 7);

C_ASSERT(WdfInterruptActiveHigh == 1 && WdfInterruptActiveLow == 2);
C_ASSERT(WdfIrqPriorityHigh == 3);
C_ASSERT(WdfIrqPolicySpreadMessagesAcrossAllProcessors == 5);

C_ASSERT(WdfIoQueueDispatchSequential == 1);
C_ASSERT(WdfIoQueueDispatchParallel == 2);
C_ASSERT(WdfIoQueueDispatchManual == 3);

C_ASSERT(WdfIoTargetOpenUseExistingDevice == 1);
C_ASSERT(WdfIoTargetOpenByName == 2);
C_ASSERT(WdfIoTargetOpenReopen == 3);
C_ASSERT(WdfIoTargetOpenLocalTargetByFile == 4);

C_ASSERT(WDF_REQUEST_SEND_OPTION_TIMEOUT == 1);
C_ASSERT(WDF_REQUEST_SEND_OPTION_SYNCHRONOUS == 2);
C_ASSERT(WDF_REQUEST_SEND_OPTION_IGNORE_TARGET_STATE == 4);
C_ASSERT(WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET == 8);

C_ASSERT(WdfMemoryDescriptorTypeBuffer == 1);
C_ASSERT(WdfMemoryDescriptorTypeMdl == 2);
C_ASSERT(WdfMemoryDescriptorTypeHandle == 3);

C_ASSERT(WdfRequestTypeRead == 3 && WdfRequestTypeWrite == 4);
C_ASSERT(WdfRequestTypeDeviceControl == 0xE);
C_ASSERT(WdfRequestTypeDeviceControlInternal == 0xF);

C_ASSERT(FIELD_OFFSET(WDF_DRIVER_CONFIG, EvtDriverDeviceAdd) == 8);
C_ASSERT(sizeof(WDF_DRIVER_CONFIG) == 32);
C_ASSERT(sizeof(WDF_OBJECT_ATTRIBUTES) == 56);
C_ASSERT(FIELD_OFFSET(WDF_OBJECT_ATTRIBUTES, ParentObject) == 32);
C_ASSERT(FIELD_OFFSET(WDF_OBJECT_ATTRIBUTES, ContextTypeInfo) == 48);
C_ASSERT(FIELD_OFFSET(WDF_PNPPOWER_EVENT_CALLBACKS, EvtDeviceD0Entry) == 8);
C_ASSERT(FIELD_OFFSET(WDF_PNPPOWER_EVENT_CALLBACKS, EvtDevicePrepareHardware) == 40);
C_ASSERT(FIELD_OFFSET(WDF_INTERRUPT_CONFIG, EvtInterruptIsr) == 24);
C_ASSERT(FIELD_OFFSET(WDF_INTERRUPT_CONFIG, InterruptRaw) == 64);
C_ASSERT(FIELD_OFFSET(WDF_INTERRUPT_CONFIG, PassiveHandling) == 88);
C_ASSERT(FIELD_OFFSET(WDF_INTERRUPT_CONFIG, CanWakeDevice) == 96);
C_ASSERT(sizeof(WDF_INTERRUPT_CONFIG) == 104);
C_ASSERT(FIELD_OFFSET(WDF_REQUEST_SEND_OPTIONS, Timeout) == 8);
C_ASSERT(sizeof(WDF_MEMORY_DESCRIPTOR) == 24);
C_ASSERT(FIELD_OFFSET(WDF_REQUEST_PARAMETERS, Parameters) == 8);
C_ASSERT(FIELD_OFFSET(WDF_REQUEST_PARAMETERS, Parameters.DeviceIoControl.IoControlCode) == 24);
