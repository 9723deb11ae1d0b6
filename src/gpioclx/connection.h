// An open GPIO I/O resource: one handle, all its pins (C1-C13, C30-C35).
#pragma once

#include "controller.h"

namespace gpioclx {

// The pins of a connection that lie in one bank.
struct Segment {
    Bank* bank;
    USHORT pin_count;
    PIN_NUMBER* pins;       // bank-relative, in the order of the connection; handed to callbacks
    USHORT* positions;      // of each pin in the connection: its bit in request buffers
    ULONG64 mask;           // the same pins as a mask
    ULONG64 connected_new;  // pins for which this open was the first (C54), while connecting
    // Pins and positions both ascend by one: bits move by a shift.
    bool contiguous;
};

struct Connection {
    Controller* controller;  // null: the file is no connection
    const GX_GPIO_CONNECTION* resource;
    GPIO_CONNECT_IO_PINS_MODE mode;
    Segment* segments;  // in order of first appearance (C22)
    USHORT segment_count;
    PIN_NUMBER* pin_storage;
    USHORT* position_storage;
};
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(Connection, connection_of)

// PASSIVE_LEVEL. Checks, arbitrates and calls CLIENT_ConnectIoPins once per bank that has new pins.
NTSTATUS open_connection(Controller& controller, const GX_GPIO_CONNECTION& resource,
                         ACCESS_MASK access, Connection& connection);
// PASSIVE_LEVEL. CLIENT_DisconnectIoPins for pins that nobody else has open. Cannot fail (C35).
void close_connection(Connection& connection);

// Transfers. `buffer` has one bit per pin of the connection (G3, G12).
NTSTATUS read_connection(Connection& connection, UCHAR* buffer);
NTSTATUS write_connection(Connection& connection, const UCHAR* buffer);

inline ULONG buffer_size(const Connection& connection) {
    return (connection.resource->PinCount + 7u) / 8u;
}  // G4

}  // namespace gpioclx
