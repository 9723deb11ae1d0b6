// Drivers that dereference register pointers instead of calling READ_REGISTER_*: their accesses
// cost the same virtual time, reach the same models and give the same events.
#pragma once

namespace gpioclx::bench {

// Once per worker: takes the faults of the device window from the worker's handler.
void serve_direct_accesses();

}  // namespace gpioclx::bench
