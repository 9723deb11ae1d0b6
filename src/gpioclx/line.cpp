// Pins as interrupt inputs, as the kernel asks for them (6.2, 6.3): enable with the first service
// routine, disable with the last, unmask when passive routines have returned.
#include "active_both.h"
#include "arbitration.h"
#include "bank_power.h"
#include "debounce.h"
#include "idle.h"
#include "input_only.h"
#include "storm.h"

namespace gpioclx {
namespace {

Controller& controller_from(PVOID context) { return *static_cast<Controller*>(context); }

void warn_about_native_both(Controller& controller) {
    if (controller.warned_of_native_both) return;
    controller.warned_of_native_both = true;
    log_warning(
        controller,  // S24
        "a pin interrupts on both edges without EmulateActiveBoth; Windows wants it emulated");
}

// I20, I72: what the hardware is asked for.
NTSTATUS choose_programming(Bank& bank, PIN_NUMBER number, const GX_LINE_DESCRIPTOR& line) {
    Pin& pin = bank.pins[number];
    pin.mode = line.Mode;
    pin.polarity = line.Polarity;
    pin.hardware_debounce = line.DebounceTimeout;
    pin.emulates_both = line.Polarity == InterruptActiveBoth &&
                        bank.controller->information.Flags.EmulateActiveBoth;
    if (line.Polarity == InterruptActiveBoth && !pin.emulates_both)
        warn_about_native_both(*bank.controller);
    if (pin.emulates_both) {
        pin.mode = LevelSensitive;
        pin.polarity = asserted_polarity(pin);
    }
    return create_debouncer(bank, number, line);
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
    parameters.DebounceTimeout = pin.hardware_debounce;
    parameters.VendorData = pin.line->VendorData;
    parameters.VendorDataLength = pin.line->VendorDataLength;
    return call_with(controller, {"CLIENT_EnableInterrupt", bank.id, number, GX_HOLDS_WAIT_LOCK},
                     controller.packet().CLIENT_EnableInterrupt, parameters);
}

// The masks that the service routine uses. For a serial controller the wait lock, which the caller
// holds, guards them.
class MaskLock {
  public:
    explicit MaskLock(Bank& bank) : bank_(bank.controller->memory_mapped() ? &bank : nullptr) {
        if (bank_ != nullptr) irql_ = acquire_interrupt_lock(*bank_);
    }
    ~MaskLock() {
        if (bank_ != nullptr) release_interrupt_lock(*bank_, irql_);
    }
    MaskLock(const MaskLock&) = delete;
    MaskLock& operator=(const MaskLock&) = delete;

  private:
    Bank* bank_;
    KIRQL irql_ = PASSIVE_LEVEL;
};

void set_marked(Bank& bank, PIN_NUMBER number, bool enabled) {
    MaskLock lock(bank);
    const ULONG64 pin = bit(number);
    bank.masked &= ~pin;  // I25
    bank.enabled = enabled ? bank.enabled | pin : bank.enabled & ~pin;
    const bool edge = enabled && bank.pins[number].mode == Latched;
    bank.latched = edge ? bank.latched | pin : bank.latched & ~pin;
    bank.pins[number].mask_reasons = 0;
}

void set_changing(Bank& bank, PIN_NUMBER number, bool changing) {
    MaskLock lock(bank);
    bank.changing = changing ? bank.changing | bit(number) : bank.changing & ~bit(number);
}

void check_enabled(Bank& bank) {
    if (!bank.controller->checked) return;
    if (!bank.controller->memory_mapped()) {
        check_enabled_interrupts(bank, false);
        return;
    }
    ServiceLock lock(bank);
    check_enabled_interrupts(bank, false, GX_HOLDS_WAIT_LOCK);
}

// Under the bank's wait lock. `left_over` is for the caller to destroy when it holds no lock.
NTSTATUS enable_pin(Bank& bank, PIN_NUMBER number, ULONG gsi, const GX_LINE_DESCRIPTOR& line,
                    Debouncer** left_over) {
    Pin& pin = bank.pins[number];
    NTSTATUS status = may_become_interrupt(pin, line);
    if (!NT_SUCCESS(status)) return status;
    pin.line = &line;
    pin.gsi = gsi;
    InterlockedAnd64(&bank.inactive, static_cast<LONG64>(~bit(number)));
    status = choose_programming(bank, number, line);
    if (NT_SUCCESS(status)) {
        // I16: marked first, because the primary may fire before CLIENT_EnableInterrupt returns.
        set_changing(bank, number, true);
        set_marked(bank, number, true);
        status = call_enable(bank, number);
        if (!NT_SUCCESS(status)) set_marked(bank, number, false);
        set_changing(bank, number, false);
    }
    if (!NT_SUCCESS(status)) {  // I21
        *left_over = take_debouncer(bank, number);
        pin.line = nullptr;
        return status;
    }
    check_enabled(bank);
    return STATUS_SUCCESS;
}

NTSTATUS enable_in_d0(Controller& controller, Bank& bank, PIN_NUMBER number, ULONG gsi,
                      const GX_LINE_DESCRIPTOR& line) {
    InUse use(controller);
    if (!use) return STATUS_DEVICE_NOT_READY;
    check_primaries(controller);

    BankHold hold(bank);
    Debouncer* left_over = nullptr;
    NTSTATUS status;
    {
        WaitLockScope wait(bank);
        status = enable_pin(bank, number, gsi, line, &left_over);
    }
    hold_for_interrupts(bank);
    destroy_debouncer(left_over);
    return status;
}

NTSTATUS line_enable(PVOID context, ULONG gsi, const GX_LINE_DESCRIPTOR* line) {
    Controller& controller = controller_from(context);
    if (!has_interrupts(controller.packet())) return STATUS_NOT_SUPPORTED;
    if (line->Pin >= controller.information.TotalPins) return STATUS_INVALID_PARAMETER;
    Bank& bank = bank_of_pin(controller, line->Pin);
    const PIN_NUMBER number = relative_pin(controller, line->Pin);
    if (bank.primary == nullptr) return STATUS_NOT_SUPPORTED;  // I6, I9
    const NTSTATUS held = hold_power(controller);              // P22
    if (!NT_SUCCESS(held)) return STATUS_DEVICE_NOT_READY;
    const NTSTATUS status = enable_in_d0(controller, bank, number, gsi, *line);
    if (!NT_SUCCESS(status)) let_power_go(controller);
    return status;
}

void call_disable(Bank& bank, PIN_NUMBER number) {
    Controller& controller = *bank.controller;
    GPIO_DISABLE_INTERRUPT_PARAMETERS parameters = {};
    parameters.BankId = bank.id;
    parameters.PinNumber = number;
    NTSTATUS status = STATUS_UNSUCCESSFUL;
    const ULONG attempts = controller.memory_mapped() ? 1 : 4;  // I24
    for (ULONG attempt = 0; attempt < attempts && !NT_SUCCESS(status); ++attempt) {
        parameters.Flags.RetryDisableOnFailure = attempt > 0;
        status =
            call_with(controller, {"CLIENT_DisableInterrupt", bank.id, number, GX_HOLDS_WAIT_LOCK},
                      controller.packet().CLIENT_DisableInterrupt, parameters);
    }
    require_success(bank, "CLIENT_DisableInterrupt", number, status, &parameters, attempts);
}

// A controller that has stopped knows nothing of its pins any more: there is nothing to call.
VOID line_disable(PVOID context, ULONG, ULONG controller_pin) {
    Controller& controller = controller_from(context);
    Bank& bank = bank_of_pin(controller, controller_pin);
    const PIN_NUMBER number = relative_pin(controller, controller_pin);
    Debouncer* debouncer;
    {
        InUse use(controller);
        BankHold hold(bank);
        WaitLockScope wait(bank);
        set_changing(bank, number, true);
        // One that could not be masked is disabled already (I36).
        if (use && (bank.enabled & bit(number)) != 0) call_disable(bank, number);
        set_marked(bank, number, false);  // I16: only now
        set_changing(bank, number, false);
        debouncer = take_debouncer(bank, number);
        bank.pins[number].line = nullptr;
        if (use) check_enabled(bank);
    }
    destroy_debouncer(debouncer);
    hold_for_interrupts(bank);
    let_power_go(controller);
}

// The hardware is off: what is left to do is done when it is back (P24). A level that is still
// asserted then comes again.
void finish_service_without_power(Bank& bank, PIN_NUMBER number) {
    Pin& pin = bank.pins[number];
    pin.mask_reasons &= static_cast<UCHAR>(~masked_in_service);
    if (pin.debouncer != nullptr) finish_debounced_service_without_power(bank, number);
}

// I42: after the passive routines of a level pin.
VOID line_serviced(PVOID context, ULONG, ULONG controller_pin, BOOLEAN claimed) {
    Controller& controller = controller_from(context);
    Bank& bank = bank_of_pin(controller, controller_pin);
    const PIN_NUMBER number = relative_pin(controller, controller_pin);
    Pin& pin = bank.pins[number];
    note_service(bank, number, claimed, true);
    InUse use(controller);
    ServiceLock lock(bank);
    if ((bank.enabled & bit(number)) == 0 || (pin.mask_reasons & masked_in_service) == 0) return;
    if (!use || bank.power != BankPower::on) return finish_service_without_power(bank, number);
    if (pin.debouncer != nullptr) return finish_debounced_service(bank, number);
    if (!pin.emulates_both && (bank.latched & bit(number)) == 0) clear_pins(bank, bit(number));
    unmask_pin(bank, number, masked_in_service);
}

void bring_in_step(Bank& bank) {
    ServiceLock lock(bank);
    if (bank.power == BankPower::on) apply_activity(bank);
}

VOID activity_worker(WDFWORKITEM item) {
    Controller& controller = *controller_of(WdfWorkItemGetParentObject(item));
    InUse use(controller);
    for (USHORT i = 0; use && i < controller.bank_count; ++i) bring_in_step(controller.banks[i]);
}

// I95, I96: the kernel stops or resumes dispatch by itself, at once.
VOID line_set_active(PVOID context, ULONG, ULONG controller_pin, BOOLEAN active) {
    Controller& controller = controller_from(context);
    Bank& bank = bank_of_pin(controller, controller_pin);
    const LONG64 pin = static_cast<LONG64>(bit(relative_pin(controller, controller_pin)));
    if (active) {
        InterlockedAnd64(&bank.inactive, ~pin);
    } else {
        InterlockedOr64(&bank.inactive, pin);
    }
    if (!controller.memory_mapped() && KeGetCurrentIrql() != PASSIVE_LEVEL)
        return WdfWorkItemEnqueue(controller.activity_worker);
    if (active) hold_for_interrupts(bank);
    if (KeGetCurrentIrql() > DISPATCH_LEVEL) {
        bring_in_step(bank);  // in a routine of the controller: it cannot stop meanwhile
    } else if (InUse use(controller); use) {  // else when it has power again
        bring_in_step(bank);
    }
    if (!active) hold_for_interrupts(bank);
}

// I14
KIRQL line_query_irql(PVOID context, ULONG controller_pin) {
    Controller& controller = controller_from(context);
    if (!controller.memory_mapped() || controller_pin >= controller.information.TotalPins)
        return PASSIVE_LEVEL;
    return bank_of_pin(controller, controller_pin).interrupt_lock.irql;
}

BOOLEAN line_query_masked(PVOID context, ULONG controller_pin) {
    Controller& controller = controller_from(context);
    const Bank& bank = bank_of_pin(controller, controller_pin);
    return (bank.masked & bit(relative_pin(controller, controller_pin))) != 0;
}

}  // namespace

void apply_activity(Bank& bank) {
    const ULONG64 inactive = static_cast<ULONG64>(bank.inactive);
    for (ULONG64 rest = bank.enabled; rest != 0; rest &= rest - 1) {
        const PIN_NUMBER number = static_cast<PIN_NUMBER>(__builtin_ctzll(rest));
        const bool is_masked = (bank.pins[number].mask_reasons & masked_inactive) != 0;
        const bool wanted = (inactive & bit(number)) != 0;
        if (wanted == is_masked) continue;
        if (wanted) {
            mask_pins(bank, bit(number), masked_inactive);
        } else {
            unmask_pin(bank, number, masked_inactive);
        }
    }
}

NTSTATUS create_activity_worker(Controller& controller) {
    WDF_WORKITEM_CONFIG config;
    WDF_WORKITEM_CONFIG_INIT(&config, &activity_worker);
    config.AutomaticSerialization = FALSE;
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = controller.device;
    return WdfWorkItemCreate(&config, &attributes, &controller.activity_worker);
}

NTSTATUS register_lines(Controller& controller) {
    GX_INTERRUPT_CONTROLLER lines = {};
    lines.Size = sizeof(lines);
    lines.PinCount = controller.information.TotalPins;
    lines.Enable = &line_enable;
    lines.Disable = &line_disable;
    lines.Serviced = &line_serviced;
    lines.SetActive = &line_set_active;
    lines.QueryIrql = &line_query_irql;
    lines.QueryMasked = &line_query_masked;
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
