#include "asserted_level.h"

#include <gx_acpi_gpio.h>

#include "client_call.h"

namespace gpioclx {
namespace {

// A30
constexpr GUID controller_methods = {
    0x4f248f40, 0xd5e2, 0x499f, {0x83, 0x4c, 0x27, 0x75, 0x8e, 0xa1, 0xcd, 0x3f}};
constexpr ULONG revision = 0;
constexpr ULONG list_asserted_high = 1;
constexpr ULONG64 no_pin = 0xffff;

[[noreturn]] void stop_for_malformed_data(Controller& controller, ULONG function,
                                          const char* what) {
    GxReportFinding("firmware-103", controller.physical_device,
                    "_DSM function %u of the controller returned malformed data: %s", function,
                    what);
    KeBugCheckEx(gpio_controller_driver_error, 7, revision, function, 0);
}

}  // namespace

void read_asserted_levels(Controller& controller) {
    if (!controller.information.Flags.EmulateActiveBoth) return;
    const ULONG capacity = 2u * controller.information.TotalPins;
    ULONG64* pins = allocate_array<ULONG64>(capacity);
    if (pins == nullptr) return;
    ULONG count = 0;
    ULONG failed_function = 0;
    const NTSTATUS status =
        GxAcpiQueryDsmIntegers(controller.physical_device, &controller_methods, revision,
                               list_asserted_high, pins, capacity, &count, &failed_function);
    if (status == STATUS_ACPI_INVALID_DATA || status == STATUS_BUFFER_OVERFLOW) {
        stop_for_malformed_data(
            controller, failed_function,
            failed_function == 0 ? "not a buffer" : "not a package of pin numbers");
    }
    for (ULONG i = 0; NT_SUCCESS(status) && i < count; ++i) {
        if (pins[i] == no_pin) continue;
        if (pins[i] >= controller.information.TotalPins) {
            stop_for_malformed_data(controller, list_asserted_high,
                                    "a pin that the controller does not have");
        }
        const ULONG pin = static_cast<ULONG>(pins[i]);
        bank_of_pin(controller, pin).pins[relative_pin(controller, pin)].asserted_high = true;
    }
    release(pins);
}

}  // namespace gpioclx
