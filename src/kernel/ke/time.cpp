#include "kernel/ke/time.h"

#include "ext/gx_export.h"
#include "kernel/ke/cost.h"

namespace ke = gpioclx::kernel::ke;
using gpioclx::machine::Machine;

namespace {

std::uint64_t now_100ns() {
    ke::charge();
    return Machine::current().now_ns() / 100;
}

}  // namespace

#undef KeQuerySystemTime
VOID KeQuerySystemTime(PLARGE_INTEGER CurrentTime) {
    CurrentTime->QuadPart = ke::start_of_system_time + static_cast<LONGLONG>(now_100ns());
}
GX_EXPORT_FUNCTION(KeQuerySystemTime);

VOID KeQuerySystemTimePrecise(PLARGE_INTEGER CurrentTime) {
    CurrentTime->QuadPart = ke::start_of_system_time + static_cast<LONGLONG>(now_100ns());
}
GX_EXPORT_FUNCTION(KeQuerySystemTimePrecise);

ULONGLONG KeQueryInterruptTime(VOID) { return now_100ns(); }
GX_EXPORT_FUNCTION(KeQueryInterruptTime);

ULONGLONG KeQueryInterruptTimePrecise(PULONG64 QpcTimeStamp) {
    const std::uint64_t now = now_100ns();
    if (QpcTimeStamp != nullptr) *QpcTimeStamp = now;
    return now;
}
GX_EXPORT_FUNCTION(KeQueryInterruptTimePrecise);

ULONGLONG KeQueryUnbiasedInterruptTime(VOID) { return now_100ns(); }
GX_EXPORT_FUNCTION(KeQueryUnbiasedInterruptTime);

#undef KeQueryTickCount
VOID KeQueryTickCount(PLARGE_INTEGER CurrentCount) {
    CurrentCount->QuadPart = static_cast<LONGLONG>(now_100ns() / ke::time_increment);
}
GX_EXPORT_FUNCTION(KeQueryTickCount);

ULONG KeQueryTimeIncrement(VOID) {
    ke::charge();
    return ke::time_increment;
}
GX_EXPORT_FUNCTION(KeQueryTimeIncrement);

LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER PerformanceFrequency) {
    if (PerformanceFrequency != nullptr) PerformanceFrequency->QuadPart = ke::performance_frequency;
    LARGE_INTEGER counter;
    counter.QuadPart = static_cast<LONGLONG>(now_100ns());
    return counter;
}
GX_EXPORT_FUNCTION(KeQueryPerformanceCounter);

// In slices, so that interrupts, timers and other processors come in between.
VOID KeStallExecutionProcessor(ULONG MicroSeconds) {
    Machine& machine = Machine::current();
    const std::uint64_t end_ns = machine.now_ns() + std::uint64_t{MicroSeconds} * 1000;
    for (ULONG i = 0; i < MicroSeconds && machine.now_ns() < end_ns; ++i) {
        ke::charge(ke::cost::stall_slice_ns);
    }
}
GX_EXPORT_FUNCTION(KeStallExecutionProcessor);

VOID GxYieldProcessor(VOID) { ke::charge(); }
GX_EXPORT_FUNCTION(GxYieldProcessor);

// The machine stands in Greenwich.
VOID ExSystemTimeToLocalTime(PLARGE_INTEGER SystemTime, PLARGE_INTEGER LocalTime) {
    ke::charge();
    *LocalTime = *SystemTime;
}
GX_EXPORT_FUNCTION(ExSystemTimeToLocalTime);

VOID ExLocalTimeToSystemTime(PLARGE_INTEGER LocalTime, PLARGE_INTEGER SystemTime) {
    ke::charge();
    *SystemTime = *LocalTime;
}
GX_EXPORT_FUNCTION(ExLocalTimeToSystemTime);

ULONG ExSetTimerResolution(ULONG DesiredTime, BOOLEAN SetResolution) {
    ke::charge();
    return SetResolution ? DesiredTime : ke::time_increment;
}
GX_EXPORT_FUNCTION(ExSetTimerResolution);

VOID ExQueryTimerResolution(PULONG MaximumTime, PULONG MinimumTime, PULONG CurrentTime) {
    ke::charge();
    *MaximumTime = ke::time_increment;
    *MinimumTime = 5000;
    *CurrentTime = ke::time_increment;
}
GX_EXPORT_FUNCTION(ExQueryTimerResolution);
