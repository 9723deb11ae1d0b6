// Leaving code of one process for code of the other, with arguments and results in registers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "umdf/channel.h"

namespace gpioclx::umdf {

// The arguments of a call from the machine into the image.
struct CallFrame {
    std::uint64_t integers[6];  // rdi rsi rdx rcx r8 r9
    std::uint64_t function;
    const std::uint64_t* stack;  // arguments on the stack
    std::uint64_t frame;         // rbp of the machine's code
};

// Makes calls to functions of the image arrive in gx_umdf_call: `text` of the image is written
// over at the functions' beginnings in the machine's process. A thunk page within reach does the
// rest.
constexpr std::size_t call_thunk_size = 32;
void write_call_thunk(void* place);
// 5 bytes.
constexpr std::size_t diverted_size = 5;
void divert_function(std::uint8_t* function, const void* thunk);

// Code that the image calls instead of a function of the machine: tells the host which, and comes
// back with its result. Stands at the same address in both processes; nullptr: no memory.
const void* import_stub(const void* function);

// On the machine's side: calls the import's function with its registers. False: a fault during the
// call was turned away by abandon_import.
struct ImportRecord {
    std::uint64_t stack_pointer = 0;  // where abandoning goes back to
    ImportRecord* outer = nullptr;
};
bool run_import(ImportFrame& frame, ImportRecord& record);
// In a signal handler: `context` (ucontext_t) goes on as if the import had returned false.
void abandon_import(void* context, const ImportRecord& record);

// On the host's side: runs a function of the image.
std::uint64_t run_call(const Call& call);

}  // namespace gpioclx::umdf

// Defined by whoever hosts images: a function of an image was called in the machine.
extern "C" std::uint64_t gx_umdf_call(gpioclx::umdf::CallFrame* frame);
