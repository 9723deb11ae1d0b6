// A range of physical addresses behind which a device model stands. The kernel maps it for drivers
// and hands each access over.
#pragma once

#include <cstdint>

#include "machine/name_table.h"

namespace gpioclx::kernel {

class RegisterRange {
  public:
    virtual ~RegisterRange() = default;
    // `width` in bits: 8, 16, 32 or 64. Offsets are from the start of the range.
    virtual std::uint64_t read(std::uint64_t offset, unsigned width) = 0;
    virtual void write(std::uint64_t offset, unsigned width, std::uint64_t value) = 0;
    // For events: "GPIODIR". Interned once by the implementation.
    virtual machine::NameId register_name(std::uint64_t offset) const = 0;

    std::uint64_t physical_base = 0;
    std::uint64_t length = 0;
    machine::NameId device = machine::no_name;
};

}  // namespace gpioclx::kernel
