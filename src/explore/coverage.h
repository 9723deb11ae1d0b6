// Which callbacks of drivers were seen running at the same time (on two processors, or one as an
// interrupt of another; not one that the other called): how much of what could race was tried.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "machine/event.h"
#include "machine/machine.h"

namespace gpioclx::explore {

class Coverage {
  public:
    // callback_enter and callback_exit; others are of no interest.
    void note(const machine::Event& event);
    // An execution is over: nothing runs any more.
    void begin() {
        for (auto& callbacks : running_) callbacks.clear();
    }

    struct Pair {
        std::string first, second;  // "EvtInterruptIsr of \\_SB.BTN0"
        std::uint64_t count = 0;    // how often
    };
    std::size_t pair_count() const { return pairs_.size(); }
    // Sorted by name.
    std::vector<Pair> pairs(const machine::NameTable& names) const;

  private:
    using Callback = std::uint64_t;  // its name and its device's
    struct PairHash {
        std::size_t operator()(const std::pair<Callback, Callback>& pair) const {
            return (pair.first * 0x9E3779B97F4A7C15u) ^ pair.second;
        }
    };
    struct Running {
        Callback callback;
        machine::NameId actor;
    };
    std::array<std::vector<Running>, machine::max_processors> running_;
    std::unordered_map<std::pair<Callback, Callback>, std::uint64_t, PairHash> pairs_;
};

}  // namespace gpioclx::explore
