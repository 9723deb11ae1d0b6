// What the files of the scenarios share: how fast things happen, and which pins are taken.
#pragma once

#include <optional>

#include "check/scenario.h"
#include "check/script_text.h"

namespace gpioclx::check {

// Behind a serial bus everything takes a hundred times as long.
struct Pace {
    std::uint64_t edge_us;       // shortest time between two edges of one wire
    std::uint32_t hold_us;       // a slow service routine
    std::uint64_t settle_us;     // long enough for a whole service, even if processors are held up
    std::uint32_t interrupt_us;  // a service routine at DIRQL that takes its time
    std::uint64_t sweep_ns;      // steps in which something is moved across a service

    static Pace of(const CheckedBoard& board) {
        return board.serial ? Pace{4'000, 30'000, 40'000, 0, 50'000} : Pace{20, 600, 400, 20, 170};
    }
};

class ScenarioWriter {
  public:
    ScenarioWriter(const CheckedBoard& board, const Answers& answers)
        : board_(board), answers_(answers), pace_(Pace::of(board)) {}

    // scenario_input_output.cpp
    std::string inputs() const;
    std::string outputs() const;
    std::string ownership() const;
    std::string reuse() const;
    // scenario_interrupt.cpp
    std::string edges() const;
    std::string levels() const;
    std::string passive() const;
    std::string masked() const;
    std::string two_pins() const;
    std::string sweep() const;
    std::string both_held() const;
    std::string banks() const;
    std::string shared(std::vector<bench::PartEntry>& parts) const;
    // scenario_load.cpp
    std::string connect_load() const;
    std::string connect_edges() const;
    std::string io_load() const;
    std::string burst() const;
    std::string stop_load() const;
    std::string remove_load() const;
    // scenario_power.cpp
    std::string sleep() const;
    std::string deep_idle() const;
    std::string unused() const;

  private:
    // Pins that interrupt on some edge, some in each bank, and one such trigger for all of them.
    struct EdgePins {
        const Trigger* trigger = nullptr;
        std::vector<unsigned> pins;
    };
    EdgePins edge_pins(bool one_each_bank = false) const;
    // A pin that the driver reads or writes and that is none of `others`.
    std::optional<unsigned> io_pin(bool output, const std::vector<unsigned>& others) const;
    // A level-triggered interrupt of a pin that is none of `others`.
    std::optional<Connection> level_connection(const std::vector<unsigned>& others,
                                               std::uint32_t flags) const;
    static const Trigger& level_trigger(const Connection& connection);

    struct PowerPins;
    PowerPins power_pins() const;
    void begin_use(ScriptText& script, const PowerPins& pins, const std::string& what) const;
    void expect_use(ScriptText& script, const PowerPins& pins, const std::string& what) const;
    void end_use(ScriptText& script, const PowerPins& pins, const std::string& what) const;

    Connection connection(const Trigger& trigger, unsigned pin, std::uint32_t flags = 0,
                          std::uint32_t hold_us = 0) const;
    // The wire as it is before the active edge. Where GpioClx emulates both edges by levels, low is
    // what it takes for active (A30), so that a wire that rests low interrupts when it is
    // connected.
    static bool idle_level(const Trigger& trigger) { return trigger.both || !trigger.high; }
    // One active edge, everything done, and back; `calls` on a trigger of one edge.
    void cycle(ScriptText& script, const Trigger& trigger, const Connection& connection,
               const std::string& what) const;

    const CheckedBoard& board_;
    const Answers& answers_;
    Pace pace_;
};

}  // namespace gpioclx::check
