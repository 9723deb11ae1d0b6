// The worker's side: a loop that answers requests.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "diagnostics/result.h"
#include "machine/machine.h"
#include "worker/event_ring.h"

namespace gpioclx::worker {

// What runs in a worker: the board (bench/). Made once, when the worker has started.
class Service {
  public:
    virtual ~Service() = default;
    virtual Result<nlohmann::json> handle(const nlohmann::json& request) = 0;
};

struct WorkerContext {
    SharedLayout& shared;
    RingSink& events;
    SharedNames& names;
    // The service's machine, once there is one: the watchdog looks at its steps, the record of a
    // crash says where it stood.
    std::atomic<machine::Machine*> machine = nullptr;

    // Tells the supervisor where an image is, for symbols.
    void announce_image(std::string_view name, std::string_view path, std::uint64_t base,
                        std::uint64_t size);
};

// Where a debugger stops that was asked to stop at findings; does nothing else.
void stop_debugger_at_finding(std::string_view id);

using MakeService = std::function<std::unique_ptr<Service>(WorkerContext&)>;

// main() of "gpioclx worker SOCKET MEMORY". Returns when the supervisor closes the socket.
int run_worker(int socket, int memory, const MakeService& make_service);

}  // namespace gpioclx::worker
