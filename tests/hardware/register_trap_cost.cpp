// Measures what an access to a register costs in wall-clock time when it is dereferenced. Run by
// hand (docs/limits.md has the figures); the system call beside it tells how fast the machine is.
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <vector>

#include "trap/register_trap.h"

namespace {

constexpr std::size_t window_size = 4096;
constexpr int rounds = 20'000;

class Memory final : public gpioclx::trap::Bus {
  public:
    std::uint64_t read(std::uintptr_t, unsigned) override { return value; }
    void write(std::uintptr_t, unsigned, std::uint64_t written) override { value = written; }
    void pass_time() override {}
    [[noreturn]] void refuse(std::uintptr_t, std::string_view) override { _exit(1); }
    std::uint64_t value = 0;
};

void on_fault(int, siginfo_t* info, void* context) {
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    if (!gpioclx::trap::divert(context, address)) _exit(1);
}

template <typename Access>
void measure(const char* what, Access access) {
    using Clock = std::chrono::steady_clock;
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        const auto begin = Clock::now();
        access();
        times.push_back(std::chrono::duration<double, std::nano>(Clock::now() - begin).count());
    }
    std::sort(times.begin(), times.end());
    fmt::print("{:<28} median {:>7.0f} ns   p99 {:>7.0f} ns\n", what, times[times.size() / 2],
               times[times.size() * 99 / 100]);
}

}  // namespace

int main() {
    void* window = mmap(nullptr, window_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    static Memory memory;
    gpioclx::trap::install(memory, reinterpret_cast<std::uintptr_t>(window), window_size);
    struct sigaction action {};
    action.sa_sigaction = &on_fault;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, nullptr);
    auto* reg = static_cast<volatile std::uint32_t*>(window);
    measure("nothing", [] {});
    measure("system call", [] { syscall(SYS_getppid); });
    measure("load", [&] { (void)*reg; });
    measure("store", [&] { *reg = 1; });
    measure("read-modify-write", [&] { *reg = *reg | 1; });
    measure("one instruction or", [&] {
        __asm__ volatile("orl $1, (%0)" : : "r"(reg) : "memory");
    });
    std::uint32_t words[16];
    measure("rep movs of 16 words", [&] {
        void *to = words, *from = window;
        std::size_t count = 16;
        __asm__ volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
    });
}
