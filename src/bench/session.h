// A bench under the supervisor: drivers built, firmware compiled, a worker that runs the board.
// The command line and the C++ API are both written on this.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bench/bench_file.h"
#include "bench/finding.h"
#include "bench/installation.h"
#include "bench/suppression.h"
#include "diagnostics/exit_code.h"
#include "trace/interleaving.h"
#include "worker/supervisor.h"

namespace gpioclx::bench {

// Reads the event stream of a session (trace writers, statistics). Called in order.
class EventObserver {
  public:
    virtual ~EventObserver() = default;
    virtual void observe(const machine::Event& event, const worker::Supervisor& names) = 0;
};

struct SessionOptions {
    std::filesystem::path bench;
    std::uint64_t seed = 1;
    std::optional<std::uint32_t> processors;  // else the bench's
    std::vector<SettingEntry> settings = {};  // after the bench's, so they win
    std::filesystem::path home = {};          // installation prefix; empty: find_installation says
    bool verify = false;  // looks for what could go wrong too (docs/findings.md)
    // Builds the bench's drivers so that they tell of each access to memory; includes verify. The
    // bench may ask for it too.
    bool instrument = false;
    std::uint32_t watchdog_ms = 10'000;
    bool debugger = false;                  // in front of the worker, without the watchdog
    bool stop_at_findings = false;          // with the debugger: stops at the first finding
    std::vector<std::string> wrapper = {};  // else: a command that is put there as it is
    std::function<void(std::string_view)> progress = {};
    // All that compiler and linker said about a driver that does not build.
    std::function<void(std::string_view)> tool_output = {};
    // Each second (wall clock) in which the board runs without an event; how far it was.
    std::function<void(std::uint64_t virtual_ns)> waiting = {};
    std::vector<EventObserver*> observers = {};
};

struct StepResult {
    bool failed = false;
    std::string message;
    bool timed_out = false;    // and there is no point in going on
    std::string finding = {};  // StepOutcome::finding
};

class Session {
  public:
    // Reads the bench, builds what changed, loads the board. Nothing runs yet. Errors are bad
    // input; a worker that died while it loaded is a session that is not alive().
    static Result<std::unique_ptr<Session>> open(SessionOptions options);
    ~Session();

    // start and stop: how far each device came ("devices"), and a sentence ("timeout") if the
    // system never came to the end of it. Each returns an Error for bad input; when the worker
    // died, its death became a finding and the Error says so (alive() is false then).
    Result<nlohmann::json> start();
    Result<nlohmann::json> stop();
    Result<StepResult> step(const ScriptLine& line);
    // Executions of the script from here on, each with other decisions at the choice points. What
    // is found is in the answer, "found", with a token; findings() stays as it is.
    // An execution in which the driver ends the worker (a fault, a hang) is found like others; a
    // new worker goes on behind it.
    struct ExploreOptions {
        std::string strategy = "portfolio";  // explore::strategy_names()
        unsigned bound = 0;                  // of the strategy; 0: its own choice
        std::string from = "both";           // or "started", "power-on": where executions begin
        bool shut_downs = true;  // some executions go on with the shut-down of all devices
        bool faults = false;     // instead of all that: lets fail once whatever may fail
        bool coverage = false;   // lists the pairs of callbacks too
    };
    struct Exploration {
        std::uint64_t executions = 0;  // fewer than asked for: nothing is left to try
        std::uint64_t deaths = 0;      // of workers, so far
        bool gave_up = false;          // there were too many, or the plain execution ends them
        std::uint64_t points = 0;      // at which a plain execution could have gone otherwise
        std::uint64_t overlaps = 0;    // pairs of callbacks that were seen running at the same time
        std::uint64_t restored_bytes = 0;  // of the machine, between two executions
        std::uint64_t left_out =
            0;  // by an exhaustive search, because nothing new could come of it
        struct Found {
            Finding finding;
            std::string token;
            std::uint64_t execution = 0;
            std::vector<std::string> decisions;                 // other than the default, in words
            std::vector<trace::InterleavingStep> interleaving;  // none if it was not to be seen
        };
        std::vector<Found> found;
        struct Overlap {
            std::string first, second;  // "EvtInterruptIsr of \\_SB.BTN0"
            std::uint64_t count = 0;
        };
        std::vector<Overlap> pairs = {};  // since the first execution
    };
    Result<Exploration> explore(const std::vector<ScriptLine>& script, std::uint64_t first,
                                std::uint64_t count, const ExploreOptions& options);
    Result<Exploration> explore(const std::vector<ScriptLine>& script, std::uint64_t first,
                                std::uint64_t count) {
        return explore(script, first, count, ExploreOptions());
    }
    // Plays the script (after the start of the devices, if the token says so) and the shut-down as
    // it was decided before: `token` is that of something found. findings() has what was found
    // along the way. Answers as start() and stop() do.
    Result<nlohmann::json> replay(const std::vector<ScriptLine>& script, const std::string& token);
    Result<void> run_for(std::uint64_t ns);
    Result<bool> run_until_idle(std::uint64_t limit_ns);
    Result<nlohmann::json> show(const std::string& what);
    // A request of a user program, as user_requests.h takes and answers it.
    Result<nlohmann::json> request(nlohmann::json request);

    const BenchFile& bench() const { return bench_; }
    // Each once; without what the bench suppresses.
    const std::vector<Finding>& findings() const;
    std::vector<SuppressedFinding> suppressed() const;
    // Warnings about suppressions of the bench that suppressed nothing; when all is done.
    std::vector<std::string> unused_suppressions() const;
    // The first ones, each told once; later ones only stand in the event stream.
    const std::vector<HardwareReport>& hardware_reports() const { return reports_; }
    bool alive() const { return !worker_->death().has_value(); }
    bool halted() const { return halted_; }
    std::uint64_t now_ns() const { return now_ns_; }
    const worker::Supervisor& worker() const { return *worker_; }
    // watchdog, tool_fault or findings, by what happened; clean if nothing did.
    ExitCode exit_code() const;

  private:
    explicit Session(SessionOptions options) : options_(std::move(options)) {}
    Result<void> prepare();
    Result<void> start_worker();
    Result<nlohmann::json> build_driver(const DriverEntry& entry);
    Result<nlohmann::json> own_drivers();
    Result<nlohmann::json> call(const nlohmann::json& request);
    void take(const machine::Event& event);
    void add_finding(const machine::Event& event);
    void add_to_finding(const machine::Event& event, std::string_view text);
    bool suppressed_in_exploration(const Finding& finding);
    const Sorted& sorted() const;
    void add_report(const machine::Event& event);
    void add_death();
    Result<nlohmann::json> with_callbacks(Result<nlohmann::json> answer) const;
    void follow_callbacks(const machine::Event& event);
    std::string unfinished_callbacks() const;
    std::vector<StackFrame> symbolize(const std::vector<std::uint64_t>& addresses);
    Result<nlohmann::json> explore_once(const std::vector<ScriptLine>& script, std::uint64_t first,
                                        std::uint64_t count, const ExploreOptions& options);
    // The events of what `execute` has executed.
    template <typename Execute>
    Result<nlohmann::json> seen_by(std::vector<trace::InterleavingStep>& interleaving,
                                   Execute execute);
    Result<bool> go_on_after_death(const std::vector<ScriptLine>& script,
                                   const ExploreOptions& options, Exploration& result);
    std::vector<StackFrame> symbolize_stack_text(std::string_view text);
    void progress(std::string_view text) const;

    SessionOptions options_;
    Installation installation_;
    BenchFile bench_;
    worker::SupervisorOptions worker_options_;
    std::string load_;  // the request that loads the board
    std::unique_ptr<worker::Supervisor> worker_;
    std::vector<Finding> findings_;  // as they came
    // What is told of them, made anew when something came since.
    mutable Sorted sorted_;
    mutable bool sorted_is_old_ = true;
    // Of explorations.
    std::vector<SuppressedFinding> suppressed_explored_;
    std::vector<bool> used_explored_;
    std::vector<HardwareReport> reports_;
    // What the next event may give a stack.
    std::vector<StackFrame>* wants_stack_ = nullptr;
    // Callbacks of drivers that were entered and not left, by who runs them; innermost last.
    std::map<machine::NameId, std::vector<std::string>> callbacks_;
    // By device: the callback of a controller's driver that failed last, and its status.
    std::map<std::string, std::pair<std::string, std::uint32_t>> failed_callbacks_;
    ExitCode death_code_ = ExitCode::clean;
    struct Explored;  // what explore() knows from one call to the next
    std::shared_ptr<Explored> explored_;
    // Takes the events of an execution that is shown once more; findings in it are known.
    std::function<void(const machine::Event&)> exhibit_;
    bool halted_ = false;
    std::uint64_t now_ns_ = 0;
};

// Names that the kernel and the framework provide to drivers, and those of the GpioClx extension.
Result<std::vector<std::string>> kernel_exports(const Installation& installation);

}  // namespace gpioclx::bench
