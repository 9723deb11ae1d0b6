// A system thread that runs one routine whenever it is asked to, merging requests (rule I45).
#pragma once

#include <string_view>

#include "kernel/io/waiters.h"

namespace gpioclx::kernel::io {

class PassiveWorker {
  public:
    // `run` is called at PASSIVE_LEVEL in a thread named `name`, which is created at the first
    // start and then stays.
    void start(std::string_view name, void (*run)(void* context), void* context);

    // Any level. A request that finds another one queued is merged with it; one that comes while
    // the routine runs causes one more run.
    void schedule();
    // Drops a request that has not begun.
    void cancel() { queued_ = false; }
    // PASSIVE_LEVEL, not from the routine itself: until the routine does not run.
    void wait_until_idle();

    bool started() const { return started_; }

  private:
    static void thread_entry(void* worker);

    machine::NameId name_ = machine::no_name;
    void (*run_)(void*) = nullptr;
    void* context_ = nullptr;
    bool started_ = false;
    bool queued_ = false;
    bool running_ = false;
    Waiters work_;
    Waiters idle_;
};

}  // namespace gpioclx::kernel::io
