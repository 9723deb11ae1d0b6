// What the firmware does with the pins of a GPIO controller: events of its _AEI, and fields of
// operation regions (wdk/ext/gx_acpi_gpio.h).
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <ext/gx_acpi_gpio.h>

#include "kernel/io/connection.h"
#include "kernel/pnp/assigned_interrupt.h"
#include "kernel/pnp/device_node.h"

namespace gpioclx::kernel::pnp {

// The pins of one field, as the extension gets them each time.
struct RegionField {
    GpioIoResource resource;
    io::Connection connection;
};

class ControllerFirmware final : public PinRegionUser {
  public:
    explicit ControllerFirmware(DeviceNode& node);

    std::uint32_t access(const GpioIoResource& pins, bool write, std::uint64_t& value) override;

    const RegionField& field(const GpioIoResource& resource);

    DeviceNode& node;
    std::vector<AcpiEvent> events;
    std::deque<AssignedInterrupt> interrupts;  // of the events, in their order
    std::deque<RegionField> fields;
    GX_PIN_REGION_ACCESS* served_by = nullptr;
    PVOID context = nullptr;
};

// Of a device's physical device; made at first use. Null for a device that firmware does not know.
ControllerFirmware* controller_firmware(PDEVICE_OBJECT physical_device);
// The event with this vector; null if the device has none such.
const AssignedInterrupt* event_interrupt(PDEVICE_OBJECT physical_device, ULONG vector);

}  // namespace gpioclx::kernel::pnp
