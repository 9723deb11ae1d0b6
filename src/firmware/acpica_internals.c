#include "acpica_internals.h"

#include <acpi/acpi.h>
#include "accommon.h"
#include "acnamesp.h"
#include "acevents.h"
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

void* gx_acpica_region_mutex(void* device, unsigned char space) {
    union acpi_operand_object* object = acpi_ns_get_attached_object(device);
    if (object == NULL) return NULL;
    object = acpi_ev_find_region_handler(space, object->common_notify.handler);
    return object != NULL ? object->address_space.context_mutex : NULL;
}

int gx_acpica_describe_field(void* node, unsigned char space, struct gx_acpica_field* field) {
    union acpi_operand_object* object = acpi_ns_get_attached_object(node);
    union acpi_operand_object* region;
    if (object == NULL || object->common.type != ACPI_TYPE_LOCAL_REGION_FIELD) return 0;
    region = object->field.region_obj;
    if (region == NULL || region->region.space_id != space) return 0;
    field->device = region->region.node->parent;
    field->connection = object->field.resource_buffer;
    field->connection_length = object->field.resource_length;
    field->first = object->field.pin_number_index;
    field->count = object->field.bit_length;
    return 1;
}
