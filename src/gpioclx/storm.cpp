#include "storm.h"

#include "client_call.h"

namespace gpioclx {
namespace {

void mask_storming(Bank& bank, ULONG64 pins) {
    for (ULONG64 rest = pins; rest != 0; rest &= rest - 1)
        ++bank.pins[__builtin_ctzll(rest)].storms;
    ServiceLock lock(bank);
    mask_pins(bank, pins, masked_by_storm);
    check_enabled_interrupts(bank, true);  // I66
}

void stop_storm(Bank& bank, PIN_NUMBER number, const char* what) {
    Pin& pin = bank.pins[number];
    GxReportFinding("interrupt-002", bank.controller->physical_device,
                    "interrupt storm: %u interrupts of pin %u of bank %u in a row were %s; the pin "
                    "is masked",
                    bank.controller->storm_threshold, number, bank.id, what);
    pin.unclaimed_in_a_row = pin.claimed_in_a_row = 0;
    mask_storming(bank, bit(number));
}

// Claimed at DIRQL: somebody must get to run in between. The deferred call does when this processor
// comes below DIRQL; it is asked for late, so that it costs nothing as long as all is well.
void note_claimed(Bank& bank, PIN_NUMBER number) {
    Pin& pin = bank.pins[number];
    PrimaryInterrupt& primary = *bank.primary;
    const ULONG threshold = bank.controller->storm_threshold;
    if (pin.progress_seen != primary.progress) {
        pin.progress_seen = primary.progress;
        pin.claimed_in_a_row = 0;
    }
    ++pin.claimed_in_a_row;
    if (pin.claimed_in_a_row == threshold / 2 + 1)
        KeInsertQueueDpc(&primary.progress_dpc, nullptr, nullptr);
    if (pin.claimed_in_a_row >= threshold)
        stop_storm(bank, number, "claimed without anything else getting to run");
}

}  // namespace

VOID note_progress(PKDPC, PVOID context, PVOID, PVOID) {
    ++static_cast<PrimaryInterrupt*>(context)->progress;
}

void note_service(Bank& bank, PIN_NUMBER number, bool claimed, bool passive) {
    Pin& pin = bank.pins[number];
    ++pin.delivered;
    if (claimed) {
        pin.unclaimed_in_a_row = 0;
        if (passive) {
            pin.claimed_in_a_row = 0;
        } else {
            note_claimed(bank, number);
        }
        return;
    }
    ++pin.unclaimed;  // I51
    if (++pin.unclaimed_in_a_row >= bank.controller->storm_threshold)
        stop_storm(bank, number, "claimed by nobody");
}

bool note_spurious_serial(PrimaryInterrupt& primary) {
    const ULONG threshold = primary.controller->storm_threshold;
    if (++primary.spurious_in_a_row < threshold) return false;
    for (const Bank* bank = primary.first_bank; bank != nullptr; bank = bank->next_of_primary) {
        if (!bank->no_answer) continue;
        log_warning(*primary.controller,
                    "an interrupt storm while the chip does not answer; the controller's interrupt "
                    "stays masked");
        return true;
    }
    GxReportFinding(
        "interrupt-003", primary.controller->physical_device,
        "interrupt storm: the controller's interrupt %u came %u times in a row and no pin "
        "was active; it stays masked",
        primary.vector, threshold);
    return true;
}

void stop_endless_rounds(PrimaryInterrupt& primary) {
    Controller& controller = *primary.controller;
    GxReportFinding("interrupt-001", controller.physical_device,
                    "an edge-triggered primary interrupt did not become quiet within %u rounds; "
                    "the pins that are still active are masked",
                    controller.max_service_rounds);
    for (Bank* bank = primary.first_bank; bank != nullptr; bank = bank->next_of_primary)
        mask_storming(*bank, bank->last_active);
}

}  // namespace gpioclx
