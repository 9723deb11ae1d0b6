// AcpiOs*: clock, sleeping and stalling, all in the host's time.
#include "firmware/acpica.h"
#include "firmware/os_layer.h"

using gpioclx::firmware::os_layer;

extern "C" {

u64 acpi_os_get_timer(void) { return os_layer.host->now_100ns(); }

void acpi_os_sleep(u64 milliseconds) { os_layer.host->sleep_ms(milliseconds); }

void acpi_os_stall(u32 microseconds) { os_layer.host->stall_us(microseconds); }

}  // extern "C"
