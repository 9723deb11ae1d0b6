// A system on the machine: firmware, hardware, kernel and drivers of one bench. Lives in the
// worker.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/bench_file.h"
#include "bench/firmware_provider.h"
#include "bench/hardware_board.h"
#include "bench/machine_host.h"
#include "bench/verifier_link.h"
#include "firmware/firmware.h"
#include "kernel/kernel.h"
#include "machine/seeded_policy.h"

namespace gpioclx::bench {

struct BoardTable {
    std::string file;    // binary
    std::string source;  // the ASL that it was compiled from; "" for a table that came binary
};

struct BoardOptions {
    std::uint64_t seed = 1;
    std::uint32_t processors = 2;
    bool verify = false;      // KernelOptions::verify
    bool instrument = false;  // and drivers tell of their memory
    std::vector<BoardTable> tables;
    std::vector<kernel::DriverInstall> drivers;
    std::string maps;  // folder of the register maps
    // Told of each C++ model that was loaded, for symbols.
    std::function<void(const std::string& path, std::uintptr_t base, std::size_t size)>
        model_loaded;
};

class Board {
  public:
    // Builds everything; nothing runs. Allocates in the arena, which must be fresh.
    static Result<std::unique_ptr<Board>> create(const BenchFile& bench,
                                                 const BoardOptions& options,
                                                 machine::NameTable& names,
                                                 machine::EventSink& sink);
    ~Board();

    // Power on; runs until every device is started or has failed to. A text: why that never
    // happens.
    std::optional<std::string> start();
    // Stops all devices and unloads all drivers; likewise.
    std::optional<std::string> stop();

    // Time.
    void run_for(std::uint64_t ns);
    // False: still busy after `limit_ns`.
    bool run_until_idle(std::uint64_t limit_ns);
    // Runs until `done()`; false: not within `limit_ns`, or the machine halted.
    template <typename Done>
    bool run_until(Done done, std::uint64_t limit_ns) {
        const std::uint64_t end = machine_->now_ns() + limit_ns;
        while (!done()) {
            if (machine_->halted() || machine_->now_ns() >= end) return false;
            const auto result =
                machine_->run_until_idle(std::min(end, machine_->now_ns() + 100'000));
            if (result == machine::RunResult::stuck) return false;
            if (result == machine::RunResult::idle && !done()) return false;
        }
        return true;
    }

    // Accesses of drivers to their memory are points of an explorer. Null: they are not. `known`:
    // of the schedule that is followed.
    void set_memory_points(verify::MemoryPoints* points,
                           const std::vector<explore::Variable>* known = nullptr);
    bool instrumented() const { return instrumented_; }

    machine::Machine& machine() { return *machine_; }
    kernel::Kernel& kernel() { return *kernel_; }
    HardwareBoard& hardware() { return *hardware_; }
    FirmwareProvider& firmware() { return *provider_; }
    const BenchFile& bench() const { return bench_; }
    // PASSIVE_LEVEL work of the PnP manager begins; errors: there is no such device, or it may not
    // go. Once something vanished by surprise, nobody is blamed for what it leaves undone.
    Result<void> remove_device(std::string_view path, bool surprise);
    // Notes a step of the stimulus in the event stream.
    void mark(std::string_view text);

  private:
    explicit Board(const BenchFile& bench) : bench_(bench) {}
    Result<void> build(const BoardOptions& options, machine::NameTable& names,
                       machine::EventSink& sink);
    Result<void> check_drivers(const std::vector<kernel::DriverInstall>& drivers) const;
    Result<void> check_settings() const;
    Result<void> check_devices() const;
    std::optional<std::string> finish(std::string_view doing, bool done,
                                      std::uint64_t begun_ns) const;

    const BenchFile& bench_;
    std::unique_ptr<machine::SeededPolicy> policy_;
    std::unique_ptr<machine::Machine> machine_;
    std::unique_ptr<MachineHost> host_;
    std::unique_ptr<firmware::Firmware> loaded_;
    std::unique_ptr<FirmwareProvider> provider_;
    std::unique_ptr<HardwareBoard> hardware_;
    std::unique_ptr<VerifierLink> verifier_;  // null: nobody looks on
    bool instrumented_ = false;
    std::unique_ptr<kernel::Kernel> kernel_;
};

}  // namespace gpioclx::bench
