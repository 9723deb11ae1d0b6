#include "trap/register_trap.h"

#include <cpuid.h>
#include <ucontext.h>

#include <algorithm>
#include <cstring>

#include "trap/guest.h"
#include "trap/instruction.h"
#include "trap/vector_state.h"

// How the thunk leaves the registers of the interrupted code on its stack; the lowest address
// first. `link` and `rip` look like a frame to whoever walks the stack. Above it are 256 bytes: the
// red zone of code that has one (drivers have none), and room for the way back.
struct GxTrapFrame {
    std::uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbx, rdx, rcx, rax;
    std::uint64_t rbp;
    std::uint64_t resume_stack;
    std::uint64_t flags;
    std::uint64_t link;
    std::uint64_t rip;
};

extern "C" {
void gx_trap_thunk();
void gx_trap_serve(GxTrapFrame* frame, void* vectors);
// Set by the signal handler, read by the first instructions of the thunk; nothing comes between.
std::uint64_t gx_trap_rip;
unsigned char gx_trap_has_xsave;
}

// The end: resume_stack points at the flags, below the address to continue at, below the guest's
// red zone.
__asm__(
    ".text\n"
    ".globl gx_trap_thunk\n"
    ".type gx_trap_thunk, @function\n"
    "gx_trap_thunk:\n"
    "    leaq -256(%rsp), %rsp\n"
    "    pushq gx_trap_rip(%rip)\n"
    "    pushq %rbp\n"
    "    movq %rsp, %rbp\n"
    "    pushfq\n"
    "    pushq $0\n"
    "    pushq (%rbp)\n"
    "    pushq %rax\n    pushq %rcx\n    pushq %rdx\n    pushq %rbx\n    pushq %rsi\n    pushq %rdi\n"
    "    pushq %r8\n    pushq %r9\n    pushq %r10\n    pushq %r11\n"
    "    pushq %r12\n    pushq %r13\n    pushq %r14\n    pushq %r15\n"
    "    cld\n"
    "    movq %rsp, %rbx\n"
    "    subq $2752, %rsp\n"
    "    andq $-64, %rsp\n"
    "    xorl %eax, %eax\n"
    "    movq %rax, 512(%rsp)\n    movq %rax, 520(%rsp)\n    movq %rax, 528(%rsp)\n"
    "    movq %rax, 536(%rsp)\n    movq %rax, 544(%rsp)\n    movq %rax, 552(%rsp)\n"
    "    movq %rax, 560(%rsp)\n    movq %rax, 568(%rsp)\n"
    GX_SAVE_VECTORS("(%rsp)")
    "    movq %rbx, %rdi\n"
    "    movq %rsp, %rsi\n"
    "    call gx_trap_serve\n"
    GX_LOAD_VECTORS("(%rsp)")
    "    movq %rbx, %rsp\n"
    "    popq %r15\n    popq %r14\n    popq %r13\n    popq %r12\n"
    "    popq %r11\n    popq %r10\n    popq %r9\n    popq %r8\n"
    "    popq %rdi\n    popq %rsi\n    popq %rbx\n    popq %rdx\n    popq %rcx\n    popq %rax\n"
    "    popq %rbp\n"
    "    popq %rsp\n"
    "    popfq\n"
    "    ret $128\n"
    ".size gx_trap_thunk, . - gx_trap_thunk\n");

static_assert(gpioclx::trap::vector_state_size == 2752, "as the thunk has it");

namespace gpioclx::trap {
namespace {

constexpr std::uint64_t gap = 256;
constexpr std::uint64_t red_zone = 128;

Bus* bus = nullptr;
std::uintptr_t window_start = 0;
std::size_t window_length = 0;

bool in_window(std::uintptr_t address) { return address - window_start < window_length; }

std::uint64_t stack_of(const GxTrapFrame& frame) {
    return reinterpret_cast<std::uint64_t>(&frame.rip) + 8 + gap;
}

Guest guest_of(const GxTrapFrame& frame, void* vectors) {
    Guest guest;
    guest.gpr = {frame.rax, frame.rcx, frame.rdx, frame.rbx, stack_of(frame), frame.rbp,
                 frame.rsi, frame.rdi, frame.r8,  frame.r9,  frame.r10,       frame.r11,
                 frame.r12, frame.r13, frame.r14, frame.r15};
    guest.flags = frame.flags;
    guest.rip = frame.rip;
    guest.vectors = vectors;
    return guest;
}

void put_back(const Guest& guest, GxTrapFrame& frame) {
    frame.rax = guest.gpr[0], frame.rcx = guest.gpr[1], frame.rdx = guest.gpr[2];
    frame.rbx = guest.gpr[3], frame.rbp = guest.gpr[5], frame.rsi = guest.gpr[6];
    frame.rdi = guest.gpr[7], frame.r8 = guest.gpr[8], frame.r9 = guest.gpr[9];
    frame.r10 = guest.gpr[10], frame.r11 = guest.gpr[11], frame.r12 = guest.gpr[12];
    frame.r13 = guest.gpr[13], frame.r14 = guest.gpr[14], frame.r15 = guest.gpr[15];
    auto* way_back =
        reinterpret_cast<std::uint64_t*>(guest[Gpr::rsp] - red_zone - 2 * sizeof(std::uint64_t));
    way_back[0] = guest.flags;
    way_back[1] = guest.rip;
    frame.resume_stack = reinterpret_cast<std::uint64_t>(way_back);
}

// Wider than a register: dwords one after the other, as a bus bridge hands them on.
unsigned piece_of(unsigned bytes) { return bytes > 8 ? 4 : bytes; }

void read_operand(std::uintptr_t address, unsigned bytes, unsigned char* to) {
    for (unsigned done = 0, piece = piece_of(bytes); done < bytes; done += piece) {
        bus->pass_time();
        const std::uint64_t value = bus->read(address + done, piece);
        std::memcpy(to + done, &value, piece);
    }
}

void write_operand(std::uintptr_t address, unsigned bytes, const unsigned char* from,
                   bool at_once) {
    for (unsigned done = 0, piece = piece_of(bytes); done < bytes; done += piece) {
        std::uint64_t value = 0;
        std::memcpy(&value, from + done, piece);
        if (!at_once) bus->pass_time();
        bus->write(address + done, piece, value);
    }
}

void serve_operand(const Instruction& instruction, Guest& guest) {
    const std::uintptr_t address = instruction.address(guest);
    alignas(64) unsigned char operand[64] = {};
    if (instruction.reads) read_operand(address, instruction.size, operand);
    run_copy(instruction, guest, operand);
    if (instruction.writes) {
        write_operand(address, instruction.size, operand, instruction.reads && instruction.locked);
    }
}

// Either side of a string instruction, or the stack, may be a device or memory.
std::uint64_t load(std::uintptr_t address, unsigned bytes) {
    std::uint64_t value = 0;
    if (in_window(address)) {
        bus->pass_time();
        value = bus->read(address, bytes);
    } else {
        std::memcpy(&value, reinterpret_cast<const void*>(address), bytes);
    }
    return value;
}

void store(std::uintptr_t address, unsigned bytes, std::uint64_t value) {
    if (in_window(address)) {
        bus->pass_time();
        bus->write(address, bytes, value);
    } else {
        std::memcpy(reinterpret_cast<void*>(address), &value, bytes);
    }
}

void serve_string(const Instruction& instruction, Guest& guest) {
    using Kind = Instruction::Kind;
    const unsigned bytes = instruction.size;
    const std::uint64_t step =
        (guest.flags & direction_flag) != 0 ? -std::uint64_t{bytes} : std::uint64_t{bytes};
    std::uint64_t& count = guest[Gpr::rcx];
    while (!instruction.repeated || count != 0) {
        std::uint64_t value = guest[Gpr::rax];
        if (instruction.kind != Kind::string_store) {
            value = load(guest[Gpr::rsi], bytes);
            guest[Gpr::rsi] += step;
        }
        if (instruction.kind != Kind::string_load) {
            store(guest[Gpr::rdi], bytes, value);
            guest[Gpr::rdi] += step;
        } else if (bytes >= 4) {  // a 32-bit register clears the upper half
            guest[Gpr::rax] = value;
        } else {
            const std::uint64_t mask = (std::uint64_t{1} << (8 * bytes)) - 1;
            guest[Gpr::rax] = (guest[Gpr::rax] & ~mask) | value;
        }
        if (!instruction.repeated) return;
        --count;
    }
}

void serve_instruction(const Instruction& instruction, Guest& guest, std::uint64_t at) {
    switch (instruction.kind) {
        case Instruction::Kind::operand: return serve_operand(instruction, guest);
        case Instruction::Kind::string_move:
        case Instruction::Kind::string_store:
        case Instruction::Kind::string_load: return serve_string(instruction, guest);
        case Instruction::Kind::push: {
            const std::uint64_t value = load(instruction.address(guest), 8);
            guest[Gpr::rsp] -= 8;
            return store(guest[Gpr::rsp], 8, value);
        }
        case Instruction::Kind::pop: {
            const std::uint64_t value = load(guest[Gpr::rsp], 8);
            guest[Gpr::rsp] += 8;
            return store(instruction.address(guest), 8, value);
        }
        case Instruction::Kind::refused: break;
    }
    bus->refuse(instruction.address(guest), text_of(at).data());
}

}  // namespace

void install(Bus& new_bus, std::uintptr_t window, std::size_t window_size) {
    unsigned a = 0, b = 0, c = 0, d = 0;
    gx_trap_has_xsave = __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_OSXSAVE) != 0;
    bus = &new_bus;
    window_start = window;
    window_length = window_size;
}

bool divert(void* context, std::uintptr_t fault_address) {
    auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    const auto rip = static_cast<std::uintptr_t>(registers[REG_RIP]);
    // Code that jumped into a device is lost.
    if (bus == nullptr || !in_window(fault_address) || in_window(rip)) return false;
    gx_trap_rip = rip;
    registers[REG_RIP] = static_cast<greg_t>(reinterpret_cast<std::uintptr_t>(&gx_trap_thunk));
    return true;
}

}  // namespace gpioclx::trap

// Findings that the access gives rise to show where: the frame's return address is the next
// instruction, as that of a call would be.
extern "C" void gx_trap_serve(GxTrapFrame* frame, void* vectors) {
    using namespace gpioclx::trap;
    Guest guest = guest_of(*frame, vectors);
    const std::uint64_t at = guest.rip;
    const Instruction instruction = decode(at);
    frame->rip = at + instruction.length;
    serve_instruction(instruction, guest, at);
    guest.rip = at + instruction.length;
    put_back(guest, *frame);
}
