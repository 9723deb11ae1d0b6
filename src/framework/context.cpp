#include "framework/context.h"

#include <cstring>

#include "framework/object.h"
#include "framework/pool_tag.h"
#include "framework/user_view.h"
#include "kernel/ke/object_name.h"
#include "kernel/um/user_process.h"
#include "machine/arena.h"
#include "machine/machine.h"
#include "machine/witness.h"

namespace gpioclx::framework {
namespace {

constexpr ULONG_PTR live_signature = 0x74786574'6E6F4367;
constexpr ULONG pool_tag = make_tag("WCxt");
constexpr size_t guard_size = 16;
constexpr unsigned char guard_byte = 0xC7;
// Before the bytes in a driver's process: the address of the Context.
constexpr size_t mark_size = 16;

}  // namespace

Context* Context::allocate(Object& object, const WDF_OBJECT_ATTRIBUTES& attributes) {
    PCWDF_OBJECT_CONTEXT_TYPE_INFO type = attributes.ContextTypeInfo;
    size_t size = 0;
    if (type != nullptr) {
        size = attributes.ContextSizeOverride != 0 ? attributes.ContextSizeOverride
                                                   : type->ContextSize;
    }
    if (size > MAXULONG) return nullptr;
    void* memory =
        ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(Context) + size + guard_size, pool_tag);
    if (memory == nullptr) return nullptr;
    std::memset(memory, 0, sizeof(Context) + size);
    Context* context = static_cast<Context*>(memory);
    context->process = process_of(object);
    if (context->process != nullptr) {
        machine::ArenaScope inside;
        context->user_block = context->process->allocate(mark_size + size + guard_size);
        if (context->user_block == nullptr) {
            ExFreePoolWithTag(memory, pool_tag);
            return nullptr;
        }
        std::memcpy(context->user_block, &context, sizeof context);
    }
    std::memset(static_cast<char*>(context->bytes()) + size, guard_byte, guard_size);
    context->signature = live_signature;
    context->object = &object;
    context->type = type;
    context->cleanup = attributes.EvtCleanupCallback;
    context->destroy = attributes.EvtDestroyCallback;
    context->size = size;
    // For what is told about the driver's data.
    machine::Witness* const witness = machine::Machine::current().witness();
    if (witness != nullptr && witness->follows_memory() && type != nullptr)
        kernel::ke::name_object(context->bytes(), type->ContextName);
    return context;
}

void* Context::bytes() {
    if (process == nullptr) return this + 1;
    return static_cast<char*>(user_block) + mark_size;
}

bool Context::intact() const {
    const auto* guard =
        static_cast<const unsigned char*>(const_cast<Context*>(this)->bytes()) + size;
    for (size_t i = 0; i < guard_size; ++i) {
        if (guard[i] != guard_byte) return false;
    }
    return true;
}

void Context::free(Context* context) {
    context->signature = 0;
    if (context->process != nullptr) {
        machine::ArenaScope inside;
        context->process->free(context->user_block);
    }
    ExFreePoolWithTag(context, pool_tag);
}

Context* Context::from_bytes(void* bytes) {
    Context* context = static_cast<Context*>(bytes) - 1;
    if (kernel::um::is_user_memory(bytes)) {
        std::memcpy(&context, static_cast<char*>(bytes) - mark_size, sizeof context);
        const bool there = machine::Arena::contains(context) &&
                           reinterpret_cast<std::uintptr_t>(context) % alignof(Context) == 0 &&
                           context->signature == live_signature && context->bytes() == bytes;
        return there ? context : nullptr;
    }
    if (!machine::Arena::contains(context) || context->signature != live_signature) return nullptr;
    return context;
}

}  // namespace gpioclx::framework
