// Reads a driver image: an ELF shared object for x86-64. Nothing here maps or runs it; the
// kernel's loader takes segments and relocations from here and resolves the names itself.
// Addresses are relative to the image (the linker starts at 0), sizes are in bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::driverkit {

struct ElfSegment {  // one PT_LOAD
    std::uint64_t address = 0;
    std::uint64_t file_offset = 0;
    std::uint64_t file_size = 0;
    std::uint64_t memory_size = 0;  // the part beyond file_size is zero
    bool writable = false;
    bool executable = false;
};

struct ElfSection {  // allocated sections only; PAGE and INIT code stands in sections of that name
    std::string name;
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    bool writable = false;
    bool executable = false;
};

struct ElfSymbol {
    std::string name;
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    bool function = false;
};

struct ElfRelocation {
    enum class Kind {
        relative,  // *address = base + addend
        symbol,    // *address = address of `symbol` + addend
    };
    Kind kind = Kind::relative;
    std::uint64_t address = 0;
    std::int64_t addend = 0;
    std::string symbol = {};  // empty for relative
};

struct ElfImage {
    std::vector<ElfSegment> segments;  // by rising address
    std::vector<ElfSection> sections;
    std::vector<ElfSymbol> exports;
    std::vector<ElfSymbol> symbols;      // the whole symbol table: functions and objects
    std::vector<std::string> undefined;  // names the kernel must provide, in order of the table
    std::vector<ElfRelocation> relocations;
    std::uint64_t memory_size = 0;      // end of the last segment
    std::uint64_t init_array_size = 0;  // C++ global constructors (nobody runs them)
    std::string build_id;               // hexadecimal
    std::vector<unsigned char> bytes;   // the file

    const ElfSymbol* find_export(std::string_view name) const;
};

// Error: not an x86-64 ELF shared object, damaged, or a relocation that drivers cannot have.
Result<ElfImage> read_elf_image(const std::filesystem::path& file);

}  // namespace gpioclx::driverkit
