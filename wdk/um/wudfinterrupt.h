/*
 * Interrupts of UMDF 1.11 drivers. All of their callbacks run at PASSIVE_LEVEL; the framework holds
 * the interrupt lock while it calls OnInterruptIsr, OnInterruptEnable and OnInterruptDisable.
 */
#pragma once

#include "wudf/forward.h"

typedef BOOLEAN WUDF_INTERRUPT_ISR(
    _In_ IWDFInterrupt* Interrupt, _In_ ULONG MessageID, _In_ ULONG Reserved);
typedef WUDF_INTERRUPT_ISR* PFN_WUDF_INTERRUPT_ISR;

typedef HRESULT WUDF_INTERRUPT_ENABLE(
    _In_ IWDFInterrupt* Interrupt, _In_ IWDFDevice* AssociatedDevice);
typedef WUDF_INTERRUPT_ENABLE* PFN_WUDF_INTERRUPT_ENABLE;

typedef HRESULT WUDF_INTERRUPT_DISABLE(
    _In_ IWDFInterrupt* Interrupt, _In_ IWDFDevice* AssociatedDevice);
typedef WUDF_INTERRUPT_DISABLE* PFN_WUDF_INTERRUPT_DISABLE;

typedef VOID WUDF_INTERRUPT_WORKITEM(
    _In_ IWDFInterrupt* Interrupt, _In_ IWDFObject* AssociatedObject);
typedef WUDF_INTERRUPT_WORKITEM* PFN_WUDF_INTERRUPT_WORKITEM;

typedef struct _WUDF_INTERRUPT_CONFIG {
    ULONG Size;
    WDF_TRI_STATE ShareVector;
    BOOLEAN AutomaticSerialization;
    PFN_WUDF_INTERRUPT_ISR OnInterruptIsr;
    PFN_WUDF_INTERRUPT_ENABLE OnInterruptEnable;
    PFN_WUDF_INTERRUPT_DISABLE OnInterruptDisable;
    PFN_WUDF_INTERRUPT_WORKITEM OnInterruptWorkItem;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR InterruptRaw;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR InterruptTranslated;
} WUDF_INTERRUPT_CONFIG, *PWUDF_INTERRUPT_CONFIG;

FORCEINLINE VOID WUDF_INTERRUPT_CONFIG_INIT(
    _Out_ PWUDF_INTERRUPT_CONFIG Configuration, _In_ PFN_WUDF_INTERRUPT_ISR OnInterruptIsr,
    _In_opt_ PFN_WUDF_INTERRUPT_WORKITEM OnInterruptWorkItem)
{
    __builtin_memset(Configuration, 0, sizeof(*Configuration));
    Configuration->Size = sizeof(*Configuration);
    Configuration->ShareVector = WdfUseDefault;
    Configuration->OnInterruptIsr = OnInterruptIsr;
    Configuration->OnInterruptWorkItem = OnInterruptWorkItem;
}

typedef enum _WDF_INTERRUPT_POLARITY {
    WdfInterruptPolarityUnknown = 0,
    WdfInterruptActiveHigh = 1,
    WdfInterruptActiveLow = 2,
} WDF_INTERRUPT_POLARITY, *PWDF_INTERRUPT_POLARITY;

typedef enum _WDF_INTERRUPT_POLICY {
    WdfIrqPolicyMachineDefault = 0,
    WdfIrqPolicyAllCloseProcessors,
    WdfIrqPolicyOneCloseProcessor,
    WdfIrqPolicyAllProcessorsInMachine,
    WdfIrqPolicySpecifiedProcessors,
    WdfIrqPolicySpreadMessagesAcrossAllProcessors,
} WDF_INTERRUPT_POLICY, *PWDF_INTERRUPT_POLICY;

typedef enum _WDF_INTERRUPT_PRIORITY {
    WdfIrqPriorityUndefined = 0,
    WdfIrqPriorityLow,
    WdfIrqPriorityNormal,
    WdfIrqPriorityHigh,
} WDF_INTERRUPT_PRIORITY, *PWDF_INTERRUPT_PRIORITY;

typedef struct _WDF_INTERRUPT_INFO {
    ULONG Size;
    ULONG64 Reserved1;
    KAFFINITY TargetProcessorSet;
    ULONG Reserved2;
    ULONG MessageNumber;
    ULONG Vector;
    KIRQL Irql;
    KINTERRUPT_MODE Mode;
    WDF_INTERRUPT_POLARITY Polarity;
    BOOLEAN MessageSignaled;
    UCHAR ShareDisposition;
    DECLSPEC_ALIGN(8) USHORT Group;
} WDF_INTERRUPT_INFO, *PWDF_INTERRUPT_INFO;

FORCEINLINE VOID WDF_INTERRUPT_INFO_INIT(_Out_ PWDF_INTERRUPT_INFO InterruptInfo)
{
    __builtin_memset(InterruptInfo, 0, sizeof(*InterruptInfo));
    InterruptInfo->Size = sizeof(*InterruptInfo);
}

typedef struct _WDF_INTERRUPT_EXTENDED_POLICY {
    ULONG Size;
    WDF_INTERRUPT_POLICY Policy;
    WDF_INTERRUPT_PRIORITY Priority;
    GROUP_AFFINITY TargetProcessorSetAndGroup;
} WDF_INTERRUPT_EXTENDED_POLICY, *PWDF_INTERRUPT_EXTENDED_POLICY;

FORCEINLINE VOID WDF_INTERRUPT_EXTENDED_POLICY_INIT(
    _Out_ PWDF_INTERRUPT_EXTENDED_POLICY ExtendedPolicy)
{
    __builtin_memset(ExtendedPolicy, 0, sizeof(*ExtendedPolicy));
    ExtendedPolicy->Size = sizeof(*ExtendedPolicy);
    ExtendedPolicy->Policy = WdfIrqPolicyMachineDefault;
    ExtendedPolicy->Priority = WdfIrqPriorityUndefined;
}
