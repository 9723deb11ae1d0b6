// What clients are called with, as the tests write it.
#pragma once

#include <string>

#include "conformance_test.h"

namespace gpioclx::conformance {

inline const char* text_of(KINTERRUPT_MODE mode) { return mode == Latched ? "edge" : "level"; }
inline const char* text_of(KINTERRUPT_POLARITY polarity) {
    switch (polarity) {
        case InterruptActiveHigh: return "high";
        case InterruptActiveLow: return "low";
        case InterruptActiveBoth: return "both";
        default: return "unknown";
    }
}
inline std::string text_of(WDF_POWER_DEVICE_STATE state) {
    switch (state) {
        case WdfPowerDeviceD0: return "D0";
        case WdfPowerDeviceD1: return "D1";
        case WdfPowerDeviceD2: return "D2";
        case WdfPowerDeviceD3: return "D3";
        case WdfPowerDeviceD3Final: return "D3Final";
        default: return std::to_string(static_cast<int>(state));
    }
}
inline const char* text_of(BOOLEAN value) { return value ? "TRUE" : "FALSE"; }

inline std::string text_of(const PIN_NUMBER* table, ULONG count) {
    std::string text;
    for (ULONG i = 0; i < count; ++i) text += (i == 0 ? "" : " ") + std::to_string(table[i]);
    return "{" + text + "}";
}

}  // namespace gpioclx::conformance
