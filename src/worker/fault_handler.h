// Last words: what the worker writes down when a driver's code (or ours) faults.
#pragma once

#include <cstdint>

#include "worker/worker_process.h"

namespace gpioclx::worker {

// Exit status of a worker that died of a fault or was told to by the watchdog.
constexpr int died_exit_status = 70;

// Asked about each SIGSEGV first: true if it has turned the context (ucontext_t) to code that deals
// with the access, outside of the handler. For pages that are inaccessible on purpose.
using FaultDiverter = bool (*)(void* context, std::uintptr_t address);
void set_fault_diverter(FaultDiverter diverter);

// SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP end the process after the crash record is
// written; SIGUSR2 (from the supervisor's watchdog) writes where the worker hangs and ends it.
void install_fault_handlers(WorkerContext& context);

}  // namespace gpioclx::worker
