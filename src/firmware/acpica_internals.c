#include "acpica_internals.h"

#include <acpi/acpi.h>
#include "accommon.h"
#include "acnamesp.h"
#include "actables.h"

int gx_acpica_has_region(void* device, unsigned char space) {
    struct acpi_namespace_node* node = acpi_ns_get_next_node(device, NULL);
    for (; node != NULL; node = acpi_ns_get_next_node(device, node)) {
        if (node->type == ACPI_TYPE_REGION && node->object != NULL &&
            node->object->region.space_id == space) {
            return 1;
        }
    }
    return 0;
}

int gx_acpica_is_table_loaded(unsigned index) {
    return acpi_tb_is_table_loaded(index);
}
