// Pins reserved for an alternate function (C70-C73): opening reserves them, the commit request
// applies the function, closing reverts what was applied.
#include "arbitration.h"
#include "bank_power.h"
#include "client_call.h"
#include "connection.h"
#include "input_only.h"
#include "pin_table.h"

namespace gpioclx {
namespace {

NTSTATUS arbitrate(const Connection& connection, const Segment& segment) {
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        const NTSTATUS status =
            may_be_reserved(segment.bank->pins[segment.pins[i]], *connection.resource);
        if (!NT_SUCCESS(status)) return status;
    }
    return STATUS_SUCCESS;
}

NTSTATUS reserve_segment(Connection& connection, Segment& segment) {
    BankHold hold(*segment.bank);
    WaitLockScope wait(*segment.bank);
    const NTSTATUS status = arbitrate(connection, segment);
    if (!NT_SUCCESS(status)) return status;
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        Pin& pin = segment.bank->pins[segment.pins[i]];
        ++pin.function_count;
        pin.function_shared = connection.resource->Shared;
        pin.function_number = connection.resource->FunctionNumber;
        pin.function_pull = connection.resource->PullConfiguration;
    }
    hold_bank(*segment.bank);
    return STATUS_SUCCESS;
}

void free_segment(Segment& segment) {
    {
        WaitLockScope wait(*segment.bank);
        for (USHORT i = 0; i < segment.pin_count; ++i)
            --segment.bank->pins[segment.pins[i]].function_count;
    }
    let_bank_go(*segment.bank);
}

NTSTATUS call_connect(Connection& connection, Segment& segment, ULONG64 pins) {
    PinTable table(segment, pins);
    Controller& controller = *connection.controller;
    const GX_GPIO_CONNECTION& resource = *connection.resource;
    GPIO_CONNECT_FUNCTION_CONFIG_PINS_PARAMETERS parameters = {};
    parameters.BankId = segment.bank->id;
    parameters.PinNumberTable = table.pins();
    parameters.PinCount = table.count();
    parameters.FunctionNumber = resource.FunctionNumber;
    parameters.PullConfiguration = resource.PullConfiguration;
    parameters.VendorData = resource.VendorData;
    parameters.VendorDataLength = static_cast<USHORT>(resource.VendorDataLength);
    const CallSite site{"CLIENT_ConnectFunctionConfigPins", segment.bank->id, pins,
                        GX_HOLDS_WAIT_LOCK};
    const NTSTATUS status = call_with(
        controller, site, controller.packet().CLIENT_ConnectFunctionConfigPins, parameters);
    table.check(controller, site);
    return status;
}

void call_disconnect(Connection& connection, Segment& segment, ULONG64 pins) {
    PinTable table(segment, pins);
    Controller& controller = *connection.controller;
    GPIO_DISCONNECT_FUNCTION_CONFIG_PINS_PARAMETERS parameters = {};
    parameters.BankId = segment.bank->id;
    parameters.PinNumberTable = table.pins();
    parameters.PinCount = table.count();
    parameters.DisconnectMode = ConnectModeInvalid;  // a function has no direction
    const CallSite site{"CLIENT_DisconnectFunctionConfigPins", segment.bank->id, pins,
                        GX_HOLDS_WAIT_LOCK};
    const NTSTATUS status = call_with(
        controller, site, controller.packet().CLIENT_DisconnectFunctionConfigPins, parameters);
    table.check(controller, site);
    if (!NT_SUCCESS(status) && !controller.memory_mapped())  // as C42
        log_failure(*segment.bank, "CLIENT_DisconnectFunctionConfigPins", pins, status, 1);
    require_io_success(*segment.bank, "CLIENT_DisconnectFunctionConfigPins", status, &parameters);
}

// As C54: the client is asked only for pins that do not have the function yet.
NTSTATUS apply_segment(Connection& connection, Segment& segment) {
    WaitLockScope wait(*segment.bank);
    ULONG64 first = 0;
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        if (segment.bank->pins[segment.pins[i]].committed_count == 0) first |= bit(segment.pins[i]);
    }
    const NTSTATUS status = first != 0 ? call_connect(connection, segment, first) : STATUS_SUCCESS;
    if (!NT_SUCCESS(status)) return status;
    for (USHORT i = 0; i < segment.pin_count; ++i)
        ++segment.bank->pins[segment.pins[i]].committed_count;
    return STATUS_SUCCESS;
}

void revert_segment(Connection& connection, Segment& segment) {
    WaitLockScope wait(*segment.bank);
    ULONG64 last = 0;
    for (USHORT i = 0; i < segment.pin_count; ++i) {
        if (--segment.bank->pins[segment.pins[i]].committed_count == 0)
            last |= bit(segment.pins[i]);
    }
    if (last != 0) call_disconnect(connection, segment, last);
}

}  // namespace

NTSTATUS reserve_function_pins(Connection& connection) {
    for (USHORT i = 0; i < connection.segment_count; ++i) {
        const NTSTATUS status = reserve_segment(connection, connection.segments[i]);
        if (NT_SUCCESS(status)) continue;
        while (i > 0) free_segment(connection.segments[--i]);
        return status;
    }
    return STATUS_SUCCESS;
}

void release_function_pins(Connection& connection) {
    for (USHORT i = 0; i < connection.segment_count; ++i) {
        if (connection.committed) revert_segment(connection, connection.segments[i]);
        free_segment(connection.segments[i]);
    }
    connection.committed = FALSE;
}

NTSTATUS commit_function(Connection& connection) {
    if (connection.controller->packet().CLIENT_ConnectFunctionConfigPins == nullptr)
        return STATUS_NOT_SUPPORTED;  // C71
    if (InterlockedExchange(&connection.committed, TRUE) != FALSE) return STATUS_SUCCESS;
    for (USHORT i = 0; i < connection.segment_count; ++i) {
        const NTSTATUS status = apply_segment(connection, connection.segments[i]);
        if (NT_SUCCESS(status)) continue;
        while (i > 0) revert_segment(connection, connection.segments[--i]);
        connection.committed = FALSE;
        return status;
    }
    return STATUS_SUCCESS;
}

}  // namespace gpioclx
