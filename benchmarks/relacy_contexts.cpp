// explore/three_contexts.h under relacy: relacy_contexts ROUNDS EXECUTIONS prints the nanoseconds
// that all of it took. A program of its own, because relacy has its own operator new.
#include <relacy/relacy.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace {

unsigned rounds = 1;
volatile bool saw_both = false;

struct ThreeContexts : rl::test_suite<ThreeContexts, 3> {
    rl::mutex locks[2];
    rl::var<int> flags[2];

    void before() { flags[0]($) = flags[1]($) = 0; }
    void set(unsigned which, int value) {
        locks[which].lock($);
        flags[which]($) = value;
        locks[which].unlock($);
    }
    int get(unsigned which) {
        locks[which].lock($);
        const int value = flags[which]($);
        locks[which].unlock($);
        return value;
    }
    void thread(unsigned index) {
        for (unsigned i = 0; i < rounds; ++i) {
            if (index < 2) {
                set(index, 1);
                set(index, 0);
            } else {
                const int first = get(0);
                if (get(1) && first) saw_both = true;
            }
        }
    }
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    rounds = static_cast<unsigned>(std::atoi(argv[1]));
    std::ostringstream nowhere;
    rl::test_params parameters;
    parameters.search_type = rl::random_scheduler_type;
    parameters.iteration_count = static_cast<rl::iteration_t>(std::atoi(argv[2]));
    parameters.output_stream = &nowhere;
    parameters.progress_stream = &nowhere;
    const auto start = std::chrono::steady_clock::now();
    const bool passed = rl::simulate<ThreeContexts>(parameters);
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
    std::printf("%.0f\n", taken.count());
    return passed ? 0 : 1;
}
