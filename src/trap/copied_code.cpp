// Runs copies of instructions on ordinary memory, with the guest's registers.
#include <sys/mman.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "trap/instruction.h"
#include "trap/vector_state.h"

// `vectors`: 1 if the code uses them. Loads all registers but rsp from the guest, goes to the code,
// which ends with ret, and puts them back. mov and lea leave the flags alone.
extern "C" void gx_trap_run(gpioclx::trap::Guest* guest, const void* code, unsigned long vectors);

__asm__(
    ".text\n"
    ".globl gx_trap_run\n"
    ".type gx_trap_run, @function\n"
    "gx_trap_run:\n"
    "    pushq %rbp\n    movq %rsp, %rbp\n"
    "    pushq %rbx\n    pushq %r12\n    pushq %r13\n    pushq %r14\n    pushq %r15\n"
    "    pushq %rdx\n"
    "    pushq %rdi\n"
    "    testq %rdx, %rdx\n    jz 2f\n"
    "    movq 144(%rdi), %rcx\n"
    GX_LOAD_VECTORS("(%rcx)")
    "2:  leaq 1f(%rip), %rax\n"
    "    pushq %rax\n"
    "    pushq %rsi\n"
    "    pushq 128(%rdi)\n    popfq\n"
    "    movq 0(%rdi), %rax\n    movq 8(%rdi), %rcx\n    movq 16(%rdi), %rdx\n"
    "    movq 24(%rdi), %rbx\n    movq 40(%rdi), %rbp\n    movq 48(%rdi), %rsi\n"
    "    movq 64(%rdi), %r8\n    movq 72(%rdi), %r9\n    movq 80(%rdi), %r10\n"
    "    movq 88(%rdi), %r11\n    movq 96(%rdi), %r12\n    movq 104(%rdi), %r13\n"
    "    movq 112(%rdi), %r14\n    movq 120(%rdi), %r15\n    movq 56(%rdi), %rdi\n"
    "    ret\n"
    "1:  pushq %rax\n"
    "    movq 8(%rsp), %rax\n"
    "    movq %rcx, 8(%rax)\n    movq %rdx, 16(%rax)\n    movq %rbx, 24(%rax)\n"
    "    movq %rbp, 40(%rax)\n    movq %rsi, 48(%rax)\n    movq %rdi, 56(%rax)\n"
    "    movq %r8, 64(%rax)\n    movq %r9, 72(%rax)\n    movq %r10, 80(%rax)\n"
    "    movq %r11, 88(%rax)\n    movq %r12, 96(%rax)\n    movq %r13, 104(%rax)\n"
    "    movq %r14, 112(%rax)\n    movq %r15, 120(%rax)\n"
    "    popq 0(%rax)\n"
    "    pushfq\n    popq 128(%rax)\n"
    "    cld\n"
    "    popq %rdi\n"
    "    popq %rdx\n"
    "    testq %rdx, %rdx\n    jz 3f\n"
    "    movq 144(%rdi), %rcx\n"
    GX_SAVE_VECTORS("(%rcx)")
    "3:  popq %r15\n    popq %r14\n    popq %r13\n    popq %r12\n    popq %rbx\n    popq %rbp\n"
    "    ret\n"
    ".size gx_trap_run, . - gx_trap_run\n");

static_assert(offsetof(gpioclx::trap::Guest, flags) == 128 &&
              offsetof(gpioclx::trap::Guest, vectors) == 144);

namespace gpioclx::trap {
namespace {

constexpr std::size_t slot_size = 32;
constexpr std::size_t slot_count = 512;
constexpr std::size_t page_size = slot_size * slot_count;
constexpr std::uint8_t return_instruction = 0xC3;

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "gpioclx: register trap: %s\n", what);
    std::abort();
}

// Never writable and executable at once, which hardened systems do not allow.
std::uint8_t* code_memory() {
    static std::uint8_t* memory = [] {
        void* got =
            mmap(nullptr, page_size, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (got == MAP_FAILED) fail("no memory for code");
        return static_cast<std::uint8_t*>(got);
    }();
    return memory;
}

std::size_t slot_of(const Instruction& instruction) {
    std::uint32_t hash = 2166136261u;
    for (std::size_t i = 0; i < instruction.copy_length; ++i)
        hash = (hash ^ instruction.copy[i]) * 16777619u;
    return hash % slot_count;
}

const std::uint8_t* code_of(const Instruction& instruction) {
    std::array<std::uint8_t, slot_size> wanted{};
    std::memcpy(wanted.data(), instruction.copy.data(), instruction.copy_length);
    wanted[instruction.copy_length] = return_instruction;
    std::uint8_t* slot = code_memory() + slot_of(instruction) * slot_size;
    if (std::memcmp(slot, wanted.data(), slot_size) == 0) return slot;
    if (mprotect(code_memory(), page_size, PROT_READ | PROT_WRITE) != 0) fail("no writable code");
    std::memcpy(slot, wanted.data(), slot_size);
    if (mprotect(code_memory(), page_size, PROT_READ | PROT_EXEC) != 0) fail("no executable code");
    return slot;
}

}  // namespace

void run_copy(const Instruction& instruction, Guest& guest, void* operand) {
    const std::uint8_t* code = code_of(instruction);
    const std::uint64_t kept = guest[instruction.scratch];
    guest[instruction.scratch] = reinterpret_cast<std::uint64_t>(operand);
    gx_trap_run(&guest, code, instruction.vector ? 1 : 0);
    guest[instruction.scratch] = kept;
}

}  // namespace gpioclx::trap
