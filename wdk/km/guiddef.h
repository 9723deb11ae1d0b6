/*
 * GUID and DEFINE_GUID. With INITGUID defined (initguid.h) DEFINE_GUID defines the constant,
 * mergeable between sources; without it, it declares it.
 */
#ifndef GX_GUIDDEF_TYPES
#define GX_GUIDDEF_TYPES

#include "parts/basic_types.h"

typedef struct _GUID {
    ULONG Data1;
    USHORT Data2;
    USHORT Data3;
    UCHAR Data4[8];
} GUID;
typedef GUID* PGUID;
typedef GUID* LPGUID;
typedef const GUID* LPCGUID;
typedef GUID IID, CLSID, FMTID;
typedef IID* LPIID;
typedef CLSID* LPCLSID;

#ifdef __cplusplus
#define REFGUID const GUID&
#define REFIID const IID&
#define REFCLSID const IID&
#define REFFMTID const IID&
extern "C++" inline int InlineIsEqualGUID(REFGUID left, REFGUID right) {
    return __builtin_memcmp(&left, &right, sizeof(GUID)) == 0;
}
extern "C++" inline int IsEqualGUID(REFGUID left, REFGUID right) {
    return __builtin_memcmp(&left, &right, sizeof(GUID)) == 0;
}
extern "C++" inline bool operator==(REFGUID left, REFGUID right) {
    return __builtin_memcmp(&left, &right, sizeof(GUID)) == 0;
}
#if __cplusplus < 202002L
extern "C++" inline bool operator!=(REFGUID left, REFGUID right) {
    return !(left == right);
}
#endif
#else
#define REFGUID const GUID*
#define REFIID const IID*
#define REFCLSID const IID*
#define REFFMTID const IID*
#define IsEqualGUID(left, right) (!__builtin_memcmp(left, right, sizeof(GUID)))
#define InlineIsEqualGUID(left, right) IsEqualGUID(left, right)
#endif
#define IsEqualIID(left, right) IsEqualGUID(left, right)
#define IsEqualCLSID(left, right) IsEqualGUID(left, right)
#endif

/* May be read again after INITGUID became defined, hence outside the guard. */
#undef DEFINE_GUID
#ifdef INITGUID
#ifdef __cplusplus
#define DEFINE_GUID(name, d1, d2, d3, b0, b1, b2, b3, b4, b5, b6, b7) \
    extern "C" const GUID __attribute__((weak))                       \
    name = {d1, d2, d3, {b0, b1, b2, b3, b4, b5, b6, b7}}
#else
#define DEFINE_GUID(name, d1, d2, d3, b0, b1, b2, b3, b4, b5, b6, b7) \
    const GUID __attribute__((weak)) name = {d1, d2, d3, {b0, b1, b2, b3, b4, b5, b6, b7}}
#endif
#else
#define DEFINE_GUID(name, d1, d2, d3, b0, b1, b2, b3, b4, b5, b6, b7) EXTERN_C const GUID name
#endif
