#include "kernel/io/system_thread.h"

#include "kernel/ke/thread.h"
#include "machine/arena.h"

namespace gpioclx::kernel::io {

void create_system_thread(std::string_view name, void (*body)(void* context), void* context) {
    machine::ArenaScope inside;
    ob::dereference(ke::create_thread(ke::unused_thread_name(name), body, context));
}

}  // namespace gpioclx::kernel::io
