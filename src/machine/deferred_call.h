// Work that an interrupt leaves for level_deferred on a given processor.
#pragma once

#include "machine/name_table.h"

namespace gpioclx::machine {

struct DeferredCall {
    void (*run)(void* context) = nullptr;
    void* context = nullptr;
    NameId name = no_name;
    DeferredCall* next = nullptr;
    bool queued = false;
    std::uint8_t processor = 0;  // where it is queued
};

}  // namespace gpioclx::machine
