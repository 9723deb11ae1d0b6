// What ACPICA knows and does not publish. C, because its internal headers are.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

// Whether a region of the address space is declared directly under the device.
int gx_acpica_has_region(void* device, unsigned char space);

// Whether the definition block at this index of ACPICA's table list became part of the namespace.
int gx_acpica_is_table_loaded(unsigned index);

// The mutex that ACPICA holds while it calls the device's handler of the address space; null if
// there is no handler.
void* gx_acpica_region_mutex(void* device, unsigned char space);

// A named field of a region of the address space.
struct gx_acpica_field {
    void* device;  // in whose scope the region is declared
    const unsigned char* connection;
    unsigned connection_length;
    unsigned first;  // bits after the Connection ()
    unsigned count;
};
// False: the node is something else.
int gx_acpica_describe_field(void* node, unsigned char space, struct gx_acpica_field* field);

#ifdef __cplusplus
}
#endif
