// What a command found, in the form from which every file for people and for other tools is made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/finding.h"
#include "bench/suppression.h"
#include "diagnostics/exit_code.h"
#include "trace/interleaving.h"
#include "trace/waveform.h"

namespace gpioclx::report {

// A finding with what belongs to it.
struct Problem {
    bench::Finding finding;
    std::string command;                      // that shows it again
    std::string token = {};                   // of its schedule; empty: the seed says it
    std::vector<std::string> decisions = {};  // of the schedule, in words
};

// One run of a board, or all executions of one script.
struct Scenario {
    std::string name;     // "pushbutton"
    std::string summary;  // "1.6 ms of virtual time", one line
    std::vector<Problem> problems = {};
    std::vector<bench::SuppressedFinding> suppressed = {};  // the bench knows them
    std::vector<bench::HardwareReport> hardware_reports = {};
    // Of the first problem's schedule, or of the whole run; empty if nobody watched.
    std::vector<trace::InterleavingStep> interleaving = {};
    std::vector<trace::Waveform::Row> wires = {};
    std::uint64_t from_ns = 0, to_ns = 0;  // what of the wires is to be seen
};

// The steps that led to a finding, itself last; none if it is no step of the interleaving.
std::vector<trace::InterleavingStep> steps_to(const Scenario& scenario,
                                              const bench::Finding& finding, std::size_t limit);

struct Report {
    std::string command;  // as it was called
    std::filesystem::path bench;
    std::vector<Scenario> scenarios;
    ExitCode exit_code = ExitCode::clean;

    std::size_t problem_count() const {
        std::size_t count = 0;
        for (const Scenario& scenario : scenarios) count += scenario.problems.size();
        return count;
    }
};

}  // namespace gpioclx::report
