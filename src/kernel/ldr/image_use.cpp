#include "kernel/ldr/image_use.h"

#include <fmt/format.h>

#include <vector>

#include "kernel/dbg/finding.h"
#include "kernel/dbg/state_dump.h"
#include "kernel/ex/pool.h"
#include "kernel/ke/dpc.h"
#include "kernel/mm/device_memory.h"
#include "kernel/ob/object.h"
#include "kernel/po/power_framework.h"
#include "kernel/system.h"
#include "kernel/um/user_resources.h"

namespace gpioclx::kernel::ldr {

namespace {

struct Registration {
    const void* key = nullptr;
    machine::NameId what = machine::no_name;
    const void* routine = nullptr;
};
struct Registrations {
    std::vector<Registration> all;  // in the order in which they were made
};

void report_registrations_of(const Image& image) {
    for (const Registration& one : part<Registrations>().all) {
        if (!image.contains(one.routine)) continue;
        dbg::report_finding(
            dbg::id::image_in_use,
            fmt::format("the driver '{}' was unloaded while {} for its routine {} is left",
                        image.name(), machine::Machine::current().text(one.what),
                        dbg::function_name(one.routine)));
    }
}

}  // namespace

void note_registration(const void* key, std::string_view what, const void* routine) {
    if (image_of(routine) == nullptr) return;
    machine::ArenaScope inside;
    part<Registrations>().all.push_back({key, machine::Machine::current().name(what), routine});
}

void forget_registration(const void* key) {
    std::erase_if(part<Registrations>().all,
                  [key](const Registration& one) { return one.key == key; });
}

void report_uses_of(const Image& image) {
    ke::cancel_active_of(image);
    ex::report_leaks_of(image);
    mm::report_mappings_of(image);
    dbg::report_dumps_of(image);
    po::report_registrations_of(image);
    report_registrations_of(image);
    ob::report_handles_of(image);
    um::report_resources_of(image);
}

}  // namespace gpioclx::kernel::ldr
