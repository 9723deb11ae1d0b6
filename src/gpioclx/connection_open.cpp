// Opening and closing connections.
#include "arbitration.h"
#include "bank_power.h"
#include "client_call.h"
#include "connection.h"
#include "input_only.h"
#include "pin_table.h"

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

NTSTATUS arbitrate(const Connection& connection, const Segment& segment) {
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        const NTSTATUS status = may_be_opened(segment.bank->pins[segment.pins[i]],
                                              *connection.resource, connection.mode);
        if (!NT_SUCCESS(status)) return status;
    }
    return STATUS_SUCCESS;
}

void call_disconnect(Connection& connection, Segment& segment, ULONG64 pins) {
    PinTable table(segment, pins);
    Controller& controller = *connection.controller;
    GPIO_DISCONNECT_IO_PINS_PARAMETERS parameters = {};
    parameters.BankId = segment.bank->id;
    parameters.PinNumberTable = table.pins();
    parameters.PinCount = table.count();
    parameters.DisconnectMode = connection.mode;  // C30
    parameters.DisconnectFlags.PreserveConfiguration =
        connection.resource->Restriction == GxIoRestrictionNoneAndPreserve;  // C33
    const CallSite site{"CLIENT_DisconnectIoPins", segment.bank->id, pins, GX_HOLDS_WAIT_LOCK};
    const NTSTATUS status =
        call_with(controller, site, controller.packet().CLIENT_DisconnectIoPins, parameters);
    table.check(controller, site);
    if (!NT_SUCCESS(status) && !controller.memory_mapped())  // C42
        log_failure(*segment.bank, "CLIENT_DisconnectIoPins", pins, status, 1);
    require_io_success(*segment.bank, "CLIENT_DisconnectIoPins", status, &parameters);
}

NTSTATUS call_connect(Connection& connection, Segment& segment, ULONG64 pins) {
    PinTable table(segment, pins);
    Controller& controller = *connection.controller;
    const GX_GPIO_CONNECTION& resource = *connection.resource;
    GPIO_CONNECT_IO_PINS_PARAMETERS parameters = {};
    parameters.BankId = segment.bank->id;
    parameters.PinNumberTable = table.pins();
    parameters.PinCount = table.count();
    parameters.ConnectMode = connection.mode;
    parameters.PullConfiguration = resource.PullConfiguration;
    parameters.DebounceTimeout =
        resource.DebounceTimeout;  // I89: also where debouncing is emulated
    parameters.DriveStrength = resource.DriveStrength;
    parameters.VendorData = resource.VendorData;
    parameters.VendorDataLength = resource.VendorDataLength;
    const CallSite site{"CLIENT_ConnectIoPins", segment.bank->id, pins, GX_HOLDS_WAIT_LOCK};
    const NTSTATUS status =
        call_with(controller, site, controller.packet().CLIENT_ConnectIoPins, parameters);
    table.check(controller, site);
    return status;
}

// C9, C54, under the wait lock of the segment's bank.
NTSTATUS connect_segment(Connection& connection, Segment& segment) {
    BankHold hold(*segment.bank);
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
    hold_bank(*segment.bank);  // P35: as long as it is open
    return STATUS_SUCCESS;
}

void disconnect_segment(Connection& connection, Segment& segment) {
    {
        WaitLockScope wait(*segment.bank);
        ULONG64 last = 0;
        for (USHORT i = 0; i < segment.pin_count; ++i) {
            if (--segment.bank->pins[segment.pins[i]].open_count == 0) last |= bit(segment.pins[i]);
        }
        if (last != 0) call_disconnect(connection, segment, last);
    }
    let_bank_go(*segment.bank);
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

NTSTATUS connect_pins(Connection& connection) {
    NTSTATUS status = arbitrate_all(connection);
    USHORT connected = 0;
    while (NT_SUCCESS(status) && connected < connection.segment_count) {
        status = connect_segment(connection, connection.segments[connected]);
        if (NT_SUCCESS(status)) ++connected;
    }
    if (NT_SUCCESS(status)) return STATUS_SUCCESS;
    while (connected > 0) disconnect_segment(connection, connection.segments[--connected]);
    return status;
}

void link(Connection& connection) {
    Controller& controller = *connection.controller;
    ExAcquireFastMutex(&controller.connections_lock);
    InsertTailList(&controller.connections, &connection.link);
    ExReleaseFastMutex(&controller.connections_lock);
}

// For a controller that has stopped: its client knows nothing of connections any more.
void forget_pins(Connection& connection) {
    for (USHORT s = 0; s < connection.segment_count; ++s) {
        const Segment& segment = connection.segments[s];
        for (USHORT i = 0; i < segment.pin_count; ++i) {
            Pin& pin = segment.bank->pins[segment.pins[i]];
            if (!connection.reserves_function) {
                --pin.open_count;
                continue;
            }
            --pin.function_count;
            if (connection.committed) --pin.committed_count;
        }
        let_bank_go(*segment.bank);
    }
}

}  // namespace

NTSTATUS open_connection(Controller& controller, const GX_GPIO_CONNECTION& resource,
                         ACCESS_MASK access, Connection& connection) {
    connection.mode = mode_of(access);
    if (connection.mode == ConnectModeInvalid) return STATUS_INVALID_PARAMETER;  // C4
    connection.reserves_function = resource.Class == CM_RESOURCE_CONNECTION_CLASS_FUNCTION_CONFIG;
    NTSTATUS status = STATUS_SUCCESS;
    if (!connection.reserves_function) status = check_mode(controller, resource, connection.mode);
    if (!NT_SUCCESS(status)) return status;
    connection.controller = &controller;
    connection.resource = &resource;
    status = build_segments(connection);
    if (NT_SUCCESS(status)) {
        status = connection.reserves_function ? reserve_function_pins(connection)
                                              : connect_pins(connection);
    }
    if (NT_SUCCESS(status)) {
        link(connection);
        return STATUS_SUCCESS;
    }
    release_segments(connection);
    connection.controller = nullptr;
    return status;
}

void close_connection(Controller& controller, Connection& connection, bool started) {
    ExAcquireFastMutex(&controller.connections_lock);
    const bool is_open = connection.controller != nullptr;  // and not detached
    if (is_open) RemoveEntryList(&connection.link);
    if (is_open && !started) {
        forget_pins(connection);
        release_segments(connection);
        connection.controller = nullptr;
    }
    ExReleaseFastMutex(&controller.connections_lock);
    if (!is_open || !started) return;
    if (connection.reserves_function) {
        release_function_pins(connection);
    } else {
        for (USHORT i = 0; i < connection.segment_count; ++i) {
            disconnect_segment(connection, connection.segments[i]);
        }
    }
    release_segments(connection);
    connection.controller = nullptr;
}

void detach_connections(Controller& controller) {
    ExAcquireFastMutex(&controller.connections_lock);
    while (!IsListEmpty(&controller.connections)) {
        Connection& connection =
            *CONTAINING_RECORD(RemoveHeadList(&controller.connections), Connection, link);
        release_segments(connection);
        connection.controller = nullptr;
        connection.detached = true;
    }
    ExReleaseFastMutex(&controller.connections_lock);
}

NTSTATUS require_io_success(Bank& bank, const char* callback, NTSTATUS status,
                            const void* parameters) {
    if (NT_SUCCESS(status)) return STATUS_SUCCESS;
    Controller& controller = *bank.controller;
    if (!controller.memory_mapped()) return status;
    GxReportFinding("V26", controller.physical_device, "%s of bank %u failed with status %08x",
                    callback, bank.id, status);
    KeBugCheckEx(gpio_controller_driver_error, 6, static_cast<ULONG_PTR>(status),
                 reinterpret_cast<ULONG_PTR>(&controller), reinterpret_cast<ULONG_PTR>(parameters));
    return status;
}

}  // namespace gpioclx
