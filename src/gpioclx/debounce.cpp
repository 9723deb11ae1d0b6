// The hardware is always told to wait for the level that the line does not have. When that comes,
// it is told to wait for the other one and a timer starts; if the line turns back before the timer
// has expired it was a bounce (I86). Where the client cannot reconfigure, the pin is masked while
// the timer runs, and looked at afterwards (I88).
#include "debounce.h"

#include "active_both.h"
#include "client_call.h"
#include "storm.h"

namespace gpioclx {

struct Debouncer {
    Bank* bank;
    PIN_NUMBER number;
    ULONG gsi;
    bool is_level;               // delivered as a level interrupt (I87)
    bool is_both;                // every valid level is delivered
    KINTERRUPT_POLARITY wanted;  // the one that is, otherwise
    bool reconfigures;           // false: I88
    ULONG64 duration;            // 100 ns

    // Under the service lock of the bank.
    bool stopped;
    bool settling;  // the line turned; the timer runs
    bool checking;  // I88: unmasked to see whether it is still active
    ULONG64 deadline;

    KTIMER timer;
    KDPC timer_dpc;
    WDFWORKITEM worker;  // serial controllers: what a timer leads to needs PASSIVE_LEVEL
};

namespace {

struct WorkerContext {
    Debouncer* debouncer;
};

}  // namespace
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(WorkerContext, worker_context)

namespace {

ULONG64 now() {
    ULONG64 counter;
    return KeQueryInterruptTimePrecise(&counter);
}

void set_timer(Debouncer& d, ULONG64 remaining) {
    LARGE_INTEGER due;
    due.QuadPart = -static_cast<LONGLONG>(remaining);
    KeSetTimer(&d.timer, due, &d.timer_dpc);
}

// Timers are for DISPATCH_LEVEL and below; from a service routine a DPC sets it (I90: late, never
// early).
void start_settling(Debouncer& d) {
    d.settling = true;
    d.deadline = now() + d.duration;
    if (KeGetCurrentIrql() > DISPATCH_LEVEL) {
        KeInsertQueueDpc(&d.timer_dpc, nullptr, nullptr);
    } else {
        set_timer(d, d.duration);
    }
}

// Without any lock, MM at DIRQL and serial at PASSIVE_LEVEL: the line is valid.
void deliver(Debouncer& d, bool passive_only) {
    Bank& bank = *d.bank;
    if (!bank.controller->memory_mapped()) {
        note_service(bank, d.number, GxRunSecondaryInterrupt(d.gsi), true);
        ServiceLock lock(bank);
        if (!d.stopped) finish_debounced_service(bank, d.number);
        return;
    }
    if (passive_only) {
        GxScheduleSecondaryInterrupt(d.gsi);
        return;
    }
    const bool claimed = GxDispatchSecondaryInterrupt(d.gsi);
    const bool ask_passive = !claimed && GxQuerySecondaryInterrupt(d.gsi).HasPassiveRoutine;
    if (!ask_passive) note_service(bank, d.number, claimed, false);
    {
        ServiceLock lock(bank);
        if (d.stopped) return;
        if (ask_passive && (d.is_level || d.is_both)) {  // I50
            mask_pins(bank, bit(d.number), masked_in_service);
        } else if (d.is_level) {
            finish_debounced_service(bank, d.number);
        }
    }
    if (ask_passive) GxScheduleSecondaryInterrupt(d.gsi);
}

// I88: unmasked, the pin is active again at once or it bounced.
void look_at_masked_pin(Debouncer& d) {
    Bank& bank = *d.bank;
    {
        ServiceLock lock(bank);
        d.settling = false;
        if ((bank.pins[d.number].mask_reasons & masked_in_service) != 0) {
            return start_settling(d);  // its routine is still at work
        }
        clear_pins(bank, bit(d.number));
        d.checking = true;
        unmask_pin(bank, d.number, masked_to_debounce);
    }
    service_bank(bank, false);
    ServiceLock lock(bank);
    d.checking = false;
}

// Serial at PASSIVE_LEVEL; memory-mapped at DIRQL, no lock held. 100 ns that the timer still has to
// run, or 0.
ULONG64 look(Debouncer& d) {
    Bank& bank = *d.bank;
    Pin& pin = bank.pins[d.number];
    bool passive_only;
    {
        ServiceLock lock(bank);
        if (d.stopped || !d.settling) return 0;
        const ULONG64 time = now();
        if (time < d.deadline) return d.deadline - time;
        if (d.reconfigures) {
            d.settling = false;
            const KINTERRUPT_POLARITY settled = opposite(pin.polarity);
            if (!d.is_both && settled != d.wanted) return 0;
            passive_only = !GxQuerySecondaryInterrupt(d.gsi).HasInterruptLevelRoutine;
            if (passive_only && (d.is_level || d.is_both))  // I42, I77
                mask_pins(bank, bit(d.number), masked_in_service);
        }
    }
    if (d.reconfigures) {
        deliver(d, passive_only);
    } else {
        look_at_masked_pin(d);
    }
    return 0;
}

VOID timer_dpc(PKDPC, PVOID context, PVOID, PVOID) {
    Debouncer& d = *static_cast<Debouncer*>(context);
    if (!d.bank->controller->memory_mapped()) return WdfWorkItemEnqueue(d.worker);
    InUse use(*d.bank->controller);
    if (!use) return;
    KIRQL before;
    KeRaiseIrql(d.bank->interrupt_lock.irql, &before);
    const ULONG64 remaining = look(d);
    KeLowerIrql(before);
    if (remaining > 0) set_timer(d, remaining);
}

VOID serial_worker(WDFWORKITEM item) {
    Debouncer& d = *worker_context(item)->debouncer;
    InUse use(*d.bank->controller);
    if (!use) return;
    const ULONG64 remaining = look(d);
    if (remaining > 0) set_timer(d, remaining);
}

NTSTATUS create_worker(Debouncer& d) {
    WDF_WORKITEM_CONFIG config;
    WDF_WORKITEM_CONFIG_INIT(&config, &serial_worker);
    config.AutomaticSerialization = FALSE;
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, WorkerContext);
    attributes.ParentObject = d.bank->controller->device;
    const NTSTATUS status = WdfWorkItemCreate(&config, &attributes, &d.worker);
    if (NT_SUCCESS(status)) worker_context(d.worker)->debouncer = &d;
    return status;
}

}  // namespace

NTSTATUS create_debouncer(Bank& bank, PIN_NUMBER number, const GX_LINE_DESCRIPTOR& line) {
    const Controller& controller = *bank.controller;
    Pin& pin = bank.pins[number];
    if (!controller.information.Flags.EmulateDebouncing || line.DebounceTimeout == 0)
        return STATUS_SUCCESS;
    const bool reconfigures = controller.packet().CLIENT_ReconfigureInterrupt != nullptr;
    if (!reconfigures && line.Mode != LevelSensitive) return STATUS_NOT_SUPPORTED;  // I88
    Debouncer* d = allocate_array<Debouncer>(1);
    if (d == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    d->bank = &bank;
    d->number = number;
    d->gsi = pin.gsi;
    d->is_level = line.Mode == LevelSensitive;
    d->is_both = line.Polarity == InterruptActiveBoth;
    d->wanted = line.Polarity;
    d->reconfigures = reconfigures;
    d->duration = ULONG64{line.DebounceTimeout} * 100;
    KeInitializeTimer(&d->timer);
    KeInitializeDpc(&d->timer_dpc, &timer_dpc, d);
    if (!controller.memory_mapped()) {
        const NTSTATUS status = create_worker(*d);
        if (!NT_SUCCESS(status)) {
            release(d);
            return status;
        }
    }
    pin.debouncer = d;
    pin.emulates_both = false;
    pin.hardware_debounce = 0;  // I83
    pin.mode = LevelSensitive;
    // I86 step 0: an edge is waited for from the level before it.
    if (d->is_both) {
        pin.polarity = asserted_polarity(pin);
    } else {
        pin.polarity = d->is_level ? d->wanted : opposite(d->wanted);
    }
    return STATUS_SUCCESS;
}

Debouncer* take_debouncer(Bank& bank, PIN_NUMBER number) {
    Debouncer* d = bank.pins[number].debouncer;
    if (d == nullptr) return nullptr;
    const bool own_lock = bank.controller->memory_mapped();
    const KIRQL irql = own_lock ? acquire_interrupt_lock(bank) : KeGetCurrentIrql();
    d->stopped = true;
    bank.pins[number].debouncer = nullptr;
    if (own_lock) release_interrupt_lock(bank, irql);
    return d;
}

void destroy_debouncer(Debouncer* d) {
    if (d == nullptr) return;
    // A look that has begun may still set the timer once: it sees `stopped` afterwards.
    for (int i = 0; i < 2; ++i) {
        KeCancelTimer(&d->timer);
        KeFlushQueuedDpcs();
        if (d->worker != nullptr) WdfWorkItemFlush(d->worker);
    }
    if (d->worker != nullptr) WdfObjectDelete(d->worker);
    release(d);
}

bool take_debounced_interrupt(Bank& bank, PIN_NUMBER number) {
    Debouncer& d = *bank.pins[number].debouncer;
    if (!d.reconfigures) {
        const bool is_valid = d.checking;
        d.checking = false;
        mask_pins(bank, bit(number), masked_to_debounce);
        start_settling(d);
        return is_valid;
    }
    turn_around(bank, number, masked_to_debounce);
    unmask_pin(bank, number, masked_to_debounce);
    if (d.settling) {
        d.settling = false;  // a bounce; the timer will find nothing to do
    } else {
        start_settling(d);
    }
    return false;
}

// A level that stays is delivered again when it was stable for as long again (I87).
void finish_debounced_service(Bank& bank, PIN_NUMBER number) {
    Debouncer& d = *bank.pins[number].debouncer;
    if (d.is_level) clear_pins(bank, bit(number));
    if (d.is_level && d.reconfigures) start_settling(d);
    unmask_pin(bank, number, masked_in_service);
}

void finish_debounced_service_without_power(Bank& bank, PIN_NUMBER number) {
    Debouncer& d = *bank.pins[number].debouncer;
    if (!d.is_level || !d.reconfigures) return;
    d.settling = true;
    d.deadline = now() + d.duration;
}

void resume_debouncer(Bank& bank, PIN_NUMBER number) {
    Debouncer& d = *bank.pins[number].debouncer;
    if (d.settling) KeInsertQueueDpc(&d.timer_dpc, nullptr, nullptr);
}

}  // namespace gpioclx
