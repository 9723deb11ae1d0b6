// Reading and writing the pins of a connection (C20-C29, C40, C41).
#include "client_call.h"
#include "connection.h"

namespace gpioclx {
namespace {

bool test_bit(const UCHAR* buffer, ULONG n) {
    return (buffer[n / 8] >> (n % 8) & 1) != 0;
}
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

NTSTATUS finish(Bank& bank, const char* callback, NTSTATUS status, const void* parameters) {
    if (NT_SUCCESS(status)) return STATUS_SUCCESS;
    Controller& controller = *bank.controller;
    if (!controller.memory_mapped()) return status;  // C41
    GxReportFinding("V26", controller.physical_device, "%s of bank %u failed with status %08x",
                    callback, bank.id, status);
    KeBugCheckEx(gpio_controller_driver_error, 6, static_cast<ULONG_PTR>(status),
                 reinterpret_cast<ULONG_PTR>(&controller), reinterpret_cast<ULONG_PTR>(parameters));
    return status;
}

NTSTATUS read_mask(Segment& segment, bool outputs, UCHAR* buffer) {
    Controller& controller = *segment.bank->controller;
    ULONG64 values = 0;
    GPIO_READ_PINS_MASK_PARAMETERS parameters = {};
    parameters.BankId = segment.bank->id;
    parameters.PinValues = &values;
    parameters.Flags.WriteConfiguredPins = outputs;
    NTSTATUS status;
    {
        TransferLocks locks(*segment.bank);
        status = call_client(
            controller,
            {"CLIENT_ReadGpioPinsUsingMask", segment.bank->id, segment.mask, locks.held(), &values},
            controller.packet().CLIENT_ReadGpioPinsUsingMask, controller.context, &parameters);
    }
    if (!NT_SUCCESS(status))
        return finish(*segment.bank, "CLIENT_ReadGpioPinsUsingMask", status, &parameters);
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        if ((values & bit(segment.pins[i])) != 0) set_bit(buffer, segment.positions[i]);
    }
    return STATUS_SUCCESS;
}

NTSTATUS read_table(Segment& segment, bool outputs, UCHAR* buffer) {
    Controller& controller = *segment.bank->controller;
    UCHAR values[max_pins_per_bank / 8] = {};
    ULONG64 result = 0;
    GPIO_READ_PINS_PARAMETERS parameters = {};
    parameters.BankId = segment.bank->id;
    parameters.PinNumberTable = segment.pins;
    parameters.PinCount = segment.pin_count;
    parameters.Buffer = values;
    parameters.Flags.WriteConfiguredPins = outputs;
    NTSTATUS status;
    {
        TransferLocks locks(*segment.bank);
        status = call_client(
            controller,
            {"CLIENT_ReadGpioPins", segment.bank->id, segment.mask, locks.held(), &result},
            controller.packet().CLIENT_ReadGpioPins, controller.context, &parameters);
    }
    if (!NT_SUCCESS(status))
        return finish(*segment.bank, "CLIENT_ReadGpioPins", status, &parameters);
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        if (test_bit(values, i)) set_bit(buffer, segment.positions[i]);
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
    Controller& controller = *segment.bank->controller;
    const ULONG64 values = gather(segment, buffer);
    GPIO_WRITE_PINS_MASK_PARAMETERS parameters = {};
    parameters.BankId = segment.bank->id;
    parameters.SetMask = values;
    parameters.ClearMask = segment.mask & ~values;
    NTSTATUS status;
    {
        TransferLocks locks(*segment.bank);
        status = call_client(controller,
                             {"CLIENT_WriteGpioPinsUsingMask", segment.bank->id, segment.mask,
                              locks.held(), &values},
                             controller.packet().CLIENT_WriteGpioPinsUsingMask, controller.context,
                             &parameters);
    }
    return finish(*segment.bank, "CLIENT_WriteGpioPinsUsingMask", status, &parameters);
}

NTSTATUS write_table(Segment& segment, const UCHAR* buffer) {
    Controller& controller = *segment.bank->controller;
    UCHAR values[max_pins_per_bank / 8] = {};
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        if (test_bit(buffer, segment.positions[i])) set_bit(values, i);
    }
    GPIO_WRITE_PINS_PARAMETERS parameters = {};
    parameters.BankId = segment.bank->id;
    parameters.PinNumberTable = segment.pins;
    parameters.PinCount = segment.pin_count;
    parameters.Buffer = values;
    const ULONG64 result = gather(segment, buffer);
    NTSTATUS status;
    {
        TransferLocks locks(*segment.bank);
        status = call_client(
            controller,
            {"CLIENT_WriteGpioPins", segment.bank->id, segment.mask, locks.held(), &result},
            controller.packet().CLIENT_WriteGpioPins, controller.context, &parameters);
    }
    return finish(*segment.bank, "CLIENT_WriteGpioPins", status, &parameters);
}

}  // namespace

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
