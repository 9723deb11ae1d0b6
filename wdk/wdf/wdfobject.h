/*
 * What all framework objects share: attributes, typed contexts, references, deletion.
 *
 * A context type is known by the address of its WDF_OBJECT_CONTEXT_TYPE_INFO. That object is a
 * weak definition (C) or an inline variable (C++), so all sources of one driver that see the same
 * declaration agree on one address, while drivers with equal type names stay apart, and so do
 * equal names in different namespaces.
 */
#pragma once

#include "wdftypes.h"

WDF_EXTERN_C_START

typedef enum _WDF_EXECUTION_LEVEL {
    WdfExecutionLevelInvalid = 0x00,
    WdfExecutionLevelInheritFromParent,
    WdfExecutionLevelPassive,
    WdfExecutionLevelDispatch,
} WDF_EXECUTION_LEVEL;

typedef enum _WDF_SYNCHRONIZATION_SCOPE {
    WdfSynchronizationScopeInvalid = 0x00,
    WdfSynchronizationScopeInheritFromParent,
    WdfSynchronizationScopeDevice,
    WdfSynchronizationScopeQueue,
    WdfSynchronizationScopeNone,
} WDF_SYNCHRONIZATION_SCOPE;

typedef _IRQL_requires_max_(DISPATCH_LEVEL)
VOID NTAPI EVT_WDF_OBJECT_CONTEXT_CLEANUP(_In_ WDFOBJECT Object);
typedef EVT_WDF_OBJECT_CONTEXT_CLEANUP *PFN_WDF_OBJECT_CONTEXT_CLEANUP;

typedef _IRQL_requires_max_(DISPATCH_LEVEL)
VOID NTAPI EVT_WDF_OBJECT_CONTEXT_DESTROY(_In_ WDFOBJECT Object);
typedef EVT_WDF_OBJECT_CONTEXT_DESTROY *PFN_WDF_OBJECT_CONTEXT_DESTROY;

typedef const struct _WDF_OBJECT_CONTEXT_TYPE_INFO *PCWDF_OBJECT_CONTEXT_TYPE_INFO;

typedef PCWDF_OBJECT_CONTEXT_TYPE_INFO(__cdecl *PFN_GET_UNIQUE_CONTEXT_TYPE)(VOID);

typedef struct _WDF_OBJECT_CONTEXT_TYPE_INFO {
    ULONG Size;
    LPCSTR ContextName;
    size_t ContextSize;
    PCWDF_OBJECT_CONTEXT_TYPE_INFO UniqueType;
    PFN_GET_UNIQUE_CONTEXT_TYPE EvtDriverGetUniqueContextType;
} WDF_OBJECT_CONTEXT_TYPE_INFO, *PWDF_OBJECT_CONTEXT_TYPE_INFO;

typedef struct _WDF_OBJECT_ATTRIBUTES {
    ULONG Size;
    PFN_WDF_OBJECT_CONTEXT_CLEANUP EvtCleanupCallback;
    PFN_WDF_OBJECT_CONTEXT_DESTROY EvtDestroyCallback;
    WDF_EXECUTION_LEVEL ExecutionLevel;
    WDF_SYNCHRONIZATION_SCOPE SynchronizationScope;
    WDFOBJECT ParentObject;
    size_t ContextSizeOverride;
    PCWDF_OBJECT_CONTEXT_TYPE_INFO ContextTypeInfo;
} WDF_OBJECT_ATTRIBUTES, *PWDF_OBJECT_ATTRIBUTES;

FORCEINLINE VOID WDF_OBJECT_ATTRIBUTES_INIT(_Out_ PWDF_OBJECT_ATTRIBUTES Attributes)
{
    RtlZeroMemory(Attributes, sizeof(*Attributes));
    Attributes->Size = WDF_STRUCTURE_SIZE(WDF_OBJECT_ATTRIBUTES);
    Attributes->ExecutionLevel = WdfExecutionLevelInheritFromParent;
    Attributes->SynchronizationScope = WdfSynchronizationScopeInheritFromParent;
}

_IRQL_requires_max_(DISPATCH_LEVEL + 1)
PVOID WdfObjectGetTypedContextWorker(
    _In_ WDFOBJECT Handle, _In_ PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfo);

_Must_inspect_result_ _IRQL_requires_max_(DISPATCH_LEVEL)
NTSTATUS WdfObjectAllocateContext(
    _In_ WDFOBJECT Handle, _In_ PWDF_OBJECT_ATTRIBUTES ContextAttributes, _Out_opt_ PVOID* Context);

_IRQL_requires_max_(DISPATCH_LEVEL + 1)
WDFOBJECT WdfObjectContextGetObject(_In_ PVOID ContextPointer);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfObjectReferenceActual(
    _In_ WDFOBJECT Handle, _In_opt_ PVOID Tag, _In_ LONG Line, _In_ PCCH File);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfObjectDereferenceActual(
    _In_ WDFOBJECT Handle, _In_opt_ PVOID Tag, _In_ LONG Line, _In_ PCCH File);

_Must_inspect_result_ _IRQL_requires_max_(DISPATCH_LEVEL)
NTSTATUS WdfObjectCreate(_In_opt_ PWDF_OBJECT_ATTRIBUTES Attributes, _Out_ WDFOBJECT* Object);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfObjectDelete(_In_ WDFOBJECT Object);

_Must_inspect_result_ _IRQL_requires_max_(DISPATCH_LEVEL)
NTSTATUS WdfObjectQuery(
    _In_ WDFOBJECT Object, _In_ const GUID* Guid, _In_ ULONG QueryBufferLength,
    _Out_ PVOID QueryBuffer);

WDF_EXTERN_C_END

#define WdfObjectReferenceWithTag(Handle, Tag) \
    WdfObjectReferenceActual(Handle, Tag, __LINE__, __FILE__)
#define WdfObjectReference(Handle) WdfObjectReferenceWithTag(Handle, NULL)
#define WdfObjectDereferenceWithTag(Handle, Tag) \
    WdfObjectDereferenceActual(Handle, Tag, __LINE__, __FILE__)
#define WdfObjectDereference(Handle) WdfObjectDereferenceWithTag(Handle, NULL)

#define WDF_TYPE_NAME_TO_TYPE_INFO(_contexttype) _WDF_##_contexttype##_TYPE_INFO
#define WDF_TYPE_NAME_POINTER_TYPE(_contexttype) WDF_POINTER_TYPE_##_contexttype
#define WDF_GET_CONTEXT_TYPE_INFO(_contexttype) (&WDF_TYPE_NAME_TO_TYPE_INFO(_contexttype))

#ifdef __cplusplus
#define GX_WDF_TYPE_INFO_DEFINITION inline const
#else
#define GX_WDF_TYPE_INFO_DEFINITION __attribute__((weak)) const
#endif

#define WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(_contexttype, _castingfunction)                       \
    typedef _contexttype *WDF_TYPE_NAME_POINTER_TYPE(_contexttype);                              \
    GX_WDF_TYPE_INFO_DEFINITION WDF_OBJECT_CONTEXT_TYPE_INFO WDF_TYPE_NAME_TO_TYPE_INFO(         \
        _contexttype) = {                                                                        \
        sizeof(WDF_OBJECT_CONTEXT_TYPE_INFO),                                                    \
        #_contexttype,                                                                           \
        sizeof(_contexttype),                                                                    \
        WDF_GET_CONTEXT_TYPE_INFO(_contexttype),                                                 \
        NULL,                                                                                    \
    };                                                                                           \
    __attribute__((unused)) FORCEINLINE WDF_TYPE_NAME_POINTER_TYPE(_contexttype)                 \
        _castingfunction(_In_ WDFOBJECT Handle)                                                  \
    {                                                                                            \
        return (WDF_TYPE_NAME_POINTER_TYPE(_contexttype))WdfObjectGetTypedContextWorker(         \
            Handle, WDF_GET_CONTEXT_TYPE_INFO(_contexttype)->UniqueType);                        \
    }

#define WDF_DECLARE_CONTEXT_TYPE(_contexttype) \
    WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(_contexttype, WdfObjectGet_##_contexttype)

#define WdfObjectGetTypedContext(handle, type)     \
    ((type *)WdfObjectGetTypedContextWorker(       \
        (WDFOBJECT)(handle), WDF_GET_CONTEXT_TYPE_INFO(type)->UniqueType))

#define WDF_OBJECT_ATTRIBUTES_SET_CONTEXT_TYPE(_attributes, _contexttype) \
    ((_attributes)->ContextTypeInfo = WDF_GET_CONTEXT_TYPE_INFO(_contexttype)->UniqueType)

#define WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(_attributes, _contexttype) \
    (WDF_OBJECT_ATTRIBUTES_INIT(_attributes),                              \
     (void)WDF_OBJECT_ATTRIBUTES_SET_CONTEXT_TYPE(_attributes, _contexttype))

/*
 * Custom types: a mark on an object, with a number of the driver's own, that can be asked for
 * later. A custom type is a context of a type named for it.
 */
#define WDF_CUSTOM_TYPE_CONTEXT_NAME(_type) WdfCustomType_##_type
#define WDF_GET_CUSTOM_TYPE_FUNCTION_NAME(_type) WdfObjectGetCustomType_##_type
#define WDF_ADD_CUSTOM_TYPE_FUNCTION_NAME(_type) WdfObjectAddCustomType_##_type

typedef struct _WDF_CUSTOM_TYPE_CONTEXT {
    ULONG Size;
    ULONG_PTR Data;
} WDF_CUSTOM_TYPE_CONTEXT, *PWDF_CUSTOM_TYPE_CONTEXT;

FORCEINLINE NTSTATUS GxWdfAddCustomType(
    _In_ WDFOBJECT Handle, _In_ PCWDF_OBJECT_CONTEXT_TYPE_INFO Type, _In_ ULONG_PTR Data,
    _In_opt_ PFN_WDF_OBJECT_CONTEXT_CLEANUP EvtCleanupCallback,
    _In_opt_ PFN_WDF_OBJECT_CONTEXT_DESTROY EvtDestroyCallback)
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    PVOID Context;
    NTSTATUS Status;

    WDF_OBJECT_ATTRIBUTES_INIT(&Attributes);
    Attributes.ContextTypeInfo = Type;
    Attributes.EvtCleanupCallback = EvtCleanupCallback;
    Attributes.EvtDestroyCallback = EvtDestroyCallback;
    Status = WdfObjectAllocateContext(Handle, &Attributes, &Context);
    if (NT_SUCCESS(Status)) {
        ((PWDF_CUSTOM_TYPE_CONTEXT)Context)->Size = (ULONG)sizeof(WDF_CUSTOM_TYPE_CONTEXT);
        ((PWDF_CUSTOM_TYPE_CONTEXT)Context)->Data = Data;
    }
    return Status;
}

#define WDF_DECLARE_CUSTOM_TYPE(_type)                                                           \
    typedef WDF_CUSTOM_TYPE_CONTEXT WDF_CUSTOM_TYPE_CONTEXT_NAME(_type);                         \
    GX_WDF_EXPAND_CONTEXT_TYPE(                                                                  \
        WDF_CUSTOM_TYPE_CONTEXT_NAME(_type), WDF_GET_CUSTOM_TYPE_FUNCTION_NAME(_type))           \
    __attribute__((unused)) FORCEINLINE NTSTATUS WDF_ADD_CUSTOM_TYPE_FUNCTION_NAME(_type)(       \
        _In_ WDFOBJECT Handle, _In_ ULONG_PTR Data,                                              \
        _In_opt_ PFN_WDF_OBJECT_CONTEXT_CLEANUP EvtCleanupCallback,                              \
        _In_opt_ PFN_WDF_OBJECT_CONTEXT_DESTROY EvtDestroyCallback)                              \
    {                                                                                            \
        return GxWdfAddCustomType(                                                               \
            Handle, GX_WDF_EXPAND_TYPE_INFO(WDF_CUSTOM_TYPE_CONTEXT_NAME(_type)), Data,          \
            EvtCleanupCallback, EvtDestroyCallback);                                             \
    }
/* One more expansion, because the macros above paste their argument. */
#define GX_WDF_EXPAND_CONTEXT_TYPE(_contexttype, _castingfunction) \
    WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(_contexttype, _castingfunction)
#define GX_WDF_EXPAND_TYPE_INFO(_contexttype) WDF_GET_CONTEXT_TYPE_INFO(_contexttype)

#define WdfObjectAddCustomTypeWithData(_handle, _type, _data, _cleanup, _destroy) \
    WDF_ADD_CUSTOM_TYPE_FUNCTION_NAME(_type)(_handle, _data, _cleanup, _destroy)
#define WdfObjectAddCustomType(_handle, _type) \
    WdfObjectAddCustomTypeWithData(_handle, _type, 0, NULL, NULL)
#define WdfObjectGetCustomTypeData(_handle, _type) \
    (WDF_GET_CUSTOM_TYPE_FUNCTION_NAME(_type)(_handle)->Data)
#define WdfObjectIsCustomType(_handle, _type) \
    (WDF_GET_CUSTOM_TYPE_FUNCTION_NAME(_type)(_handle) != NULL)
