// Last words: what the worker writes down when a driver's code (or ours) faults.
#pragma once

#include "worker/worker_process.h"

namespace gpioclx::worker {

// Exit status of a worker that died of a fault or was told to by the watchdog.
constexpr int died_exit_status = 70;

// SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP end the process after the crash record is
// written; SIGUSR2 (from the supervisor's watchdog) writes where the worker hangs and ends it.
void install_fault_handlers(WorkerContext& context);

}  // namespace gpioclx::worker
