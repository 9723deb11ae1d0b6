// What a driver accepts, found out by asking it on a running board.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bench/session.h"
#include "check/board_files.h"

namespace gpioclx::check {

struct Answers {
    // By trigger (its place in `triggers`) and by pin; statuses of the first attempt.
    std::map<std::size_t, std::map<unsigned, std::uint32_t>> interrupt;
    std::map<unsigned, std::uint32_t> input;
    std::map<unsigned, std::uint32_t> output;

    bool accepts(std::size_t trigger, unsigned pin) const;
    bool reads(unsigned pin) const;
    bool writes(unsigned pin) const;

    // It does not work, whatever the driver said: "an interrupt on rising edge (pin 3):
    // expected..." On all pins, if `everywhere`.
    void take_back(const std::string& failure, bool everywhere);
};

// The board has started. Errors: the worker died, or a device does not open.
Result<Answers> ask(bench::Session& session, const CheckedBoard& board);

// A clean refusal: STATUS_NOT_SUPPORTED.
bool refused(std::uint32_t status);
bool failed(std::uint32_t status);

// "inputs and outputs; interrupts on high level, rising edge; refused: low level"
std::string describe(const Answers& answers, const CheckedBoard& board);

}  // namespace gpioclx::check
