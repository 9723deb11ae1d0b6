// Opening and closing connections.
#include "arbitration.h"
#include "client_call.h"
#include "connection.h"

namespace gpioclx {
namespace {

// C2, C3, C5. GENERIC_* are accepted in case that nobody mapped them.
GPIO_CONNECT_IO_PINS_MODE mode_of(ACCESS_MASK access) {
    int mode = ConnectModeInvalid;
    if ((access & (FILE_READ_DATA | GENERIC_READ | GENERIC_ALL)) != 0) mode |= ConnectModeInput;
    if ((access & (FILE_WRITE_DATA | GENERIC_WRITE | GENERIC_ALL)) != 0) mode |= ConnectModeOutput;
    return static_cast<GPIO_CONNECT_IO_PINS_MODE>(mode);
}

NTSTATUS check_mode(const Controller& controller, const GX_GPIO_CONNECTION& resource, int mode) {
    if (mode == ConnectModeInvalid) return STATUS_INVALID_PARAMETER;  // C4
    const bool reads = (mode & ConnectModeInput) != 0;
    const bool writes = (mode & ConnectModeOutput) != 0;
    if ((writes && resource.Restriction == GxIoRestrictionInputOnly) ||
        (reads && resource.Restriction == GxIoRestrictionOutputOnly)) {
        return STATUS_GPIO_INCOMPATIBLE_CONNECT_MODE;  // C6
    }
    const GPIO_CLIENT_REGISTRATION_PACKET& packet = controller.packet();
    if (!has_io(packet) || (reads && packet.CLIENT_ReadGpioPins == nullptr) ||
        (writes && packet.CLIENT_WriteGpioPins == nullptr)) {
        return STATUS_NOT_SUPPORTED;  // C8
    }
    return STATUS_SUCCESS;
}

// C7
NTSTATUS check_pins(const Controller& controller, const GX_GPIO_CONNECTION& resource) {
    if (resource.PinCount == 0) return STATUS_INVALID_PARAMETER;
    for (USHORT i = 0; i < resource.PinCount; ++i) {
        if (resource.Pins[i] >= controller.information.TotalPins) return STATUS_INVALID_PARAMETER;
        for (USHORT j = 0; j < i; ++j) {
            if (resource.Pins[j] == resource.Pins[i]) return STATUS_INVALID_PARAMETER;
        }
    }
    return STATUS_SUCCESS;
}

void release_tables(Connection& connection) {
    release(connection.segments);
    release(connection.pin_storage);
    release(connection.position_storage);
    connection.segments = nullptr;
    connection.pin_storage = nullptr;
    connection.position_storage = nullptr;
    connection.segment_count = 0;
}

Segment* segment_of_bank(Connection& connection, const Bank& bank) {
    for (USHORT i = 0; i < connection.segment_count; ++i) {
        if (connection.segments[i].bank == &bank) return &connection.segments[i];
    }
    return nullptr;
}

// Sorts the pins by bank, each bank at its first appearance.
NTSTATUS build_segments(Connection& connection) {
    Controller& controller = *connection.controller;
    const GX_GPIO_CONNECTION& resource = *connection.resource;
    connection.segments = allocate_array<Segment>(resource.PinCount);
    connection.pin_storage = allocate_array<PIN_NUMBER>(resource.PinCount);
    connection.position_storage = allocate_array<USHORT>(resource.PinCount);
    if (connection.segments == nullptr || connection.pin_storage == nullptr ||
        connection.position_storage == nullptr) {
        release_tables(connection);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    for (USHORT i = 0; i < resource.PinCount; ++i) {
        Bank& bank = bank_of_pin(controller, resource.Pins[i]);
        Segment* segment = segment_of_bank(connection, bank);
        if (segment == nullptr) {
            segment = &connection.segments[connection.segment_count++];
            segment->bank = &bank;
        }
        ++segment->pin_count;
    }
    USHORT used = 0;
    for (USHORT s = 0; s < connection.segment_count; ++s) {
        Segment& segment = connection.segments[s];
        segment.pins = connection.pin_storage + used;
        segment.positions = connection.position_storage + used;
        used = static_cast<USHORT>(used + segment.pin_count);
        segment.pin_count = 0;
    }
    for (USHORT i = 0; i < resource.PinCount; ++i) {
        Segment& segment = *segment_of_bank(connection, bank_of_pin(controller, resource.Pins[i]));
        const PIN_NUMBER number = relative_pin(controller, resource.Pins[i]);
        segment.pins[segment.pin_count] = number;
        segment.positions[segment.pin_count++] = i;
        segment.mask |= bit(number);
    }
    for (USHORT s = 0; s < connection.segment_count; ++s) {
        Segment& segment = connection.segments[s];
        segment.contiguous = true;
        for (USHORT i = 1; i < segment.pin_count; ++i) {
            segment.contiguous = segment.contiguous && segment.pins[i] == segment.pins[0] + i &&
                                 segment.positions[i] == segment.positions[0] + i;
        }
    }
    return STATUS_SUCCESS;
}

NTSTATUS arbitrate(const Connection& connection, const Segment& segment) {
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        const NTSTATUS status = may_be_opened(segment.bank->pins[segment.pins[i]],
                                              *connection.resource, connection.mode);
        if (!NT_SUCCESS(status)) return status;
    }
    return STATUS_SUCCESS;
}

// The pins of the segment in `wanted`, in order, as a table for a callback.
USHORT select_pins(const Segment& segment, ULONG64 wanted, PIN_NUMBER* table) {
    USHORT count = 0;
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        if ((wanted & bit(segment.pins[i])) != 0) table[count++] = segment.pins[i];
    }
    return count;
}

void call_disconnect(Connection& connection, Segment& segment, ULONG64 pins) {
    PIN_NUMBER table[max_pins_per_bank];
    Controller& controller = *connection.controller;
    GPIO_DISCONNECT_IO_PINS_PARAMETERS parameters = {};
    parameters.BankId = segment.bank->id;
    parameters.PinNumberTable = table;
    parameters.PinCount = select_pins(segment, pins, table);
    parameters.DisconnectMode = connection.mode;  // C30
    parameters.DisconnectFlags.PreserveConfiguration =
        connection.resource->Restriction == GxIoRestrictionNoneAndPreserve;  // C33
    const NTSTATUS status = call_client(
        controller, {"CLIENT_DisconnectIoPins", segment.bank->id, pins, GX_HOLDS_WAIT_LOCK},
        controller.packet().CLIENT_DisconnectIoPins, controller.context, &parameters);
    if (NT_SUCCESS(status)) return;
    GxReportFinding("V26", controller.physical_device,
                    "CLIENT_DisconnectIoPins of bank %u failed with status %08x", segment.bank->id,
                    status);
    if (controller.memory_mapped()) {  // C40
        KeBugCheckEx(gpio_controller_driver_error, 6, static_cast<ULONG_PTR>(status),
                     reinterpret_cast<ULONG_PTR>(&controller),
                     reinterpret_cast<ULONG_PTR>(&parameters));
    }
}

NTSTATUS call_connect(Connection& connection, Segment& segment, ULONG64 pins) {
    PIN_NUMBER table[max_pins_per_bank];
    Controller& controller = *connection.controller;
    const GX_GPIO_CONNECTION& resource = *connection.resource;
    GPIO_CONNECT_IO_PINS_PARAMETERS parameters = {};
    parameters.BankId = segment.bank->id;
    parameters.PinNumberTable = table;
    parameters.PinCount = select_pins(segment, pins, table);
    parameters.ConnectMode = connection.mode;
    parameters.PullConfiguration = resource.PullConfiguration;
    parameters.DebounceTimeout = resource.DebounceTimeout;
    parameters.DriveStrength = resource.DriveStrength;
    parameters.VendorData = resource.VendorData;
    parameters.VendorDataLength = resource.VendorDataLength;
    return call_client(controller,
                       {"CLIENT_ConnectIoPins", segment.bank->id, pins, GX_HOLDS_WAIT_LOCK},
                       controller.packet().CLIENT_ConnectIoPins, controller.context, &parameters);
}

// C9, C54, under the wait lock of the segment's bank.
NTSTATUS connect_segment(Connection& connection, Segment& segment) {
    WaitLockScope wait(*segment.bank);
    NTSTATUS status = arbitrate(connection, segment);
    if (!NT_SUCCESS(status)) return status;
    const GX_GPIO_CONNECTION& resource = *connection.resource;
    segment.connected_new = 0;
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        if (segment.bank->pins[segment.pins[i]].open_count == 0)
            segment.connected_new |= bit(segment.pins[i]);
    }
    if (segment.connected_new != 0)
        status = call_connect(connection, segment, segment.connected_new);
    if (!NT_SUCCESS(status)) return status;
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        Pin& pin = segment.bank->pins[segment.pins[i]];
        ++pin.open_count;
        pin.open_shared = resource.Shared;
        pin.open_mode = connection.mode;
        pin.pull_configuration = resource.PullConfiguration;
        pin.debounce_timeout = resource.DebounceTimeout;
        pin.drive_strength = resource.DriveStrength;
    }
    return STATUS_SUCCESS;
}

void disconnect_segment(Connection& connection, Segment& segment) {
    WaitLockScope wait(*segment.bank);
    ULONG64 last = 0;
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        if (--segment.bank->pins[segment.pins[i]].open_count == 0) last |= bit(segment.pins[i]);
    }
    if (last != 0) call_disconnect(connection, segment, last);
}

// A refusal by arbitration should not be noticed by any bank: all are asked first.
NTSTATUS arbitrate_all(const Connection& connection) {
    for (USHORT i = 0; i < connection.segment_count; ++i) {
        const Segment& segment = connection.segments[i];
        WaitLockScope wait(*segment.bank);
        const NTSTATUS status = arbitrate(connection, segment);
        if (!NT_SUCCESS(status)) return status;
    }
    return STATUS_SUCCESS;
}

}  // namespace

NTSTATUS open_connection(Controller& controller, const GX_GPIO_CONNECTION& resource,
                         ACCESS_MASK access, Connection& connection) {
    if (!controller.started) return STATUS_DEVICE_NOT_READY;  // C13
    connection.mode = mode_of(access);
    NTSTATUS status = check_mode(controller, resource, connection.mode);
    if (NT_SUCCESS(status)) status = check_pins(controller, resource);
    if (!NT_SUCCESS(status)) return status;
    connection.controller = &controller;
    connection.resource = &resource;
    status = build_segments(connection);
    if (NT_SUCCESS(status)) status = arbitrate_all(connection);
    USHORT connected = 0;
    while (NT_SUCCESS(status) && connected < connection.segment_count) {
        status = connect_segment(connection, connection.segments[connected]);
        if (NT_SUCCESS(status)) ++connected;
    }
    if (NT_SUCCESS(status)) return STATUS_SUCCESS;
    while (connected > 0) disconnect_segment(connection, connection.segments[--connected]);
    release_tables(connection);
    connection.controller = nullptr;
    return status;
}

void close_connection(Connection& connection) {
    if (connection.controller == nullptr) return;
    for (USHORT i = 0; i < connection.segment_count; ++i) {
        disconnect_segment(connection, connection.segments[i]);
    }
    release_tables(connection);
    connection.controller = nullptr;
}

}  // namespace gpioclx
