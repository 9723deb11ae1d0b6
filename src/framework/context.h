// Context space: memory of the driver that lives and dies with a framework object. An object has
// one context per context type; each brings its own cleanup and destroy callbacks.
#pragma once

#include <wdf.h>

#include <cstddef>

namespace gpioclx::kernel::um {
class UserProcess;
}

namespace gpioclx::framework {

class Object;

// Stands before the driver's bytes, so that a context pointer leads back to its object.
struct alignas(16) Context {
    ULONG_PTR signature;
    Context* next;
    Object* object;
    PCWDF_OBJECT_CONTEXT_TYPE_INFO type;  // null: callbacks only
    PFN_WDF_OBJECT_CONTEXT_CLEANUP cleanup;
    PFN_WDF_OBJECT_CONTEXT_DESTROY destroy;
    size_t size;
    kernel::um::UserProcess* process;  // in whose memory the bytes are; null: behind this
    void* user_block;

    void* bytes();
    // Zeroed, followed by a guard area. Null if memory is short.
    static Context* allocate(Object& object, const WDF_OBJECT_ATTRIBUTES& attributes);
    // The guard behind the driver's bytes is as it was.
    bool intact() const;
    static void free(Context* context);
    // The context that starts at `bytes`, or null if there is none.
    static Context* from_bytes(void* bytes);
};

}  // namespace gpioclx::framework
