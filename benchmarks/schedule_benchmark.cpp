// One step of a scheduler: three contexts and two locks, on the machine, under relacy (where it is
// installed) and, as the way that threads of the host would do it, handed over by an eventfd.
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <thread>

#include "explore/three_contexts.h"
#include "measure.h"

namespace gpioclx::benchmarks {
namespace {

constexpr unsigned rounds = 20;
constexpr unsigned executions = 50;
constexpr double operations = executions * rounds * 12.0;  // of locks

void three_contexts(benchmark::State& state) {
    explore::ThreeContexts contexts(rounds);
    std::uint64_t seed = 0;
    measure(state, [&](Samples& samples) {
        const std::uint64_t start = ticks();
        for (unsigned i = 0; i < executions; ++i) contexts.execute(*explore::random(++seed, 4));
        samples.add_ns(static_cast<double>(ticks() - start) * ns_per_tick() / operations);
    });
}
BENCHMARK(three_contexts)->UseManualTime()->Iterations(200);

// Negative: it is not there, or failed.
double relacy_ns() {
#ifdef GX_RELACY_CONTEXTS
    const std::string command = std::string(GX_RELACY_CONTEXTS) + " " + std::to_string(rounds) +
                                " " + std::to_string(executions);
    std::FILE* output = popen(command.c_str(), "r");
    if (output == nullptr) return -1;
    double ns = -1;
    if (std::fscanf(output, "%lf", &ns) != 1) ns = -1;
    return pclose(output) == 0 ? ns : -1;
#else
    return -1;
#endif
}

void three_contexts_relacy(benchmark::State& state) {
    if (relacy_ns() < 0) return state.SkipWithError("built without relacy");
    measure(state, [](Samples& samples) { samples.add_ns(relacy_ns() / operations); });
}
BENCHMARK(three_contexts_relacy)->UseManualTime()->Iterations(200);

void eventfd_hand_over(benchmark::State& state) {
    constexpr int turns = 200;
    const int there = eventfd(0, 0), back = eventfd(0, 0);
    std::thread other([&] {
        for (std::uint64_t value = 0; read(there, &value, sizeof value) == sizeof value;) {
            const bool last = value > 1;
            value = 1;
            if (last || write(back, &value, sizeof value) != sizeof value) return;
        }
    });
    measure(state, [&](Samples& samples) {
        const std::uint64_t start = ticks();
        for (int i = 0; i < turns; ++i) {
            std::uint64_t value = 1;
            if (write(there, &value, sizeof value) < 0 || read(back, &value, sizeof value) < 0)
                return state.SkipWithError("eventfd");
        }
        samples.add_ns(static_cast<double>(ticks() - start) * ns_per_tick() / (2 * turns));
    });
    const std::uint64_t last = 2;
    if (write(there, &last, sizeof last) == sizeof last) other.join();
    close(there);
    close(back);
}
BENCHMARK(eventfd_hand_over)->UseManualTime()->Iterations(100);

}  // namespace
}  // namespace gpioclx::benchmarks
