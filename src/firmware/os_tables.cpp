// AcpiOs*: where the tables are. None is overridden: the user's files are the last word.
#include "firmware/acpica.h"
#include "firmware/os_layer.h"

using gpioclx::firmware::os_layer;

extern "C" {

acpi_physical_address acpi_os_get_root_pointer(void) { return os_layer.root_pointer; }

acpi_status acpi_os_predefined_override(const acpi_predefined_names*, acpi_string* value) {
    *value = nullptr;
    return AE_OK;
}

acpi_status acpi_os_table_override(acpi_table_header*, acpi_table_header** table) {
    *table = nullptr;
    return AE_OK;
}

acpi_status acpi_os_physical_table_override(acpi_table_header*, acpi_physical_address* address,
                                            u32* length) {
    *address = 0;
    *length = 0;
    return AE_OK;
}

}  // extern "C"
