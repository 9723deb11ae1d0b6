#include "arbitration.h"

namespace gpioclx {

NTSTATUS may_become_interrupt(const Pin& pin, const GX_LINE_DESCRIPTOR& line) {
    if (pin.firmware_only && !line.ForFirmware) return STATUS_GPIO_OPERATION_DENIED;  // C55
    if (pin.function_count > 0) return STATUS_GPIO_INCOMPATIBLE_CONNECT_MODE;         // C73
    if (pin.open_count == 0) return STATUS_SUCCESS;
    // I22: both shared, and the I/O is input only. The firmware shares with itself: an event method
    // reads its pin.
    if (!pin.firmware_only && (!line.Shared || !pin.open_shared)) return STATUS_ACCESS_DENIED;
    return pin.open_mode == ConnectModeInput ? STATUS_SUCCESS
                                             : STATUS_GPIO_INCOMPATIBLE_CONNECT_MODE;
}

NTSTATUS may_be_opened(const Pin& pin, const GX_GPIO_CONNECTION& resource,
                       GPIO_CONNECT_IO_PINS_MODE mode) {
    if (pin.firmware_only && !resource.ForFirmware) return STATUS_GPIO_OPERATION_DENIED;  // C55
    if (pin.function_count > 0) return STATUS_GPIO_INCOMPATIBLE_CONNECT_MODE;
    if (pin.line != nullptr) {
        const bool same_user = resource.ForFirmware && pin.line->ForFirmware;
        if (!same_user && (!resource.Shared || !pin.line->Shared)) return STATUS_ACCESS_DENIED;
        if (mode != ConnectModeInput) return STATUS_GPIO_INCOMPATIBLE_CONNECT_MODE;
    }
    if (pin.open_count == 0) return STATUS_SUCCESS;
    if (!resource.Shared || !pin.open_shared) return STATUS_ACCESS_DENIED;  // C51
    // C53
    const bool same = pin.open_mode == mode &&
                      pin.pull_configuration == resource.PullConfiguration &&
                      pin.debounce_timeout == resource.DebounceTimeout &&
                      pin.drive_strength == resource.DriveStrength;
    return same ? STATUS_SUCCESS : STATUS_GPIO_INCOMPATIBLE_CONNECT_MODE;
}

NTSTATUS may_be_reserved(const Pin& pin, const GX_GPIO_CONNECTION& resource) {
    if (pin.line != nullptr || pin.open_count > 0) return STATUS_GPIO_INCOMPATIBLE_CONNECT_MODE;
    if (pin.function_count == 0) return STATUS_SUCCESS;
    if (!resource.Shared || !pin.function_shared) return STATUS_ACCESS_DENIED;
    const bool same = pin.function_number == resource.FunctionNumber &&
                      pin.function_pull == resource.PullConfiguration;
    return same ? STATUS_SUCCESS : STATUS_GPIO_INCOMPATIBLE_CONNECT_MODE;
}

}  // namespace gpioclx
