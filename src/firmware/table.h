// An ACPI table as bytes, and the checks that a table from outside must pass.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::firmware {

struct Table {
    std::string file;                 // where it came from, for messages
    std::vector<std::uint8_t> bytes;  // header and body
    bool from_source = false;         // compiled from the user's ASL

    std::string signature() const;
};

// Header complete, signature printable, length = number of bytes, checksum right.
Result<void> check_table(const Table& table);

// Reads the binary table of a file (.aml, .dat, .bin) and checks it. Several tables one after the
// other are accepted: iasl writes them so when a source has several definition blocks.
Result<std::vector<Table>> read_tables(const std::filesystem::path& path);

// Reads ASL source (compiled into `output_dir`) and binary tables alike.
Result<std::vector<Table>> load_tables(const std::vector<std::filesystem::path>& paths,
                                       const std::filesystem::path& output_dir);

// Sets the checksum byte so that all bytes sum to zero.
void set_checksum(std::vector<std::uint8_t>& table);

}  // namespace gpioclx::firmware
