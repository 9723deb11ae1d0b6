/* What a COM server exports. */
#pragma once

#include "unknwn.h"

STDAPI DllGetClassObject(_In_ REFCLSID ClassId, _In_ REFIID InterfaceId, _Outptr_ LPVOID* Object);
STDAPI DllCanUnloadNow(void);
