// An open GPIO resource: one handle, all its pins. Most are open for I/O (C1-C13, C30-C35); one of
// the class FUNCTION_CONFIG reserves its pins for an alternate function (C70-C73).
#pragma once

#include "controller.h"

namespace gpioclx {

// The pins of a connection that lie in one bank.
struct Segment {
    Bank* bank;
    USHORT pin_count;
    PIN_NUMBER* pins;       // bank-relative, in the order of the connection
    USHORT* positions;      // of each pin in the connection: its bit in request buffers
    ULONG64 mask;           // the same pins as a mask
    ULONG64 connected_new;  // pins for which this open was the first (C54), while connecting
    // Pins and positions both ascend by one: bits move by a shift.
    bool contiguous;
};

struct Connection {
    Controller* controller;  // null: the file is no connection, or not any more
    bool detached;           // its controller went away while it was open (C13)
    bool holds_power;        // hold_power, until the handle is closed (P22)
    LIST_ENTRY link;         // in Controller::connections
    const GX_GPIO_CONNECTION* resource;
    GPIO_CONNECT_IO_PINS_MODE mode;
    bool reserves_function;
    LONG committed;     // its function is applied
    Segment* segments;  // in order of first appearance (C22)
    USHORT segment_count;
    PIN_NUMBER* pin_storage;
    USHORT* position_storage;
};
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(Connection, connection_of)

// PASSIVE_LEVEL. Checks, arbitrates and calls CLIENT_ConnectIoPins once per bank that has new pins.
NTSTATUS open_connection(Controller& controller, const GX_GPIO_CONNECTION& resource,
                         ACCESS_MASK access, Connection& connection);
// PASSIVE_LEVEL. CLIENT_DisconnectIoPins or CLIENT_DisconnectFunctionConfigPins for pins that
// nobody else has; nothing if the controller has stopped. Cannot fail (C35).
void close_connection(Controller& controller, Connection& connection, bool started);
// PASSIVE_LEVEL, when the controller's hardware is given back: handles that are still open lose it.
void detach_connections(Controller& controller);

// connection_segments.cpp. C7, and the tables of a connection whose controller and resource are
// set.
NTSTATUS build_segments(Connection& connection);
void release_segments(Connection& connection);

// function_config.cpp. Like open and close, for connections that reserve a function.
NTSTATUS reserve_function_pins(Connection& connection);
void release_function_pins(Connection& connection);
NTSTATUS commit_function(Connection& connection);

// Transfers. `buffer` has one bit per pin of the connection (G3, G12).
NTSTATUS read_connection(Connection& connection, UCHAR* buffer);
NTSTATUS write_connection(Connection& connection, const UCHAR* buffer);

// The status of an I/O callback. Memory-mapped controllers may not fail it: bug check 0x138, cause
// 6 (C40); a serial one's status goes to the caller (C41).
NTSTATUS require_io_success(Bank& bank, const char* callback, NTSTATUS status,
                            const void* parameters);

inline ULONG buffer_size(const Connection& connection) {
    return (connection.resource->PinCount + 7u) / 8u;
}  // G4

}  // namespace gpioclx
