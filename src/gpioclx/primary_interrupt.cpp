// The service routine of the controller's own interrupt (1.5, 1.6, I8, I46, I53, I61-I63).
#include "client_call.h"
#include "storm.h"

namespace gpioclx {

PrimaryInterrupt& primary_of(WDFOBJECT object);  // interrupt_binding.cpp

namespace {

// One round over all banks of the interrupt. True if any pin was active.
bool service_banks(PrimaryInterrupt& primary, bool first_round) {
    const bool call_pre_process = first_round && primary.controller->memory_mapped();
    bool any = false;
    for (Bank* bank = primary.first_bank; bank != nullptr; bank = bank->next_of_primary)
        any |= service_bank(*bank, call_pre_process) != 0;
    return any;
}

// I46: a level-triggered primary fires again while a source is left; an edge-triggered one does
// not.
bool service(PrimaryInterrupt& primary) {
    bool any = service_banks(primary, true);
    if (primary.mode == LevelSensitive || !any) return any;
    for (ULONG round = 1; service_banks(primary, false); ++round) {
        if (round + 1 < primary.controller->max_service_rounds) continue;
        stop_endless_rounds(primary);
        break;
    }
    return any;
}

void note_spurious(PrimaryInterrupt& primary) {
    Controller& controller = *primary.controller;
    for (Bank* bank = primary.first_bank; bank != nullptr; bank = bank->next_of_primary) {
        ++bank->spurious;
        if (controller.packet().CLIENT_QueryEnabledInterrupts == nullptr) continue;
        ServiceLock lock(*bank);
        if (bank->power == BankPower::on) check_enabled_interrupts(*bank, true);  // I66
    }
}

// Serial controllers: the only thing that happens at DIRQL (1.6 row 3, L47).
void pre_process_serial(PrimaryInterrupt& primary) {
    Controller& controller = *primary.controller;
    if (controller.packet().CLIENT_PreProcessControllerInterrupt == nullptr) return;
    for (Bank* bank = primary.first_bank; bank != nullptr; bank = bank->next_of_primary) {
        call_client(controller,
                    {"CLIENT_PreProcessControllerInterrupt", bank->id, bank->enabled, 0},
                    controller.packet().CLIENT_PreProcessControllerInterrupt, controller.context,
                    bank->id, bank->enabled);
    }
}

}  // namespace

BOOLEAN primary_isr(WDFINTERRUPT interrupt, ULONG) {
    PrimaryInterrupt& primary = primary_of(interrupt);
    if (!primary.controller->memory_mapped()) {
        pre_process_serial(primary);
        GxMaskPrimaryInterrupt(WdfInterruptWdmGetInterrupt(interrupt));
        WdfInterruptQueueWorkItemForIsr(interrupt);
        return TRUE;
    }
    const bool any = service(primary);
    if (!any) note_spurious(primary);  // I63
    return any;
}

VOID primary_worker(WDFINTERRUPT interrupt, WDFOBJECT) {
    PrimaryInterrupt& primary = primary_of(interrupt);
    if (service(primary)) {
        primary.spurious_in_a_row = 0;
    } else {
        note_spurious(primary);
        if (note_spurious_serial(primary)) return;
    }
    GxUnmaskPrimaryInterrupt(WdfInterruptWdmGetInterrupt(interrupt));
}

}  // namespace gpioclx
