// Loads the shared object of a C++ model into the worker. Its writable data becomes part of the
// machine's state, and its operator new is the machine's, so checkpoints cover both; what a model
// must not import (other memory, clocks, chance, threads) is refused by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "diagnostics/result.h"
#include "gpioclx/model.h"

namespace gpioclx::hardware {

struct SharedObject {
    std::string path;
    std::uintptr_t base = 0;
    std::size_t size = 0;
    const GxModelTable* table = nullptr;
};

// `first`: no other device of this machine uses the object; its data is registered with the arena.
// Errors: no such file, no shared object, symbols that nobody provides, no model in it, made for
// another version of the interface, an import that the machine cannot allow. Inside an ArenaScope.
Result<SharedObject> load_model_object(const std::string& path, bool first);

}  // namespace gpioclx::hardware
