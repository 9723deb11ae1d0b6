#include "umdf/crossing.h"

#include <sys/mman.h>
#include <ucontext.h>

#include <cstddef>
#include <cstring>
#include <map>

#include "machine/arena.h"

extern "C" {
// The machine's code called a function of the image: the thunk has left behind which one.
void gx_umdf_call_entry();
// The image calls out; r11 = the function.
void gx_umdf_import_entry();
void gx_umdf_import(gpioclx::umdf::ImportFrame* frame);  // host_main.cpp
int gx_umdf_run_import(gpioclx::umdf::ImportFrame* frame, gpioclx::umdf::ImportRecord* record);
void gx_umdf_abandoned();
std::uint64_t gx_umdf_run_call(const gpioclx::umdf::Call* call);
}

// CallFrame: 6 registers, function at 48, stack at 56, frame at 64; 80 bytes with alignment.
__asm__(
    ".text\n"
    ".globl gx_umdf_call_entry\n"
    ".type gx_umdf_call_entry, @function\n"
    "gx_umdf_call_entry:\n"
    "    popq %r11\n"  // behind the 5 bytes at the function's beginning
    "    pushq %rbp\n    movq %rsp, %rbp\n"
    "    subq $80, %rsp\n"
    "    movq %rdi, 0(%rsp)\n    movq %rsi, 8(%rsp)\n    movq %rdx, 16(%rsp)\n"
    "    movq %rcx, 24(%rsp)\n    movq %r8, 32(%rsp)\n    movq %r9, 40(%rsp)\n"
    "    subq $5, %r11\n    movq %r11, 48(%rsp)\n"
    "    leaq 16(%rbp), %rax\n    movq %rax, 56(%rsp)\n"
    "    movq %rbp, 64(%rsp)\n"
    "    movq %rsp, %rdi\n"
    "    call gx_umdf_call\n"
    "    leave\n    ret\n"
    ".size gx_umdf_call_entry, . - gx_umdf_call_entry\n"

    // ImportFrame: integers 0, rax 48, function 56, vectors 64, caller_frame 192,
    // return_address 200, stack 208, result 216, vector_result 232; 248, on 256.
    ".globl gx_umdf_import_entry\n"
    ".type gx_umdf_import_entry, @function\n"
    "gx_umdf_import_entry:\n"
    "    pushq %rbp\n    movq %rsp, %rbp\n"
    "    subq $256, %rsp\n"
    "    movq %rdi, 0(%rsp)\n    movq %rsi, 8(%rsp)\n    movq %rdx, 16(%rsp)\n"
    "    movq %rcx, 24(%rsp)\n    movq %r8, 32(%rsp)\n    movq %r9, 40(%rsp)\n"
    "    movq %rax, 48(%rsp)\n    movq %r11, 56(%rsp)\n"
    "    movups %xmm0, 64(%rsp)\n    movups %xmm1, 80(%rsp)\n"
    "    movups %xmm2, 96(%rsp)\n    movups %xmm3, 112(%rsp)\n"
    "    movups %xmm4, 128(%rsp)\n    movups %xmm5, 144(%rsp)\n"
    "    movups %xmm6, 160(%rsp)\n    movups %xmm7, 176(%rsp)\n"
    "    movq 0(%rbp), %rax\n    movq %rax, 192(%rsp)\n"
    "    movq 8(%rbp), %rax\n    movq %rax, 200(%rsp)\n"
    "    leaq 16(%rbp), %rax\n    movq %rax, 208(%rsp)\n"
    "    movq %rsp, %rdi\n"
    "    call gx_umdf_import\n"
    "    movq 216(%rsp), %rax\n    movq 224(%rsp), %rdx\n    movups 232(%rsp), %xmm0\n"
    "    leave\n    ret\n"
    ".size gx_umdf_import_entry, . - gx_umdf_import_entry\n"

    // rdi = frame, rsi = record. A frame of the driver is put on the stack, so that who walks it
    // comes to the driver. 16 words of the driver's stack follow for arguments.
    ".globl gx_umdf_run_import\n"
    ".type gx_umdf_run_import, @function\n"
    "gx_umdf_run_import:\n"
    "    pushq %rbp\n    pushq %rbx\n    pushq %r12\n    pushq %r13\n    pushq %r14\n    pushq "
    "%r15\n"
    "    pushq %rdi\n"
    "    movq %rsp, 0(%rsi)\n"
    "    movq %rdi, %rbx\n"
    "    pushq 200(%rbx)\n    pushq 192(%rbx)\n"
    "    movq %rsp, %rbp\n"
    "    subq $128, %rsp\n"
    "    movq 208(%rbx), %rsi\n    movq %rsp, %rdi\n    movl $16, %ecx\n    cld\n    rep movsq\n"
    "    movups 64(%rbx), %xmm0\n    movups 80(%rbx), %xmm1\n"
    "    movups 96(%rbx), %xmm2\n    movups 112(%rbx), %xmm3\n"
    "    movups 128(%rbx), %xmm4\n    movups 144(%rbx), %xmm5\n"
    "    movups 160(%rbx), %xmm6\n    movups 176(%rbx), %xmm7\n"
    "    movq 0(%rbx), %rdi\n    movq 8(%rbx), %rsi\n    movq 16(%rbx), %rdx\n"
    "    movq 24(%rbx), %rcx\n    movq 32(%rbx), %r8\n    movq 40(%rbx), %r9\n"
    "    movq 48(%rbx), %rax\n"
    "    call *56(%rbx)\n"
    "    movq %rax, 216(%rbx)\n    movq %rdx, 224(%rbx)\n    movups %xmm0, 232(%rbx)\n"
    "    movl $1, %eax\n"
    "    leaq 16(%rbp), %rsp\n"
    "    jmp 1f\n"
    ".globl gx_umdf_abandoned\n"
    "gx_umdf_abandoned:\n"  // rsp = the record's
    "    cld\n    xorl %eax, %eax\n"
    "1:  popq %rdi\n"
    "    popq %r15\n    popq %r14\n    popq %r13\n    popq %r12\n    popq %rbx\n    popq %rbp\n"
    "    ret\n"
    ".size gx_umdf_run_import, . - gx_umdf_run_import\n"

    // rdi = Call: function 0, arguments 8, outer_frame 104. The machine's frame is put below that
    // of the driver.
    ".globl gx_umdf_run_call\n"
    ".type gx_umdf_run_call, @function\n"
    "gx_umdf_run_call:\n"
    "    pushq %rbp\n    movq %rsp, %rbp\n    pushq %rbx\n    pushq %r12\n"
    "    movq %rdi, %rbx\n    movq %rbp, %r12\n"
    "    pushq $0\n    pushq 104(%rbx)\n"
    "    movq %rsp, %rbp\n"
    "    pushq 96(%rbx)\n    pushq 88(%rbx)\n    pushq 80(%rbx)\n    pushq 72(%rbx)\n"
    "    pushq 64(%rbx)\n    pushq 56(%rbx)\n"
    "    movq 8(%rbx), %rdi\n    movq 16(%rbx), %rsi\n    movq 24(%rbx), %rdx\n"
    "    movq 32(%rbx), %rcx\n    movq 40(%rbx), %r8\n    movq 48(%rbx), %r9\n"
    "    xorl %eax, %eax\n"
    "    call *0(%rbx)\n"
    "    movq %r12, %rbp\n"
    "    movq -8(%rbp), %rbx\n    movq -16(%rbp), %r12\n"
    "    leave\n    ret\n"
    ".size gx_umdf_run_call, . - gx_umdf_run_call\n");

namespace gpioclx::umdf {

static_assert(offsetof(CallFrame, function) == 48 && offsetof(CallFrame, stack) == 56 &&
              offsetof(CallFrame, frame) == 64 && sizeof(CallFrame) <= 80);
static_assert(offsetof(ImportFrame, rax) == 48 && offsetof(ImportFrame, function) == 56 &&
              offsetof(ImportFrame, vectors) == 64 && offsetof(ImportFrame, caller_frame) == 192 &&
              offsetof(ImportFrame, return_address) == 200 && offsetof(ImportFrame, stack) == 208 &&
              offsetof(ImportFrame, result) == 216 && offsetof(ImportFrame, vector_result) == 232 &&
              sizeof(ImportFrame) <= 256);
static_assert(offsetof(Call, arguments) == 8 && offsetof(Call, outer_frame) == 104 &&
              Call::arguments_max == 12);
static_assert(offsetof(ImportRecord, stack_pointer) == 0);

namespace {

// movabs $address, %r10; jmp *%r10
std::uint8_t* write_jump(std::uint8_t* at, const void* address) {
    *at++ = 0x49;
    *at++ = 0xBA;
    std::memcpy(at, &address, sizeof address);
    at += sizeof address;
    *at++ = 0x41;
    *at++ = 0xFF;
    *at++ = 0xE2;
    return at;
}

constexpr std::size_t stub_size = 32;
constexpr std::size_t stubs_size = 64 * 1024;

struct Stubs {
    std::uint8_t* memory = nullptr;
    std::size_t used = 0;
    std::map<const void*, const void*> by_function;
};

}  // namespace

void write_call_thunk(void* place) {
    write_jump(static_cast<std::uint8_t*>(place),
               reinterpret_cast<const void*>(&gx_umdf_call_entry));
}

void divert_function(std::uint8_t* function, const void* thunk) {
    const auto distance = static_cast<std::int32_t>(static_cast<const std::uint8_t*>(thunk) -
                                                    (function + diverted_size));
    function[0] = 0xE8;  // call
    std::memcpy(function + 1, &distance, sizeof distance);
}

// Code of the process, no state of a machine: the same function has one stub for good.
const void* import_stub(const void* function) {
    machine::OutsideArenaScope outside;
    static Stubs stubs;
    if (const auto found = stubs.by_function.find(function); found != stubs.by_function.end())
        return found->second;
    if (stubs.memory == nullptr) {
        void* got =
            mmap(nullptr, stubs_size, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (got == MAP_FAILED) return nullptr;
        stubs.memory = static_cast<std::uint8_t*>(got);
    }
    if (stubs.used + stub_size > stubs_size ||
        mprotect(stubs.memory, stubs_size, PROT_READ | PROT_WRITE) != 0) {
        return nullptr;
    }
    std::uint8_t* stub = stubs.memory + stubs.used;
    stubs.used += stub_size;
    std::uint8_t* at = stub;
    *at++ = 0x49;  // movabs $function, %r11
    *at++ = 0xBB;
    std::memcpy(at, &function, sizeof function);
    write_jump(at + sizeof function, reinterpret_cast<const void*>(&gx_umdf_import_entry));
    if (mprotect(stubs.memory, stubs_size, PROT_READ | PROT_EXEC) != 0) return nullptr;
    stubs.by_function.emplace(function, stub);
    return stub;
}

bool run_import(ImportFrame& frame, ImportRecord& record) {
    return gx_umdf_run_import(&frame, &record) != 0;
}

void abandon_import(void* context, const ImportRecord& record) {
    auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    registers[REG_RSP] = static_cast<greg_t>(record.stack_pointer);
    registers[REG_RIP] = reinterpret_cast<greg_t>(&gx_umdf_abandoned);
}

std::uint64_t run_call(const Call& call) { return gx_umdf_run_call(&call); }

}  // namespace gpioclx::umdf
