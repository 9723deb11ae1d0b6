// Drivers that are built with --instrument tell each access to memory (clang's -fsanitize=thread;
// nothing of the sanitizer's library is linked). Each is a point at which the explorer may hold the
// driver up, and the witness hears of it. Their own stack is nobody else's.
#include <atomic>
#include <cstdint>
#include <cstring>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/processor_state.h"
#include "kernel/ldr/image.h"
#include "kernel/mm/device_memory.h"
#include "kernel/system.h"
#include "machine/machine.h"
#include "machine/witness.h"

namespace gpioclx::kernel::hal {
namespace {

using machine::Arena;
using machine::EventKind;
using machine::Machine;
using machine::MemoryAccess;

constexpr std::uint64_t access_ns = 1;

bool on_stack(const volatile void* address) {
    return reinterpret_cast<std::uintptr_t>(address) - Arena::stacks_base < Arena::stacks_size;
}

// The variable, or else the function that touches it: names that an edit elsewhere leaves alone.
machine::NameId point_name(const void* address, const void* caller) {
    const ldr::Image* image = ldr::image_of(address);
    std::string name;
    if (image != nullptr) name = image->variable_at(address);
    if (name.empty()) name = dbg::function_name(caller);
    return Machine::current().name(name);
}

void note(const volatile void* address, std::size_t size, MemoryAccess::Kind kind,
          const void* caller) {
    if (on_stack(address) || mm::is_device_address(address)) return;
    Machine& machine = Machine::current();
    if (!machine.on_processor()) return;
    auto* const plain = const_cast<const void*>(address);
    if (machine::Witness* witness = machine.witness())
        witness->memory_accessed({plain, static_cast<std::uint32_t>(size), kind, caller});
    if (machine.asks_for_delays())
        machine.emit(EventKind::memory_access, point_name(plain, caller), machine::no_name, size,
                     static_cast<std::uint64_t>(kind));
    machine.step(access_ns);
}

}  // namespace
}  // namespace gpioclx::kernel::hal

using gpioclx::kernel::hal::note;
using Kind = gpioclx::machine::MemoryAccess::Kind;

#define GX_CALLER __builtin_return_address(0)

extern "C" {

void __tsan_init() {}
GX_EXPORT_FUNCTION(__tsan_init);

#define GX_PLAIN(SIZE)                                                                     \
    void __tsan_read##SIZE(void* a) { note(a, SIZE, Kind::read, GX_CALLER); }              \
    GX_EXPORT_FUNCTION(__tsan_read##SIZE);                                                 \
    void __tsan_write##SIZE(void* a) { note(a, SIZE, Kind::write, GX_CALLER); }            \
    GX_EXPORT_FUNCTION(__tsan_write##SIZE);                                                \
    void __tsan_read_write##SIZE(void* a) { note(a, SIZE, Kind::write, GX_CALLER); }       \
    GX_EXPORT_FUNCTION(__tsan_read_write##SIZE);                                           \
    void __tsan_volatile_read##SIZE(void* a) { note(a, SIZE, Kind::acquire, GX_CALLER); }  \
    GX_EXPORT_FUNCTION(__tsan_volatile_read##SIZE);                                        \
    void __tsan_volatile_write##SIZE(void* a) { note(a, SIZE, Kind::release, GX_CALLER); } \
    GX_EXPORT_FUNCTION(__tsan_volatile_write##SIZE)

GX_PLAIN(1);
GX_PLAIN(2);
GX_PLAIN(4);
GX_PLAIN(8);
GX_PLAIN(16);

#define GX_UNALIGNED(SIZE)                                                                     \
    void __tsan_unaligned_read##SIZE(void* a) { note(a, SIZE, Kind::read, GX_CALLER); }        \
    GX_EXPORT_FUNCTION(__tsan_unaligned_read##SIZE);                                           \
    void __tsan_unaligned_write##SIZE(void* a) { note(a, SIZE, Kind::write, GX_CALLER); }      \
    GX_EXPORT_FUNCTION(__tsan_unaligned_write##SIZE);                                          \
    void __tsan_unaligned_read_write##SIZE(void* a) { note(a, SIZE, Kind::write, GX_CALLER); } \
    GX_EXPORT_FUNCTION(__tsan_unaligned_read_write##SIZE);                                     \
    void __tsan_unaligned_volatile_read##SIZE(void* a) {                                       \
        note(a, SIZE, Kind::acquire, GX_CALLER);                                               \
    }                                                                                          \
    GX_EXPORT_FUNCTION(__tsan_unaligned_volatile_read##SIZE);                                  \
    void __tsan_unaligned_volatile_write##SIZE(void* a) {                                      \
        note(a, SIZE, Kind::release, GX_CALLER);                                               \
    }                                                                                          \
    GX_EXPORT_FUNCTION(__tsan_unaligned_volatile_write##SIZE)

GX_UNALIGNED(2);
GX_UNALIGNED(4);
GX_UNALIGNED(8);
GX_UNALIGNED(16);

void __tsan_vptr_read(void* a) { note(a, 8, Kind::read, GX_CALLER); }
GX_EXPORT_FUNCTION(__tsan_vptr_read);
void __tsan_vptr_update(void* a, void*) { note(a, 8, Kind::write, GX_CALLER); }
GX_EXPORT_FUNCTION(__tsan_vptr_update);

// The exports that copy registers too.
void* __tsan_memcpy(void* to, const void* from, std::size_t size) {
    note(from, size, Kind::read, GX_CALLER);
    note(to, size, Kind::write, GX_CALLER);
    static const auto copy = reinterpret_cast<void* (*)(void*, const void*, std::size_t)>(
        gpioclx::kernel::ldr::find_export("memcpy"));
    return copy(to, from, size);
}
GX_EXPORT_FUNCTION(__tsan_memcpy);
void* __tsan_memmove(void* to, const void* from, std::size_t size) {
    note(from, size, Kind::read, GX_CALLER);
    note(to, size, Kind::write, GX_CALLER);
    static const auto move = reinterpret_cast<void* (*)(void*, const void*, std::size_t)>(
        gpioclx::kernel::ldr::find_export("memmove"));
    return move(to, from, size);
}
GX_EXPORT_FUNCTION(__tsan_memmove);
void* __tsan_memset(void* to, int value, std::size_t size) {
    note(to, size, Kind::write, GX_CALLER);
    static const auto set = reinterpret_cast<void* (*)(void*, int, std::size_t)>(
        gpioclx::kernel::ldr::find_export("memset"));
    return set(to, value, size);
}
GX_EXPORT_FUNCTION(__tsan_memset);

// Interlocked functions: told before, done at once. No step in between.
#define GX_ATOMIC(BITS, TYPE)                                                                      \
    TYPE __tsan_atomic##BITS##_load(const volatile TYPE* a, int) {                                 \
        note(a, sizeof(TYPE), Kind::atomic, GX_CALLER);                                            \
        return __atomic_load_n(a, __ATOMIC_SEQ_CST);                                               \
    }                                                                                              \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_load);                                                \
    void __tsan_atomic##BITS##_store(volatile TYPE* a, TYPE v, int) {                              \
        note(a, sizeof(TYPE), Kind::atomic, GX_CALLER);                                            \
        __atomic_store_n(a, v, __ATOMIC_SEQ_CST);                                                  \
    }                                                                                              \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_store);                                               \
    TYPE __tsan_atomic##BITS##_exchange(volatile TYPE* a, TYPE v, int) {                           \
        note(a, sizeof(TYPE), Kind::atomic, GX_CALLER);                                            \
        return __atomic_exchange_n(a, v, __ATOMIC_SEQ_CST);                                        \
    }                                                                                              \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_exchange);                                            \
    TYPE __tsan_atomic##BITS##_fetch_add(volatile TYPE* a, TYPE v, int) {                          \
        note(a, sizeof(TYPE), Kind::atomic, GX_CALLER);                                            \
        return __atomic_fetch_add(a, v, __ATOMIC_SEQ_CST);                                         \
    }                                                                                              \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_fetch_add);                                           \
    TYPE __tsan_atomic##BITS##_fetch_sub(volatile TYPE* a, TYPE v, int) {                          \
        note(a, sizeof(TYPE), Kind::atomic, GX_CALLER);                                            \
        return __atomic_fetch_sub(a, v, __ATOMIC_SEQ_CST);                                         \
    }                                                                                              \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_fetch_sub);                                           \
    TYPE __tsan_atomic##BITS##_fetch_and(volatile TYPE* a, TYPE v, int) {                          \
        note(a, sizeof(TYPE), Kind::atomic, GX_CALLER);                                            \
        return __atomic_fetch_and(a, v, __ATOMIC_SEQ_CST);                                         \
    }                                                                                              \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_fetch_and);                                           \
    TYPE __tsan_atomic##BITS##_fetch_or(volatile TYPE* a, TYPE v, int) {                           \
        note(a, sizeof(TYPE), Kind::atomic, GX_CALLER);                                            \
        return __atomic_fetch_or(a, v, __ATOMIC_SEQ_CST);                                          \
    }                                                                                              \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_fetch_or);                                            \
    TYPE __tsan_atomic##BITS##_fetch_xor(volatile TYPE* a, TYPE v, int) {                          \
        note(a, sizeof(TYPE), Kind::atomic, GX_CALLER);                                            \
        return __atomic_fetch_xor(a, v, __ATOMIC_SEQ_CST);                                         \
    }                                                                                              \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_fetch_xor);                                           \
    int __tsan_atomic##BITS##_compare_exchange_strong(volatile TYPE* a, TYPE* expected, TYPE v,    \
                                                      int, int) {                                  \
        note(a, sizeof(TYPE), Kind::atomic, GX_CALLER);                                            \
        return __atomic_compare_exchange_n(a, expected, v, false, __ATOMIC_SEQ_CST,                \
                                           __ATOMIC_SEQ_CST);                                      \
    }                                                                                              \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_compare_exchange_strong);                             \
    int __tsan_atomic##BITS##_compare_exchange_weak(volatile TYPE* a, TYPE* expected, TYPE v, int, \
                                                    int) {                                         \
        note(a, sizeof(TYPE), Kind::atomic, GX_CALLER);                                            \
        return __atomic_compare_exchange_n(a, expected, v, false, __ATOMIC_SEQ_CST,                \
                                           __ATOMIC_SEQ_CST);                                      \
    }                                                                                              \
    GX_EXPORT_FUNCTION(__tsan_atomic##BITS##_compare_exchange_weak);                               \
    TYPE __tsan_atomic##BITS##_compare_exchange_val(volatile TYPE* a, TYPE expected, TYPE v, int,  \
                                                    int) {                                         \
        note(a, sizeof(TYPE), Kind::atomic, GX_CALLER);                                            \
        __atomic_compare_exchange_n(a, &expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);   \
        return expected;                                                                           \
    }                                                                                              \
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
