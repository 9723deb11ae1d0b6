// The seam between ACPICA and whatever runs it: memory, time, threads, physical addresses and
// messages. The machine implements it with fibers; SimpleHost runs it alone on one thread.
//
// ACPICA may be entered by several threads of the host. It keeps its own locks (on block() and
// unblock()) and lets another thread in whenever a method sleeps or a region handler runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gpioclx::firmware {

enum class LogLevel { info, warning, error, aml_debug };  // aml_debug: Store (x, Debug)

// Names one wait queue; small numbers, the same in every run.
enum class Channel : std::uint32_t {};

// Work that ACPICA wants done outside the calling thread (notifications).
struct Work {
    void (*function)(void* context) = nullptr;
    void* context = nullptr;
};

class Host {
  public:
    static constexpr std::uint32_t forever = 0xFFFF'FFFF;

    virtual ~Host() = default;

    // Suitably aligned for any object; null when there is no memory (the AML then fails with
    // AE_NO_MEMORY, nothing aborts). Must not switch threads: called under spin locks.
    virtual void* allocate(std::size_t bytes) = 0;
    virtual void free(void* memory) = 0;

    virtual std::uint64_t now_100ns() = 0;
    virtual void sleep_ms(std::uint64_t milliseconds) = 0;  // lets other threads run
    virtual void stall_us(std::uint32_t microseconds) = 0;  // keeps the processor

    virtual std::uint64_t current_thread() = 0;  // never 0

    // Waits until unblock(channel) is called; false after `timeout_ms` without it. Waiters look
    // again at what they wait for, so waking too many is harmless.
    virtual bool block(Channel channel, std::uint32_t timeout_ms) = 0;
    virtual void unblock(Channel channel) = 0;  // all that wait on it

    virtual void execute(Work work) = 0;
    virtual void wait_executed() = 0;  // until all work handed to execute() is done

    // Physical memory and I/O ports; width in bits: 8, 16, 32, 64 (ports up to 32). Empty or
    // false: nothing answers there, and the AML that asked fails.
    virtual std::optional<std::uint64_t> read_memory(std::uint64_t address, unsigned width) = 0;
    virtual bool write_memory(std::uint64_t address, unsigned width, std::uint64_t value) = 0;
    virtual std::optional<std::uint32_t> read_port(std::uint64_t port, unsigned width) = 0;
    virtual bool write_port(std::uint64_t port, unsigned width, std::uint32_t value) = 0;

    // One whole line, without newline and without addresses of this process.
    virtual void log(LogLevel level, std::string_view line) = 0;
};

}  // namespace gpioclx::firmware
