// Where ACPICA sees the tables: at addresses that no device of a machine has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "firmware/os_layer.h"
#include "firmware/table.h"

namespace gpioclx::firmware {

// The n-th table's; 64 MB apart, as large as a table may be.
constexpr std::uint64_t table_address(std::size_t n) {
    return 0x00F0'0000'0000'0000 + (std::uint64_t{n} << 26);
}

// Copies the tables to the host's heap; the first is the RSDP. False: no memory.
bool map_tables(const std::vector<Table>& tables);
void unmap_tables();

// Which table a mapped pointer lies in.
std::optional<std::size_t> table_of(const void* pointer);

}  // namespace gpioclx::firmware
