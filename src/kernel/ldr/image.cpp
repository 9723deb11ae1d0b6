#include "kernel/ldr/image.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <span>

#include "ext/gx_export.h"
#include "kernel/kernel.h"
#include "kernel/ldr/elf_file.h"
#include "kernel/ldr/image_use.h"
#include "kernel/ldr/irql_gate.h"
#include "kernel/system.h"
#include "kernel/um/local_function.h"
#include "kernel/um/user_process.h"
#include "kernel/um/user_resources.h"
#include "umdf/crossing.h"

extern "C" const GX_EXPORT __start_gx_exports[];
extern "C" const GX_EXPORT __stop_gx_exports[];

namespace gpioclx::kernel::ldr {
namespace {

using machine::Arena;
using machine::ArenaScope;
using machine::OutsideArenaScope;

constexpr std::size_t slot_size = std::size_t{1} << 20;
constexpr std::size_t page_size = 4096;
constexpr std::size_t slot_count = Arena::images_size / slot_size - 1;  // the last: irql_gate.cpp

struct Images {
    std::vector<Image*> loaded_order;
    std::vector<Image*> slots;  // by 1 MB slot; one image may fill several
};

std::uint64_t page_up(std::uint64_t size) { return (size + page_size - 1) & ~(page_size - 1); }

// Immutable once built; in ordinary memory.
const std::map<std::string_view, const void*>& kernel_exports() {
    OutsideArenaScope outside;
    static const auto index = [] {
        std::map<std::string_view, const void*> result;
        for (const GX_EXPORT* e = __start_gx_exports; e != __stop_gx_exports; ++e) {
            result.emplace(e->Name, e->Address);
        }
        put_gates(result);
        return result;
    }();
    return index;
}

// The function itself: what a process calls on its own is at no IRQL.
const void* ungated_export(std::string_view name) {
    for (const GX_EXPORT* e = __start_gx_exports; e != __stop_gx_exports; ++e) {
        if (name == e->Name) return e->Address;
    }
    return nullptr;
}

bool open_memory(std::uintptr_t base, std::size_t size) {
    return mmap(reinterpret_cast<void*>(base), size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1,
                0) == reinterpret_cast<void*>(base);
}

}  // namespace

class Loader {
  public:
    Loader(const std::string& path, std::string_view name, const UserModeInstall* user_mode)
        : path_(path), name_(name), user_mode_(user_mode) {}

    Result<Image*> load() {
        OutsideArenaScope outside;
        std::ifstream stream(path_, std::ios::binary | std::ios::ate);
        if (!stream)
            return Error{fmt::format("cannot open the image of driver '{}'", name_), path_};
        std::vector<char> bytes(static_cast<std::size_t>(stream.tellg()));
        stream.seekg(0);
        stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        Result<ElfFile> file = ElfFile::parse(std::as_bytes(std::span(bytes)), path_);
        if (!file) return file.error();

        Images& all = part<Images>();
        // In a process of its own the machine's part of the image ends with a page of thunks.
        const std::size_t size = page_up(file->span) + (hosted() ? page_size : 0);
        const std::size_t slots = (size + slot_size - 1) / slot_size;
        again_ = hosted() ? earlier_image(all) : nullptr;
        base_ =
            again_ != nullptr ? again_->base() : Arena::images_base + all.slots.size() * slot_size;
        if (again_ == nullptr && all.slots.size() + slots > slot_count)
            return Error{"no room for another driver image", path_};
        if (!open_memory(base_, size)) return Error{"cannot map memory for it", path_};
        for (const Elf64_Phdr& segment : file->segments) {
            if (hosted() && (segment.p_flags & PF_W) && !share(segment))
                return Error{"cannot share memory with its process", path_};
            const auto contents = file->contents(segment);
            std::memcpy(at(segment.p_vaddr), contents.data(), contents.size());
        }
        if (Result<void> done = relocate(*file); !done) return done.error();
        Image* image = publish(*file, all, slots);
        protect(*file, *image);
        if (hosted() && !divert(*file, *image, size)) {
            unload(*image);
            return Error{"cannot start a process for it", path_};
        }
        return image;
    }

    bool hosted() const { return user_mode_ != nullptr && user_mode_->process; }

    static void unload(Image& image) {
        for (auto fini = image.fini_.rbegin(); fini != image.fini_.rend(); ++fini) (*fini)();
        // What a process that died had is nobody's fault.
        if (image.process_ != nullptr && image.process_->lost()) um::drop_resources(image);
        report_uses_of(image);
        um::drop_resources(image);
        if (image.process_ != nullptr) {
            um::drop_process(image);
            image.process_ = nullptr;
        }
        for (void* region : image.regions_) Arena::instance().remove_region(region);
        image.regions_.clear();
        image.symbols_.clear();
        image.loaded_ = false;
    }

  private:
    // A driver that is loaded again after its process died comes back to its place: nobody else's
    // code is there, and there are more restarts than places.
    Image* earlier_image(const Images& all) const {
        for (Image* image : all.loaded_order) {
            if (!image->loaded() && image->name_ == name_ && image->path_ == path_) return image;
        }
        return nullptr;
    }

    // Seen by both processes.
    bool share(const Elf64_Phdr& segment) const {
        const std::uint64_t start = segment.p_vaddr & ~std::uint64_t{page_size - 1};
        const std::size_t size = page_up(segment.p_vaddr + segment.p_memsz) - start;
        return mmap(at(start), size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED,
                    -1, 0) == at(start);
    }

    // The code runs in the process: here its functions only lead there.
    bool divert(const ElfFile& file, Image& image, std::size_t size) {
        um::HostedImage hosted;
        hosted.start = base_;
        hosted.size = page_up(file.span);
        void* thunk = at(hosted.size);
        umdf::write_call_thunk(thunk);
        mprotect(thunk, size - hosted.size, PROT_READ | PROT_EXEC);
        for (const Elf64_Phdr& segment : file.segments) {
            if (!(segment.p_flags & PF_X)) continue;
            const std::uint64_t start = segment.p_vaddr & ~std::uint64_t{page_size - 1};
            const std::size_t length = page_up(segment.p_vaddr + segment.p_memsz) - start;
            auto* code = static_cast<std::uint8_t*>(at(start));
            hosted.code.push_back({base_ + start, {code, code + length}});
            mprotect(code, length, PROT_READ | PROT_WRITE);
            for (const ElfFile::Function& function : file.functions) {
                if (function.address - start >= length) continue;
                umdf::divert_function(static_cast<std::uint8_t*>(at(function.address)), thunk);
            }
            mprotect(code, length, PROT_READ | PROT_EXEC);
        }
        image.process_ = um::make_process(image, std::move(hosted));
        return image.process_->start();
    }

    void* at(std::uint64_t address) const { return reinterpret_cast<void*>(base_ + address); }

    Result<void> relocate(const ElfFile& file) {
        std::string missing;
        for (const Elf64_Rela& r : file.relocations) {
            std::uint64_t value = base_ + static_cast<std::uint64_t>(r.r_addend);
            const auto type = static_cast<unsigned>(ELF64_R_TYPE(r.r_info));
            switch (type) {
                case R_X86_64_RELATIVE: break;
                case R_X86_64_64:
                case R_X86_64_GLOB_DAT:
                case R_X86_64_JUMP_SLOT: {
                    const Elf64_Sym& symbol = file.symbols[ELF64_R_SYM(r.r_info)];
                    std::uint64_t address = 0;
                    if (!resolve(file, symbol, address)) {
                        const std::string symbol_name(file.symbol_name(symbol));
                        if (missing.find("'" + symbol_name + "'") == std::string::npos) {
                            missing +=
                                fmt::format("{}'{}'", missing.empty() ? "" : ", ", symbol_name);
                        }
                        continue;
                    }
                    value = address +
                            (type == R_X86_64_64 ? static_cast<std::uint64_t>(r.r_addend) : 0);
                    break;
                }
                default:
                    return Error{fmt::format("relocation type {} is not supported", type), path_, 0,
                                 "link with -Bsymbolic -z now, without thread-local variables"};
            }
            std::memcpy(at(r.r_offset), &value, sizeof value);
        }
        if (missing.empty()) return {};
        return Error{
            fmt::format("driver '{}' calls {}, which neither the kernel nor a driver loaded "
                        "before it provides",
                        name_, missing),
            path_};
    }

    bool resolve(const ElfFile& file, const Elf64_Sym& symbol, std::uint64_t& address) const {
        if (symbol.st_shndx != SHN_UNDEF) {
            address = base_ + symbol.st_value;
            return ELF64_ST_TYPE(symbol.st_info) != STT_GNU_IFUNC;
        }
        const std::string_view wanted = file.symbol_name(symbol);
        const void* function = find_export(wanted);
        if (hosted() && function != nullptr) {
            function =
                um::is_local(wanted) ? ungated_export(wanted) : um::import_for(wanted, function);
        }
        address = reinterpret_cast<std::uint64_t>(function);
        return address != 0 || ELF64_ST_BIND(symbol.st_info) == STB_WEAK;
    }

    static bool in_writable_segment(const ElfFile& file, std::uint64_t address) {
        return std::any_of(
            file.segments.begin(), file.segments.end(), [address](const Elf64_Phdr& segment) {
                return (segment.p_flags & PF_W) != 0 && address - segment.p_vaddr < segment.p_memsz;
            });
    }

    Image* publish(const ElfFile& file, Images& all, std::size_t slots) {
        ArenaScope inside;
        Image* image = again_ != nullptr ? again_ : new Image;
        if (again_ != nullptr) *again_ = Image();
        image->name_ = name_;
        image->path_ = path_;
        image->base_ = base_;
        image->size_ = file.span;
        image->loaded_ = true;
        image->user_mode_ = user_mode_;
        for (const Elf64_Sym& symbol : file.symbols) {
            if (symbol.st_shndx == SHN_UNDEF || ELF64_ST_BIND(symbol.st_info) == STB_LOCAL)
                continue;
            image->symbols_.emplace(file.symbol_name(symbol), at(symbol.st_value));
        }
        for (const ElfFile::Function& function : file.functions) {
            image->functions_.emplace(base_ + function.address,
                                      Image::Function{base_ + function.address + function.size,
                                                      std::string(function.name)});
        }
        for (const ElfFile::Function& variable : file.variables) {
            if (in_writable_segment(file, variable.address))
                image->variables_.emplace(base_ + variable.address,
                                          Image::Function{base_ + variable.address + variable.size,
                                                          std::string(variable.name)});
        }
        for (const ElfFile::Section& section : file.pageable)
            image->pageable_.push_back({base_ + section.address, section.size});
        if (again_ == nullptr) {
            all.loaded_order.push_back(image);
            all.slots.insert(all.slots.end(), slots, image);
        }
        const auto* fini = static_cast<void (**)()>(at(file.fini_array));
        for (std::uint64_t i = 0; i < file.fini_array_size / sizeof(void*); ++i) {
            if (fini[i] != nullptr) image->fini_.push_back(fini[i]);
        }
        const auto* init = static_cast<void (**)()>(at(file.init_array));
        for (std::uint64_t i = 0; i < file.init_array_size / sizeof(void*); ++i) {
            if (init[i] != nullptr) init_.push_back(init[i]);
        }
        return image;
    }

    void protect(const ElfFile& file, Image& image) {
        for (const Elf64_Phdr& segment : file.segments) {
            const std::uint64_t start = segment.p_vaddr & ~std::uint64_t{page_size - 1};
            const std::size_t size = page_up(segment.p_vaddr + segment.p_memsz) - start;
            if (segment.p_flags & PF_W) {
                ArenaScope inside;
                Arena::instance().add_region(at(start), size);
                image.regions_.push_back(at(start));
                continue;
            }
            {
                ArenaScope inside;
                image.read_only_.push_back({reinterpret_cast<std::uintptr_t>(at(start)), size});
            }
            mprotect(at(start), size, PROT_READ | (segment.p_flags & PF_X ? PROT_EXEC : 0));
        }
    }

  public:
    void initialize() const {
        for (void (*init)() : init_) init();
    }

  private:
    const std::string& path_;
    std::string_view name_;
    const UserModeInstall* user_mode_;
    Image* again_ = nullptr;
    std::uintptr_t base_ = 0;
    std::vector<void (*)()> init_;
};

void* Image::symbol(std::string_view symbol_name) const {
    const auto found = symbols_.find(symbol_name);
    return found != symbols_.end() ? found->second : nullptr;
}

bool Image::in_any(const std::vector<Span>& spans, const void* address) {
    return std::any_of(spans.begin(), spans.end(), [address](const Span& span) {
        return reinterpret_cast<std::uintptr_t>(address) - span.start < span.size;
    });
}

bool Image::constant(const void* address) const { return in_any(read_only_, address); }

bool Image::pageable(const void* address) const { return in_any(pageable_, address); }

std::string_view Image::function_at(const void* address) const {
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    const auto behind = functions_.upper_bound(at);
    if (behind == functions_.begin()) return {};
    const auto& [start, function] = *std::prev(behind);
    return at < function.end || at == start ? std::string_view(function.name) : std::string_view();
}

Image::Variable Image::variable_at(const void* address) const {
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    const auto behind = variables_.upper_bound(at);
    if (behind == variables_.begin()) return {};
    const auto found = std::prev(behind);
    if (at >= found->second.end) return {};
    return {found->second.name, static_cast<std::size_t>(std::distance(variables_.begin(), found)),
            at - found->first};
}

std::vector<Image::Variable> Image::variables() const {
    std::vector<Variable> all;
    for (const auto& [start, variable] : variables_) all.push_back({variable.name, all.size(), 0});
    return all;
}

Result<Image*> load(const std::string& path, std::string_view name,
                    const UserModeInstall* user_mode) {
    Loader loader(path, name, user_mode);
    Result<Image*> image = loader.load();
    if (image) loader.initialize();
    return image;
}

void unload(Image& image) { Loader::unload(image); }

Image* image_of(const void* address) {
    const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(address) - Arena::images_base;
    if (offset >= Arena::images_size) return nullptr;
    const Images& all = part<Images>();
    const std::size_t slot = offset / slot_size;
    if (slot >= all.slots.size() || !all.slots[slot]->contains(address)) return nullptr;
    return all.slots[slot];
}

bool is_constant(const void* address) {
    const Image* image = image_of(address);
    return image != nullptr && image->constant(address);
}

const std::vector<Image*>& images() { return part<Images>().loaded_order; }

void* find_export(std::string_view symbol_name) {
    const auto& exports = kernel_exports();
    if (const auto found = exports.find(symbol_name); found != exports.end()) {
        return const_cast<void*>(found->second);
    }
    for (const Image* image : images()) {
        if (void* address = image->symbol(symbol_name)) return address;
    }
    return nullptr;
}

}  // namespace gpioclx::kernel::ldr
