/*
 * The roots of COM: IUnknown, IClassFactory, and the words that interfaces are declared with.
 *
 * An interface has its identifier as a constant (IID_IUnknown) and, with the compiler of the driver
 * kit, for __uuidof.
 */
#pragma once

#include "ntdef.h"
#include "parts/hresult.h"

#ifndef __cplusplus
#error COM interfaces are declared for C++ only
#endif

#undef DECLSPEC_UUID
#ifdef __clang__
#define DECLSPEC_UUID(text) __declspec(uuid(text))
#else
#define DECLSPEC_UUID(text)
#endif
#ifndef __STRUCT__
#define __STRUCT__ struct
#define interface struct
#endif
#ifndef MIDL_INTERFACE
#define MIDL_INTERFACE(text) struct DECLSPEC_UUID(text) DECLSPEC_NOVTABLE
#endif

#ifndef PURE
#define PURE = 0
#define STDMETHOD(name) virtual HRESULT STDMETHODCALLTYPE name
#define STDMETHOD_(type, name) virtual type STDMETHODCALLTYPE name
#define STDMETHODIMP HRESULT STDMETHODCALLTYPE
#define STDMETHODIMP_(type) type STDMETHODCALLTYPE
#endif
#ifndef STDAPI
#define STDAPI EXTERN_C HRESULT STDAPICALLTYPE
#define STDAPI_(type) EXTERN_C type STDAPICALLTYPE
#endif

#ifndef CLASS_E_NOAGGREGATION
#define CLASS_E_NOAGGREGATION ((HRESULT)0x80040110)
#define CLASS_E_CLASSNOTAVAILABLE ((HRESULT)0x80040111)
#endif

/* What an interface pointer asks for: its identifier and where it wants the answer. */
#ifndef IID_PPV_ARGS
#define IID_PPV_ARGS(place) __uuidof(**(place)), reinterpret_cast<void**>(place)
#endif

/* The constant of an interface, one object in a module. */
#define GX_IID(name, d1, d2, d3, b0, b1, b2, b3, b4, b5, b6, b7)           \
    extern "C" __attribute__((weak)) const IID name;                       \
    extern "C" __attribute__((weak)) const IID name = {                    \
        d1, d2, d3, {b0, b1, b2, b3, b4, b5, b6, b7}};

GX_IID(IID_IUnknown, 0x00000000, 0x0000, 0x0000, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)

MIDL_INTERFACE("00000000-0000-0000-C000-000000000046") IUnknown
{
    virtual HRESULT STDMETHODCALLTYPE QueryInterface(
        _In_ REFIID InterfaceId, _COM_Outptr_ void** Object) = 0;
    virtual ULONG STDMETHODCALLTYPE AddRef() = 0;
    virtual ULONG STDMETHODCALLTYPE Release() = 0;
};
typedef IUnknown* LPUNKNOWN;

GX_IID(IID_IClassFactory, 0x00000001, 0x0000, 0x0000, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)

MIDL_INTERFACE("00000001-0000-0000-C000-000000000046") IClassFactory : public IUnknown
{
    virtual HRESULT STDMETHODCALLTYPE CreateInstance(
        _In_opt_ IUnknown* OuterUnknown, _In_ REFIID InterfaceId, _COM_Outptr_ void** Object) = 0;
    virtual HRESULT STDMETHODCALLTYPE LockServer(_In_ BOOL Lock) = 0;
};
typedef IClassFactory* LPCLASSFACTORY;
