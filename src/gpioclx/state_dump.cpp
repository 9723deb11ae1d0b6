// What GpioClx knows, as text: what the debugger extension gpiokd shows on Windows (D2).
#include "state_dump.h"

#include <gx_dump.h>

#include "connection.h"

namespace gpioclx {
namespace {

const char* plural(ULONG count) { return count == 1 ? "" : "s"; }

const char* polarity_text(const Pin& pin) {
    const bool edge = pin.mode == Latched;
    switch (pin.polarity) {
        case InterruptActiveHigh: return edge ? "rising edge" : "high level";
        case InterruptActiveLow: return edge ? "falling edge" : "low level";
        case InterruptActiveBoth: return "both edges";
        default: return "no polarity";
    }
}

void dump_interrupt(PGX_DUMP dump, const Bank& bank, const Pin& pin, PIN_NUMBER number) {
    static constexpr struct {
        UCHAR reason;
        const char* text;
    } reasons[] = {{masked_in_service, "in service"},
                   {masked_inactive, "inactive"},
                   {masked_by_storm, "storm"},
                   {masked_to_debounce, "debouncing"},
                   {masked_for_power, "low power"}};
    GxDumpPrint(dump, "interrupt GSI %u, %s%s%s, %s", pin.gsi, polarity_text(pin),
                pin.emulates_both ? ", both edges emulated" : "",
                pin.debouncer != nullptr ? ", debounced" : "",
                (bank.enabled & bit(number)) == 0  ? "disabled"
                : (bank.masked & bit(number)) != 0 ? "masked"
                                                   : "unmasked");
    for (const auto& entry : reasons) {
        if ((pin.mask_reasons & entry.reason) != 0) GxDumpPrint(dump, " (%s)", entry.text);
    }
    GxDumpPrint(dump, "; delivered %u, unclaimed %u, storms %u\n", pin.delivered, pin.unclaimed,
                pin.storms);
    GxDumpServiceRoutines(dump, pin.gsi, "        ");
}

bool is_configured(const Pin& pin) {
    return pin.line != nullptr || pin.open_count != 0 || pin.function_count != 0 ||
           pin.firmware_only;
}

// A pin may be an interrupt and be read at once (I22): a line for each use.
void dump_pin(PGX_DUMP dump, const Bank& bank, PIN_NUMBER number) {
    const Pin& pin = bank.pins[number];
    const auto begin = [&] { GxDumpPrint(dump, "    pin %u: ", number); };
    if (pin.line != nullptr) {
        begin();
        dump_interrupt(dump, bank, pin, number);
    }
    if (pin.open_count != 0) {
        begin();
        GxDumpPrint(dump, "%s, pull %u, debounce %u, drive %u, %u handle%s%s\n",
                    pin.open_mode == ConnectModeOutput ? "output" : "input", pin.pull_configuration,
                    pin.debounce_timeout, pin.drive_strength, pin.open_count,
                    plural(pin.open_count), pin.open_shared ? ", shared" : "");
    }
    if (pin.function_count != 0) {
        begin();
        GxDumpPrint(dump, "function %u, pull %u, %s\n", pin.function_number, pin.function_pull,
                    pin.committed_count != 0 ? "applied" : "reserved");
    }
    if (pin.firmware_only) {
        begin();
        GxDumpPrint(dump, "reserved for the firmware\n");
    }
    if (!is_configured(pin)) {
        begin();
        GxDumpPrint(dump, "not configured\n");
    }
}

void dump_bank(PGX_DUMP dump, const Bank& bank, ULONG flags) {
    GxDumpPrint(dump, "  bank %u: %u pin%s, ", bank.id, bank.pin_count, plural(bank.pin_count));
    if (bank.primary != nullptr) {
        GxDumpPrint(dump, "interrupt %u at IRQL %u, %s; ", bank.primary->vector, bank.primary->irql,
                    bank.primary->mode == Latched ? "edge" : "level");
    } else {
        GxDumpPrint(dump, "no interrupt; ");
    }
    GxDumpPrint(dump, "spurious %u\n", bank.spurious);
    if ((flags & GX_DUMP_REGISTERS) != 0) {
        GxDumpPrint(dump, "    enabled %016I64x, masked %016I64x\n", bank.enabled, bank.masked);
    }
    for (USHORT i = 0; i < bank.pin_count; ++i) {
        if (is_configured(bank.pins[i]) || (flags & GX_DUMP_UNCONFIGURED_PINS) != 0)
            dump_pin(dump, bank, i);
    }
}

ULONG open_handles(const Controller& controller) {
    ULONG count = 0;
    for (const LIST_ENTRY* i = controller.connections.Flink; i != &controller.connections;
         i = i->Flink)
        ++count;
    return count;
}

void dump_controller(PGX_DUMP dump, const Controller& controller, ULONG flags) {
    GxDumpPrint(dump, "%s: %s", GxDevicePath(controller.physical_device),
                controller.started    ? "started"
                : controller.prepared ? "not started"
                                      : "no hardware");
    if (controller.banks == nullptr) {
        GxDumpPrint(dump, "\n");
        return;
    }
    const ULONG handles = open_handles(controller);
    GxDumpPrint(dump, ", %s, %u pin%s in %u bank%s, %u open handle%s\n",
                controller.memory_mapped() ? "memory-mapped" : "serial",
                controller.information.TotalPins, plural(controller.information.TotalPins),
                controller.bank_count, plural(controller.bank_count), handles, plural(handles));
    for (USHORT i = 0; i < controller.bank_count && (flags & GX_DUMP_DETAILS) != 0; ++i)
        dump_bank(dump, controller.banks[i], flags);
}

VOID write_dump(PGX_DUMP dump, ULONG flags) {
    for (const Controller* i = first_controller(); i != nullptr; i = next_controller(*i))
        dump_controller(dump, *i, flags);
}

}  // namespace

void register_state_dump() { GxRegisterDump("gpioclx", &write_dump); }
void unregister_state_dump() { GxUnregisterDump("gpioclx"); }

}  // namespace gpioclx
