#include "kernel/um/user_resources.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernel/dbg/finding.h"
#include "kernel/ex/pool.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/thread.h"
#include "kernel/ldr/image.h"
#include "kernel/ob/object.h"
#include "kernel/system.h"
#include "kernel/um/user_process.h"
#include "machine/arena.h"

namespace gpioclx::kernel::um {
namespace {

struct AllResources {
    std::vector<UserResources*> all;
    DWORD processes = 0;
};

// Windows hands out multiples of four as well.
constexpr DWORD first_process_id = 1000;

UserResources* find(const ldr::Image* image) {
    const auto& all = part<AllResources>().all;
    const auto found = std::find_if(
        all.begin(), all.end(), [image](const UserResources* one) { return one->image == image; });
    return found != all.end() ? *found : nullptr;
}

void report_locks_of(UserResources& resources) {
    const machine::Machine& machine = machine::Machine::current();
    for (UserLock& lock : resources.locks) {
        if (lock.held()) {
            dbg::report_finding(dbg::id::lock_leaked,
                                fmt::format("the driver '{}' was unloaded while '{}' is held",
                                            resources.name(), machine.text(lock_name(lock))));
        } else if (!lock.slim) {
            dbg::report_finding(
                dbg::id::section_leak,
                fmt::format("the driver '{}' was unloaded and did not delete '{}', initialized in "
                            "{}",
                            resources.name(), machine.text(lock_name(lock)),
                            dbg::function_name(lock.initialized)));
        }
    }
}

}  // namespace

unsigned Numbers::take() {
    const auto free = std::find(used_.begin(), used_.end(), false);
    const auto number = static_cast<unsigned>(free - used_.begin()) + 1;
    if (free == used_.end())
        used_.push_back(true);
    else
        *free = true;
    return number;
}

void Numbers::give_back(unsigned number) {
    if (number != 0) used_[number - 1] = false;
}

std::string_view UserResources::name() const {
    return image != nullptr ? image->name() : std::string_view("system");
}

UserProcess* UserResources::process() const {
    return image != nullptr ? image->process() : nullptr;
}

UserResources& resources_of_caller(const void* return_address) {
    const ldr::Image* image = caller_image(return_address);
    if (UserResources* known = find(image)) return *known;
    machine::ArenaScope inside;
    auto& [all, processes] = part<AllResources>();
    all.push_back(new UserResources);
    all.back()->image = image;
    all.back()->process_id = first_process_id + 4 * processes++;
    return *all.back();
}

const void* call_of(const void* return_address) {
    return ldr::image_of(return_address) != nullptr ? return_address : dbg::driver_call();
}

WaitScope::WaitScope(UserResources& resources)
    : resources_(resources), thread_(ke::current_thread()) {
    machine::ArenaScope inside;
    resources_.waiting.push_back(thread_);
}

WaitScope::~WaitScope() { std::erase(resources_.waiting, thread_); }

void abandon_resources(const ldr::Image& image) {
    UserResources* resources = find(&image);
    if (resources == nullptr || resources->gone) return;
    resources->gone = true;
    release_for_lost_process(*resources);
    for (PKTHREAD thread : resources->waiting) ke::break_wait(thread);
}

void report_resources_of(const ldr::Image& image) {
    UserResources* resources = find(&image);
    if (resources == nullptr || resources->gone) return;
    machine::ArenaScope inside;
    report_locks_of(*resources);
    const machine::Machine& machine = machine::Machine::current();
    for (const PKTHREAD thread : resources->threads) {
        dbg::report_finding(
            dbg::id::image_in_use,
            fmt::format("the driver '{}' was unloaded while its thread '{}' has not ended",
                        image.name(), machine.text(thread->MachineThread->name)));
    }
}

void drop_resources(const ldr::Image& image) {
    UserResources* resources = find(&image);
    if (resources == nullptr) return;
    machine::ArenaScope inside;
    abandon_resources(image);
    for (const UserHandle& handle : resources->handles) ob::close_handle(handle.handle);
    for (const auto& [block, known] : resources->heap) {
        if (block != known.pool && image.process() != nullptr)
            image.process()->free(const_cast<void*>(block));
        ex::free_pool(known.pool, 0, "the end of a process");
    }
    std::erase(part<AllResources>().all, resources);
    // Who has not come back yet looks at it.
    if (resources->threads.empty() && resources->waiting.empty()) {
        delete resources;
        return;
    }
    resources->image = nullptr;
    resources->heap.clear();
    resources->handles.clear();
}

unsigned user_locks_held() { return ke::current_thread()->UserLocks; }

void report_user_locks(std::string_view routine) {
    machine::ArenaScope inside;
    const PKTHREAD thread = ke::current_thread();
    std::string names;
    for (UserResources* resources : part<AllResources>().all) {
        for (UserLock& lock : resources->locks) {
            if (!lock.held_by(thread)) continue;
            names += fmt::format("{}'{}'", names.empty() ? "" : ", ",
                                 machine::Machine::current().text(lock_name(lock)));
        }
    }
    dbg::report_finding(dbg::id::lock_leaked,
                        fmt::format("{} returned with {} held", routine, names));
}

}  // namespace gpioclx::kernel::um
