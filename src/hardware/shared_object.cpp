#include "hardware/shared_object.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include <algorithm>
#include <string_view>

#include "hardware/elf_imports.h"
#include "machine/arena.h"

namespace gpioclx::hardware {
namespace {

struct Forbidden {
    std::string_view name;  // a prefix, where it ends with *
    std::string_view instead;
};

constexpr std::string_view memory =
    "its memory would not be the machine's: use new, or a container";
constexpr std::string_view time = "ask host.now_ns() and host.call_at()";
constexpr std::string_view chance = "ask host.choose()";
constexpr std::string_view thread = "a machine has one thread: use host.call_at()";

constexpr Forbidden forbidden[] = {
    {"malloc", memory},
    {"calloc", memory},
    {"realloc", memory},
    {"aligned_alloc", memory},
    {"posix_memalign", memory},
    {"strdup", memory},
    {"asprintf", memory},
    {"mmap", memory},
    {"time", time},
    {"clock", time},
    {"clock_gettime", time},
    {"gettimeofday", time},
    {"nanosleep", time},
    {"usleep", time},
    {"sleep", time},
    {"_ZNSt6chrono3_V2*", time},
    {"rand", chance},
    {"random", chance},
    {"drand48", chance},
    {"lrand48", chance},
    {"getrandom", chance},
    {"_ZNSt13random_device*", chance},
    {"pthread_create", thread},
    {"_ZNSt6thread*", thread},
    {"fork", thread},
    {"signal", "signals belong to gpioclx"},
    {"sigaction", "signals belong to gpioclx"},
};

bool matches(std::string_view name, std::string_view pattern) {
    if (!pattern.ends_with('*')) return name == pattern;
    return name.starts_with(pattern.substr(0, pattern.size() - 1));
}

Result<void> check_imports(const std::string& path) {
    auto imports = read_elf_imports(path);
    if (!imports) return imports.error();
    for (const std::string& name : *imports) {
        for (const Forbidden& entry : forbidden) {
            if (!matches(name, entry.name)) continue;
            return Error{.message = fmt::format("a model must not use '{}'", name),
                         .file = path,
                         .hint = std::string(entry.instead)};
        }
    }
    return {};
}

// Adds what a checkpoint must save. Data that is read-only after relocation stays out of it.
struct Segments {
    ElfW(Addr) base;
    bool add_regions;
    std::size_t size = 0;
};

int take_segments(dl_phdr_info* info, std::size_t, void* raw) {
    auto& segments = *static_cast<Segments*>(raw);
    if (info->dlpi_addr != segments.base) return 0;
    std::uintptr_t fixed_begin = 0, fixed_end = 0;
    for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        if (header.p_type != PT_GNU_RELRO) continue;
        fixed_begin = info->dlpi_addr + header.p_vaddr;
        fixed_end = (fixed_begin + header.p_memsz + 4095) & ~std::uintptr_t{4095};
    }
    for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        if (header.p_type != PT_LOAD) continue;
        segments.size = std::max(segments.size, header.p_vaddr + header.p_memsz);
        if ((header.p_flags & PF_W) == 0 || !segments.add_regions) continue;
        std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
        const std::uintptr_t end = begin + header.p_memsz;
        if (begin >= fixed_begin && begin < fixed_end) begin = fixed_end;
        if (begin < end)
            machine::Arena::instance().add_region(reinterpret_cast<void*>(begin), end - begin);
    }
    return 1;
}

using Entry = const GxModelTable* (*)();

Result<const GxModelTable*> table_of(void* handle, const std::string& path) {
    const auto entry = reinterpret_cast<Entry>(dlsym(handle, "gpioclx_model"));
    if (entry == nullptr) {
        return Error{.message = "there is no model in it: it does not define 'gpioclx_model'",
                     .file = path,
                     .hint =
                         "write GPIOCLX_MODEL(YourClass) in one of its sources, outside of any "
                         "namespace"};
    }
    const GxModelTable* table = entry();
    if (table == nullptr || table->version != model::interface_version) {
        return Error{
            .message =
                fmt::format("the model is made for version {} of the interface, this gpioclx "
                            "has version {}",
                            table != nullptr ? table->version : 0, model::interface_version),
            .file = path,
            .hint = "build it again with the header of this installation, gpioclx/model.h"};
    }
    return table;
}

}  // namespace

Result<SharedObject> load_model_object(const std::string& path, bool first) {
    if (auto good = check_imports(path); !good) return good.error();
    // All symbols now: what is missing must not show in the middle of a run.
    void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        const char* reason = dlerror();
        return Error{
            .message = fmt::format("the model cannot be loaded: {}",
                                   reason != nullptr ? reason : "unknown reason"),
            .file = path,
            .hint = "link what it needs into it; gpioclx itself offers nothing but the host"};
    }
    auto table = table_of(handle, path);
    if (!table) return table.error();
    link_map* map = nullptr;
    dlinfo(handle, RTLD_DI_LINKMAP, &map);
    Segments segments{.base = map->l_addr, .add_regions = first};
    dl_iterate_phdr(&take_segments, &segments);
    return SharedObject{.path = path, .base = map->l_addr, .size = segments.size, .table = *table};
}

}  // namespace gpioclx::hardware
