/* Work items of UMDF 1.11 drivers. */
#pragma once

#include "wudf/forward.h"

typedef VOID WUDF_WORKITEM_FUNCTION(_In_ IWDFWorkItem* pWorkItem);
typedef WUDF_WORKITEM_FUNCTION* PFN_WUDF_WORKITEM;

typedef struct _WUDF_WORKITEM_CONFIG {
    ULONG Size;
    PFN_WUDF_WORKITEM OnWorkItemFunc;
    BOOLEAN AutomaticSerialization;
} WUDF_WORKITEM_CONFIG, *PWUDF_WORKITEM_CONFIG;

FORCEINLINE VOID WUDF_WORKITEM_CONFIG_INIT(
    _Out_ PWUDF_WORKITEM_CONFIG pConfig, _In_ PFN_WUDF_WORKITEM OnWorkItemFunc)
{
    __builtin_memset(pConfig, 0, sizeof(*pConfig));
    pConfig->Size = sizeof(*pConfig);
    pConfig->OnWorkItemFunc = OnWorkItemFunc;
    pConfig->AutomaticSerialization = TRUE;
}
