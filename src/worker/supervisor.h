// The supervisor's handle on a worker process.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "diagnostics/result.h"
#include "worker/channel.h"
#include "worker/event_ring.h"

namespace gpioclx::worker {

struct SupervisorOptions {
    std::string executable;                 // the tool's own binary; run as "<executable> worker"
    std::uint32_t watchdog_ms = 10'000;     // wall clock without a step of the machine; 0 = none
    std::vector<std::string> wrapper = {};  // command put in front (a debugger)
};

// How a worker ended that should not have.
struct Death {
    CrashKind kind = CrashKind::none;  // none: it exited without last words
    int signal = 0;
    int exit_status = 0;
    CrashAccess access = CrashAccess::unknown;
    std::uint64_t address = 0;
    int processor = -1;  // -1: outside of the machine's processors
    int level = 0;
    machine::NameId actor = machine::no_name;
    std::uint64_t time_ns = 0;
    std::vector<std::uint64_t> frames;  // program counters, innermost first
};

struct LoadedImage {
    std::string name;
    std::string path;
    std::uint64_t base = 0;
    std::uint64_t size = 0;
};

class Supervisor {
  public:
    using TakeEvent = std::function<void(const machine::Event&)>;

    static Result<std::unique_ptr<Supervisor>> start(const SupervisorOptions& options);
    ~Supervisor();
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    // Called for every event, in order, during call().
    void on_event(TakeEvent take) { take_ = std::move(take); }

    // Called for each second of wall-clock time of call() in which there was no event.
    void on_quiet_second(std::function<void()> tell) { tell_quiet_ = std::move(tell); }

    // Sends a request and waits for its answer, handing on events meanwhile. An Error means that
    // the worker is gone (see death()) or that it refused the request (its message).
    Result<nlohmann::json> call(const nlohmann::json& request);

    const std::optional<Death>& death() const { return death_; }
    std::vector<LoadedImage> images() const;
    // What the service noted last, also of a worker that died.
    const Notes& notes() const { return memory_.layout().notes; }
    std::string_view name(machine::NameId id) const { return reader_.name(id); }

  private:
    Supervisor(SharedMemory memory, Channel channel, pid_t process,
               const SupervisorOptions& options);
    void drain();
    bool wait_for_answer();  // false: the worker is gone
    void end_hanging_worker();
    void collect_death();

    SharedMemory memory_;
    EventReader reader_;
    Channel channel_;
    pid_t process_;
    SupervisorOptions options_;
    TakeEvent take_;
    std::function<void()> tell_quiet_;
    std::uint64_t events_ = 0;  // taken so far
    std::optional<Death> death_;
};

}  // namespace gpioclx::worker
