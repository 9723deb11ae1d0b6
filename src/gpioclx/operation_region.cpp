#include "operation_region.h"

#include <gx_acpi_gpio.h>

#include "connection.h"
#include "idle.h"

namespace gpioclx {

// A field that was accessed: an internal connection, opened by the first access, which fixes its
// direction (A24, A27).
struct RegionField {
    RegionField* next;
    Connection connection;
};

namespace {

// One opening or closing at a time; not held while pins are read or written.
class RegionLock {
  public:
    explicit RegionLock(Controller& controller) : controller_(controller) {
        KeWaitForSingleObject(&controller_.region_free, Executive, KernelMode, FALSE, nullptr);
    }
    ~RegionLock() { KeSetEvent(&controller_.region_free, IO_NO_INCREMENT, FALSE); }
    RegionLock(const RegionLock&) = delete;
    RegionLock& operator=(const RegionLock&) = delete;

  private:
    Controller& controller_;
};

// A method that a callback of the client evaluates: waiting for the bank's lock would be for ever.
bool runs_inside_callback(Controller& controller) {
    if (controller.setup_thread == KeGetCurrentThread()) return true;
    for (USHORT i = 0; i < controller.bank_count; ++i) {
        if (wait_lock_is_mine(controller.banks[i])) return true;
    }
    return false;
}

NTSTATUS field_of(Controller& controller, const GX_GPIO_CONNECTION& pins, bool write,
                  RegionField** result) {
    RegionLock lock(controller);
    for (RegionField* field = controller.region_fields; field != nullptr; field = field->next) {
        *result = field;
        if (field->connection.resource == &pins) return STATUS_SUCCESS;
    }
    RegionField* field = allocate_array<RegionField>(1);
    if (field == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    const NTSTATUS status = open_connection(
        controller, pins, write ? FILE_WRITE_DATA : FILE_READ_DATA, field->connection);
    if (!NT_SUCCESS(status)) {
        release(field);
        return status;
    }
    field->next = controller.region_fields;
    controller.region_fields = field;
    *result = field;
    return STATUS_SUCCESS;
}

NTSTATUS transfer(RegionField& field, bool write, ULONG64& value) {
    Connection& connection = field.connection;
    if (write != (connection.mode == ConnectModeOutput))
        return STATUS_GPIO_OPERATION_DENIED;  // A24
    // Bit n of the value is bit n of a request buffer: both begin with the lowest bit.
    UCHAR buffer[sizeof(value)] = {};
    if (write) {
        RtlCopyMemory(buffer, &value, sizeof(value));
        return write_connection(connection, buffer);
    }
    const NTSTATUS status = read_connection(connection, buffer);
    if (NT_SUCCESS(status)) RtlCopyMemory(&value, buffer, sizeof(value));
    return status;
}

NTSTATUS access_region(PVOID context, const GX_GPIO_CONNECTION* pins, BOOLEAN write,
                       PULONG64 value) {
    Controller& controller = *static_cast<Controller*>(context);
    if (runs_inside_callback(controller)) {
        GxReportFinding(
            "firmware-102", controller.physical_device,
            "a callback evaluated a method that accesses pin %u of the same controller "
            "through an operation region; the access fails, because it would wait for the "
            "lock of the callback",
            pins->Pins[0]);
        return STATUS_POSSIBLE_DEADLOCK;
    }
    if (pins->PinCount > 64) return STATUS_INVALID_PARAMETER;
    RegionField* field = nullptr;
    NTSTATUS status = hold_power(controller);  // P22
    if (!NT_SUCCESS(status)) return status;
    status = field_of(controller, *pins, write, &field);
    if (NT_SUCCESS(status)) status = transfer(*field, write, *value);
    let_power_go(controller);
    return status;
}

}  // namespace

void reserve_region_pins(Controller& controller) {
    for (ULONG i = 0;; ++i) {
        const GX_GPIO_CONNECTION* field = GxAcpiGetPinField(controller.physical_device, i);
        if (field == nullptr) return;
        for (USHORT p = 0; p < field->PinCount; ++p) {
            const ULONG pin = field->Pins[p];
            if (pin >= controller.information.TotalPins) continue;  // an access will say so
            bank_of_pin(controller, pin).pins[relative_pin(controller, pin)].firmware_only = true;
        }
    }
}

void connect_region(Controller& controller) {
    KeInitializeEvent(&controller.region_free, SynchronizationEvent, TRUE);
    // Without I/O callbacks there is nothing that fields could move.
    if (!has_io(controller.packet())) return;
    GxAcpiConnectPinRegion(controller.physical_device, &access_region, &controller);
}

void disconnect_region(Controller& controller) {
    GxAcpiDisconnectPinRegion(controller.physical_device);
    while (controller.region_fields != nullptr) {
        RegionField* field = controller.region_fields;
        controller.region_fields = field->next;
        close_connection(controller, field->connection, controller.started);
        release(field);
    }
}

}  // namespace gpioclx
