/* Platform extension plug-ins: the interrupt part (specification I98) and the critical transition of a core device (P61). */
#pragma once

#include "wdm.h"

typedef struct PEPHANDLE__* PEPHANDLE;

typedef enum _GPIO_PIN_CONFIG_TYPE { PullDefault, PullUp, PullDown, PullNone } GPIO_PIN_CONFIG_TYPE;
typedef enum _GPIO_PIN_IORESTRICTION_TYPE {
    IoRestrictionNone,
    IoRestrictionInputOnly,
    IoRestrictionOutputOnly,
    IoRestrictionNoneAndPreserve
} GPIO_PIN_IORESTRICTION_TYPE;

#define PEP_UNMASKED_INTERRUPT_INFORMATION_V1 1
typedef union _PEP_UNMASKED_INTERRUPT_FLAGS {
    struct {
        USHORT SecondaryInterrupt : 1;
        USHORT Reserved : 15;
    };
    USHORT AsUSHORT;
} PEP_UNMASKED_INTERRUPT_FLAGS, *PPEP_UNMASKED_INTERRUPT_FLAGS;

/* PinNumber is controller-relative. */
typedef struct _PEP_UNMASKED_INTERRUPT_INFORMATION {
    USHORT Version;
    USHORT Size;
    PEP_UNMASKED_INTERRUPT_FLAGS Flags;
    KINTERRUPT_MODE Mode;
    KINTERRUPT_POLARITY Polarity;
    ULONG Gsiv;
    USHORT PinNumber;
    PEPHANDLE DeviceHandle;
} PEP_UNMASKED_INTERRUPT_INFORMATION, *PPEP_UNMASKED_INTERRUPT_INFORMATION;

EXTERN_C_START
typedef VOID PO_ENUMERATE_INTERRUPT_SOURCE_CALLBACK(PVOID CallbackContext,
                                                    PPEP_UNMASKED_INTERRUPT_INFORMATION InterruptInformation);
typedef PO_ENUMERATE_INTERRUPT_SOURCE_CALLBACK* PPO_ENUMERATE_INTERRUPT_SOURCE_CALLBACK;
typedef NTSTATUS POFXCALLBACKENUMERATEUNMASKEDINTERRUPTS(POHANDLE PluginHandle, ULONG EnumerateFlags,
                                                         PPO_ENUMERATE_INTERRUPT_SOURCE_CALLBACK Callback,
                                                         PVOID CallbackContext,
                                                         PPEP_UNMASKED_INTERRUPT_INFORMATION
                                                             InterruptInformation);
typedef POFXCALLBACKENUMERATEUNMASKEDINTERRUPTS* PPOFXCALLBACKENUMERATEUNMASKEDINTERRUPTS;
typedef NTSTATUS POFXCALLBACKREQUESTINTERRUPT(ULONG Gsiv);
typedef POFXCALLBACKREQUESTINTERRUPT* PPOFXCALLBACKREQUESTINTERRUPT;
typedef VOID POFXCALLBACKCRITICALRESOURCE(POHANDLE DeviceHandle, ULONG Component, BOOLEAN Active);
typedef POFXCALLBACKCRITICALRESOURCE* PPOFXCALLBACKCRITICALRESOURCE;

typedef struct _PO_FX_CORE_DEVICE {
    ULONG Version;
    ULONG ComponentCount;
    PPO_FX_COMPONENT_ACTIVE_CONDITION_CALLBACK ComponentActiveConditionCallback;
    PPO_FX_COMPONENT_IDLE_CONDITION_CALLBACK ComponentIdleConditionCallback;
    PPO_FX_COMPONENT_CRITICAL_TRANSITION_CALLBACK ComponentCriticalTransitionCallback;
    PPO_FX_COMPONENT_IDLE_STATE_CALLBACK ComponentIdleStateCallback;
    PVOID DeviceContext;
    PO_FX_COMPONENT Components[ANYSIZE_ARRAY];
} PO_FX_CORE_DEVICE, *PPO_FX_CORE_DEVICE;
NTSTATUS PoFxRegisterCoreDevice(PCUNICODE_STRING Id, PPO_FX_CORE_DEVICE Device, POHANDLE* Handle);
EXTERN_C_END
