// Device registers in the address space. Each mapping (MmMapIoSpace) gets 64 KB slots of its own in
// the arena's device window, so that an address leads to its register range by one table look-up.
// The pages are inaccessible: the accessors of hal/ never touch them, and a driver that
// dereferences a register pointer faults, where the worker can serve it (access_of, read_device,
// write_device). Slots are not used again, so that an access after MmUnmapIoSpace is always told.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/register_range.h"
#include "machine/arena.h"

namespace gpioclx::kernel::ldr {
class Image;
}

namespace gpioclx::kernel::mm {

inline bool is_device_address(const volatile void* address) {
    return reinterpret_cast<std::uintptr_t>(address) - machine::Arena::devices_base <
           machine::Arena::devices_size;
}

// Before drivers start. False if it overlaps one that is there. Ports are an address space of their
// own; a range for ports holds port numbers as physical addresses.
bool add_register_range(RegisterRange& range);
bool add_port_range(RegisterRange& range);
RegisterRange* find_register_range(std::uint64_t physical_address);

// nullptr if there is no room. An address without a device model becomes plain zeroed memory, with
// a hardware_report event.
void* map_device(std::uint64_t physical_address, std::size_t length, const void* caller);
// Findings if it is not what map_device returned.
void unmap_device(void* address, std::size_t length);
// Reports what the image mapped and did not unmap.
void report_mappings_of(const ldr::Image& image);

// Where a device address leads. `range` is null for an address that is not mapped.
struct DeviceAccess {
    RegisterRange* range = nullptr;
    std::uint64_t offset = 0;
};
DeviceAccess access_of(const volatile void* address);

// memcpy, memmove and memset where an end of it is a device: dwords where both sides are aligned,
// else bytes, in ascending order, each at the price of an access. (What the host's library would
// do differs from processor to processor.)
void copy_device(void* to, const void* from, std::size_t size);
void fill_device(void* to, std::uint8_t value, std::size_t size);

// One access, with its register_read or register_write event and no cost in time. What cannot be
// done is a finding; such reads give all ones. `width` in bits.
std::uint64_t read_device(const volatile void* address, unsigned width);
void write_device(volatile void* address, unsigned width, std::uint64_t value);
std::uint64_t read_port(std::uint64_t port, unsigned width);
void write_port(std::uint64_t port, unsigned width, std::uint64_t value);

}  // namespace gpioclx::kernel::mm
