// The PnP manager: enumerates the devices of the firmware, starts them in order, removes them. All
// of it on one system thread, job by job.
#pragma once

#include <wdm.h>

#include <cstdint>
#include <deque>
#include <string_view>

#include "diagnostics/result.h"
#include "kernel/io/waiters.h"
#include "kernel/pnp/device_node.h"
#include "kernel/pnp/driver.h"

namespace gpioclx::kernel::pnp {

struct Job {
    enum class Kind : std::uint8_t {
        start_system,
        remove,
        surprise_remove,
        stop,
        restart,
        query_state,
        sleep,
        wake,
        deep_idle,
        shut_down,
        host_lost
    };
    Kind kind = Kind::start_system;
    DeviceNode* node = nullptr;  // of the ones about a device
    std::uint64_t ns = 0;        // of deep idle
    Driver* driver = nullptr;    // whose host was lost
};

struct Manager {
    std::deque<Job> jobs;
    io::Waiters work;
    bool thread_started = false;
    bool started = false;  // the first enumeration is over
    bool shut_down = false;
    PDRIVER_OBJECT bus = nullptr;  // owns the root's physical device
};

// From anywhere.
void post_job(Job job);

// ---- on the PnP thread ---------------------------------------------------------------------

// The device's stack is built and started, or torn down again; the node says what happened.
void start_device(DeviceNode& node);
// QUERY_REMOVE, then REMOVE; `surprise`: SURPRISE_REMOVAL, then REMOVE. False: a driver refused.
bool remove_device(DeviceNode& node, bool surprise);
bool stop_device(DeviceNode& node);
void restart_device(DeviceNode& node);
// IoInvalidateDeviceState: asks again, and removes a device that declares itself failed.
void query_device_state(DeviceNode& node);

// The process that hosted the driver is gone: its devices are removed as by surprise and, while
// the driver has restarts left, started again in a new process.
void recover_lost_host(Driver& driver);
// See Kernel::kill_host.
Result<void> kill_host(std::string_view device, std::uint64_t after_calls);

// Puts the state into the node and into the event stream.
void set_state(DeviceNode& node, NodeState state);
// A failure; keeps what was reported from further inside (GxReportFailure).
void fail(DeviceNode& node, NTSTATUS status, std::string_view failed_in, std::string_view message);

std::string_view state_name(NodeState state);

}  // namespace gpioclx::kernel::pnp
