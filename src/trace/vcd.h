// Wires as a value change dump (IEEE 1364), for GTKWave and its like. Time unit 1 ns.
#pragma once

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "trace/writer.h"

namespace gpioclx::trace {

class Vcd final : public Writer {
  public:
    // Wires must be declared before their changes. Does not own the file.
    Vcd(std::FILE* file, std::string scope) : file_(file), scope_(std::move(scope)) {}

    // Declares a wire with its level at time 0 ('0', '1' or 'z'); before the first event.
    void declare(const std::string& wire, char level);
    void write(const machine::Event& event, const Names& names) override;
    void finish() override;

  private:
    struct Variable {
        std::string code;
        char level;
    };
    void write_header();
    void write_time(std::uint64_t time_ns);

    std::FILE* file_;
    std::string scope_;
    std::vector<std::string> order_;
    std::map<std::string, Variable, std::less<>> variables_;
    bool header_written_ = false;
    std::uint64_t time_ns_ = 0;
    std::uint64_t last_event_ns_ = 0;
};

}  // namespace gpioclx::trace
