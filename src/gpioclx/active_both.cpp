#include "active_both.h"

#include <acpiioct.h>
#include <gx_acpi.h>

#include "client_call.h"

namespace gpioclx {
namespace {

constexpr GUID gpio_controller_dsm = {
    0x4F248F40, 0xD5E2, 0x499F, {0x83, 0x4C, 0x27, 0x75, 0x8E, 0xA1, 0xCD, 0x3F}};
constexpr ULONG revision = 0;
constexpr ULONG query_functions = 0;
constexpr ULONG asserted_high_pins = 1;

// The four arguments of a _DSM, as ACPI_METHOD_ARGUMENTs one behind the other.
struct IntegerArgument {
    USHORT type;
    USHORT length;
    ULONG value;
};
struct DsmArguments {
    USHORT guid_type;
    USHORT guid_length;
    GUID guid;
    IntegerArgument revision;
    IntegerArgument function;
    IntegerArgument package;  // empty
};

[[noreturn]] void malformed(const Controller& controller, ULONG function) {
    PCSTR path = GxDevicePath(controller.physical_device);
    DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_ERROR_LEVEL,
               "GpioClx: _DSM of %s, function %u, returned malformed data\n",
               path != nullptr ? path : "?", function);
    KeBugCheckEx(gpio_controller_driver_error, 7, revision, function, 0);
}

// The results, to be released; STATUS_OBJECT_NAME_NOT_FOUND if there is no _DSM.
NTSTATUS evaluate(const Controller& controller, ULONG function, ACPI_EVAL_OUTPUT_BUFFER** results,
                  SIZE_T* size) {
    DsmArguments arguments = {};
    arguments.guid_type = ACPI_METHOD_ARGUMENT_BUFFER;
    arguments.guid_length = sizeof(GUID);
    arguments.guid = gpio_controller_dsm;
    arguments.revision = {ACPI_METHOD_ARGUMENT_INTEGER, sizeof(ULONG), revision};
    arguments.function = {ACPI_METHOD_ARGUMENT_INTEGER, sizeof(ULONG), function};
    arguments.package = {ACPI_METHOD_ARGUMENT_PACKAGE, 0, 0};
    *size = 512;
    for (;;) {
        *results = static_cast<ACPI_EVAL_OUTPUT_BUFFER*>(allocate(*size));
        if (*results == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
        ULONG_PTR written = 0;
        const NTSTATUS status =
            GxAcpiEvaluate(controller.physical_device, "_DSM", 4, &arguments, sizeof(arguments),
                           *results, static_cast<ULONG>(*size), &written);
        if (NT_SUCCESS(status)) return status;
        const SIZE_T needed = (*results)->Length;
        release(*results);
        *results = nullptr;
        if (status != STATUS_BUFFER_OVERFLOW || needed <= *size) return status;
        *size = needed;
    }
}

bool supports_asserted_high_pins(const Controller& controller,
                                 const ACPI_EVAL_OUTPUT_BUFFER& results) {
    const ACPI_METHOD_ARGUMENT& functions = results.Argument[0];
    if (results.Count != 1 || functions.Type != ACPI_METHOD_ARGUMENT_BUFFER ||
        functions.DataLength == 0) {
        malformed(controller, query_functions);
    }
    return (functions.Data[0] & (1u << asserted_high_pins)) != 0;
}

// A30: pin numbers of the controller; 0xffff stands for none.
void apply(Controller& controller, const ACPI_EVAL_OUTPUT_BUFFER& results) {
    const ACPI_METHOD_ARGUMENT* argument = results.Argument;
    for (ULONG i = 0; i < results.Count; ++i, argument = ACPI_METHOD_NEXT_ARGUMENT(argument)) {
        if (argument->Type != ACPI_METHOD_ARGUMENT_INTEGER) malformed(controller, asserted_high_pins);
        ULONG64 pin = 0;
        RtlCopyMemory(&pin, argument->Data,
                      argument->DataLength < sizeof(pin) ? argument->DataLength : sizeof(pin));
        if (pin == 0xFFFF) continue;
        if (pin >= controller.information.TotalPins) malformed(controller, asserted_high_pins);
        Bank& bank = bank_of_pin(controller, static_cast<ULONG>(pin));
        bank.asserted_high |= bit(relative_pin(controller, static_cast<ULONG>(pin)));
    }
}

}  // namespace

KINTERRUPT_POLARITY asserted_polarity(const Bank& bank, PIN_NUMBER number) {
    return (bank.asserted_high & bit(number)) != 0 ? InterruptActiveHigh : InterruptActiveLow;
}

void turn_around(Bank& bank, PIN_NUMBER number, MaskReason reason) {
    mask_pins(bank, bit(number), reason);
    if ((bank.enabled & bank.masked & bit(number)) == 0) return;  // I36: disabled instead
    reconfigure_pin(bank, number, LevelSensitive, opposite(bank.pins[number].polarity));
    clear_pins(bank, bit(number));
}

NTSTATUS query_asserted_levels(Controller& controller) {
    const CONTROLLER_ATTRIBUTE_FLAGS& flags = controller.information.Flags;
    if (!has_interrupts(controller.packet()) ||
        !(flags.EmulateActiveBoth || flags.EmulateDebouncing))
        return STATUS_SUCCESS;
    ACPI_EVAL_OUTPUT_BUFFER* results = nullptr;
    SIZE_T size = 0;
    NTSTATUS status = evaluate(controller, query_functions, &results, &size);
    if (status == STATUS_OBJECT_NAME_NOT_FOUND) return STATUS_SUCCESS;  // A31
    if (!NT_SUCCESS(status)) return status;
    const bool supported = supports_asserted_high_pins(controller, *results);
    release(results);
    if (!supported) return STATUS_SUCCESS;
    status = evaluate(controller, asserted_high_pins, &results, &size);
    if (!NT_SUCCESS(status)) return status;
    apply(controller, *results);
    release(results);
    return STATUS_SUCCESS;
}

}  // namespace gpioclx
