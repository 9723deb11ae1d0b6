#include "idle.h"

#include "debounce.h"

namespace gpioclx {

NTSTATUS allow_idle(Controller& controller) {
    if (!controller.information.Flags.DeviceIdlePowerMgmtSupported) return STATUS_SUCCESS;
    WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS settings;
    WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(&settings, IdleCannotWakeFromS0);
    settings.DxState = PowerDeviceD3;
    settings.IdleTimeout = controller.information.DeviceIdleTimeout;
    settings.UserControlOfIdleSettings = IdleDoNotAllowUserControl;
    settings.Enabled = WdfTrue;
    const NTSTATUS status = WdfDeviceAssignS0IdleSettings(controller.device, &settings);
    controller.may_idle = NT_SUCCESS(status);
    return status;
}

NTSTATUS hold_power(Controller& controller) {
    if (!controller.may_idle) return STATUS_SUCCESS;
    return WdfDeviceStopIdle(controller.device, TRUE);
}

void let_power_go(Controller& controller) {
    if (controller.may_idle) WdfDeviceResumeIdle(controller.device);
}

void mask_for_low_power(Controller& controller) {
    for (USHORT i = 0; i < controller.bank_count; ++i) {
        Bank& bank = controller.banks[i];
        if (bank.primary == nullptr) continue;
        ServiceLock lock(bank);
        mask_pins(bank, bank.enabled, masked_for_power);
    }
}

void unmask_after_low_power(Controller& controller) {
    for (USHORT i = 0; i < controller.bank_count; ++i) {
        Bank& bank = controller.banks[i];
        if (bank.primary == nullptr) continue;
        ServiceLock lock(bank);
        apply_activity(bank);
        for (ULONG64 rest = bank.enabled; rest != 0; rest &= rest - 1) {
            const PIN_NUMBER number = static_cast<PIN_NUMBER>(__builtin_ctzll(rest));
            unmask_pin(bank, number, masked_for_power);
            if (bank.pins[number].debouncer != nullptr) resume_debouncer(bank, number);
        }
    }
}

}  // namespace gpioclx
