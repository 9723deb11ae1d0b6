// Driver images: ELF shared objects made by the driver kit, loaded at fixed addresses of the arena
// (one 1 MB slot after the other, never reused in a machine's life), so that addresses in events
// and messages are the same in every run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::kernel {
struct UserModeInstall;
}
namespace gpioclx::kernel::um {
class UserProcess;
}

namespace gpioclx::kernel::ldr {

class Image {
  public:
    std::string_view name() const { return name_; }
    std::string_view path() const { return path_; }
    std::uintptr_t base() const { return base_; }
    std::size_t size() const { return size_; }
    bool loaded() const { return loaded_; }
    // How a driver in user mode is installed; null for one of the kernel.
    const UserModeInstall* user_mode() const { return user_mode_; }
    // The process that runs its code; null: this one.
    um::UserProcess* process() const { return process_; }

    // An exported symbol ("DriverEntry"), nullptr if there is none.
    void* symbol(std::string_view symbol_name) const;
    // The function that the address is in, static ones too; "" if that is not known.
    std::string_view function_at(const void* address) const;
    // The same of writable variables; `offset` is the address's in it, `number` counts them in
    // order of their addresses.
    struct Variable {
        std::string_view name;
        std::size_t number = 0;
        std::size_t offset = 0;
    };
    Variable variable_at(const void* address) const;
    // All of them in that order.
    std::vector<Variable> variables() const;
    bool contains(const void* address) const {
        return reinterpret_cast<std::uintptr_t>(address) - base_ < size_;
    }
    // In a segment that nobody can write: literals and code are as they are for good.
    bool constant(const void* address) const;
    // In a section that Windows may page out (PAGE, PAGExxxx).
    bool pageable(const void* address) const;

  private:
    friend class Loader;
    std::string name_;
    std::string path_;
    std::uintptr_t base_ = 0;
    std::size_t size_ = 0;
    bool loaded_ = false;
    const UserModeInstall* user_mode_ = nullptr;
    um::UserProcess* process_ = nullptr;
    std::map<std::string, void*, std::less<>> symbols_;
    struct Function {
        std::uintptr_t end = 0;
        std::string name;
    };
    std::map<std::uintptr_t, Function> functions_;  // by first address
    std::map<std::uintptr_t, Function> variables_;  // likewise
    struct Span {
        std::uintptr_t start = 0;
        std::size_t size = 0;
    };
    static bool in_any(const std::vector<Span>& spans, const void* address);

    std::vector<void*> regions_;  // writable data known to the arena
    std::vector<Span> read_only_;
    std::vector<Span> pageable_;
    std::vector<void (*)()> fini_;  // .fini_array, in order of the file
};

// Loads the driver `name` from `path` and runs its initializers. Imports are resolved against the
// kernel's exports (gx_export.h) and what images loaded before export. PASSIVE_LEVEL or outside.
// `user_mode`, if given, must outlive the image.
Result<Image*> load(const std::string& path, std::string_view name,
                    const UserModeInstall* user_mode = nullptr);

// Runs .fini_array and forgets symbols and data. The memory stays mapped (a checkpoint may bring
// the image back); `image_of` still names addresses in it, `loaded()` is false.
void unload(Image& image);

// Whether the address lies in a read-only segment of an image. Images stay mapped, so what stands
// there never changes in a machine's life.
bool is_constant(const void* address);

// The image, loaded or not, that contains the address; nullptr if none does. Any level, fast.
Image* image_of(const void* address);

// In order of loading, unloaded ones too.
const std::vector<Image*>& images();

// An export of the kernel or of a loaded image.
void* find_export(std::string_view symbol_name);

}  // namespace gpioclx::kernel::ldr
