// READ_REGISTER_*, WRITE_REGISTER_* and the port accessors. An address in the device window reaches
// the model behind it; any other address is ordinary memory.
#include <wdm.h>

#include "ext/gx_export.h"
#include "kernel/ke/cost.h"
#include "kernel/mm/device_memory.h"

namespace ke = gpioclx::kernel::ke;
namespace mm = gpioclx::kernel::mm;

namespace {

template <typename T>
constexpr unsigned width_of = sizeof(T) * 8;

template <typename T>
inline T read_register(const volatile T* address) {
    ke::charge(ke::cost::register_ns);
    if (mm::is_device_address(address))
        return static_cast<T>(mm::read_device(address, width_of<T>));
    return *address;
}

template <typename T>
inline void write_register(volatile T* address, T value) {
    ke::charge(ke::cost::register_ns);
    if (mm::is_device_address(address))
        mm::write_device(address, width_of<T>, value);
    else
        *address = value;
}

// Ports are numbers; drivers get them as pointers. A port resource that the bus translated into
// memory works as well.
template <typename T>
inline T read_port(T* port) {
    ke::charge(ke::cost::register_ns);
    if (mm::is_device_address(port)) return static_cast<T>(mm::read_device(port, width_of<T>));
    return static_cast<T>(mm::read_port(reinterpret_cast<std::uintptr_t>(port), width_of<T>));
}

template <typename T>
inline void write_port(T* port, T value) {
    ke::charge(ke::cost::register_ns);
    if (mm::is_device_address(port))
        mm::write_device(port, width_of<T>, value);
    else
        mm::write_port(reinterpret_cast<std::uintptr_t>(port), width_of<T>, value);
}

}  // namespace

// The buffer forms read or write one register (or port) repeatedly.
#define GX_REGISTER_ACCESSORS(TYPE)                                                                \
    TYPE READ_REGISTER_##TYPE(volatile TYPE* Register) { return read_register(Register); }         \
    GX_EXPORT_FUNCTION(READ_REGISTER_##TYPE);                                                      \
    VOID WRITE_REGISTER_##TYPE(volatile TYPE* Register, TYPE Value) {                              \
        write_register(Register, Value);                                                           \
    }                                                                                              \
    GX_EXPORT_FUNCTION(WRITE_REGISTER_##TYPE);                                                     \
    TYPE READ_REGISTER_NOFENCE_##TYPE(volatile TYPE* Register) { return read_register(Register); } \
    GX_EXPORT_FUNCTION(READ_REGISTER_NOFENCE_##TYPE);                                              \
    VOID WRITE_REGISTER_NOFENCE_##TYPE(volatile TYPE* Register, TYPE Value) {                      \
        write_register(Register, Value);                                                           \
    }                                                                                              \
    GX_EXPORT_FUNCTION(WRITE_REGISTER_NOFENCE_##TYPE);                                             \
    VOID READ_REGISTER_BUFFER_##TYPE(volatile TYPE* Register, TYPE* Buffer, ULONG Count) {         \
        for (ULONG i = 0; i < Count; ++i) Buffer[i] = read_register(Register);                     \
    }                                                                                              \
    GX_EXPORT_FUNCTION(READ_REGISTER_BUFFER_##TYPE);                                               \
    VOID WRITE_REGISTER_BUFFER_##TYPE(volatile TYPE* Register, TYPE* Buffer, ULONG Count) {        \
        for (ULONG i = 0; i < Count; ++i) write_register(Register, Buffer[i]);                     \
    }                                                                                              \
    GX_EXPORT_FUNCTION(WRITE_REGISTER_BUFFER_##TYPE)

#define GX_PORT_ACCESSORS(TYPE)                                                 \
    TYPE READ_PORT_##TYPE(TYPE* Port) { return read_port(Port); }               \
    GX_EXPORT_FUNCTION(READ_PORT_##TYPE);                                       \
    VOID WRITE_PORT_##TYPE(TYPE* Port, TYPE Value) { write_port(Port, Value); } \
    GX_EXPORT_FUNCTION(WRITE_PORT_##TYPE);                                      \
    VOID READ_PORT_BUFFER_##TYPE(TYPE* Port, TYPE* Buffer, ULONG Count) {       \
        for (ULONG i = 0; i < Count; ++i) Buffer[i] = read_port(Port);          \
    }                                                                           \
    GX_EXPORT_FUNCTION(READ_PORT_BUFFER_##TYPE);                                \
    VOID WRITE_PORT_BUFFER_##TYPE(TYPE* Port, TYPE* Buffer, ULONG Count) {      \
        for (ULONG i = 0; i < Count; ++i) write_port(Port, Buffer[i]);          \
    }                                                                           \
    GX_EXPORT_FUNCTION(WRITE_PORT_BUFFER_##TYPE)

GX_REGISTER_ACCESSORS(UCHAR);
GX_REGISTER_ACCESSORS(USHORT);
GX_REGISTER_ACCESSORS(ULONG);
GX_REGISTER_ACCESSORS(ULONG64);
GX_PORT_ACCESSORS(UCHAR);
GX_PORT_ACCESSORS(USHORT);
GX_PORT_ACCESSORS(ULONG);
