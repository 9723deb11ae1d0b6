// What a driver tells the PnP manager of its device. Devices come from firmware, once: a bus driver
// that finds children of its own is told plainly that they are not enumerated.
#include <ntddk.h>
#include <ext/gx_export.h>

#include "kernel/dbg/finding.h"
#include "kernel/ke/cost.h"
#include "kernel/pnp/pnp_manager.h"
#include "kernel/system.h"

namespace {

void note(const char* text) {
    auto& machine = gpioclx::kernel::System::current().machine();
    machine.emit(gpioclx::machine::EventKind::message, machine.name("PnP manager"),
                 machine.name(text));
}

}  // namespace

extern "C" {

VOID IoInvalidateDeviceRelations(PDEVICE_OBJECT, DEVICE_RELATION_TYPE) {
    note(
        "device relations changed: children that drivers enumerate are not supported; only devices "
        "of the firmware are");
}
GX_EXPORT_FUNCTION(IoInvalidateDeviceRelations);

// The PnP manager asks the stack for its state again, on its own thread.
VOID IoInvalidateDeviceState(PDEVICE_OBJECT PhysicalDeviceObject) {
    namespace pnp = gpioclx::kernel::pnp;
    gpioclx::kernel::ke::charge();
    pnp::DeviceNode* node = pnp::node_of(PhysicalDeviceObject);
    if (node != nullptr) pnp::post_job({pnp::Job::Kind::query_state, node});
}
GX_EXPORT_FUNCTION(IoInvalidateDeviceState);

VOID IoRequestDeviceEject(PDEVICE_OBJECT) { note("device eject requested: not supported"); }
GX_EXPORT_FUNCTION(IoRequestDeviceEject);

}  // extern "C"
