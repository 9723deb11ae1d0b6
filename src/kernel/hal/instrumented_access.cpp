// Drivers that are built to tell of each access to memory call these before it (clang's
// -fsanitize=thread names them; nothing of that sanitizer's library is in the process). The witness
// hears of it, and where it says so, an explorer may hold the driver up. No virtual time passes
// otherwise: a driver that tells goes the same way as one that does not.
//
// Stacks are left out: they are nobody else's. Registers have rules of their own.
#include <atomic>
#include <cstdint>

#include "ext/gx_export.h"
#include "kernel/ldr/image.h"
#include "kernel/mm/device_memory.h"
#include "machine/machine.h"
#include "machine/witness.h"

namespace {

using gpioclx::machine::AccessPoint;
using gpioclx::machine::Arena;
using gpioclx::machine::Machine;
using gpioclx::machine::MemoryAccess;
using gpioclx::machine::Witness;
using Kind = MemoryAccess::Kind;
namespace ldr = gpioclx::kernel::ldr;
namespace mm = gpioclx::kernel::mm;

bool on_stack(const volatile void* address) {
    return reinterpret_cast<std::uintptr_t>(address) - Arena::stacks_base < Arena::stacks_size;
}

void note(const volatile void* address, std::size_t size, Kind kind, const void* caller) {
    if (on_stack(address) || mm::is_device_address(address)) return;
    Machine& machine = Machine::current();
    Witness* const witness = machine.witness();
    if (witness == nullptr || !machine.on_processor()) return;
    const AccessPoint point = witness->memory_accessed(
        {const_cast<const void*>(address), static_cast<std::uint32_t>(size), kind, caller});
    if (point.operation != gpioclx::machine::no_name)
        machine.may_be_held_up(point.operation, point.object);
}

template <typename Function>
Function kernel_function(const char* name) {
    return reinterpret_cast<Function>(ldr::find_export(name));
}

}  // namespace

#define GX_CALLER __builtin_return_address(0)

extern "C" {

void __tsan_init() {}
GX_EXPORT_FUNCTION(__tsan_init);

#define GX_TELL(NAME, SIZE, KIND)                                      \
    void NAME(void* address) { note(address, SIZE, KIND, GX_CALLER); } \
    GX_EXPORT_FUNCTION(NAME)

#define GX_TELL_SIZE(SIZE)                                          \
    GX_TELL(__tsan_read##SIZE, SIZE, Kind::read);                   \
    GX_TELL(__tsan_write##SIZE, SIZE, Kind::write);                 \
    GX_TELL(__tsan_volatile_read##SIZE, SIZE, Kind::volatile_read); \
    GX_TELL(__tsan_volatile_write##SIZE, SIZE, Kind::volatile_write)

#define GX_TELL_UNALIGNED(SIZE)                                               \
    GX_TELL(__tsan_unaligned_read##SIZE, SIZE, Kind::read);                   \
    GX_TELL(__tsan_unaligned_write##SIZE, SIZE, Kind::write);                 \
    GX_TELL(__tsan_unaligned_volatile_read##SIZE, SIZE, Kind::volatile_read); \
    GX_TELL(__tsan_unaligned_volatile_write##SIZE, SIZE, Kind::volatile_write)

GX_TELL_SIZE(1);
GX_TELL_SIZE(2);
GX_TELL_SIZE(4);
GX_TELL_SIZE(8);
GX_TELL_SIZE(16);
GX_TELL_UNALIGNED(2);
GX_TELL_UNALIGNED(4);
GX_TELL_UNALIGNED(8);
GX_TELL_UNALIGNED(16);
GX_TELL(__tsan_vptr_read, sizeof(void*), Kind::read);

void __tsan_vptr_update(void* address, void*) {
    note(address, sizeof(void*), Kind::write, GX_CALLER);
}
GX_EXPORT_FUNCTION(__tsan_vptr_update);

// What drivers get as memcpy, which may copy registers too.
void* __tsan_memcpy(void* to, const void* from, std::size_t size) {
    note(from, size, Kind::read, GX_CALLER);
    note(to, size, Kind::write, GX_CALLER);
    return kernel_function<void* (*)(void*, const void*, std::size_t)>("memcpy")(to, from, size);
}
GX_EXPORT_FUNCTION(__tsan_memcpy);

void* __tsan_memmove(void* to, const void* from, std::size_t size) {
    note(from, size, Kind::read, GX_CALLER);
    note(to, size, Kind::write, GX_CALLER);
    return kernel_function<void* (*)(void*, const void*, std::size_t)>("memmove")(to, from, size);
}
GX_EXPORT_FUNCTION(__tsan_memmove);

void* __tsan_memset(void* to, int value, std::size_t size) {
    note(to, size, Kind::write, GX_CALLER);
    return kernel_function<void* (*)(void*, int, std::size_t)>("memset")(to, value, size);
}
GX_EXPORT_FUNCTION(__tsan_memset);

// Interlocked functions, which the compiler leaves to us altogether.
#define GX_ATOMIC_OPERATION(BITS, TYPE, NAME)                               \
    TYPE __tsan_atomic##BITS##_##NAME(volatile TYPE* at, TYPE value, int) { \
        note(at, sizeof(TYPE), Kind::atomic_write, GX_CALLER);              \
        return __atomic_##NAME(at, value, __ATOMIC_SEQ_CST);                \
    }                                                                       \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_##NAME)

#define GX_ATOMIC(BITS, TYPE)                                                                     \
    TYPE __tsan_atomic##BITS##_load(const volatile TYPE* at, int) {                               \
        note(at, sizeof(TYPE), Kind::atomic_read, GX_CALLER);                                     \
        return __atomic_load_n(at, __ATOMIC_SEQ_CST);                                             \
    }                                                                                             \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_load);                                               \
    void __tsan_atomic##BITS##_store(volatile TYPE* at, TYPE value, int) {                        \
        note(at, sizeof(TYPE), Kind::atomic_write, GX_CALLER);                                    \
        __atomic_store_n(at, value, __ATOMIC_SEQ_CST);                                            \
    }                                                                                             \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_store);                                              \
    TYPE __tsan_atomic##BITS##_exchange(volatile TYPE* at, TYPE value, int) {                     \
        note(at, sizeof(TYPE), Kind::atomic_write, GX_CALLER);                                    \
        return __atomic_exchange_n(at, value, __ATOMIC_SEQ_CST);                                  \
    }                                                                                             \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_exchange);                                           \
    GX_ATOMIC_OPERATION(BITS, TYPE, fetch_add);                                                   \
    GX_ATOMIC_OPERATION(BITS, TYPE, fetch_sub);                                                   \
    GX_ATOMIC_OPERATION(BITS, TYPE, fetch_and);                                                   \
    GX_ATOMIC_OPERATION(BITS, TYPE, fetch_or);                                                    \
    GX_ATOMIC_OPERATION(BITS, TYPE, fetch_xor);                                                   \
    GX_ATOMIC_OPERATION(BITS, TYPE, fetch_nand);                                                  \
    int __tsan_atomic##BITS##_compare_exchange_strong(volatile TYPE* at, TYPE* expected,          \
                                                      TYPE value, int, int) {                     \
        note(at, sizeof(TYPE), Kind::atomic_write, GX_CALLER);                                    \
        return __atomic_compare_exchange_n(at, expected, value, false, __ATOMIC_SEQ_CST,          \
                                           __ATOMIC_SEQ_CST);                                     \
    }                                                                                             \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_compare_exchange_strong);                            \
    TYPE __tsan_atomic##BITS##_compare_exchange_val(volatile TYPE* at, TYPE expected, TYPE value, \
                                                    int, int) {                                   \
        note(at, sizeof(TYPE), Kind::atomic_write, GX_CALLER);                                    \
        __atomic_compare_exchange_n(at, &expected, value, false, __ATOMIC_SEQ_CST,                \
                                    __ATOMIC_SEQ_CST);                                            \
        return expected;                                                                          \
    }                                                                                             \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_compare_exchange_val)

GX_ATOMIC(8, std::uint8_t);
GX_ATOMIC(16, std::uint16_t);
GX_ATOMIC(32, std::uint32_t);
GX_ATOMIC(64, std::uint64_t);

void __tsan_atomic_thread_fence(int) {}
GX_EXPORT_FUNCTION(__tsan_atomic_thread_fence);
void __tsan_atomic_signal_fence(int) {}
GX_EXPORT_FUNCTION(__tsan_atomic_signal_fence);

}  // extern "C"
