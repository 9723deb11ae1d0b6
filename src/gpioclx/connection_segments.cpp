// The pins of a connection, sorted by bank.
#include "connection.h"

namespace gpioclx {
namespace {

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

Segment* segment_of_bank(Connection& connection, const Bank& bank) {
    for (USHORT i = 0; i < connection.segment_count; ++i) {
        if (connection.segments[i].bank == &bank) return &connection.segments[i];
    }
    return nullptr;
}

// Each bank at its first appearance, with room for its pins.
void count_pins(Connection& connection) {
    Controller& controller = *connection.controller;
    const GX_GPIO_CONNECTION& resource = *connection.resource;
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
    }
}

void fill_tables(Connection& connection) {
    Controller& controller = *connection.controller;
    const GX_GPIO_CONNECTION& resource = *connection.resource;
    for (USHORT s = 0; s < connection.segment_count; ++s) connection.segments[s].pin_count = 0;
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
}

}  // namespace

NTSTATUS build_segments(Connection& connection) {
    const GX_GPIO_CONNECTION& resource = *connection.resource;
    const NTSTATUS status = check_pins(*connection.controller, resource);
    if (!NT_SUCCESS(status)) return status;
    connection.segments = allocate_array<Segment>(resource.PinCount);
    connection.pin_storage = allocate_array<PIN_NUMBER>(resource.PinCount);
    connection.position_storage = allocate_array<USHORT>(resource.PinCount);
    if (connection.segments == nullptr || connection.pin_storage == nullptr ||
        connection.position_storage == nullptr) {
        release_segments(connection);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    count_pins(connection);
    fill_tables(connection);
    return STATUS_SUCCESS;
}

void release_segments(Connection& connection) {
    release(connection.segments);
    release(connection.pin_storage);
    release(connection.position_storage);
    connection.segments = nullptr;
    connection.pin_storage = nullptr;
    connection.position_storage = nullptr;
    connection.segment_count = 0;
}

}  // namespace gpioclx
