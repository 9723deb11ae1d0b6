// What a class extension tells of contexts that its clients save and restore, on its way to the
// board. Free of charge: on Windows there is no such call.
#include <ext/gx_export.h>
#include <ext/gx_power.h>

#include "kernel/pnp/device_node.h"
#include "kernel/system.h"

using namespace gpioclx;
using namespace gpioclx::kernel;

namespace {

using Note = void (AcpiProvider::*)(const std::string&, const ContextOwner&);

void pass_on(PDEVICE_OBJECT device, const ContextOwner& owner, Note note) {
    const pnp::DeviceNode* node = pnp::node_of(device);
    if (node == nullptr) return;
    machine::ArenaScope inside;
    (part<pnp::FirmwareLink>().acpi->*note)(node->path, owner);
}

}  // namespace

extern "C" {

VOID GxNoteContextSaved(PDEVICE_OBJECT PhysicalDevice, ULONG Component, ULONG FirstPin,
                        ULONG PinCount) {
    pass_on(PhysicalDevice, {Component == GX_WHOLE_DEVICE, Component, FirstPin, PinCount},
            &AcpiProvider::context_saved);
}
GX_EXPORT_FUNCTION(GxNoteContextSaved);

VOID GxNoteContextRestored(PDEVICE_OBJECT PhysicalDevice, ULONG Component, ULONG FirstPin,
                           ULONG PinCount) {
    pass_on(PhysicalDevice, {Component == GX_WHOLE_DEVICE, Component, FirstPin, PinCount},
            &AcpiProvider::context_restored);
}
GX_EXPORT_FUNCTION(GxNoteContextRestored);

}  // extern "C"
