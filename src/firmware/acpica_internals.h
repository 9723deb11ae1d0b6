// Two facts that ACPICA knows and does not publish. C, because its internal headers are.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

// Whether a region of the address space is declared directly under the device.
int gx_acpica_has_region(void* device, unsigned char space);

// Whether the definition block at this index of ACPICA's table list became part of the namespace.
int gx_acpica_is_table_loaded(unsigned index);

#ifdef __cplusplus
}
#endif
