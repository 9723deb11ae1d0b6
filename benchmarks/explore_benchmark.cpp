// What an execution costs when a board is explored: one press of the demo's button, from the edge
// to the completed request, with the worker's and the supervisor's part of it. And what observers
// cost.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "bench/session.h"
#include "cli/observers.h"
#include "measure.h"
#include "trace/event_text.h"

namespace gpioclx::benchmarks {
namespace {

namespace fs = std::filesystem;

const fs::path demo = fs::path(GX_BENCHMARK_SOURCE) / "../examples/boards/pushbutton";

std::unique_ptr<bench::Session> start_demo(bool verify,
                                           std::vector<bench::EventObserver*> observers = {},
                                           bool instrument = false) {
    bench::SessionOptions options;
    options.bench = demo / "pushbutton.toml";
    options.verify = verify;
    options.instrument = instrument;
    options.observers = std::move(observers);
    auto session = bench::Session::open(std::move(options));
    if (!session || !(*session)->start()) return nullptr;
    return std::move(*session);
}

// Portfolio, as by default: one execution of four has the shut-down too.
void explore(benchmark::State& state, bool verify, bool shut_downs, bool instrument = false) {
    const std::vector<bench::ScriptLine> script = {{"press button", "press", 1},
                                                   {"wait idle", "press", 2}};
    constexpr std::uint64_t at_a_time = 1'024;
    const auto session = start_demo(verify, {}, instrument);
    if (session == nullptr) return state.SkipWithError("the demo does not start");
    bench::Session::ExploreOptions options;
    options.shut_downs = shut_downs;
    std::uint64_t done = 0, restored = 0;
    measure(state, [&](Samples& samples) {
        const std::uint64_t start = ticks();
        const auto explored = session->explore(script, done, at_a_time, options);
        samples.add_ns(static_cast<double>(ticks() - start) * ns_per_tick() / at_a_time);
        if (!explored) return state.SkipWithError(explored.error().text().c_str());
        done += at_a_time;
        restored = explored->restored_bytes;
    });
    state.counters["restored"] = static_cast<double>(restored);
}
void explore_press(benchmark::State& state) { explore(state, true, true); }
BENCHMARK(explore_press)->UseManualTime()->Iterations(40);
void explore_press_unverified(benchmark::State& state) { explore(state, false, true); }
BENCHMARK(explore_press_unverified)->UseManualTime()->Iterations(40);
// The script alone: edge, ISR, DPC, work item, completion.
void explore_script(benchmark::State& state) { explore(state, true, false); }
BENCHMARK(explore_script)->UseManualTime()->Iterations(40);
void explore_script_unverified(benchmark::State& state) { explore(state, false, false); }
BENCHMARK(explore_script_unverified)->UseManualTime()->Iterations(40);
void explore_script_instrumented(benchmark::State& state) { explore(state, true, false, true); }
BENCHMARK(explore_script_instrumented)->UseManualTime()->Iterations(40);

class TextObserver final : public bench::EventObserver {
  public:
    TextObserver() : file_(std::fopen("/dev/null", "w")), text_(file_) {}
    ~TextObserver() override { std::fclose(file_); }
    void observe(const machine::Event& event, const worker::Supervisor& names) override {
        writer_.observe(event, names);
    }

  private:
    std::FILE* file_;
    trace::EventText text_;
    cli::WriterObserver writer_{text_};
};

// Twenty thousand presses are one step for a person who reads the trace: one line of the script.
void press(benchmark::State& state, bool traced) {
    TextObserver observer;
    const auto session = start_demo(false, traced ? std::vector<bench::EventObserver*>{&observer}
                                                  : std::vector<bench::EventObserver*>{});
    if (session == nullptr) return state.SkipWithError("the demo does not start");
    constexpr int at_a_time = 100;
    measure(state, [&](Samples& samples) {
        const std::uint64_t start = ticks();
        for (int i = 0; i < at_a_time; ++i) {
            for (const char* line : {"press button for 300us", "wait 200us"}) {
                if (!session->step({line, "press", 1}))
                    return state.SkipWithError("the demo does not run");
            }
        }
        samples.add_ns(static_cast<double>(ticks() - start) * ns_per_tick() / at_a_time);
    });
}
void press_plain(benchmark::State& state) { press(state, false); }
BENCHMARK(press_plain)->UseManualTime()->Iterations(60);
void press_traced(benchmark::State& state) { press(state, true); }
BENCHMARK(press_traced)->UseManualTime()->Iterations(60);

}  // namespace
}  // namespace gpioclx::benchmarks
