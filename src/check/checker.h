// gpioclx check: a driver's folder and a hardware model, and nothing else. Makes the board, asks
// the driver what it accepts, runs the built-in scenarios and explores their schedules.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/session.h"
#include "check/finding_list.h"
#include "check/scenario.h"
#include "check/subject.h"
#include "diagnostics/exit_code.h"
#include "driverkit/folder_lock.h"

namespace gpioclx::check {

struct CheckOptions {
    std::filesystem::path folder;  // of the driver
    std::string project;
    std::string model;
    std::vector<std::pair<std::string, std::string>> properties;  // of the model
    std::filesystem::path firmware;  // instead of ours: names the controller
    std::filesystem::path bench;     // instead of ours: firmware, drivers and models
    std::filesystem::path keep;      // where the files go; empty: a folder of the cache
    std::string scenario;            // only this one; empty: all
    std::uint64_t schedules = 400;   // each scenario
    std::uint64_t seconds = 40;      // all scenarios together, wall clock
    bool first = false;              // ends with the first finding
    bool instrument = true;          // drivers tell of their memory (data races)
    std::uint64_t seed = 1;
    std::uint32_t processors = 2;
    std::uint32_t watchdog_ms = 10'000;
    std::function<void(std::string_view)> progress = {};
    std::function<void(std::string_view)> tool_output = {};
};

struct ScenarioResult {
    std::string name;
    std::string title;
    std::string skipped;  // why it did not run
    std::uint64_t executions = 0;
    std::uint64_t points = 0;
    bool failed = false;       // not as expected in the plain execution; then it is not explored
    std::size_t findings = 0;  // that nobody knew before
};

class Checker {
  public:
    explicit Checker(CheckOptions options) : options_(std::move(options)) {}

    // Reads what there is and makes the board. Errors: bad input.
    Result<void> prepare();
    // Runs all scenarios; told of each as it ends. Errors: a fault of the tool or of its input.
    Result<void> run(const std::function<void(const ScenarioResult&)>& done);

    const FindingList& findings() const { return findings_; }
    const std::vector<ScenarioResult>& results() const { return results_; }
    // What the driver accepts, in words; empty before run.
    const std::string& accepted() const { return accepted_; }
    const std::filesystem::path& folder() const { return folder_; }
    // The bench of a scenario, written by prepare; for `gpioclx run` and `replay`. Error: there is
    // no such scenario for this driver.
    Result<std::filesystem::path> bench_of(const std::string& scenario) const;
    ExitCode exit_code() const;
    // Scenarios behind the first ones leave out what failed there, so that only the bench that is
    // in the folder now repeats them.
    bool reduced() const { return reduced_; }
    const CheckedBoard& board() const { return board_; }
    const Subject& subject() const { return subject_; }

  private:
    struct Started;
    Result<std::unique_ptr<bench::Session>> open(const std::filesystem::path& bench);
    Result<void> choose_folder();
    Result<void> make_bare_board();
    Result<void> try_interrupts();
    bool route_outputs(const InterruptLayout& layout);
    Result<void> find_controller();
    Result<void> learn_pins(bench::Session& session);
    Result<void> add_users();
    Result<void> ask_driver();
    void note_refusals(const Answers& answers);
    Result<void> write_scenarios(std::size_t first);
    Result<void> run_plain(const Scenario& scenario, ScenarioResult& result);
    Result<void> explore(const Scenario& scenario, ScenarioResult& result, double seconds);
    void take_findings(const bench::Session& session, const std::string& scenario,
                       ScenarioResult* result);
    void add(CheckFinding finding, ScenarioResult* result);
    bool enough() const { return options_.first && !findings_.all().empty(); }
    std::filesystem::path file(const std::string& name) const { return folder_ / name; }
    Result<std::filesystem::path> write(const std::string& name, const std::string& text) const;

    CheckOptions options_;
    bench::Installation installation_;
    Subject subject_;
    std::filesystem::path folder_;
    driverkit::FolderLock lock_;
    CheckedBoard board_;
    std::string accepted_;
    Answers answers_;
    std::vector<Scenario> scenarios_;
    std::vector<ScenarioResult> results_;
    FindingList findings_;
    ExitCode worst_ = ExitCode::clean;
    bool starts_ = true;    // the controller
    bool reduced_ = false;  // the scenarios, by what failed alone
};

}  // namespace gpioclx::check
