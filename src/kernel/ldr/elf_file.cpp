#include "kernel/ldr/elf_file.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace gpioclx::kernel::ldr {

template <typename T>
bool ElfFile::read(std::uint64_t offset, T& value) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return false;
    std::memcpy(&value, bytes_.data() + offset, sizeof(T));
    return true;
}

bool ElfFile::file_offset(std::uint64_t address, std::uint64_t& offset) const {
    for (const Elf64_Phdr& s : segments) {
        if (address < s.p_vaddr || address - s.p_vaddr >= s.p_filesz) continue;
        offset = s.p_offset + (address - s.p_vaddr);
        return true;
    }
    return false;
}

std::span<const std::byte> ElfFile::contents(const Elf64_Phdr& segment) const {
    return bytes_.subspan(segment.p_offset, segment.p_filesz);
}

std::string_view ElfFile::symbol_name(const Elf64_Sym& symbol) const {
    if (symbol.st_name >= strings_size_) return {};
    const char* text = reinterpret_cast<const char*>(bytes_.data()) + strings_ + symbol.st_name;
    return {text, strnlen(text, strings_size_ - symbol.st_name)};
}

Result<ElfFile> ElfFile::parse(std::span<const std::byte> bytes, const std::string& path) {
    ElfFile file;
    file.bytes_ = bytes;
    file.path_ = path;
    Elf64_Ehdr header;
    if (!file.read(0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        return file.error("not an ELF file; a driver image is built by `gpioclx build`");
    }
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != EM_X86_64 ||
        header.e_type != ET_DYN) {
        return file.error("not an x86-64 shared object");
    }
    Elf64_Phdr dynamic{};
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr segment;
        if (!file.read(header.e_phoff + std::uint64_t{i} * header.e_phentsize, segment)) {
            return file.error("the program headers end behind the file");
        }
        if (segment.p_type == PT_DYNAMIC) dynamic = segment;
        if (segment.p_type == PT_TLS) return file.error("thread-local variables are not supported");
        if (segment.p_type != PT_LOAD) continue;
        if (segment.p_offset > bytes.size() || bytes.size() - segment.p_offset < segment.p_filesz ||
            segment.p_memsz < segment.p_filesz || segment.p_vaddr > (1u << 30) ||
            segment.p_memsz > (1u << 30)) {
            return file.error("a segment ends behind the file or is too large");
        }
        file.span = std::max(file.span, segment.p_vaddr + segment.p_memsz);
        file.segments.push_back(segment);
    }
    if (file.segments.empty()) return file.error("there is nothing to load in it");
    if (dynamic.p_type != PT_DYNAMIC) return file.error("it has no dynamic section");
    if (Result<void> done = file.read_dynamic(dynamic); !done) return done.error();
    file.read_functions(header);
    file.read_pageable(header);
    return file;
}

// Only for names that people read: a damaged table is the same as none.
void ElfFile::read_functions(const Elf64_Ehdr& header) {
    for (unsigned i = 0; i < header.e_shnum; ++i) {
        Elf64_Shdr table, text;
        const auto section = [&](std::uint64_t index, Elf64_Shdr& to) {
            return index < header.e_shnum && read(header.e_shoff + index * header.e_shentsize, to);
        };
        if (!section(i, table) || table.sh_type != SHT_SYMTAB) continue;
        if (!section(table.sh_link, text) || text.sh_offset > bytes_.size() ||
            bytes_.size() - text.sh_offset < text.sh_size) {
            return;
        }
        const char* names = reinterpret_cast<const char*>(bytes_.data()) + text.sh_offset;
        for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= table.sh_size;
             at += sizeof(Elf64_Sym)) {
            Elf64_Sym symbol;
            if (!read(table.sh_offset + at, symbol)) break;
            const unsigned type = ELF64_ST_TYPE(symbol.st_info);
            if ((type != STT_FUNC && type != STT_OBJECT) || symbol.st_shndx == SHN_UNDEF ||
                symbol.st_name >= text.sh_size) {
                continue;
            }
            const char* name = names + symbol.st_name;
            (type == STT_FUNC ? functions : variables)
                .push_back({symbol.st_value,
                            symbol.st_size,
                            {name, strnlen(name, text.sh_size - symbol.st_name)}});
        }
    }
    for (std::vector<Function>* symbols : {&functions, &variables})
        std::stable_sort(
            symbols->begin(), symbols->end(),
            [](const Function& a, const Function& b) { return a.address < b.address; });
}

void ElfFile::read_pageable(const Elf64_Ehdr& header) {
    Elf64_Shdr section, names;
    const auto get = [&](std::uint64_t index, Elf64_Shdr& to) {
        return index < header.e_shnum && read(header.e_shoff + index * header.e_shentsize, to);
    };
    if (!get(header.e_shstrndx, names)) return;
    for (unsigned i = 0; i < header.e_shnum; ++i) {
        std::array<char, 4> start;
        if (get(i, section) && (section.sh_flags & SHF_ALLOC) != 0 &&
            read(names.sh_offset + section.sh_name, start) &&
            std::string_view(start.data(), start.size()) == "PAGE")
            pageable.push_back({section.sh_addr, section.sh_size});
    }
}

Result<void> ElfFile::read_dynamic(const Elf64_Phdr& dynamic) {
    std::uint64_t hash = 0, gnu_hash = 0, symbol_table = 0;
    std::uint64_t rela = 0, rela_size = 0, plt = 0, plt_size = 0;
    for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= dynamic.p_filesz;
         at += sizeof(Elf64_Dyn)) {
        Elf64_Dyn entry;
        if (!read(dynamic.p_offset + at, entry))
            return error("the dynamic section ends behind the file");
        switch (entry.d_tag) {
            case DT_HASH: hash = entry.d_un.d_val; break;
            case DT_GNU_HASH: gnu_hash = entry.d_un.d_val; break;
            case DT_SYMTAB: symbol_table = entry.d_un.d_val; break;
            case DT_STRTAB: strings_ = entry.d_un.d_val; break;
            case DT_STRSZ: strings_size_ = entry.d_un.d_val; break;
            case DT_RELA: rela = entry.d_un.d_val; break;
            case DT_RELASZ: rela_size = entry.d_un.d_val; break;
            case DT_JMPREL: plt = entry.d_un.d_val; break;
            case DT_PLTRELSZ: plt_size = entry.d_un.d_val; break;
            case DT_INIT_ARRAY: init_array = entry.d_un.d_val; break;
            case DT_INIT_ARRAYSZ: init_array_size = entry.d_un.d_val; break;
            case DT_FINI_ARRAY: fini_array = entry.d_un.d_val; break;
            case DT_FINI_ARRAYSZ: fini_array_size = entry.d_un.d_val; break;
            case DT_NEEDED:
                return error("it needs a shared library; a driver must link without any");
            case DT_TEXTREL: return error("its code needs relocation; compile it with -fPIC");
            case 36 /* DT_RELR */: return error("packed relocations are not supported");
            default: break;
        }
        if (entry.d_tag == DT_NULL) break;
    }
    if (!file_offset(strings_, strings_) || bytes_.size() - strings_ < strings_size_) {
        return error("the dynamic string table is not in the file");
    }
    std::uint64_t count = 0;
    std::uint64_t symbols_at = 0;
    if (!file_offset(symbol_table, symbols_at) || !count_symbols(hash, gnu_hash, count)) {
        return error("the dynamic symbol table is damaged");
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        Elf64_Sym symbol;
        if (!read(symbols_at + i * sizeof symbol, symbol))
            return error("the symbol table ends behind the file");
        symbols.push_back(symbol);
    }
    if (Result<void> done = read_relocations(rela, rela_size); !done) return done;
    return read_relocations(plt, plt_size);
}

Result<void> ElfFile::read_relocations(std::uint64_t address, std::uint64_t size) {
    std::uint64_t offset = 0;
    if (size == 0) return {};
    if (!file_offset(address, offset)) return error("the relocations are not in the file");
    for (std::uint64_t at = 0; at + sizeof(Elf64_Rela) <= size; at += sizeof(Elf64_Rela)) {
        Elf64_Rela relocation;
        if (!read(offset + at, relocation)) return error("the relocations end behind the file");
        const std::uint64_t symbol = ELF64_R_SYM(relocation.r_info);
        if (relocation.r_offset > span - sizeof(std::uint64_t) ||
            (symbol != 0 && symbol >= symbols.size())) {
            return error("a relocation points outside the image");
        }
        relocations.push_back(relocation);
    }
    return {};
}

bool ElfFile::count_symbols(std::uint64_t hash, std::uint64_t gnu_hash,
                            std::uint64_t& count) const {
    std::uint64_t offset = 0;
    if (hash != 0) {  // bucket count, chain count = number of symbols
        std::uint32_t chains = 0;
        if (!file_offset(hash, offset) || !read(offset + 4, chains)) return false;
        count = chains;
        return true;
    }
    return gnu_hash != 0 && file_offset(gnu_hash, offset) && count_gnu_symbols(offset, count);
}

// GNU hash tables do not store the number: it is the end of the last chain.
bool ElfFile::count_gnu_symbols(std::uint64_t offset, std::uint64_t& count) const {
    std::uint32_t bucket_count = 0, first_hashed = 0, bloom_words = 0;
    if (!read(offset, bucket_count) || !read(offset + 4, first_hashed) ||
        !read(offset + 8, bloom_words)) {
        return false;
    }
    const std::uint64_t buckets = offset + 16 + std::uint64_t{bloom_words} * 8;
    const std::uint64_t chains = buckets + std::uint64_t{bucket_count} * 4;
    std::uint32_t last = 0;
    for (std::uint32_t i = 0; i < bucket_count; ++i) {
        std::uint32_t first = 0;
        if (!read(buckets + std::uint64_t{i} * 4, first)) return false;
        last = std::max(last, first);
    }
    if (last < first_hashed) {
        count = first_hashed;
        return true;
    }
    for (std::uint32_t chain = 0; (chain & 1) == 0; ++last) {
        if (!read(chains + std::uint64_t{last - first_hashed} * 4, chain)) return false;
    }
    count = last;
    return true;
}

}  // namespace gpioclx::kernel::ldr
