#include "bank.h"

#include "input_only.h"

namespace gpioclx {

NTSTATUS create_banks(Controller& controller) {
    const USHORT total = controller.information.TotalPins;
    const USHORT per_bank = controller.information.NumberOfPinsPerBank;
    const USHORT count = static_cast<USHORT>((total + per_bank - 1) / per_bank);  // B1
    controller.banks = allocate_array<Bank>(count);
    if (controller.banks == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    controller.bank_count = count;
    for (USHORT i = 0; i < count; ++i) {
        Bank& bank = controller.banks[i];
        const ULONG first = i * per_bank;
        bank.controller = &controller;
        bank.id = i;
        bank.pin_count =
            static_cast<USHORT>(total - first < per_bank ? total - first : per_bank);  // B3
        bank.pins = allocate_array<Pin>(bank.pin_count);
        if (bank.pins == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
        initialize_locks(bank);
    }
    return STATUS_SUCCESS;
}

void destroy_banks(Controller& controller) {
    for (USHORT i = 0; i < controller.bank_count; ++i) {
        Bank& bank = controller.banks[i];
        if (bank.pins == nullptr) continue;
        forget_locks(bank);
        release(bank.pins);
    }
    release(controller.banks);
    controller.banks = nullptr;
    controller.bank_count = 0;
}

Bank& bank_of_pin(Controller& controller, ULONG pin) {
    NT_ASSERT(pin < controller.information.TotalPins);
    return controller.banks[pin / controller.information.NumberOfPinsPerBank];
}

PIN_NUMBER relative_pin(const Controller& controller, ULONG pin) {
    return static_cast<PIN_NUMBER>(pin % controller.information.NumberOfPinsPerBank);
}

void require_success(Bank& bank, const char* callback, ULONG64 operand, NTSTATUS status,
                     const void* parameters, ULONG attempts) {
    if (NT_SUCCESS(status)) return;
    Controller& controller = *bank.controller;
    if (!controller.memory_mapped()) return log_failure(bank, callback, operand, status, attempts);
    GxReportFinding("V25", controller.physical_device, "%s of bank %u failed with %!STATUS!",
                    callback, bank.id, status);
    KeBugCheckEx(gpio_controller_driver_error, 5, static_cast<ULONG_PTR>(status),
                 reinterpret_cast<ULONG_PTR>(&controller), reinterpret_cast<ULONG_PTR>(parameters));
}

namespace {

// V23, V24
void check_failed_mask(Bank& bank, const char* callback, ULONG64 asked, ULONG64 failed,
                       NTSTATUS status) {
    PDEVICE_OBJECT device = bank.controller->physical_device;
    if ((failed & ~asked) != 0) {
        GxReportFinding(
            "V23", device,
            "%s of bank %u reports pins as failed (%I64x) that it was not asked for (%I64x)",
            callback, bank.id, failed, asked);
    }
    if ((failed != 0) == NT_SUCCESS(status)) {
        GxReportFinding("V24", device, "%s of bank %u returned status %08x with failed mask %I64x",
                        callback, bank.id, status, failed);
    }
}

// Serial controllers, under the wait lock. The pin stays connected, without interrupts, until it is
// disconnected.
void disable_failed_pin(Bank& bank, PIN_NUMBER number) {
    Controller& controller = *bank.controller;
    GPIO_DISABLE_INTERRUPT_PARAMETERS parameters = {};
    parameters.BankId = bank.id;
    parameters.PinNumber = number;
    const NTSTATUS status =
        call_with(controller, {"CLIENT_DisableInterrupt", bank.id, number, GX_HOLDS_WAIT_LOCK},
                  controller.packet().CLIENT_DisableInterrupt, parameters);
    require_success(bank, "CLIENT_DisableInterrupt", number, status, &parameters);
    bank.enabled &= ~bit(number);
    bank.masked &= ~bit(number);
}

}  // namespace

void mask_pins(Bank& bank, ULONG64 pins, MaskReason reason) {
    ULONG64 to_mask = pins & bank.enabled & ~bank.masked;  // I29
    for (ULONG64 rest = pins & bank.enabled; rest != 0; rest &= rest - 1) {
        bank.pins[__builtin_ctzll(rest)].mask_reasons |= reason;
    }
    if (to_mask == 0) return;
    Controller& controller = *bank.controller;
    GPIO_MASK_INTERRUPT_PARAMETERS parameters = {};
    for (int attempt = 0; attempt < 2 && to_mask != 0; ++attempt) {  // I36: one retry
        parameters.BankId = bank.id;
        const ULONG64 asked = parameters.PinMask = to_mask;
        parameters.FailedMask = 0;
        const NTSTATUS status = call_with(controller,
                                          {"CLIENT_MaskInterrupts", bank.id, to_mask,
                                           service_locks(controller), &parameters.FailedMask},
                                          controller.packet().CLIENT_MaskInterrupts, parameters,
                                          &GPIO_MASK_INTERRUPT_PARAMETERS::FailedMask);
        check_failed_mask(bank, "CLIENT_MaskInterrupts", to_mask, parameters.FailedMask, status);
        const ULONG64 failed = NT_SUCCESS(status) ? 0 : parameters.FailedMask & to_mask;
        bank.masked |= to_mask & ~failed;
        to_mask = failed;
        require_success(bank, "CLIENT_MaskInterrupts", asked, status, &parameters, attempt + 1);
    }
    // I36: a level that can neither be masked nor served now would fire for ever.
    for (ULONG64 rest = to_mask & ~bank.latched; rest != 0; rest &= rest - 1)
        disable_failed_pin(bank, static_cast<PIN_NUMBER>(__builtin_ctzll(rest)));
    check_enabled_interrupts(bank, false);
}

void unmask_pin(Bank& bank, PIN_NUMBER number, MaskReason reason) {
    Pin& pin = bank.pins[number];
    pin.mask_reasons &= static_cast<UCHAR>(~reason);
    if (pin.mask_reasons != 0 || (bank.enabled & bank.masked & bit(number)) == 0)
        return;  // I29, I33
    Controller& controller = *bank.controller;
    GPIO_ENABLE_INTERRUPT_PARAMETERS parameters = {};  // I35: vendor data stays NULL
    parameters.BankId = bank.id;
    parameters.PinNumber = number;
    parameters.InterruptMode = pin.mode;
    parameters.Polarity = pin.polarity;
    parameters.PullConfiguration = pin.line->PullConfiguration;
    parameters.DebounceTimeout = pin.hardware_debounce;
    NTSTATUS status = call_with(
        controller, {"CLIENT_UnmaskInterrupt", bank.id, number, service_locks(controller)},
        controller.packet().CLIENT_UnmaskInterrupt, parameters);
    if (status == STATUS_GPIO_INTERRUPT_ALREADY_UNMASKED) status = STATUS_SUCCESS;
    bank.masked &= ~bit(number);
    require_success(bank, "CLIENT_UnmaskInterrupt", number, status, &parameters);
    check_enabled_interrupts(bank, false);
}

void clear_pins(Bank& bank, ULONG64 pins) {
    Controller& controller = *bank.controller;
    if (pins == 0 || controller.information.Flags.ActiveInterruptsAutoClearOnRead) return;  // I52
    GPIO_CLEAR_ACTIVE_INTERRUPTS_PARAMETERS parameters = {};
    parameters.BankId = bank.id;
    parameters.ClearActiveMask = pins;
    const NTSTATUS status = call_with(controller,
                                      {"CLIENT_ClearActiveInterrupts", bank.id, pins,
                                       service_locks(controller), &parameters.FailedClearMask},
                                      controller.packet().CLIENT_ClearActiveInterrupts, parameters,
                                      &GPIO_CLEAR_ACTIVE_INTERRUPTS_PARAMETERS::FailedClearMask);
    check_failed_mask(bank, "CLIENT_ClearActiveInterrupts", pins, parameters.FailedClearMask,
                      status);
    require_success(bank, "CLIENT_ClearActiveInterrupts", pins, status, &parameters);
}

void reconfigure_pin(Bank& bank, PIN_NUMBER number, KINTERRUPT_MODE mode,
                     KINTERRUPT_POLARITY polarity) {
    NT_ASSERT((bank.enabled & bank.masked & bit(number)) != 0);  // I67, I69
    Controller& controller = *bank.controller;
    GPIO_RECONFIGURE_INTERRUPTS_PARAMETERS parameters = {};
    parameters.BankId = bank.id;
    parameters.PinNumber = number;
    parameters.InterruptMode = mode;
    parameters.Polarity = polarity;
    const NTSTATUS status = call_with(
        controller, {"CLIENT_ReconfigureInterrupt", bank.id, number, service_locks(controller)},
        controller.packet().CLIENT_ReconfigureInterrupt, parameters);
    bank.pins[number].mode = mode;
    bank.pins[number].polarity = polarity;
    require_success(bank, "CLIENT_ReconfigureInterrupt", number, status, &parameters);
}

void check_enabled_interrupts(Bank& bank, bool always, ULONG more_locks) {
    Controller& controller = *bank.controller;
    if (!(controller.checked || always) ||
        controller.packet().CLIENT_QueryEnabledInterrupts == nullptr)
        return;
    GPIO_QUERY_ENABLED_INTERRUPTS_PARAMETERS parameters = {};
    parameters.BankId = bank.id;
    const ULONG locks = service_locks(controller) | more_locks;
    const NTSTATUS status = call_with(
        controller, {"CLIENT_QueryEnabledInterrupts", bank.id, 0, locks, &parameters.EnabledMask},
        controller.packet().CLIENT_QueryEnabledInterrupts, parameters,
        &GPIO_QUERY_ENABLED_INTERRUPTS_PARAMETERS::EnabledMask);
    require_success(bank, "CLIENT_QueryEnabledInterrupts", 0, status, &parameters);
    if (!NT_SUCCESS(status)) return;
    const ULONG64 hardware = parameters.EnabledMask;
    if ((hardware & ~bank.all_pins()) != 0) {
        GxReportFinding("V22", controller.physical_device,
                        "QueryEnabledInterrupts of bank %u reports pins that do not exist: %I64x",
                        bank.id, hardware & ~bank.all_pins());
    }
    // A pin that is being enabled is marked before its register is written (I16).
    const ULONG64 settled = bank.all_pins() & ~bank.changing;
    const ULONG64 missing = bank.enabled & ~bank.masked & ~hardware & settled;
    const ULONG64 extra = hardware & ~bank.enabled & settled;
    if (missing != 0 || extra != 0) {
        GxReportFinding("V31", controller.physical_device,
                        "QueryEnabledInterrupts of bank %u returned %I64x; enabled are %I64x, of "
                        "these masked %I64x",
                        bank.id, hardware, bank.enabled, bank.masked);
    }
}

}  // namespace gpioclx
