#include "worker/fault_handler.h"

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstdlib>

#include "machine/arena.h"
#include "machine/machine.h"

namespace gpioclx::worker {
namespace {

using machine::Arena;

WorkerContext* worker_context = nullptr;
FaultDiverter diverter = nullptr;

// The highest address of the stack that `pointer` is in; 0 if it is no fiber stack.
std::uintptr_t stack_limit(std::uintptr_t pointer) {
    if (pointer - Arena::stacks_base >= Arena::stacks_size) return 0;
    constexpr std::uintptr_t page = 4096;
    std::uintptr_t end = (pointer + page) & ~(page - 1);
    // Guards below each stack are wider than a page: walk up to where the next guard begins.
    while (!Arena::is_stack_guard(reinterpret_cast<void*>(end)) ||
           Arena::is_stack_guard(reinterpret_cast<void*>(end - 1))) {
        end += page;
        if (end - pointer > 2 * Arena::stack_size) break;
    }
    return end;
}

// Drivers and the tool are built with frame pointers, so a walk needs no unwind tables.
void record_frames(CrashRecord& crash, std::uintptr_t pc, std::uintptr_t frame,
                   std::uintptr_t stack) {
    crash.frames[0] = pc;
    crash.frame_count = 1;
    const std::uintptr_t limit = stack_limit(stack);
    // After a call to where no code is, nobody has pushed the caller's frame pointer yet.
    if (crash.access == CrashAccess::execute && limit != 0 && stack % 8 == 0 && stack + 8 <= limit)
        crash.frames[crash.frame_count++] = *reinterpret_cast<const std::uintptr_t*>(stack) - 1;
    while (limit != 0 && crash.frame_count < max_frames && frame >= stack && frame + 16 <= limit &&
           frame % 8 == 0) {
        const auto* words = reinterpret_cast<const std::uintptr_t*>(frame);
        if (words[1] == 0) break;
        crash.frames[crash.frame_count++] = words[1] - 1;  // inside the call instruction
        if (words[0] <= frame) break;
        frame = words[0];
    }
}

CrashAccess access_of(int signal, const siginfo_t& info, std::uint64_t error_code) {
    constexpr std::uint64_t wrote = 2, fetched = 16;  // bits of the processor's page fault code
    if (signal != SIGSEGV && signal != SIGBUS) return CrashAccess::unknown;
    if (info.si_code == SI_KERNEL) return CrashAccess::unknown;  // no address at all
    if ((error_code & fetched) != 0) return CrashAccess::execute;
    return (error_code & wrote) != 0 ? CrashAccess::write : CrashAccess::read;
}

// After everything else: a driver that wrote over the machine makes this fault again, and the
// record stays as it is.
void record_place(CrashRecord& crash) {
    if (worker_context->machine.load() == nullptr) return;
    machine::Machine& machine = *worker_context->machine.load();
    crash.time_ns = machine.now_ns();
    if (!machine.on_processor()) return;
    const machine::Processor& processor = machine.processor();
    crash.level = processor.level;
    crash.actor = processor.actor;
    crash.processor_plus_1 = processor.index + 1u;
}

void handle(int signal, siginfo_t* info, void* raw_context) {
    if (signal == SIGSEGV && diverter != nullptr &&
        diverter(raw_context, reinterpret_cast<std::uintptr_t>(info->si_addr))) {
        return;
    }
    CrashRecord& crash = worker_context->shared.crash;
    const auto& registers = static_cast<ucontext_t*>(raw_context)->uc_mcontext.gregs;
    const auto stack = static_cast<std::uintptr_t>(registers[REG_RSP]);
    crash.signal = signal;
    crash.address = reinterpret_cast<std::uint64_t>(info->si_addr);
    crash.access = access_of(signal, *info, static_cast<std::uint64_t>(registers[REG_ERR]));
    record_frames(crash, static_cast<std::uintptr_t>(registers[REG_RIP]),
                  static_cast<std::uintptr_t>(registers[REG_RBP]), stack);
    CrashKind kind = CrashKind::fault;
    if (signal == SIGUSR2) {
        kind = CrashKind::hang;
    } else if (signal == SIGSEGV && Arena::is_stack_guard(info->si_addr)) {
        kind = CrashKind::stack_overflow;
    }
    crash.kind.store(kind, std::memory_order_release);
    record_place(crash);
    _exit(died_exit_status);
}

}  // namespace

void set_fault_diverter(FaultDiverter new_diverter) { diverter = new_diverter; }

void install_fault_handlers(WorkerContext& context) {
    worker_context = &context;
    constexpr std::size_t size = 64 * 1024;
    stack_t alternate{};
    alternate.ss_sp =
        mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    alternate.ss_size = size;
    if (alternate.ss_sp == MAP_FAILED || sigaltstack(&alternate, nullptr) != 0) std::abort();
    struct sigaction action {};
    action.sa_sigaction = &handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    constexpr int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGUSR2};
    // Blocked while one of them is handled: a fault in the handler ends the process.
    for (int signal : signals) sigaddset(&action.sa_mask, signal);
    for (int signal : signals) sigaction(signal, &action, nullptr);
}

}  // namespace gpioclx::worker
