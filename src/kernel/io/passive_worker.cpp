#include "kernel/io/passive_worker.h"

#include "kernel/io/system_thread.h"

namespace gpioclx::kernel::io {

void PassiveWorker::start(std::string_view name, void (*run)(void* context), void* context) {
    if (started_) return;
    started_ = true;
    name_ = machine::Machine::current().name(name);
    run_ = run;
    context_ = context;
    create_system_thread(name, &PassiveWorker::thread_entry, this);
}

void PassiveWorker::schedule() {
    queued_ = true;
    work_.notify_all();
}

void PassiveWorker::wait_until_idle() {
    idle_.wait_until(name_, [this] { return !running_; });
}

void PassiveWorker::thread_entry(void* context) {
    auto& self = *static_cast<PassiveWorker*>(context);
    for (;;) {
        self.work_.wait_until(self.name_, [&self] { return self.queued_; });
        self.queued_ = false;
        self.running_ = true;
        self.run_(self.context_);
        self.running_ = false;
        self.idle_.notify_all();
    }
}

}  // namespace gpioclx::kernel::io
