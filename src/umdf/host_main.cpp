// The host's side: one loop on a stack of its own that takes messages, and a stack for each thread
// of the machine that is inside the driver. All state of a call stands on those stacks.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <boost/context/detail/fcontext.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

#include "machine/arena.h"
#include "umdf/crossing.h"
#include "umdf/futex.h"
#include "umdf/host_process.h"

namespace gpioclx::umdf {
namespace {

namespace context = boost::context::detail;

constexpr int died_exit_status = 70;
constexpr std::size_t alternate_stack_offset = 16 * 1024;
static_assert(sizeof(Channel) <= alternate_stack_offset);

// Of the child only; it has one host in it.
struct Host {
    UserSlice slice{0};
    Channel* channel = nullptr;
    std::uintptr_t image_start = 0;
    std::size_t image_size = 0;
    pid_t machine = 0;
    context::fcontext_t loop = nullptr;
};
constinit Host* host = nullptr;

// ---- messages ----

// From a stack of the driver to the loop, and back with the next message for this stack.
Message cross(Message reply) {
    const context::transfer_t transfer = context::jump_fcontext(host->loop, &reply);
    host->loop = transfer.fctx;
    return *static_cast<Message*>(transfer.data);
}

void begin_stack(context::transfer_t transfer) {
    host->loop = transfer.fctx;
    Message message = *static_cast<Message*>(transfer.data);
    for (;;) {
        Message reply;
        reply.kind = MessageKind::returned;
        reply.result = run_call(message.call);
        message = cross(reply);
    }
}

[[noreturn]] void serve() {
    Channel& channel = *host->channel;
    for (;;) {
        while (channel.turn.load(std::memory_order_acquire) != Channel::host)
            futex_wait(channel.turn, Channel::machine, 0);
        Message message = channel.message;
        context::fcontext_t stack = message.context;
        if (stack == nullptr)
            stack = context::make_fcontext(message.stack_top, UserSlice::stack_size, &begin_stack);
        const context::transfer_t transfer = context::jump_fcontext(stack, &message);
        channel.message = *static_cast<Message*>(transfer.data);
        channel.message.context = transfer.fctx;
        channel.turn.store(Channel::machine, std::memory_order_release);
        futex_wake(channel.turn);
    }
}

// ---- last words ----

void record_frames(Death& death, std::uintptr_t pc, std::uintptr_t frame, std::uintptr_t stack) {
    death.frames[0] = pc;
    death.frame_count = 1;
    if (death.executed && host->slice.on_stack(stack))
        death.frames[death.frame_count++] = *reinterpret_cast<const std::uintptr_t*>(stack) - 1;
    while (death.frame_count < Death::frames_max && frame % 8 == 0 && host->slice.on_stack(frame) &&
           host->slice.on_stack(frame + 8)) {
        const auto* words = reinterpret_cast<const std::uintptr_t*>(frame);
        if (words[1] == 0) break;
        death.frames[death.frame_count++] = words[1] - 1;  // inside the call instruction
        if (words[0] <= frame) break;
        frame = words[0];
    }
}

void die(int signal, siginfo_t* info, void* raw_context) {
    const auto& registers = static_cast<ucontext_t*>(raw_context)->uc_mcontext.gregs;
    constexpr std::uint64_t wrote = 2, fetched = 16;  // bits of the processor's page fault code
    Death& death = host->channel->death;
    const auto error = static_cast<std::uint64_t>(registers[REG_ERR]);
    death.signal = signal;
    death.address = reinterpret_cast<std::uint64_t>(info->si_addr);
    death.has_address = signal == SIGSEGV && info->si_code != SI_KERNEL;
    death.wrote = death.has_address && (error & wrote) != 0;
    death.executed = death.has_address && (error & fetched) != 0;
    record_frames(death, static_cast<std::uintptr_t>(registers[REG_RIP]),
                  static_cast<std::uintptr_t>(registers[REG_RBP]),
                  static_cast<std::uintptr_t>(registers[REG_RSP]));
    const bool in_guard = death.has_address && host->slice.contains(info->si_addr) &&
                          !host->slice.on_stack(death.address) &&
                          death.address < host->slice.heap_start();
    death.kind = signal == SIGUSR2 ? DeathKind::hang
                 : in_guard        ? DeathKind::stack_overflow
                                   : DeathKind::fault;
    host->channel->turn.store(Channel::machine, std::memory_order_release);
    futex_wake(host->channel->turn);
    _exit(died_exit_status);
}

void install_last_words() {
    stack_t alternate{};
    alternate.ss_sp = static_cast<char*>(host->slice.channel()) + alternate_stack_offset;
    alternate.ss_size = UserSlice::channel_size - alternate_stack_offset;
    sigaltstack(&alternate, nullptr);
    struct sigaction action {};
    action.sa_sigaction = &die;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    constexpr int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGUSR2};
    for (int signal : signals) sigaddset(&action.sa_mask, signal);
    for (int signal : signals) sigaction(signal, &action, nullptr);
}

// ---- giving up what is the machine's ----

// All of [start, end) but the slice and the image.
void unmap(std::uintptr_t start, std::uintptr_t end) {
    const std::uintptr_t kept[][2] = {
        {host->image_start, host->image_start + host->image_size},
        {host->slice.base(), host->slice.base() + UserSlice::size},
    };
    for (const auto& [first, behind] : kept) {
        if (first >= end || behind <= start) continue;
        if (start < first) munmap(reinterpret_cast<void*>(start), first - start);
        start = behind;
    }
    if (start < end) munmap(reinterpret_cast<void*>(start), end - start);
}

std::uintptr_t parse_hex(const char*& at) {
    std::uintptr_t value = 0;
    for (;; ++at) {
        const char c = *at;
        if (c >= '0' && c <= '9')
            value = value << 4 | static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | static_cast<unsigned>(c - 'a' + 10);
        else
            return value;
    }
}

// A line of /proc/self/maps: "start-end rwxp ...". Memory that is shared with other processes (the
// event stream) goes, and all of the machine's own.
void drop_mapping(const char* line) {
    const std::uintptr_t start = parse_hex(line);
    if (*line != '-') return;
    ++line;
    const std::uintptr_t end = parse_hex(line);
    if (*line != ' ') return;
    const bool shared = line[4] == 's';
    const bool machines = start - machine::Arena::base < UserSlice::slices_base +
                                                             UserSlice::count * UserSlice::size -
                                                             machine::Arena::base;
    if (shared || machines) unmap(start, end);
}

// Without any memory but the stack: whoever holds a lock of the heap did not come along.
void drop_memory() {
    const int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (fd < 0) _exit(died_exit_status);
    static char text[1 << 16];
    std::size_t used = 0;
    // Read to the end before anything goes: the list changes under the reader.
    static char lines[1 << 20];
    std::size_t total = 0;
    for (ssize_t got; (got = read(fd, text, sizeof text)) > 0;) {
        if (total + static_cast<std::size_t>(got) >= sizeof lines) break;
        std::memcpy(lines + total, text, static_cast<std::size_t>(got));
        total += static_cast<std::size_t>(got);
    }
    close(fd);
    lines[total] = '\0';
    while (used < total) {
        const char* line = lines + used;
        const char* end = static_cast<const char*>(std::memchr(line, '\n', total - used));
        if (end == nullptr) break;
        drop_mapping(line);
        used = static_cast<std::size_t>(end - lines) + 1;
    }
}

void close_files() {
    constexpr unsigned first = 3;  // standard error stays, for who debugs
    if (syscall(SYS_close_range, first, ~0u, 0) == 0) return;
    for (int fd = first; fd < 1024; ++fd) close(fd);
}

void restore_code(const HostSetup& setup) {
    for (const CodeBytes& code : setup.code) {
        void* at = reinterpret_cast<void*>(code.start);
        mprotect(at, code.bytes.size(), PROT_READ | PROT_WRITE);
        std::memcpy(at, code.bytes.data(), code.bytes.size());
        mprotect(at, code.bytes.size(), PROT_READ | PROT_EXEC);
    }
}

void begin_host(context::transfer_t) {
    drop_memory();
    install_last_words();
    close_files();
    serve();
}

}  // namespace

void host_main(const HostSetup& setup, pid_t machine) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != machine) _exit(died_exit_status);
    restore_code(setup);
    // Library code of ours that runs here must not take memory of the machine.
    alignas(machine::OutsideArenaScope) static std::byte scope[sizeof(machine::OutsideArenaScope)];
    new (scope) machine::OutsideArenaScope;
    alignas(Host) static std::byte place[sizeof(Host)];
    host = new (place) Host;
    host->slice = setup.slice;
    host->channel = static_cast<Channel*>(setup.slice.channel());
    host->image_start = setup.image_start;
    host->image_size = setup.image_size;
    // The stack here is the machine's.
    context::jump_fcontext(
        context::make_fcontext(setup.slice.stack_top(0), UserSlice::stack_size, &begin_host),
        nullptr);
    _exit(died_exit_status);
}

}  // namespace gpioclx::umdf

// The driver called a function of the machine. While that runs, the machine may call into the
// driver again, on the same stack.
extern "C" void gx_umdf_import(gpioclx::umdf::ImportFrame* frame) {
    using namespace gpioclx::umdf;
    Message request;
    request.kind = MessageKind::import;
    request.import = frame;
    Message message = cross(request);
    while (message.kind == MessageKind::call) {
        Message reply;
        reply.kind = MessageKind::returned;
        reply.result = run_call(message.call);
        message = cross(reply);
    }
}
