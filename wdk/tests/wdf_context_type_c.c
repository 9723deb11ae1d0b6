/* The C half of wdf_context_type_test.cpp: one source of a driver that declares a shared type. */
#include "wdf_context_type.h"

PCWDF_OBJECT_CONTEXT_TYPE_INFO SharedTypeAsSeenFromC(void)
{
    return WDF_GET_CONTEXT_TYPE_INFO(SHARED_CONTEXT)->UniqueType;
}

SHARED_CONTEXT *SharedContextAsSeenFromC(WDFOBJECT Handle)
{
    return GetSharedContext(Handle);
}

PCWDF_OBJECT_CONTEXT_TYPE_INFO WrappedTypeAsSeenFromC(void)
{
    return WDF_GET_CONTEXT_TYPE_INFO(WRAPPED_CONTEXT)->UniqueType;
}
