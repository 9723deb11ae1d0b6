// What the AcpiOs* functions of this folder (os_*.cpp) share. ACPICA calls them without any
// context, so the running firmware's host stands in one variable, kept with ACPICA's own data.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "firmware/acpica_data.h"
#include "firmware/host.h"

namespace gpioclx::firmware {

class NotifyHandler;
struct HeapBlock;
struct PinRegion;

// A table at an address that only ACPICA uses. On the host's heap: AML may write to its tables.
struct MappedTable {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    std::byte* bytes = nullptr;
};

// Plain data: a checkpoint copies it byte by byte.
struct OsLayer {
    static constexpr std::size_t max_tables = 128;

    Host* host = nullptr;
    HeapBlock* heap = nullptr;  // all that ACPICA holds
    NotifyHandler* notify_handler = nullptr;
    PinRegion* pin_regions = nullptr;  // list, on the host's heap
    std::uint32_t channels = 0;        // handed out so far
    std::uint64_t root_pointer = 0;    // address of the RSDP
    std::size_t table_count = 0;
    std::array<MappedTable, max_tables> tables = {};
    std::size_t line_length = 0;
    std::array<char, 1024> line = {};  // the message line that is being put together
    // The first error line since it was last cleared: why a call of ours failed.
    std::size_t first_error_length = 0;
    std::array<char, 512> first_error = {};
};

extern OsLayer os_layer;

// Gives back what ACPICA still holds after acpi_terminate(): it forgets objects now and then (the
// elements of a _CID package that it repairs), and all of them when it could not start.
void free_heap();

}  // namespace gpioclx::firmware
