// Pins as interrupt inputs, as the kernel asks for them (6.2, 6.3): enable with the first service
// routine, disable with the last, unmask when passive routines have returned.
#include "arbitration.h"
#include "client_call.h"

namespace gpioclx {
namespace {

Controller& controller_from(PVOID context) {
    return *static_cast<Controller*>(context);
}

// I20, I72: what the hardware is asked for.
void choose_programming(const Controller& controller, const GX_LINE_DESCRIPTOR& line, Pin& pin) {
    pin.mode = line.Mode;
    pin.polarity = line.Polarity;
    pin.emulates_both =
        line.Polarity == InterruptActiveBoth && controller.information.Flags.EmulateActiveBoth;
    if (pin.emulates_both) {
        pin.mode = LevelSensitive;
        pin.polarity = pin.asserted_high ? InterruptActiveHigh : InterruptActiveLow;  // I73
    }
}

NTSTATUS call_enable(Bank& bank, PIN_NUMBER number) {
    Controller& controller = *bank.controller;
    const Pin& pin = bank.pins[number];
    GPIO_ENABLE_INTERRUPT_PARAMETERS parameters = {};
    parameters.BankId = bank.id;
    parameters.PinNumber = number;
    parameters.InterruptMode = pin.mode;
    parameters.Polarity = pin.polarity;
    parameters.PullConfiguration = pin.line->PullConfiguration;
    parameters.DebounceTimeout = pin.line->DebounceTimeout;
    parameters.VendorData = pin.line->VendorData;
    parameters.VendorDataLength = pin.line->VendorDataLength;
    return call_client(controller, {"CLIENT_EnableInterrupt", bank.id, number, GX_HOLDS_WAIT_LOCK},
                       controller.packet().CLIENT_EnableInterrupt, controller.context, &parameters);
}

// Marks or unmarks the pin in the masks that the service routine uses. For a serial controller the
// wait lock, which the caller holds, guards them.
void set_marked(Bank& bank, PIN_NUMBER number, bool enabled) {
    const bool own_lock = bank.controller->memory_mapped();
    const KIRQL irql = own_lock ? acquire_interrupt_lock(bank) : KeGetCurrentIrql();
    const ULONG64 pin = bit(number);
    bank.masked &= ~pin;  // I25
    bank.enabled = enabled ? bank.enabled | pin : bank.enabled & ~pin;
    const bool edge = enabled && bank.pins[number].mode == Latched;
    bank.latched = edge ? bank.latched | pin : bank.latched & ~pin;
    bank.pins[number].mask_reasons = 0;
    if (own_lock) release_interrupt_lock(bank, irql);
}

void check_enabled(Bank& bank) {
    if (!bank.controller->checked) return;
    if (!bank.controller->memory_mapped()) {
        check_enabled_interrupts(bank, false);
        return;
    }
    ServiceLock lock(bank);
    check_enabled_interrupts(bank, false);
}

NTSTATUS line_enable(PVOID context, ULONG gsi, const GX_LINE_DESCRIPTOR* line) {
    Controller& controller = controller_from(context);
    if (!has_interrupts(controller.packet())) return STATUS_NOT_SUPPORTED;
    if (line->Pin >= controller.information.TotalPins) return STATUS_INVALID_PARAMETER;
    Bank& bank = bank_of_pin(controller, line->Pin);
    const PIN_NUMBER number = relative_pin(controller, line->Pin);
    if (bank.primary == nullptr) return STATUS_NOT_SUPPORTED;  // I6, I9

    WaitLockScope wait(bank);
    Pin& pin = bank.pins[number];
    NTSTATUS status = may_become_interrupt(pin, *line);
    if (!NT_SUCCESS(status)) return status;
    pin.line = line;
    pin.gsi = gsi;
    choose_programming(controller, *line, pin);
    // I16: marked first, because the primary may fire before CLIENT_EnableInterrupt returns.
    set_marked(bank, number, true);
    status = call_enable(bank, number);
    if (!NT_SUCCESS(status)) {  // I21
        set_marked(bank, number, false);
        pin.line = nullptr;
        return status;
    }
    check_enabled(bank);
    return STATUS_SUCCESS;
}

VOID line_disable(PVOID context, ULONG, ULONG controller_pin) {
    Controller& controller = controller_from(context);
    Bank& bank = bank_of_pin(controller, controller_pin);
    const PIN_NUMBER number = relative_pin(controller, controller_pin);
    WaitLockScope wait(bank);
    GPIO_DISABLE_INTERRUPT_PARAMETERS parameters = {};
    parameters.BankId = bank.id;
    parameters.PinNumber = number;
    NTSTATUS status = STATUS_UNSUCCESSFUL;
    const int attempts = controller.memory_mapped() ? 1 : 4;  // I24
    for (int attempt = 0; attempt < attempts && !NT_SUCCESS(status); ++attempt) {
        parameters.Flags.RetryDisableOnFailure = attempt > 0;
        status = call_client(
            controller, {"CLIENT_DisableInterrupt", bank.id, number, GX_HOLDS_WAIT_LOCK},
            controller.packet().CLIENT_DisableInterrupt, controller.context, &parameters);
    }
    if (!NT_SUCCESS(status)) {
        GxReportFinding("V25", controller.physical_device,
                        "CLIENT_DisableInterrupt of pin %u of bank %u failed with %!STATUS!",
                        number, bank.id, status);
        if (controller.memory_mapped()) {
            KeBugCheckEx(gpio_controller_driver_error, 5, static_cast<ULONG_PTR>(status),
                         reinterpret_cast<ULONG_PTR>(&controller),
                         reinterpret_cast<ULONG_PTR>(&parameters));
        }
    }
    set_marked(bank, number, false);  // I16: only now
    bank.pins[number].line = nullptr;
    check_enabled(bank);
}

// I42: after the passive routines of a level pin.
VOID line_serviced(PVOID context, ULONG, ULONG controller_pin, BOOLEAN claimed) {
    Controller& controller = controller_from(context);
    Bank& bank = bank_of_pin(controller, controller_pin);
    const PIN_NUMBER number = relative_pin(controller, controller_pin);
    Pin& pin = bank.pins[number];
    ServiceLock lock(bank);
    ++pin.delivered;
    if (!claimed) ++pin.unclaimed;
    if ((bank.enabled & bit(number)) == 0 || (pin.mask_reasons & masked_in_service) == 0) return;
    if (!pin.emulates_both && (bank.latched & bit(number)) == 0) clear_pins(bank, bit(number));
    unmask_pin(bank, number, masked_in_service);
}

// I95
VOID line_set_active(PVOID context, ULONG, ULONG controller_pin, BOOLEAN active) {
    Controller& controller = controller_from(context);
    if (!controller.memory_mapped() && KeGetCurrentIrql() > PASSIVE_LEVEL)
        return;  // dispatch stops anyway (I96)
    Bank& bank = bank_of_pin(controller, controller_pin);
    const PIN_NUMBER number = relative_pin(controller, controller_pin);
    ServiceLock lock(bank);
    if ((bank.enabled & bit(number)) == 0) return;
    if (active) {
        unmask_pin(bank, number, masked_inactive);
    } else {
        mask_pins(bank, bit(number), masked_inactive);
    }
}

// I14
KIRQL line_query_irql(PVOID context, ULONG controller_pin) {
    Controller& controller = controller_from(context);
    if (!controller.memory_mapped() || controller_pin >= controller.information.TotalPins)
        return PASSIVE_LEVEL;
    return bank_of_pin(controller, controller_pin).interrupt_lock.irql;
}

}  // namespace

NTSTATUS register_lines(Controller& controller) {
    GX_INTERRUPT_CONTROLLER lines = {};
    lines.Size = sizeof(lines);
    lines.PinCount = controller.information.TotalPins;
    lines.Enable = &line_enable;
    lines.Disable = &line_disable;
    lines.Serviced = &line_serviced;
    lines.SetActive = &line_set_active;
    lines.QueryIrql = &line_query_irql;
    const NTSTATUS status =
        GxRegisterInterruptController(controller.physical_device, &lines, &controller);
    controller.lines_registered = NT_SUCCESS(status);
    return status;
}

void unregister_lines(Controller& controller) {
    if (controller.lines_registered) GxUnregisterInterruptController(controller.physical_device);
    controller.lines_registered = false;
}

}  // namespace gpioclx
