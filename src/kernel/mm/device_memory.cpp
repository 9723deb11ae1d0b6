#include "kernel/mm/device_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "kernel/dbg/finding.h"
#include "kernel/ke/cost.h"
#include "kernel/ldr/image.h"
#include "kernel/system.h"
#include "machine/witness.h"

namespace gpioclx::kernel::mm {
namespace {

using machine::Arena;
using machine::EventKind;
using machine::Machine;

constexpr std::size_t slot_shift = 16;
constexpr std::size_t slot_size = std::size_t{1} << slot_shift;
constexpr std::size_t slot_limit = Arena::devices_size / slot_size;
constexpr std::uint64_t page_mask = 4095;

struct Slot {
    RegisterRange* range = nullptr;   // null: unmapped
    std::uint64_t offset = 0;         // of the slot's first byte in the range (may wrap below 0)
    RegisterRange* before = nullptr;  // what was mapped here, for findings
};

struct Mapping {
    void* address = nullptr;
    std::size_t length = 0;
    std::uint64_t physical = 0;
    const void* caller = nullptr;
    void* memory = nullptr;  // plain memory instead of a device
};

struct DeviceMemory {
    std::vector<RegisterRange*> ranges;
    std::vector<RegisterRange*> ports;
    std::vector<Slot> slots;
    std::vector<Mapping> mappings;
};

std::uint64_t all_ones(unsigned width) { return ~std::uint64_t{0} >> (64 - width); }

bool add(std::vector<RegisterRange*>& ranges, RegisterRange& range) {
    for (const RegisterRange* other : ranges) {
        if (range.physical_base < other->physical_base + other->length &&
            other->physical_base < range.physical_base + range.length) {
            return false;
        }
    }
    machine::ArenaScope inside;
    ranges.push_back(&range);
    return true;
}

RegisterRange* find(const std::vector<RegisterRange*>& ranges, std::uint64_t physical) {
    for (RegisterRange* range : ranges) {
        if (physical - range->physical_base < range->length) return range;
    }
    return nullptr;
}

void* map_plain(std::uint64_t physical, std::size_t length, const void* caller) {
    Machine& machine = Machine::current();
    machine.emit(EventKind::hardware_report,
                 machine.name(fmt::format("physical memory {:#x}", physical)),
                 machine.name("no device model stands behind this address; it is plain memory"),
                 physical, length);
    const std::size_t page = physical & page_mask;
    void* memory = Arena::instance().allocate(length + page + 2 * (page_mask + 1));
    const auto aligned = (reinterpret_cast<std::uintptr_t>(memory) + page_mask) & ~page_mask;
    void* address = reinterpret_cast<void*>(aligned + page);
    std::memset(reinterpret_cast<void*>(aligned), 0, length + page);
    part<DeviceMemory>().mappings.push_back({address, length, physical, caller, memory});
    return address;
}

// The address leads nowhere; was it mapped once?
void report_unmapped(const volatile void* address, const char* what) {
    const std::uint64_t offset = reinterpret_cast<std::uintptr_t>(address) - Arena::devices_base;
    const auto& slots = part<DeviceMemory>().slots;
    const std::size_t slot = offset >> slot_shift;
    Machine& machine = Machine::current();
    if (slot < slots.size() && slots[slot].before != nullptr) {
        const std::uint64_t at = slots[slot].offset + (offset & (slot_size - 1));
        dbg::report_finding(
            dbg::id::register_unmapped,
            fmt::format("a {} of '{}' at offset {:#x} after its registers were unmapped", what,
                        machine.text(slots[slot].before->device), at));
        return;
    }
    dbg::report_finding(
        dbg::id::register_unmapped,
        fmt::format("a {} of a device address at which nothing was ever mapped", what));
}

bool check(const RegisterRange& range, std::uint64_t offset, unsigned width, const char* what) {
    const unsigned bytes = width / 8;
    if (offset % bytes == 0 && offset < range.length && range.length - offset >= bytes) [[likely]]
        return true;
    Machine& machine = Machine::current();
    if (offset % bytes != 0) {
        dbg::report_finding(
            dbg::id::register_misaligned,
            fmt::format("a {}-bit {} of '{}' at offset {:#x}, which is not a multiple of {}", width,
                        what, machine.text(range.device), offset, bytes));
    } else {
        dbg::report_finding(
            dbg::id::register_beyond_range,
            fmt::format("a {}-bit {} of '{}' at offset {:#x}, beyond its {:#x} bytes of registers",
                        width, what, machine.text(range.device), offset, range.length));
    }
    return false;
}

machine::RegisterAccess access(const RegisterRange& range, std::uint64_t offset, unsigned width,
                               std::uint64_t value, bool write) {
    return {.register_name = range.register_name(offset),
            .device = range.device,
            .offset = offset,
            .value = value,
            .bytes = width / 8,
            .write = write};
}

std::uint64_t read_checked(RegisterRange& range, std::uint64_t offset, unsigned width) {
    if (!check(range, offset, width, "read")) [[unlikely]]
        return all_ones(width);
    if (machine::Witness* witness = Machine::current().witness()) [[unlikely]]
        witness->register_accessed(access(range, offset, width, 0, false));
    const std::uint64_t value = range.read(offset, width) & all_ones(width);
    Machine::current().emit(EventKind::register_read, range.register_name(offset), range.device,
                            offset, value, width);
    return value;
}

void write_checked(RegisterRange& range, std::uint64_t offset, unsigned width,
                   std::uint64_t value) {
    if (!check(range, offset, width, "write")) [[unlikely]]
        return;
    Machine::current().emit(EventKind::register_write, range.register_name(offset), range.device,
                            offset, value, width);
    if (machine::Witness* witness = Machine::current().witness()) [[unlikely]]
        witness->register_accessed(access(range, offset, width, value, true));
    range.write(offset, width, value);
}

}  // namespace

bool add_register_range(RegisterRange& range) { return add(part<DeviceMemory>().ranges, range); }
bool add_port_range(RegisterRange& range) { return add(part<DeviceMemory>().ports, range); }

RegisterRange* find_register_range(std::uint64_t physical_address) {
    return find(part<DeviceMemory>().ranges, physical_address);
}

void* map_device(std::uint64_t physical, std::size_t length, const void* caller) {
    machine::ArenaScope inside;
    DeviceMemory& memory = part<DeviceMemory>();
    RegisterRange* range = find(memory.ranges, physical);
    if (range == nullptr) return map_plain(physical, length, caller);
    const std::uint64_t page = physical & page_mask;
    const std::size_t count = (page + length + slot_size - 1) >> slot_shift;
    if (memory.slots.size() + count > slot_limit) return nullptr;
    const std::uintptr_t base = Arena::devices_base + (memory.slots.size() << slot_shift);
    const std::uint64_t first = physical - range->physical_base - page;
    for (std::size_t i = 0; i < count; ++i) {
        memory.slots.push_back({range, first + (std::uint64_t{i} << slot_shift), range});
    }
    void* address = reinterpret_cast<void*>(base + page);
    memory.mappings.push_back({address, length, physical, caller, nullptr});
    return address;
}

void unmap_device(void* address, std::size_t length) {
    DeviceMemory& memory = part<DeviceMemory>();
    const auto mapping = std::find_if(memory.mappings.begin(), memory.mappings.end(),
                                      [address](const Mapping& m) { return m.address == address; });
    if (mapping == memory.mappings.end()) {
        dbg::report_finding(dbg::id::object_misuse,
                            "MmUnmapIoSpace was given an address that is not mapped");
        return;
    }
    if (mapping->length != length) {
        dbg::report_finding(
            dbg::id::object_misuse,
            fmt::format("MmUnmapIoSpace of {:#x} bytes where {:#x} bytes were mapped", length,
                        mapping->length));
    }
    if (mapping->memory != nullptr) {
        Arena::instance().free(mapping->memory);
    } else {
        const std::uint64_t start = reinterpret_cast<std::uintptr_t>(address) - Arena::devices_base;
        const std::uint64_t end = start + mapping->length;
        for (std::size_t i = start >> slot_shift; i << slot_shift < end; ++i)
            memory.slots[i].range = nullptr;
    }
    memory.mappings.erase(mapping);
}

void report_mappings_of(const ldr::Image& image) {
    for (const Mapping& mapping : part<DeviceMemory>().mappings) {
        if (!image.contains(mapping.caller)) continue;
        dbg::report_finding(
            dbg::id::image_in_use,
            fmt::format("the driver '{}' was unloaded and did not unmap {:#x} bytes of registers "
                        "at physical address {:#x}",
                        image.name(), mapping.length, mapping.physical));
    }
}

DeviceAccess access_of(const volatile void* address) {
    const std::uint64_t offset = reinterpret_cast<std::uintptr_t>(address) - Arena::devices_base;
    const std::vector<Slot>& slots = part<DeviceMemory>().slots;
    const std::size_t slot = offset >> slot_shift;
    if (slot >= slots.size()) return {};
    return {slots[slot].range, slots[slot].offset + (offset & (slot_size - 1))};
}

std::uint64_t read_device(const volatile void* address, unsigned width) {
    const DeviceAccess access = access_of(address);
    if (access.range != nullptr) [[likely]]
        return read_checked(*access.range, access.offset, width);
    report_unmapped(address, "read");
    return all_ones(width);
}

void write_device(volatile void* address, unsigned width, std::uint64_t value) {
    const DeviceAccess access = access_of(address);
    if (access.range != nullptr) [[likely]]
        write_checked(*access.range, access.offset, width, value);
    else
        report_unmapped(address, "write");
}

namespace {

std::uint64_t load(std::uintptr_t address, unsigned bytes) {
    const auto* at = reinterpret_cast<const void*>(address);
    std::uint64_t value = 0;
    if (!is_device_address(at)) {
        std::memcpy(&value, at, bytes);
        return value;
    }
    ke::charge(ke::cost::register_ns);
    return read_device(at, bytes * 8);
}

void store(std::uintptr_t address, unsigned bytes, std::uint64_t value) {
    auto* at = reinterpret_cast<void*>(address);
    if (!is_device_address(at)) {
        std::memcpy(at, &value, bytes);
        return;
    }
    ke::charge(ke::cost::register_ns);
    write_device(at, bytes * 8, value);
}

}  // namespace

void copy_device(void* to, const void* from, std::size_t size) {
    const auto target = reinterpret_cast<std::uintptr_t>(to);
    const auto source = reinterpret_cast<std::uintptr_t>(from);
    for (std::size_t done = 0; done < size;) {
        const bool dword = (target + done) % 4 == 0 && (source + done) % 4 == 0 && size - done >= 4;
        const unsigned bytes = dword ? 4 : 1;
        store(target + done, bytes, load(source + done, bytes));
        done += bytes;
    }
}

void fill_device(void* to, std::uint8_t value, std::size_t size) {
    const auto target = reinterpret_cast<std::uintptr_t>(to);
    for (std::size_t done = 0; done < size;) {
        const bool dword = (target + done) % 4 == 0 && size - done >= 4;
        const unsigned bytes = dword ? 4 : 1;
        store(target + done, bytes, dword ? value * 0x01010101ull : value);
        done += bytes;
    }
}

std::uint64_t read_port(std::uint64_t port, unsigned width) {
    RegisterRange* range = find(part<DeviceMemory>().ports, port);
    if (range != nullptr) return read_checked(*range, port - range->physical_base, width);
    dbg::report_finding(dbg::id::register_unmapped,
                        fmt::format("a read of port {:#x}, behind which no device "
                                    "model stands",
                                    port));
    return all_ones(width);
}

void write_port(std::uint64_t port, unsigned width, std::uint64_t value) {
    RegisterRange* range = find(part<DeviceMemory>().ports, port);
    if (range != nullptr) return write_checked(*range, port - range->physical_base, width, value);
    dbg::report_finding(dbg::id::register_unmapped,
                        fmt::format("a write to port {:#x}, behind which no device "
                                    "model stands",
                                    port));
}

}  // namespace gpioclx::kernel::mm
