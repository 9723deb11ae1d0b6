// Not Windows. How a function of the kernel or the framework becomes visible to drivers: the image
// loader resolves a driver's imports only against this table, never against the C library.
#pragma once

typedef struct _GX_EXPORT {
    const char* Name;
    const void* Address;
} GX_EXPORT;

// GX_EXPORT_FUNCTION(KeSetEvent); at namespace scope, beside the definition.
#define GX_EXPORT_FUNCTION(name)                                                  \
    extern "C" __attribute__((used, section("gx_exports"), aligned(16)))          \
    const GX_EXPORT gx_export_##name = {#name, reinterpret_cast<const void*>(&name)}

// Before a function that asks for its return address to tell which driver called it: never becomes part of
// another function of ours, whose caller that would be.
#define GX_ASKS_CALLER __attribute__((noinline))

// The same for a function of ours that drivers call by another name: GX_EXPORT_AS(memcpy, copy).
#define GX_EXPORT_AS(name, function)                                              \
    extern "C" __attribute__((used, section("gx_exports"), aligned(16)))          \
    const GX_EXPORT gx_export_##name = {#name, reinterpret_cast<const void*>(&function)}
