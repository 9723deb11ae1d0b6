#include "bank_power.h"

#include <gx_power.h>
#include <pepfx.h>

#include "input_only.h"

namespace gpioclx {
namespace {

constexpr ULONG f0 = 0;
constexpr ULONG f1 = 1;

Bank& bank_from(PVOID context, ULONG component) {
    return static_cast<Controller*>(context)->banks[component];
}

// P51: what the power framework must not ask for.
void check_request(Bank& bank, ULONG state, bool critical) {
    const bool in_f1 = bank.power != BankPower::on;
    const bool by_critical = bank.power == BankPower::off_critical;
    if (state == f1 ? !in_f1 : in_f1 && by_critical == critical) return;
    KeBugCheckEx(gpio_controller_driver_error, state == f1 ? 3 : 4, critical, in_f1 && !by_critical,
                 by_critical);
}

void call_save_or_restore(Bank& bank, ULONG state, bool critical) {
    Controller& controller = *bank.controller;
    GPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_PARAMETERS parameters = {};
    parameters.BankId = bank.id;
    parameters.State = state;  // P42: the target
    parameters.Flags.CriticalTransition = critical;
    const ULONG locks = critical ? 0 : GX_HOLDS_INTERRUPT_LOCK;
    const GPIO_CLIENT_REGISTRATION_PACKET& packet = controller.packet();
    const ULONG first_pin = bank.id * controller.information.NumberOfPinsPerBank;
    if (state == f1) {
        GxNoteContextSaved(controller.physical_device, bank.id, first_pin, bank.pin_count);
        call_with(controller, {"CLIENT_SaveBankHardwareContext", bank.id, state, locks},
                  packet.CLIENT_SaveBankHardwareContext, parameters);
    } else {
        call_with(controller, {"CLIENT_RestoreBankHardwareContext", bank.id, state, locks},
                  packet.CLIENT_RestoreBankHardwareContext, parameters);
        GxNoteContextRestored(controller.physical_device, bank.id, first_pin, bank.pin_count);
    }
}

// P43. <= DISPATCH_LEVEL.
VOID idle_state(PVOID context, ULONG component, ULONG state) {
    Controller& controller = *static_cast<Controller*>(context);
    Bank& bank = bank_from(context, component);
    const KIRQL irql = acquire_interrupt_lock(bank);
    check_request(bank, state, false);
    call_save_or_restore(bank, state, false);
    bank.power = state == f0 ? BankPower::on : BankPower::off;
    release_interrupt_lock(bank, irql);
    PoFxCompleteIdleState(controller.power, component);
}

// P44: nobody else runs.
VOID critical_transition(PVOID context, ULONG component, BOOLEAN active) {
    Bank& bank = bank_from(context, component);
    const ULONG state = active ? f0 : f1;
    if (!bank.controller->started) return;  // P33: in D3 there is nothing left to save
    check_request(bank, state, true);
    bank.controller->critical_bank = &bank;
    call_save_or_restore(bank, state, true);
    bank.controller->critical_bank = nullptr;
    bank.power = active ? BankPower::on : BankPower::off_critical;
}

VOID idle_condition(PVOID context, ULONG component) {
    PoFxCompleteIdleCondition(static_cast<Controller*>(context)->power, component);
}

// What was reported while the bank was off (I95).
VOID active_condition(PVOID context, ULONG component) {
    Bank& bank = bank_from(context, component);
    InUse use(*bank.controller);
    if (!use || bank.primary == nullptr) return;
    ServiceLock lock(bank);
    if (bank.power == BankPower::on) apply_activity(bank);
}

// P41, P62: at DIRQL, before the processors stop.
VOID deep_idle(PVOID context, BOOLEAN entering) {
    Controller& controller = *static_cast<Controller*>(context);
    if (entering) {
        controller.in_deep_idle = ExAcquireRundownProtection(&controller.in_use);
    }
    if (!controller.in_deep_idle) return;
    for (USHORT i = 0; i < controller.bank_count; ++i) {
        Bank& bank = controller.banks[i];
        if (!bank.has_f1 || bank.primary == nullptr || bank.power != BankPower::on) continue;
        ServiceLock lock(bank);
        if (entering) {
            mask_pins(bank, bank.enabled, masked_for_power);
            continue;
        }
        for (ULONG64 rest = bank.enabled; rest != 0; rest &= rest - 1)
            unmask_pin(bank, static_cast<PIN_NUMBER>(__builtin_ctzll(rest)), masked_for_power);
    }
    if (entering) return;
    controller.in_deep_idle = false;
    ExReleaseRundownProtection(&controller.in_use);
}

bool has_active_interrupts(const Bank& bank) {
    return (bank.enabled & ~static_cast<ULONG64>(bank.inactive)) != 0;
}

VOID power_dpc(PKDPC, PVOID context, PVOID, PVOID) {
    Controller& controller = *static_cast<Controller*>(context);
    for (USHORT i = 0; i < controller.bank_count; ++i) hold_for_interrupts(controller.banks[i]);
}

}  // namespace

NTSTATUS register_bank_power(Controller& controller) {
    if (!controller.memory_mapped() || !controller.information.Flags.BankIdlePowerMgmtSupported)
        return STATUS_SUCCESS;
    KeInitializeDpc(&controller.power_dpc, &power_dpc, &controller);
    const SIZE_T size = FIELD_OFFSET(PO_FX_CORE_DEVICE, Components) +
                        controller.bank_count * sizeof(PO_FX_COMPONENT);
    PO_FX_CORE_DEVICE* device = static_cast<PO_FX_CORE_DEVICE*>(allocate(size));
    PO_FX_COMPONENT_IDLE_STATE* states =
        allocate_array<PO_FX_COMPONENT_IDLE_STATE>(2u * controller.bank_count);
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;
    UNICODE_STRING id = {};
    ANSI_STRING path;
    RtlInitAnsiString(&path, GxDevicePath(controller.physical_device));
    if (device != nullptr && states != nullptr)
        status = RtlAnsiStringToUnicodeString(&id, &path, TRUE);
    if (NT_SUCCESS(status)) {
        device->Version = PO_FX_VERSION_V1;
        device->ComponentCount = controller.bank_count;
        device->ComponentActiveConditionCallback = &active_condition;
        device->ComponentIdleConditionCallback = &idle_condition;
        device->ComponentIdleStateCallback = &idle_state;
        device->ComponentCriticalTransitionCallback = &critical_transition;
        device->DeviceContext = &controller;
        for (USHORT i = 0; i < controller.bank_count; ++i) {
            const Bank& bank = controller.banks[i];
            PO_FX_COMPONENT& component = device->Components[i];
            component.IdleStateCount = bank.has_f1 ? 2 : 1;  // P31
            component.IdleStates = &states[2 * i];
            component.IdleStates[f0].NominalPower = PO_FX_UNKNOWN_POWER;
            component.IdleStates[f1] = bank.f1;
        }
        status = PoFxRegisterCoreDevice(&id, device, &controller.power);
        RtlFreeUnicodeString(&id);
    }
    if (device != nullptr) release(device);
    if (states != nullptr) release(states);
    if (!NT_SUCCESS(status)) {
        controller.power = nullptr;
        return status;
    }
    for (USHORT i = 0; i < controller.bank_count; ++i)
        PoFxActivateComponent(controller.power, i, 0);
    PoFxStartDevicePowerManagement(controller.power);
    GxRegisterDeepIdle(controller.physical_device, &deep_idle, &controller);
    return status;
}

void unregister_bank_power(Controller& controller) {
    if (controller.power == nullptr) return;
    GxRegisterDeepIdle(controller.physical_device, nullptr, nullptr);
    KeFlushQueuedDpcs();
    PoFxUnregisterDevice(controller.power);
    controller.power = nullptr;
}

void start_bank_power(Controller& controller) {
    for (USHORT i = 0; i < controller.bank_count; ++i) let_bank_go(controller.banks[i]);
}

void stop_bank_power(Controller& controller) {
    for (USHORT i = 0; i < controller.bank_count; ++i) hold_bank(controller.banks[i]);
}

void hold_bank(Bank& bank) {
    POHANDLE power = bank.controller->power;
    if (power != nullptr) PoFxActivateComponent(power, bank.id, PO_FX_FLAG_BLOCKING);
}

void let_bank_go(Bank& bank) {
    POHANDLE power = bank.controller->power;
    if (power != nullptr) PoFxIdleComponent(power, bank.id, 0);
}

// Several may be at it: whoever turns the mark makes the call.
void hold_for_interrupts(Bank& bank) {
    POHANDLE power = bank.controller->power;
    if (power == nullptr) return;
    if (KeGetCurrentIrql() > DISPATCH_LEVEL) {
        KeInsertQueueDpc(&bank.controller->power_dpc, nullptr, nullptr);
        return;
    }
    const LONG wanted = has_active_interrupts(bank) ? 1 : 0;
    if (InterlockedExchange(&bank.held_for_interrupts, wanted) == wanted) return;
    if (wanted != 0) {
        PoFxActivateComponent(power, bank.id, 0);
    } else {
        PoFxIdleComponent(power, bank.id, 0);
    }
}

}  // namespace gpioclx
