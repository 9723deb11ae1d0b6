// A bank: at most 64 consecutive pins with their locks and masks (B1-B8).
#pragma once

#include "bank_lock.h"
#include "pin.h"

namespace gpioclx {

struct Controller;
struct PrimaryInterrupt;

// Power of a bank on its own. Under the service lock.
enum class BankPower : UCHAR { on, off, off_critical };

struct Bank {
    Controller* controller;
    BANK_ID id;
    USHORT pin_count;
    Pin* pins;
    PrimaryInterrupt* primary;  // null: its pins cannot interrupt
    Bank* next_of_primary;

    InterruptLock interrupt_lock;
    WaitLock wait_lock;

    // Bit n = bank-relative pin n. Guarded by the service lock.
    ULONG64 enabled;
    ULONG64 masked;
    ULONG64 latched;   // edge pins among the enabled ones, as programmed
    ULONG64 changing;  // pins that CLIENT_Enable- or DisableInterrupt works on at this moment
    volatile LONG64
        inactive;         // pins without an active service routine, as the kernel reports (I95)
    ULONG64 last_active;  // serviced in the latest pass
    bool no_answer;       // the latest query failed: nobody knows what is active

    bool has_f1;  // can be powered down on its own (Q19a)
    PO_FX_COMPONENT_IDLE_STATE f1;
    BankPower power;
    volatile LONG held_for_interrupts;  // bank_power.h

    // D3
    ULONG spurious;

    ULONG64 all_pins() const { return pin_count == 64 ? ~0ull : bit(pin_count) - 1; }
};

NTSTATUS create_banks(Controller& controller);
void destroy_banks(Controller& controller);

// B2. The caller has checked that the pin exists.
Bank& bank_of_pin(Controller& controller, ULONG pin);
PIN_NUMBER relative_pin(const Controller& controller, ULONG pin);

// Callbacks for pins that are interrupt inputs. All need the service lock of the bank and keep the
// masks in step. A failure of a memory-mapped controller is a bug check (I60).
void mask_pins(Bank& bank, ULONG64 pins, MaskReason reason);
void unmask_pin(Bank& bank, PIN_NUMBER pin, MaskReason reason);
void clear_pins(Bank& bank, ULONG64 pins);
void reconfigure_pin(Bank& bank, PIN_NUMBER pin, KINTERRUPT_MODE mode,
                     KINTERRUPT_POLARITY polarity);
// I60: a failure of a memory-mapped controller is V25 and a bug check; that of a serial one is
// logged.
void require_success(Bank& bank, const char* callback, ULONG64 operand, NTSTATUS status,
                     const void* parameters, ULONG attempts = 1);
// I66; does nothing unless the controller is checked or `always`. `more_locks`: GX_HOLDS_* of what
// the caller holds besides the service lock.
void check_enabled_interrupts(Bank& bank, bool always, ULONG more_locks = 0);

}  // namespace gpioclx
