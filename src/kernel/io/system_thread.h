// System threads of the I/O and PnP managers.
#pragma once

#include <string_view>

namespace gpioclx::kernel::io {

// A system thread with this name (unique), PASSIVE_LEVEL. Ends when `body` returns.
void create_system_thread(std::string_view name, void (*body)(void* context), void* context);

}  // namespace gpioclx::kernel::io
