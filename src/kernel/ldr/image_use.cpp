#include "kernel/ldr/image_use.h"

#include "kernel/dbg/state_dump.h"
#include "kernel/ex/pool.h"
#include "kernel/ke/dpc.h"
#include "kernel/mm/device_memory.h"
#include "kernel/po/power_framework.h"

namespace gpioclx::kernel::ldr {

void report_uses_of(const Image& image) {
    ke::cancel_active_of(image);
    ex::report_leaks_of(image);
    mm::report_mappings_of(image);
    dbg::report_dumps_of(image);
    po::report_registrations_of(image);
}

}  // namespace gpioclx::kernel::ldr
