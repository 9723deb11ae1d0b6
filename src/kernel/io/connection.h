// Connection ids: what the resource hub keeps behind each (rules H1-H15).
#pragma once

#include <ext/gx_connection.h>

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "kernel/acpi_provider.h"

namespace gpioclx::kernel::io {

struct Connection {
    UCHAR connection_class = 0;
    UCHAR type = 0;
    std::string controller;     // path
    GX_GPIO_CONNECTION gpio{};  // classes GPIO and function configuration
    std::vector<USHORT> pins;
    std::vector<std::uint8_t> vendor_data;
    std::vector<std::uint8_t> descriptor;  // class serial
};

struct Connections {
    std::deque<Connection> by_id;  // id 1 first; addresses stay the same
};

// Fills the connection, which stays where it is, from what the firmware says.
void describe(Connection& connection, const GpioIoResource& resource);

// Each call gives the next id.
std::uint64_t add_connection(const GpioIoResource& resource);
std::uint64_t add_connection(const SerialBusResource& resource);
// Null for an unknown id.
const Connection* find_connection(std::uint64_t id);

}  // namespace gpioclx::kernel::io
