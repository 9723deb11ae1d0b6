// x87, SSE and AVX registers, as the processor saves them: text for the assembly of this folder.
#pragma once

#include <cstddef>

namespace gpioclx::trap {

// Enough for AVX-512 in the standard form; 64-byte aligned.
constexpr std::size_t vector_state_size = 2752;

}  // namespace gpioclx::trap

// 1 if the processor has XSAVE; else FXSAVE has to do. Set by install().
extern "C" unsigned char gx_trap_has_xsave;

// x87, SSE, AVX, AVX-512. Both clobber rax, rdx and the flags.
#define GX_SAVE_VECTORS(MEMORY)              \
    "    cmpb $0, gx_trap_has_xsave(%rip)\n" \
    "    je 71f\n"                           \
    "    movl $0xE7, %eax\n"                 \
    "    xorl %edx, %edx\n"                  \
    "    xsave64 " MEMORY                    \
    "\n"                                     \
    "    jmp 72f\n"                          \
    "71: fxsave64 " MEMORY                   \
    "\n"                                     \
    "72:\n"
#define GX_LOAD_VECTORS(MEMORY)              \
    "    cmpb $0, gx_trap_has_xsave(%rip)\n" \
    "    je 73f\n"                           \
    "    movl $0xE7, %eax\n"                 \
    "    xorl %edx, %edx\n"                  \
    "    xrstor64 " MEMORY                   \
    "\n"                                     \
    "    jmp 74f\n"                          \
    "73: fxrstor64 " MEMORY                  \
    "\n"                                     \
    "74:\n"
