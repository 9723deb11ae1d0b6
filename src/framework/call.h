// Entering a function of the framework, and what happens when a driver breaks a rule. Rules that
// Windows only documents become findings; those that stop Windows are findings and then bug check
// WDF_VIOLATION (0x10D).
//
// Between two steps of the machine nothing else runs. Framework code relies on that: it changes
// its own state without locks, and calls nothing that steps (kernel functions, callbacks) while
// that state is inconsistent.
#pragma once

#include <wdf.h>

#include <cstddef>
#include <cstdint>

namespace gpioclx::framework {

class Device;
class Object;

constexpr std::uint64_t call_cost_ns = 40;

// First statement of every exported function: what it costs. At which IRQL it may be called stands
// in wdk/irql.tsv, and is checked where a driver calls it; here only what depends on its arguments.
void enter();
void enter(const char* function, KIRQL highest);

// A rule was broken, on behalf of `device` (may be null). printf-like.
void report(const char* id, const Device* device, const char* format, ...)
    __attribute__((format(printf, 3, 4)));

// As report, then bug check WDF_VIOLATION with `code` (WDF_BUGCHECK_CODES) as first parameter.
[[noreturn]] void violation(const char* id, const Device* device, ULONG code, ULONG_PTR parameter2,
                            ULONG_PTR parameter3, const char* format, ...)
    __attribute__((format(printf, 6, 7)));

// A required pointer is null: WDF_REQUIRED_PARAMETER_IS_NULL.
void require(const void* pointer, const char* function, const char* parameter);

// A structure that a function without a status to return cannot refuse has the wrong size.
[[noreturn]] void wrong_size(const char* function, const char* name, ULONG size, std::size_t right);

// `structure` is there and its Size is right.
template <typename T>
void require_size(const T* structure, const char* function, const char* name) {
    require(structure, function, name);
    if (structure->Size != sizeof(T)) wrong_size(function, name, structure->Size, sizeof(T));
}

}  // namespace gpioclx::framework
