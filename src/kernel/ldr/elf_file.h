// An x86-64 ELF shared object as the loader needs it: segments, dynamic symbols, relocations. Reads
// from bytes in memory and checks every offset; a broken file is an Error, never a crash.
#pragma once

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::kernel::ldr {

class ElfFile {
  public:
    // `bytes` must outlive the object. `path` is for messages.
    static Result<ElfFile> parse(std::span<const std::byte> bytes, const std::string& path);

    std::vector<Elf64_Phdr> segments;     // PT_LOAD only
    std::vector<Elf64_Sym> symbols;       // dynamic symbols, [0] is the null symbol
    std::vector<Elf64_Rela> relocations;  // DT_RELA and DT_JMPREL
    std::uint64_t span = 0;               // bytes from the lowest to the highest address
    std::uint64_t init_array = 0, init_array_size = 0;
    std::uint64_t fini_array = 0, fini_array_size = 0;

    // Functions and variables of the full symbol table, static ones too. Empty in a stripped file.
    struct Function {
        std::uint64_t address = 0;
        std::uint64_t size = 0;
        std::string_view name;
    };
    std::vector<Function> functions;
    std::vector<Function> variables;

    // Sections whose names begin with PAGE: code and data that Windows may page out.
    struct Section {
        std::uint64_t address = 0;
        std::uint64_t size = 0;
    };
    std::vector<Section> pageable;

    std::string_view symbol_name(const Elf64_Sym& symbol) const;
    std::span<const std::byte> contents(const Elf64_Phdr& segment) const;

  private:
    template <typename T>
    bool read(std::uint64_t offset, T& value) const;
    bool file_offset(std::uint64_t address, std::uint64_t& offset) const;
    Result<void> read_dynamic(const Elf64_Phdr& dynamic);
    Result<void> read_relocations(std::uint64_t address, std::uint64_t size);
    void read_functions(const Elf64_Ehdr& header);
    void read_pageable(const Elf64_Ehdr& header);
    bool count_symbols(std::uint64_t hash, std::uint64_t gnu_hash, std::uint64_t& count) const;
    bool count_gnu_symbols(std::uint64_t offset, std::uint64_t& count) const;
    Error error(std::string message) const { return {std::move(message), path_}; }

    std::span<const std::byte> bytes_;
    std::string path_;
    std::uint64_t strings_ = 0, strings_size_ = 0;
};

}  // namespace gpioclx::kernel::ldr
