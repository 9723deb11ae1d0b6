// Reading and writing the pins of a connection (C20-C29, C40, C41).
#include "client_call.h"
#include "connection.h"
#include "input_only.h"
#include "pin_table.h"
#include "transfer_check.h"

namespace gpioclx {
namespace {

bool test_bit(const UCHAR* buffer, ULONG n) { return (buffer[n / 8] >> (n % 8) & 1) != 0; }
void set_bit(UCHAR* buffer, ULONG n) {
    buffer[n / 8] = static_cast<UCHAR>(buffer[n / 8] | 1u << (n % 8));
}

// Up to 64 bits of a request buffer from bit `first` on.
ULONG64 load_bits(const UCHAR* buffer, ULONG first, ULONG count) {
    ULONG64 bits = 0;
    for (ULONG i = 0; i < count; i += 8 - (first + i) % 8) {
        const ULONG at = first + i;
        bits |= static_cast<ULONG64>(buffer[at / 8] >> (at % 8)) << i;
    }
    return count == 64 ? bits : bits & (bit(count) - 1);
}

// The locks around a transfer (5.3, L79, O-35): wait lock, then interrupt lock.
class TransferLocks {
  public:
    explicit TransferLocks(Bank& bank) : bank_(bank) {
        Controller& controller = *bank.controller;
        acquire_wait_lock(bank_);
        held_ = GX_HOLDS_WAIT_LOCK;
        if (!controller.memory_mapped()) return;
        if (!controller.information.Flags.IndependentIoHwSupported) {
            irql_ = acquire_interrupt_lock(bank_);
            held_ = GX_HOLDS_WAIT_LOCK | GX_HOLDS_INTERRUPT_LOCK;
        } else if (controller.io_without_lock_at_dirql) {
            KeRaiseIrql(bank.interrupt_lock.irql, &irql_);
            raised_ = true;
        }
    }
    ~TransferLocks() {
        if ((held_ & GX_HOLDS_INTERRUPT_LOCK) != 0) release_interrupt_lock(bank_, irql_);
        if (raised_) KeLowerIrql(irql_);
        release_wait_lock(bank_);
    }
    TransferLocks(const TransferLocks&) = delete;
    TransferLocks& operator=(const TransferLocks&) = delete;
    ULONG held() const { return held_; }

  private:
    Bank& bank_;
    KIRQL irql_ = PASSIVE_LEVEL;
    ULONG held_ = 0;
    bool raised_ = false;
};

// Calls a mask or table callback under its locks; `parameters` is input only.
template <typename Callback, typename Parameters>
NTSTATUS transfer(Segment& segment, const char* name, Callback* callback, Parameters& parameters,
                  const ULONG64& result) {
    Bank& bank = *segment.bank;
    NTSTATUS status;
    {
        TransferLocks locks(bank);
        status = call_with(*bank.controller, {name, bank.id, segment.mask, locks.held(), &result},
                           callback, parameters);
    }
    return require_io_success(bank, name, status, &parameters);
}

NTSTATUS read_mask(Segment& segment, bool outputs, UCHAR* buffer) {
    ULONG64 values = 0;
    GPIO_READ_PINS_MASK_PARAMETERS parameters = {};
    parameters.BankId = segment.bank->id;
    parameters.PinValues = &values;
    parameters.Flags.WriteConfiguredPins = outputs;
    const NTSTATUS status = transfer(
        segment, "CLIENT_ReadGpioPinsUsingMask",
        segment.bank->controller->packet().CLIENT_ReadGpioPinsUsingMask, parameters, values);
    if (!NT_SUCCESS(status)) return status;
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        if ((values & bit(segment.pins[i])) != 0) set_bit(buffer, segment.positions[i]);
    }
    return STATUS_SUCCESS;
}

NTSTATUS read_table(Segment& segment, bool outputs, UCHAR* buffer) {
    Bank& bank = *segment.bank;
    const char* name = "CLIENT_ReadGpioPins";
    GuardedBits values(segment.pin_count);
    PinTable table(segment, segment.mask);
    ULONG64 result = 0;
    GPIO_READ_PINS_PARAMETERS parameters = {};
    parameters.BankId = bank.id;
    parameters.PinNumberTable = table.pins();
    parameters.PinCount = segment.pin_count;
    parameters.Buffer = values.bits();
    parameters.Flags.WriteConfiguredPins = outputs;
    const NTSTATUS status =
        transfer(segment, name, bank.controller->packet().CLIENT_ReadGpioPins, parameters, result);
    table.check(*bank.controller, {name, bank.id, segment.mask, 0});
    if (!values.guards_are_intact()) report_touched_memory(bank, name, "outside of its buffer");
    if (!NT_SUCCESS(status)) return status;
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        if (test_bit(values.bits(), i)) set_bit(buffer, segment.positions[i]);
    }
    return STATUS_SUCCESS;
}

// The connection's data for this bank: bit n = pin n of the bank.
ULONG64 gather(const Segment& segment, const UCHAR* buffer) {
    if (segment.contiguous) {
        return load_bits(buffer, segment.positions[0], segment.pin_count) << segment.pins[0];
    }
    ULONG64 values = 0;
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        if (test_bit(buffer, segment.positions[i])) values |= bit(segment.pins[i]);
    }
    return values;
}

NTSTATUS write_mask(Segment& segment, const UCHAR* buffer) {
    const ULONG64 values = gather(segment, buffer);
    GPIO_WRITE_PINS_MASK_PARAMETERS parameters = {};
    parameters.BankId = segment.bank->id;
    parameters.SetMask = values;
    parameters.ClearMask = segment.mask & ~values;
    return transfer(segment, "CLIENT_WriteGpioPinsUsingMask",
                    segment.bank->controller->packet().CLIENT_WriteGpioPinsUsingMask, parameters,
                    values);
}

NTSTATUS write_table(Segment& segment, const UCHAR* buffer) {
    Bank& bank = *segment.bank;
    const char* name = "CLIENT_WriteGpioPins";
    GuardedBits values(segment.pin_count);
    UCHAR before[max_pins_per_bank / 8] = {};
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        if (test_bit(buffer, segment.positions[i])) set_bit(before, i);
    }
    const SIZE_T size = (segment.pin_count + 7u) / 8u;
    RtlCopyMemory(values.bits(), before, size);
    PinTable table(segment, segment.mask);
    GPIO_WRITE_PINS_PARAMETERS parameters = {};
    parameters.BankId = bank.id;
    parameters.PinNumberTable = table.pins();
    parameters.PinCount = segment.pin_count;
    parameters.Buffer = values.bits();
    const ULONG64 result = gather(segment, buffer);
    const NTSTATUS status =
        transfer(segment, name, bank.controller->packet().CLIENT_WriteGpioPins, parameters, result);
    table.check(*bank.controller, {name, bank.id, segment.mask, 0});
    if (!values.guards_are_intact()) report_touched_memory(bank, name, "outside of its buffer");
    if (RtlCompareMemory(values.bits(), before, size) != size)
        report_touched_memory(bank, name, "in the buffer of a write");
    return status;
}

}  // namespace

void report_touched_memory(const Bank& bank, const char* callback, const char* what) {
    GxReportFinding("V32", bank.controller->physical_device, "%s of bank %u wrote %s", callback,
                    bank.id, what);
}

NTSTATUS read_connection(Connection& connection, UCHAR* buffer) {
    const bool as_masks = connection.controller->information.Flags.FormatIoRequestsAsMasks;  // Q7
    const bool outputs = connection.mode == ConnectModeOutput;  // G8, G9
    RtlZeroMemory(buffer, buffer_size(connection));             // G6
    for (USHORT i = 0; i < connection.segment_count; ++i) {
        const NTSTATUS status = as_masks ? read_mask(connection.segments[i], outputs, buffer)
                                         : read_table(connection.segments[i], outputs, buffer);
        if (!NT_SUCCESS(status)) return status;
    }
    return STATUS_SUCCESS;
}

NTSTATUS write_connection(Connection& connection, const UCHAR* buffer) {
    const bool as_masks = connection.controller->information.Flags.FormatIoRequestsAsMasks;
    for (USHORT i = 0; i < connection.segment_count; ++i) {
        const NTSTATUS status = as_masks ? write_mask(connection.segments[i], buffer)
                                         : write_table(connection.segments[i], buffer);
        if (!NT_SUCCESS(status)) return status;
    }
    return STATUS_SUCCESS;
}

}  // namespace gpioclx
