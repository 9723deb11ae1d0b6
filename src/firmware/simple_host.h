// A host of one thread, for tests and for tools that only look at tables: the clock advances only
// by sleeping and stalling, memory and ports are zero until written, work waits for
// run_executed().
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "firmware/host.h"

namespace gpioclx::firmware {

class SimpleHost : public Host {
  public:
    struct Line {
        LogLevel level;
        std::string text;
    };

    void* allocate(std::size_t bytes) override;
    void free(void* memory) override;

    std::uint64_t now_100ns() override { return now_100ns_; }
    void sleep_ms(std::uint64_t milliseconds) override;
    void stall_us(std::uint32_t microseconds) override;

    std::uint64_t current_thread() override { return 1; }
    bool block(Channel channel, std::uint32_t timeout_ms) override;
    void unblock(Channel channel) override;
    void execute(Work work) override { work_.push_back(work); }
    void wait_executed() override { run_executed(); }

    std::optional<std::uint64_t> read_memory(std::uint64_t address, unsigned width) override;
    bool write_memory(std::uint64_t address, unsigned width, std::uint64_t value) override;
    std::optional<std::uint32_t> read_port(std::uint64_t port, unsigned width) override;
    bool write_port(std::uint64_t port, unsigned width, std::uint32_t value) override;

    void log(LogLevel level, std::string_view line) override;

    void run_executed();
    const std::vector<Line>& lines() const { return lines_; }
    // Warnings and errors, a line each.
    std::string complaints() const;

  private:
    using Bytes = std::map<std::uint64_t, std::uint8_t>;
    static std::uint64_t read(const Bytes& bytes, std::uint64_t address, unsigned width);
    static void write(Bytes& bytes, std::uint64_t address, unsigned width, std::uint64_t value);

    std::uint64_t now_100ns_ = 0;
    std::uint64_t unblocked_ = 0;
    std::deque<Work> work_;
    Bytes memory_;
    Bytes ports_;
    std::vector<Line> lines_;
};

}  // namespace gpioclx::firmware
