// One pass over a bank: ask which pins are active, quiet them in the order that their kind needs,
// hand each to its peripheral (1.5, 6.4, 6.5).
#include "active_both.h"
#include "client_call.h"
#include "debounce.h"
#include "input_only.h"
#include "storm.h"

namespace gpioclx {
namespace {

// What a pass has to do, decided under the lock and carried out in part without it.
struct Pass {
    ULONG64 found;         // all that were active, with those whose debouncing goes on
    ULONG64 active;        // to be delivered
    ULONG64 passive_only;  // pins whose connected routines are all passive
    ULONG64 clear_after;   // level pins to be cleared when their routine has returned (I41)
    ULONG64 unmask_after;  // serial controllers: level pins, after the routine (1.6 row 9)
};

// V38: one page of the documentation tells drivers to write it (S3).
void warn_about_enabled_mask(Bank& bank) {
    if (bank.controller->warned_of_enabled_mask) return;
    bank.controller->warned_of_enabled_mask = true;
    log_warning(*bank.controller,
                "CLIENT_QueryActiveInterrupts writes EnabledMask, which is input only");
}

ULONG64 query_active(Bank& bank) {
    Controller& controller = *bank.controller;
    GPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS parameters = {};
    parameters.BankId = bank.id;
    NTSTATUS status = STATUS_UNSUCCESSFUL;
    const ULONG attempts = controller.memory_mapped() ? 1 : 4;  // I61
    for (ULONG attempt = 0; attempt < attempts && !NT_SUCCESS(status); ++attempt) {
        parameters.EnabledMask = bank.enabled;  // I31
        parameters.ActiveMask = 0;
        using Parameters = GPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS;
        status = call_with(controller,
                           {"CLIENT_QueryActiveInterrupts", bank.id, bank.enabled,
                            service_locks(controller), &parameters.ActiveMask},
                           controller.packet().CLIENT_QueryActiveInterrupts, parameters,
                           &Parameters::ActiveMask, &Parameters::EnabledMask);
        if (parameters.EnabledMask != bank.enabled) warn_about_enabled_mask(bank);
    }
    require_success(bank, "CLIENT_QueryActiveInterrupts", bank.enabled, status, &parameters,
                    attempts);
    bank.no_answer = !NT_SUCCESS(status);
    if (bank.no_answer) return 0;
    const ULONG64 active = parameters.ActiveMask;
    if ((active & ~bank.all_pins()) != 0) {
        GxReportFinding("V22", controller.physical_device,
                        "ActiveMask of bank %u has pins that do not exist: %I64x", bank.id,
                        active & ~bank.all_pins());
    } else if ((active & ~bank.enabled) != 0) {
        GxReportFinding("V21", controller.physical_device,
                        "ActiveMask %I64x of bank %u is not a subset of EnabledMask %I64x", active,
                        bank.id, bank.enabled);
    }
    return active & bank.enabled & ~bank.masked;  // I32
}

// Under the lock: clear edges, mask what passive routines will serve, turn emulated pins around.
Pass begin_pass(Bank& bank) {
    Pass pass = {};
    pass.found = pass.active = query_active(bank);
    ULONG64 emulated = 0;
    for (ULONG64 rest = pass.found; rest != 0; rest &= rest - 1) {
        const PIN_NUMBER number = static_cast<PIN_NUMBER>(__builtin_ctzll(rest));
        if (bank.pins[number].debouncer != nullptr && !take_debounced_interrupt(bank, number)) {
            pass.active &= ~bit(number);
            continue;
        }
        const GX_LINE_SERVICE kinds = GxQuerySecondaryInterrupt(bank.pins[number].gsi);
        if (!kinds.HasInterruptLevelRoutine) pass.passive_only |= bit(number);
        if (bank.pins[number].emulates_both) emulated |= bit(number);
    }
    const ULONG64 level = pass.active & ~bank.latched & ~emulated;
    clear_pins(bank, pass.active & bank.latched & ~emulated);       // I40
    mask_pins(bank, level & pass.passive_only, masked_in_service);  // I42
    for (ULONG64 rest = emulated; rest != 0; rest &= rest - 1) {
        const PIN_NUMBER number = static_cast<PIN_NUMBER>(__builtin_ctzll(rest));
        turn_around(bank, number, masked_in_service);
        // I77: else when the routine has returned.
        if ((pass.passive_only & bit(number)) == 0) unmask_pin(bank, number, masked_in_service);
    }
    if (bank.controller->memory_mapped()) {
        pass.clear_after = level & ~pass.passive_only;
    } else {
        pass.unmask_after = (level | emulated) & pass.passive_only;
        pass.clear_after = level & pass.passive_only;
    }
    return pass;
}

// Without any lock (I43): ask the routines of one pin. Memory-mapped controllers, at DIRQL.
void deliver(Bank& bank, PIN_NUMBER number, Pass& pass) {
    const ULONG64 pin = bit(number);
    const ULONG gsi = bank.pins[number].gsi;
    if ((pass.passive_only & pin) != 0) {
        GxScheduleSecondaryInterrupt(gsi);
        return;
    }
    const bool claimed = GxDispatchSecondaryInterrupt(gsi);
    if (claimed || !GxQuerySecondaryInterrupt(gsi).HasPassiveRoutine) {
        note_service(bank, number, claimed, false);
        return;
    }
    // I50: now the passive ones; what a level pin needs afterwards is done when they have returned.
    if ((pass.clear_after & pin) != 0) {
        pass.clear_after &= ~pin;
        ServiceLock lock(bank);
        mask_pins(bank, pin, masked_in_service);
    }
    GxScheduleSecondaryInterrupt(gsi);
}

void end_pass(Bank& bank, const Pass& pass) {
    const ULONG64 still = bank.enabled;
    if (((pass.clear_after | pass.unmask_after) & still) == 0) return;
    ServiceLock lock(bank);
    clear_pins(bank, pass.clear_after & bank.enabled);
    for (ULONG64 rest = pass.unmask_after & bank.enabled; rest != 0; rest &= rest - 1) {
        unmask_pin(bank, static_cast<PIN_NUMBER>(__builtin_ctzll(rest)), masked_in_service);
    }
}

}  // namespace

ULONG64 service_bank(Bank& bank, bool call_pre_process) {
    Controller& controller = *bank.controller;
    Pass pass;
    {
        ServiceLock lock(bank);
        if (bank.power != BankPower::on) return bank.last_active = 0;  // P36
        if (call_pre_process &&
            controller.packet().CLIENT_PreProcessControllerInterrupt != nullptr) {  // I53
            call_client(controller,
                        {"CLIENT_PreProcessControllerInterrupt", bank.id, bank.enabled,
                         GX_HOLDS_INTERRUPT_LOCK},
                        controller.packet().CLIENT_PreProcessControllerInterrupt,
                        controller.context, bank.id, bank.enabled);
        }
        pass = begin_pass(bank);
    }
    for (ULONG64 rest = pass.active; rest != 0; rest &= rest - 1) {  // I47
        const PIN_NUMBER number = static_cast<PIN_NUMBER>(__builtin_ctzll(rest));
        if (controller.memory_mapped()) {
            deliver(bank, number, pass);
        } else {
            note_service(bank, number, GxRunSecondaryInterrupt(bank.pins[number].gsi), true);
        }
    }
    end_pass(bank, pass);
    return bank.last_active = pass.found;
}

}  // namespace gpioclx
