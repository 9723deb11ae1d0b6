// The registers of the code whose access to a device was trapped.
#pragma once

#include <array>
#include <cstdint>

namespace gpioclx::trap {

// By their number in instruction encodings.
enum class Gpr : std::uint8_t { rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 };

constexpr std::uint64_t direction_flag = 1u << 10;

// register_trap.cpp's assembly knows this layout.
struct Guest {
    std::array<std::uint64_t, 16> gpr{};
    std::uint64_t flags = 0;
    std::uint64_t rip = 0;
    void* vectors = nullptr;  // x87, SSE and AVX state as XSAVE stores it; 64-byte aligned

    std::uint64_t& operator[](Gpr which) { return gpr[static_cast<std::size_t>(which)]; }
    std::uint64_t operator[](Gpr which) const { return gpr[static_cast<std::size_t>(which)]; }
};

}  // namespace gpioclx::trap
