#include "figure_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "measure.h"

namespace gpioclx::benchmarks {
namespace {

// A figure that is compared with the system call. Goals of 0: none.
struct Latency {
    const char* name;
    const char* title;
    double median_goal;
    double p99_goal;
};

constexpr Latency latencies[] = {
    {"write_one_pin", "write request of a peripheral, one pin", 2, 0},
    {"edge_to_isr", "edge on a wire → the peripheral's ISR", 2, 8},
    {"write_64_pins", "write request, 64 pins, all change", 0, 0},
    {"write_one_pin_same_value", "write request, one pin, none changes", 0, 0},
    {"write_64_pins_same_value", "write request, 64 pins, none changes", 0, 0},
    {"read_register", "READ_REGISTER_ULONG", 0, 0},
    {"write_register", "WRITE_REGISTER_ULONG", 0, 0},
    {"restore_checkpoint", "checkpoint: restore", 0, 0},
    {"take_checkpoint", "checkpoint: take", 0, 0},
    {"explore_script", "exploring: one execution, edge → ISR → DPC → work item → completed", 0, 0},
    {"explore_press", "exploring: one execution, with the shut-downs and starts of the portfolio",
     0, 0},
};

// One median over another.
struct Ratio {
    const char* name;
    const char* to;
    const char* title;
    double goal;
};

constexpr Ratio ratios[] = {
    {"write_64_pins_same_value", "write_one_pin_same_value",
     "64-pin mask write / one pin, none changes", 1.5},
    {"write_64_pins", "write_one_pin", "64-pin mask write / one pin, all change", 0},
    {"explore_script", "explore_script_unverified", "exploring with the verifier / without", 2},
    {"explore_press", "explore_press_unverified",
     "exploring with the verifier / without, with shut-downs and starts", 2},
    {"explore_script_instrumented", "explore_script", "exploring instrumented drivers / plain ones",
     2},
    {"press_traced", "press_plain", "a press with the full event stream as text / without", 4},
    {"three_contexts", "three_contexts_relacy",
     "one operation of three contexts and two locks / the same under relacy", 1.25},
    {"three_contexts", "eventfd_hand_over", "the same / a hand-over between two threads by eventfd",
     0.02},
    {"cold_start_of_demo", "iasl_version", "cold start and whole run of the demo / `iasl -v`", 0},
    {"cold_start_of_demo", "acpica_load", "cold start and whole run of the demo / ACPICA load", 0},
};

// One median over the same of a smaller board.
struct SizeRatio {
    const char* name;
    const char* title;
    double goal;
};

constexpr SizeRatio size_ratios[] = {
    {"edge_to_isr_by_size", "edge → ISR, 65,536 pins of 256 controllers / 64 pins of one", 1.2},
    {"start_by_size", "start of 256 controllers / of 64 (4: in proportion)", 6},
};

std::string time_text(double ns) {
    if (ns < 1e4) return fmt::format("{:.0f} ns", ns);
    return ns < 1e7 ? fmt::format("{:.1f} us", ns / 1e3) : fmt::format("{:.1f} ms", ns / 1e6);
}

std::string against_goal(double value, double goal) {
    if (goal == 0) return fmt::format("{:.2f}", value);
    return fmt::format("{:.2f} (goal {:g}: {})", value, goal, value <= goal ? "met" : "**missed**");
}

}  // namespace

void FigureTable::ReportRuns(const std::vector<Run>& runs) {
    for (const Run& run : runs) {
        if (run.error_occurred) continue;
        Counters& counters = figures_[run.run_name.function_name];
        for (const auto& [name, value] : run.counters) counters[name] = value;
    }
    ConsoleReporter::ReportRuns(runs);
}

const FigureTable::Counters* FigureTable::find(const std::string& name) const {
    const auto found = figures_.find(name);
    return found != figures_.end() ? &found->second : nullptr;
}

void FigureTable::write(std::ostream& out) const {
    write_latencies(out);
    write_ratios(out);
    write_others(out);
}

void FigureTable::write_latencies(std::ostream& out) const {
    out << "| figure | median | p99 | median / getppid | p99 / getppid | median / fiber switch |\n"
           "|---|---|---|---|---|---|\n";
    for (const Latency& latency : latencies) {
        const Counters* c = find(latency.name);
        if (c == nullptr) continue;
        const double call = c->at(counter::system_call);
        out << fmt::format("| {} | {} | {} | {} | {} | {:.1f} |\n", latency.title,
                           time_text(c->at(counter::median)), time_text(c->at(counter::p99)),
                           against_goal(c->at(counter::median) / call, latency.median_goal),
                           against_goal(c->at(counter::p99) / call, latency.p99_goal),
                           c->at(counter::median) / c->at(counter::fiber_switch));
    }
}

namespace {

void write_ratio(std::ostream& out, const char* title, double over, double under, double goal) {
    out << fmt::format("| {} | {} / {} | {} |\n", title, time_text(over), time_text(under),
                       against_goal(over / under, goal));
}

}  // namespace

void FigureTable::write_ratios(std::ostream& out) const {
    out << "\n| ratio of medians | | |\n|---|---|---|\n";
    for (const Ratio& ratio : ratios) {
        const Counters* c = find(ratio.name);
        const Counters* to = find(ratio.to);
        if (c == nullptr || to == nullptr) continue;
        write_ratio(out, ratio.title, c->at(counter::median), to->at(counter::median), ratio.goal);
    }
    for (const SizeRatio& ratio : size_ratios) {
        const Counters* c = find(ratio.name);
        if (c == nullptr) continue;
        write_ratio(out, ratio.title, c->at(counter::median), c->at(counter::median_of_small),
                    ratio.goal);
    }
}

void FigureTable::write_others(std::ostream& out) const {
    out << "\n| other | |\n|---|---|\n";
    if (const Counters* c = find("million_edges")) {
        out << fmt::format("| a million edges: events | {:.0f}, {:.2f} million a second |\n",
                           c->at("events"), c->at("events_per_second") / 1e6);
        out << fmt::format("| one event / getppid | {:.2f} |\n",
                           c->at(counter::median) / c->at(counter::system_call));
        out << fmt::format("| growth of the machine's memory | {:.0f} bytes |\n",
                           c->at("memory_growth"));
    }
    if (const Counters* c = find("restore_checkpoint"))
        out << fmt::format("| size of a checkpoint | {:.0f} KB |\n", c->at("bytes") / 1024);
    if (const Counters* c = find("explore_script")) {
        const double rate = 1e9 / c->at(counter::median);
        out << fmt::format(
            "| exploring: executions a second, on one core | {:.0f} (goal 20000: {}) |\n", rate,
            rate >= 20'000 ? "met" : "**missed**");
        out << fmt::format("| exploring: memory put back between two executions | {:.0f} KB |\n",
                           c->at("restored") / 1024);
    }
    std::vector<double> calls, switches;
    for (const auto& [name, counters] : figures_) {
        calls.push_back(counters.at(counter::system_call));
        switches.push_back(counters.at(counter::fiber_switch));
    }
    if (calls.empty()) return;
    std::sort(calls.begin(), calls.end());
    std::sort(switches.begin(), switches.end());
    out << fmt::format("| getppid, fiber switch | {}, {} |\n", time_text(calls[calls.size() / 2]),
                       time_text(switches[switches.size() / 2]));
}

}  // namespace gpioclx::benchmarks
