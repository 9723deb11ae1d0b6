// What an edge costs on boards of different size. Each board has a process of its own, because a
// process has one machine; their batches take turns, so that both see the same load of the host.
#include <sys/wait.h>
#include <unistd.h>

#include "load_board.h"
#include "measure.h"
#include "scale_board.h"

namespace gpioclx::benchmarks {
namespace {

constexpr int edges_per_batch = 200;
constexpr int batches = 200;

bool write_all(int file, const void* data, std::size_t size) {
    return write(file, data, size) == static_cast<ssize_t>(size);
}
bool read_all(int file, void* data, std::size_t size) {
    char* at = static_cast<char*>(data);
    while (size > 0) {
        const ssize_t got = read(file, at, size);
        if (got <= 0) return false;
        at += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

// A board in a child process that measures when it is told to.
class BoardProcess {
  public:
    explicit BoardProcess(const ScaleBoard& board) {
        int to_child[2], to_parent[2];
        if (pipe(to_child) != 0 || pipe(to_parent) != 0) return;
        child_ = fork();
        if (child_ == 0) {
            close(to_child[1]);
            close(to_parent[0]);
            serve(board, to_child[0], to_parent[1]);
            _exit(0);
        }
        close(to_child[0]);
        close(to_parent[1]);
        orders_ = to_child[1];
        answers_ = to_parent[0];
        works_ = child_ > 0 && read_all(answers_, &start_ns_, sizeof start_ns_);
    }
    ~BoardProcess() {
        close(orders_);
        close(answers_);
        if (child_ > 0) waitpid(child_, nullptr, 0);
    }
    BoardProcess(const BoardProcess&) = delete;
    BoardProcess& operator=(const BoardProcess&) = delete;

    bool works() const { return works_; }
    double start_ns() const { return start_ns_; }
    void measure_batch(Samples& samples) {
        double ns[edges_per_batch];
        works_ = works_ && write_all(orders_, "b", 1) && read_all(answers_, ns, sizeof ns);
        for (double sample : ns) {
            if (works_) samples.add_ns(sample);
        }
    }

  private:
    static void serve(const ScaleBoard& scale, int orders, int answers) {
        LoadBoard load(scale);
        const double started = load.start_ns();
        if (!write_all(answers, &started, sizeof started)) return;
        char order;
        while (read_all(orders, &order, 1)) {
            double ns[edges_per_batch];
            for (double& sample : ns) {
                Samples one;
                record_probes_into(&one);
                start_probe();
                load.set_wire(true);
                record_probes_into(nullptr);
                load.set_wire(false);
                if (one.count() != 1) return;  // no interrupt, or more than one
                sample = one.total_ns();
            }
            load.drop_events();
            if (!write_all(answers, ns, sizeof ns)) return;
        }
    }

    pid_t child_ = -1;
    int orders_ = -1;
    int answers_ = -1;
    bool works_ = false;
    double start_ns_ = 0;
};

ScaleBoard board_of(unsigned controllers, bool small = false) {
    const auto name = small ? std::string("64pins") : std::to_string(controllers) + "x256";
    return write_scale_board(std::filesystem::path(GX_BENCHMARK_CACHE) / "scale" / name,
                             controllers, small);
}

// 64 pins of one controller against 65,536 of 256.
void edge_to_isr_by_size(benchmark::State& state) {
    BoardProcess small(board_of(1, true));
    BoardProcess large(board_of(256));
    Samples of_small, of_large;
    Yardstick yardstick;
    for (int warm = 0; warm < 3; ++warm) {
        small.measure_batch(of_small);
        large.measure_batch(of_large);
    }
    of_small = {};
    of_large = {};
    for (auto _ : state) {
        for (int i = 0; i < batches; ++i) {
            yardstick.sample();
            small.measure_batch(of_small);
            large.measure_batch(of_large);
        }
        state.SetIterationTime((of_small.total_ns() + of_large.total_ns()) / 1e9);
    }
    if (!small.works() || !large.works()) {
        state.SkipWithError("a board does not run");
        return;
    }
    report(state, of_large, yardstick);
    state.counters[counter::median_of_small] = of_small.percentile_ns(0.5);
    state.counters["p99_of_small"] = of_small.percentile_ns(0.99);
}
BENCHMARK(edge_to_isr_by_size)->UseManualTime()->Iterations(1);

// Starting four times as many controllers: four times the time if nothing grows with the square.
void start_by_size(benchmark::State& state) {
    Samples of_small, of_large;
    Yardstick yardstick;
    for (auto _ : state) {
        for (int i = 0; i < 3; ++i) {
            yardstick.sample();
            BoardProcess small(board_of(64));
            BoardProcess large(board_of(256));
            if (!small.works() || !large.works()) {
                state.SkipWithError("a board does not run");
                return;
            }
            of_small.add_ns(small.start_ns());
            of_large.add_ns(large.start_ns());
        }
        state.SetIterationTime((of_small.total_ns() + of_large.total_ns()) / 1e9);
    }
    report(state, of_large, yardstick);
    state.counters[counter::median_of_small] = of_small.percentile_ns(0.5);
}
BENCHMARK(start_by_size)->UseManualTime()->Iterations(1);

}  // namespace
}  // namespace gpioclx::benchmarks
