// What a command says while it works, and how it ends when other tools have spoken already.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "diagnostics/result.h"

namespace gpioclx::cli {

// Steps ("compile led.c") one a line. A quiet command says nothing in its first second; after that
// people want to know what it is doing.
class Progress {
  public:
    explicit Progress(bool quiet, std::FILE* file = stdout) : quiet_(quiet), file_(file) {}

    void step(std::string_view text);
    // The machine runs, and for a second there was nothing to show. On a terminal only.
    void waiting(std::uint64_t virtual_ns);

  private:
    using Clock = std::chrono::steady_clock;
    bool quiet_;
    std::FILE* file_;
    Clock::time_point begun_ = Clock::now();
};

// The text of compiler and linker, passed on as it comes.
class ToolOutput {
  public:
    void show(std::string_view text);
    // An error that those have told in their own words is not told again, only what it leads to.
    void print_error(const Error& error) const;

  private:
    std::string shown_;
};

}  // namespace gpioclx::cli
