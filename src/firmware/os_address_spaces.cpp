// AcpiOs*: physical memory, ports and PCI configuration space.
#include "firmware/acpica.h"
#include "firmware/os_layer.h"

using gpioclx::firmware::os_layer;

extern "C" {

acpi_status acpi_os_read_memory(acpi_physical_address address, u64* value, u32 width) {
    const auto read = os_layer.host->read_memory(address, width);
    if (!read) return AE_BAD_ADDRESS;
    *value = *read;
    return AE_OK;
}

acpi_status acpi_os_write_memory(acpi_physical_address address, u64 value, u32 width) {
    return os_layer.host->write_memory(address, width, value) ? AE_OK : AE_BAD_ADDRESS;
}

acpi_status acpi_os_read_port(acpi_io_address port, u32* value, u32 width) {
    const auto read = os_layer.host->read_port(port, width);
    if (!read) return AE_BAD_ADDRESS;
    *value = *read;
    return AE_OK;
}

acpi_status acpi_os_write_port(acpi_io_address port, u32 value, u32 width) {
    return os_layer.host->write_port(port, width, value) ? AE_OK : AE_BAD_ADDRESS;
}

// No PCI bus: reads give all ones and writes vanish, as on a bus where no device answers.
acpi_status acpi_os_read_pci_configuration(acpi_pci_id*, u32, u64* value, u32 width) {
    *value = width >= 64 ? ~u64{0} : (u64{1} << width) - 1;
    return AE_OK;
}

acpi_status acpi_os_write_pci_configuration(acpi_pci_id*, u32, u64, u32) { return AE_OK; }

}  // extern "C"
