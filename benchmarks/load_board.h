// A board on a machine in this process. One at a time: the arena has one place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bench/board.h"
#include "scale_board.h"
#include "worker/event_ring.h"
#include "worker/shared_memory.h"

namespace gpioclx::benchmarks {

class LoadBoard {
  public:
    // That of benchmarks/board/benchmark.toml, which most benchmarks share.
    static LoadBoard& instance();

    // Builds the drivers (from the cache if they did not change) and starts all devices. The
    // program ends with a message if that fails. `pin` is the one that interrupts pinload:
    // "\\_SB.WID0:1".
    LoadBoard(const std::filesystem::path& bench_file, const std::string& pin);
    explicit LoadBoard(const ScaleBoard& scale) : LoadBoard(scale.bench_file, scale.pin) {}

    // Requests of pinload.c; each writes or accesses `count` times between probes.
    void write(std::uint32_t count, bool wide, bool toggle);
    void access(std::uint32_t count, bool write);
    // Moves the wire of the interrupt pin and lets the machine run until it is idle.
    void set_wire(bool high);

    // Events since the start. They are dropped here, in place of the supervisor that reads them.
    std::uint64_t drop_events();
    // Texts that the machine has given names to; they stay for ever.
    std::uint32_t name_count() { return shared_.layout().name_count.load(); }
    bench::Board& board() { return *board_; }
    // From an empty machine to started devices; building is not in it.
    double start_ns() const { return start_ns_; }

  private:
    void build();
    void start(const std::string& pin);
    void open();
    void request(std::uint32_t code, const std::vector<std::uint32_t>& input);

    bench::BenchFile bench_;
    std::vector<bench::BoardTable> tables_;
    std::vector<kernel::DriverInstall> drivers_;
    worker::SharedMemory shared_;
    worker::SharedNames names_;
    worker::RingSink sink_;
    std::unique_ptr<bench::Board> board_;
    hardware::Wire* wire_ = nullptr;
    double start_ns_ = 0;
    kernel::Kernel::UserRequest* request_ = nullptr;  // in the arena
};

}  // namespace gpioclx::benchmarks
