#include "driverkit/elf_image.h"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

namespace gpioclx::driverkit {
namespace {

// Every read is checked against the size of the file: an image may be cut off or overwritten.
class Reader {
  public:
    Reader(ElfImage& image, std::string file) : image_(image), file_(std::move(file)) {}

    Result<void> read() {
        if (auto done = read_header(); !done) return done;
        if (auto done = read_segments(); !done) return done;
        if (auto done = read_sections(); !done) return done;
        if (auto done = read_symbols(); !done) return done;
        return read_relocations();
    }

  private:
    Error damaged(std::string_view what) const {
        return Error{.message = fmt::format("not a usable driver image: {}", what),
                     .file = file_,
                     .hint = "delete the cache folder and build again"};
    }

    template <typename T>
    bool get(std::uint64_t offset, T& value) const {
        if (offset > image_.bytes.size() || image_.bytes.size() - offset < sizeof(T)) return false;
        std::memcpy(&value, image_.bytes.data() + offset, sizeof(T));
        return true;
    }

    // The string at `offset` of the string table in section `index`; empty where damaged.
    std::string string_at(std::size_t index, std::uint64_t offset) const {
        if (index >= headers_.size()) return {};
        const Elf64_Shdr& table = headers_[index];
        const std::uint64_t end = table.sh_offset + table.sh_size;
        if (offset >= table.sh_size || end > image_.bytes.size()) return {};
        const char* begin =
            reinterpret_cast<const char*>(image_.bytes.data()) + table.sh_offset + offset;
        return std::string(begin, strnlen(begin, table.sh_size - offset));
    }

    Result<void> read_header() {
        if (!get(0, header_) || std::memcmp(header_.e_ident, ELFMAG, SELFMAG) != 0) {
            return damaged("no ELF header");
        }
        if (header_.e_ident[EI_CLASS] != ELFCLASS64 || header_.e_machine != EM_X86_64 ||
            header_.e_type != ET_DYN) {
            return damaged("not an x86-64 shared object");
        }
        return {};
    }

    Result<void> read_segments() {
        for (unsigned i = 0; i < header_.e_phnum; ++i) {
            Elf64_Phdr entry;
            if (!get(header_.e_phoff + i * sizeof entry, entry)) return damaged("program header");
            if (entry.p_type == PT_TLS) return damaged("thread-local variables");
            if (entry.p_type != PT_LOAD) continue;
            if (entry.p_offset + entry.p_filesz > image_.bytes.size() ||
                entry.p_filesz > entry.p_memsz) {
                return damaged("segment beyond the file");
            }
            image_.segments.push_back({.address = entry.p_vaddr,
                                       .file_offset = entry.p_offset,
                                       .file_size = entry.p_filesz,
                                       .memory_size = entry.p_memsz,
                                       .writable = (entry.p_flags & PF_W) != 0,
                                       .executable = (entry.p_flags & PF_X) != 0});
            image_.memory_size = std::max(image_.memory_size, entry.p_vaddr + entry.p_memsz);
        }
        return {};
    }

    Result<void> read_sections() {
        for (unsigned i = 0; i < header_.e_shnum; ++i) {
            Elf64_Shdr entry;
            if (!get(header_.e_shoff + i * sizeof entry, entry)) return damaged("section header");
            headers_.push_back(entry);
        }
        for (const Elf64_Shdr& entry : headers_) {
            if ((entry.sh_flags & SHF_ALLOC) == 0) continue;
            if (entry.sh_type == SHT_INIT_ARRAY) image_.init_array_size += entry.sh_size;
            if (entry.sh_type == SHT_NOTE) read_build_id(entry);
            image_.sections.push_back({.name = string_at(header_.e_shstrndx, entry.sh_name),
                                       .address = entry.sh_addr,
                                       .size = entry.sh_size,
                                       .writable = (entry.sh_flags & SHF_WRITE) != 0,
                                       .executable = (entry.sh_flags & SHF_EXECINSTR) != 0});
        }
        return {};
    }

    void read_build_id(const Elf64_Shdr& section) {
        Elf64_Nhdr note;
        if (!get(section.sh_offset, note) || note.n_type != NT_GNU_BUILD_ID) return;
        const std::uint64_t at = section.sh_offset + sizeof note + note.n_namesz;
        for (unsigned i = 0; i < note.n_descsz; ++i) {
            unsigned char byte = 0;
            if (get(at + i, byte)) image_.build_id += fmt::format("{:02x}", byte);
        }
    }

    Result<void> read_symbols() {
        for (const Elf64_Shdr& table : headers_) {
            if (table.sh_type != SHT_DYNSYM && table.sh_type != SHT_SYMTAB) continue;
            for (std::uint64_t at = sizeof(Elf64_Sym); at < table.sh_size;
                 at += sizeof(Elf64_Sym)) {
                Elf64_Sym entry;
                if (!get(table.sh_offset + at, entry)) return damaged("symbol table");
                add_symbol(entry, string_at(table.sh_link, entry.st_name),
                           table.sh_type == SHT_DYNSYM);
            }
        }
        return {};
    }

    void add_symbol(const Elf64_Sym& entry, std::string name, bool dynamic) {
        const unsigned type = ELF64_ST_TYPE(entry.st_info);
        if (entry.st_shndx == SHN_UNDEF) {
            if (dynamic) image_.undefined.push_back(std::move(name));
            return;
        }
        if (type == STT_FILE || type == STT_SECTION || name.empty()) return;
        ElfSymbol symbol{.name = std::move(name),
                         .address = entry.st_value,
                         .size = entry.st_size,
                         .function = type == STT_FUNC};
        (dynamic ? image_.exports : image_.symbols).push_back(std::move(symbol));
    }

    Result<void> read_relocations() {
        for (const Elf64_Shdr& table : headers_) {
            if (table.sh_type != SHT_RELA || (table.sh_flags & SHF_ALLOC) == 0) continue;
            for (std::uint64_t at = 0; at < table.sh_size; at += sizeof(Elf64_Rela)) {
                Elf64_Rela entry;
                if (!get(table.sh_offset + at, entry)) return damaged("relocation table");
                if (auto done = add_relocation(entry, table.sh_link); !done) return done;
            }
        }
        return {};
    }

    Result<void> add_relocation(const Elf64_Rela& entry, std::uint64_t symbols) {
        ElfRelocation relocation{.address = entry.r_offset, .addend = entry.r_addend};
        if (entry.r_offset + 8 > image_.memory_size) return damaged("relocation beyond the image");
        const unsigned type = ELF64_R_TYPE(entry.r_info);
        switch (type) {
            case R_X86_64_RELATIVE: break;
            case R_X86_64_64:
            case R_X86_64_GLOB_DAT:
            case R_X86_64_JUMP_SLOT: {
                relocation.kind = ElfRelocation::Kind::symbol;
                if (type != R_X86_64_64) relocation.addend = 0;
                Elf64_Sym symbol;
                if (symbols >= headers_.size() ||
                    !get(headers_[symbols].sh_offset + ELF64_R_SYM(entry.r_info) * sizeof symbol,
                         symbol)) {
                    return damaged("relocation without symbol");
                }
                relocation.symbol = string_at(headers_[symbols].sh_link, symbol.st_name);
                break;
            }
            default: return damaged(fmt::format("relocation of type {}", type));
        }
        image_.relocations.push_back(std::move(relocation));
        return {};
    }

    ElfImage& image_;
    std::string file_;
    Elf64_Ehdr header_{};
    std::vector<Elf64_Shdr> headers_;
};

}  // namespace

const ElfSymbol* ElfImage::find_export(std::string_view name) const {
    const auto found = std::find_if(exports.begin(), exports.end(),
                                    [&](const ElfSymbol& symbol) { return symbol.name == name; });
    return found == exports.end() ? nullptr : &*found;
}

Result<ElfImage> read_elf_image(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in) return Error{.message = "cannot read the driver image", .file = file.string()};
    ElfImage image;
    image.bytes.resize(static_cast<std::size_t>(in.tellg()));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(image.bytes.data()),
            static_cast<std::streamsize>(image.bytes.size()));
    if (auto done = Reader(image, file.string()).read(); !done) return done.error();
    return image;
}

}  // namespace gpioclx::driverkit
