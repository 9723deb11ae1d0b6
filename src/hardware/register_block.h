// What the board needs of anything that has registers and interrupt outputs: controllers made of a
// register map, and C++ models.
#pragma once

#include <cstdint>
#include <string_view>

namespace gpioclx::hardware {

class Wire;

class RegisterBlock {
  public:
    virtual ~RegisterBlock() = default;

    // `bytes` is 1, 2, 4 or 8; values are little-endian.
    virtual std::uint64_t read(std::uint64_t offset, unsigned bytes) = 0;
    virtual void write(std::uint64_t offset, unsigned bytes, std::uint64_t value) = 0;
    virtual std::uint64_t register_bytes() const = 0;
    // Empty where no register is.
    virtual std::string_view register_name(std::uint64_t offset) const = 0;

    virtual unsigned output_count() const = 0;
    virtual std::string_view output_name(unsigned index) const = 0;
    // Lets an output drive a wire too, once each.
    virtual void connect_output(unsigned index, Wire& wire) = 0;
};

}  // namespace gpioclx::hardware
