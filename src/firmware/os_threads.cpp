// AcpiOs*: initialization, thread ids, deferred work, and what AML can do to the whole system.
#include <fmt/format.h>

#include "firmware/acpica.h"
#include "firmware/os_layer.h"

using gpioclx::firmware::LogLevel;
using gpioclx::firmware::os_layer;

namespace gpioclx::firmware {

GX_ACPICA_DATA OsLayer os_layer = {};

}  // namespace gpioclx::firmware

extern "C" {

acpi_status acpi_os_initialize(void) { return AE_OK; }

acpi_status acpi_os_terminate(void) { return AE_OK; }

acpi_thread_id acpi_os_get_thread_id(void) { return os_layer.host->current_thread(); }

acpi_status acpi_os_execute(acpi_execute_type, acpi_osd_exec_callback function, void* context) {
    os_layer.host->execute({function, context});
    return AE_OK;
}

void acpi_os_wait_events_complete(void) { os_layer.host->wait_executed(); }

acpi_status acpi_os_signal(u32 function, void* info) {
    if (function == ACPI_SIGNAL_FATAL) {
        const auto* fatal = static_cast<const acpi_signal_fatal_info*>(info);
        os_layer.host->log(LogLevel::error,
                           fmt::format("AML executed Fatal (0x{:X}, 0x{:X}, 0x{:X})", fatal->type,
                                       fatal->code, fatal->argument));
    }
    return AE_OK;
}

// A machine has no sleep registers; \_PTS and friends still run for those who evaluate them.
acpi_status acpi_os_enter_sleep(u8, u32, u32) { return AE_OK; }

}  // extern "C"
