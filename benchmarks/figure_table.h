// The figures of a run as a table in Markdown: each as a ratio to something of the same run, beside
// its goal.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace gpioclx::benchmarks {

// Prints as the console does, and remembers.
class FigureTable final : public benchmark::ConsoleReporter {
  public:
    void ReportRuns(const std::vector<Run>& runs) override;
    void write(std::ostream& out) const;

  private:
    using Counters = std::map<std::string, double>;
    const Counters* find(const std::string& name) const;
    void write_latencies(std::ostream& out) const;
    void write_ratios(std::ostream& out) const;
    void write_others(std::ostream& out) const;

    std::map<std::string, Counters> figures_;  // by name of the benchmark
};

}  // namespace gpioclx::benchmarks
