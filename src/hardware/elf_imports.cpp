#include "hardware/elf_imports.h"

#include <elf.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

namespace gpioclx::hardware {
namespace {

// Nothing of a file is believed: every part is looked for inside of it.
template <typename T>
const T* part_of(std::string_view file, std::uint64_t offset, std::uint64_t count = 1) {
    if (offset > file.size() || count > (file.size() - offset) / sizeof(T)) return nullptr;
    return reinterpret_cast<const T*>(file.data() + offset);
}

Error no_object(const std::string& path) {
    return {.message = "is no shared object for x86-64 Linux",
            .file = path,
            .hint = "build it with -shared -fPIC (CMake: add_library(NAME MODULE ...))"};
}

}  // namespace

Result<std::vector<std::string>> read_elf_imports(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream contents;
    if (!stream || !(contents << stream.rdbuf())) {
        return Error{.message = "the model cannot be read: " + std::string(std::strerror(errno)),
                     .file = path};
    }
    const std::string bytes = std::move(contents).str();
    const std::string_view file = bytes;
    const auto* header = part_of<Elf64_Ehdr>(file, 0);
    if (header == nullptr || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_machine != EM_X86_64 ||
        header->e_type != ET_DYN || header->e_shentsize != sizeof(Elf64_Shdr)) {
        return no_object(path);
    }
    const auto* sections = part_of<Elf64_Shdr>(file, header->e_shoff, header->e_shnum);
    if (sections == nullptr) return no_object(path);
    std::vector<std::string> names;
    for (unsigned i = 0; i < header->e_shnum; ++i) {
        if (sections[i].sh_type != SHT_DYNSYM || sections[i].sh_link >= header->e_shnum) continue;
        const Elf64_Shdr& text = sections[sections[i].sh_link];
        const std::uint64_t count = sections[i].sh_size / sizeof(Elf64_Sym);
        const auto* symbols = part_of<Elf64_Sym>(file, sections[i].sh_offset, count);
        const char* strings = part_of<char>(file, text.sh_offset, text.sh_size);
        if (symbols == nullptr || strings == nullptr) return no_object(path);
        for (std::uint64_t s = 0; s < count; ++s) {
            if (symbols[s].st_shndx != SHN_UNDEF || symbols[s].st_name >= text.sh_size) continue;
            const char* name = strings + symbols[s].st_name;
            names.emplace_back(name, strnlen(name, text.sh_size - symbols[s].st_name));
        }
    }
    return names;
}

}  // namespace gpioclx::hardware
