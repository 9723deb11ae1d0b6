// From nothing to a finished run of the demo bench, everything built before, against the cheapest
// thing that any other way through ACPI needs: the start of iasl, and ACPICA loading the table.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "bench/installation.h"
#include "firmware/asl.h"
#include "firmware/firmware.h"
#include "firmware/simple_host.h"
#include "measure.h"

extern char** environ;

namespace gpioclx::benchmarks {
namespace {

namespace fs = std::filesystem;

const fs::path demo = fs::path(GX_BENCHMARK_SOURCE) / "../examples/boards/pushbutton";

// Wall-clock time of a process with its output thrown away; negative if it failed.
double run_process(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    const std::uint64_t start = ticks();
    pid_t child = 0;
    const int failed =
        posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    int status = 0;
    if (failed == 0) waitpid(child, &status, 0);
    const double ns = static_cast<double>(ticks() - start) * ns_per_tick();
    posix_spawn_file_actions_destroy(&actions);
    return failed == 0 && status == 0 ? ns : -1;
}

void process(benchmark::State& state, const std::vector<std::string>& words) {
    if (run_process(words) < 0) {
        state.SkipWithError((words[0] + " failed").c_str());
        return;
    }
    measure(state, [&](Samples& samples) { samples.add_ns(run_process(words)); });
}

void cold_start_of_demo(benchmark::State& state) {
    const auto installation = bench::find_installation();
    if (!installation) {
        state.SkipWithError(installation.error().text().c_str());
        return;
    }
    process(state, {installation->executable.string(), "run", "--quiet",
                    (demo / "pushbutton.toml").string()});
}
BENCHMARK(cold_start_of_demo)->UseManualTime()->Iterations(50);

void iasl_version(benchmark::State& state) { process(state, {"iasl", "-v"}); }
BENCHMARK(iasl_version)->UseManualTime()->Iterations(50);

// In a child, because ACPICA's variables can be fresh only once in a process.
double load_tables_in_child(const fs::path& table) {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    const pid_t child = fork();
    if (child == 0) {
        const std::uint64_t start = ticks();
        firmware::SimpleHost host;
        auto tables = firmware::load_tables({table}, {});
        if (!tables) _exit(1);
        auto loaded = firmware::Firmware::load(std::move(*tables), host);
        if (!loaded) _exit(1);
        const std::uint64_t elapsed = ticks() - start;
        _exit(write(ends[1], &elapsed, sizeof elapsed) == sizeof elapsed ? 0 : 1);
    }
    int status = 1;
    if (child > 0) waitpid(child, &status, 0);
    std::uint64_t elapsed = 0;
    const bool done = status == 0 && read(ends[0], &elapsed, sizeof elapsed) == sizeof elapsed;
    close(ends[0]);
    close(ends[1]);
    return done ? static_cast<double>(elapsed) * ns_per_tick() : -1;
}

void acpica_load(benchmark::State& state) {
    const auto table =
        firmware::compile_asl(demo / "pushbutton.asl", fs::path(GX_BENCHMARK_CACHE) / "firmware");
    if (!table || load_tables_in_child(*table) < 0) {
        state.SkipWithError("the demo's table does not load");
        return;
    }
    measure(state, [&](Samples& samples) { samples.add_ns(load_tables_in_child(*table)); });
}
BENCHMARK(acpica_load)->UseManualTime()->Iterations(50);

}  // namespace
}  // namespace gpioclx::benchmarks
