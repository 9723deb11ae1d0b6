// What machine and host say to each other. Exactly one of them runs: whoever has the turn.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace gpioclx::umdf {

// The registers of code of the image that calls out; crossing.cpp's assembly knows this layout.
struct ImportFrame {
    std::uint64_t integers[6];     // rdi rsi rdx rcx r8 r9
    std::uint64_t rax;             // al: how many vector registers a variadic call uses
    std::uint64_t function;        // in the machine's process
    std::uint64_t vectors[8][2];   // xmm0..xmm7
    std::uint64_t caller_frame;    // rbp
    std::uint64_t return_address;  // in the image
    std::uint64_t stack;           // where the arguments on the stack begin
    std::uint64_t result[2];       // rax rdx
    std::uint64_t vector_result[2];
};

struct Call {
    static constexpr int arguments_max = 12;
    std::uint64_t function = 0;
    std::uint64_t arguments[arguments_max] = {};
    // A frame of the machine's stack, so that a walk from the driver's frames goes on there.
    std::uint64_t outer_frame = 0;
};

enum class MessageKind : std::uint32_t {
    call,      // machine -> host: run a function
    result,    // machine -> host: an import has been carried out
    returned,  // host -> machine: the function is done
    import,    // host -> machine: it calls a function of the machine
};

struct Message {
    MessageKind kind = MessageKind::call;
    // Where a stack of the host stands: given by the host with each message, handed back when that
    // stack is to go on. Null with a call: begin on `stack_top`.
    void* context = nullptr;
    void* stack_top = nullptr;
    Call call;
    ImportFrame* import = nullptr;
    std::uint64_t result = 0;
};

enum class DeathKind : std::uint32_t {
    none,
    fault,           // a signal of the processor
    stack_overflow,  // in the guard of one of its stacks
    hang,            // never came back
    killed,          // from outside
    ended,           // by itself: _exit, abort
    bad_argument,    // a pointer that it handed to the machine
};

struct Death {
    static constexpr unsigned frames_max = 24;
    DeathKind kind = DeathKind::none;
    int signal = 0;
    std::uint64_t address = 0;
    bool has_address = false;
    bool wrote = false;
    bool executed = false;
    std::array<std::uint64_t, frames_max> frames{};  // innermost first
    unsigned frame_count = 0;
};

struct Channel {
    enum Turn : std::uint32_t { machine, host };
    std::atomic<std::uint32_t> turn{machine};
    Message message;
    Death death;  // last words
};

}  // namespace gpioclx::umdf
