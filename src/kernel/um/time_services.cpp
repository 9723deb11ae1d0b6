// Clocks of a driver in user mode, all of the machine's time, and what it tells a debugger.
#include <um/parts/um_time.h>
#include <wdm.h>

#include "ext/gx_export.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/time.h"

namespace ke = gpioclx::kernel::ke;

namespace {

constexpr std::uint64_t units_in_ms = 10'000;  // of 100 ns

// As coarse as the system's timer.
std::uint64_t tick_count() {
    LARGE_INTEGER ticks;
    KeQueryTickCount(&ticks);
    return static_cast<std::uint64_t>(ticks.QuadPart) * ke::time_increment / units_in_ms;
}

void tell_time(LPFILETIME time) {
    ke::charge();
    ULARGE_INTEGER now;
    now.QuadPart = static_cast<ULONGLONG>(ke::system_time());
    *time = {now.LowPart, now.HighPart};
}

}  // namespace

ULONGLONG GetTickCount64(VOID) { return tick_count(); }
GX_EXPORT_FUNCTION(GetTickCount64);

DWORD GetTickCount(VOID) { return static_cast<DWORD>(tick_count()); }
GX_EXPORT_FUNCTION(GetTickCount);

BOOL QueryPerformanceCounter(LARGE_INTEGER* Count) {
    *Count = KeQueryPerformanceCounter(nullptr);
    return TRUE;
}
GX_EXPORT_FUNCTION(QueryPerformanceCounter);

BOOL QueryPerformanceFrequency(LARGE_INTEGER* Frequency) {
    KeQueryPerformanceCounter(Frequency);
    return TRUE;
}
GX_EXPORT_FUNCTION(QueryPerformanceFrequency);

VOID GetSystemTimeAsFileTime(LPFILETIME Time) { tell_time(Time); }
GX_EXPORT_FUNCTION(GetSystemTimeAsFileTime);

VOID GetSystemTimePreciseAsFileTime(LPFILETIME Time) { tell_time(Time); }
GX_EXPORT_FUNCTION(GetSystemTimePreciseAsFileTime);

VOID OutputDebugStringA(LPCSTR Text) {
    if (Text != nullptr) DbgPrint("%s", Text);
}
GX_EXPORT_FUNCTION(OutputDebugStringA);

VOID OutputDebugStringW(LPCWSTR Text) {
    if (Text != nullptr) DbgPrint("%ws", Text);
}
GX_EXPORT_FUNCTION(OutputDebugStringW);

BOOL IsDebuggerPresent(VOID) {
    ke::charge();
    return FALSE;
}
GX_EXPORT_FUNCTION(IsDebuggerPresent);
