// The extension's state as text, for people.
#pragma once

namespace gpioclx {

// PASSIVE_LEVEL, when the extension is loaded and before it is unloaded.
void register_state_dump();
void unregister_state_dump();

}  // namespace gpioclx
