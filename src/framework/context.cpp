#include "framework/context.h"

#include <cstring>

#include "framework/object.h"
#include "framework/pool_tag.h"
#include "kernel/ke/object_name.h"
#include "machine/arena.h"
#include "machine/machine.h"
#include "machine/witness.h"

namespace gpioclx::framework {
namespace {

constexpr ULONG_PTR live_signature = 0x74786574'6E6F4367;
constexpr ULONG pool_tag = make_tag("WCxt");
constexpr size_t guard_size = 16;
constexpr unsigned char guard_byte = 0xC7;

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
    std::memset(static_cast<char*>(memory) + sizeof(Context) + size, guard_byte, guard_size);
    Context* context = static_cast<Context*>(memory);
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

bool Context::intact() const {
    const unsigned char* guard = reinterpret_cast<const unsigned char*>(this + 1) + size;
    for (size_t i = 0; i < guard_size; ++i) {
        if (guard[i] != guard_byte) return false;
    }
    return true;
}

void Context::free(Context* context) {
    context->signature = 0;
    ExFreePoolWithTag(context, pool_tag);
}

Context* Context::from_bytes(void* bytes) {
    Context* context = static_cast<Context*>(bytes) - 1;
    if (!machine::Arena::contains(context) || context->signature != live_signature) return nullptr;
    return context;
}

}  // namespace gpioclx::framework
