/* What a COM server exports, and the entry that it may have. */
#pragma once

#include "unknwn.h"
#include "parts/um_types.h"

STDAPI DllGetClassObject(_In_ REFCLSID ClassId, _In_ REFIID InterfaceId, _Outptr_ LPVOID* Object);
STDAPI DllCanUnloadNow(void);

/* Declared, so that a driver need not say extern "C"; nor does Microsoft's compiler ask for it. */
#ifndef DLL_PROCESS_ATTACH
#define DLL_PROCESS_DETACH 0
#define DLL_PROCESS_ATTACH 1
#define DLL_THREAD_ATTACH 2
#define DLL_THREAD_DETACH 3
#endif
EXTERN_C BOOL WINAPI DllMain(_In_ HINSTANCE Instance, _In_ DWORD Reason, _In_opt_ LPVOID Reserved);
