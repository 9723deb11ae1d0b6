#include "acpi_event.h"

#include <gx_acpi_gpio.h>

namespace gpioclx {

// The extension is the service routine of its own pin: passive, so that a level pin stays masked
// until the method has quieted its source (A18, A20, I42).
struct AcpiEvent {
    Controller* controller;
    ULONG index;  // in _AEI
    PKINTERRUPT interrupt;
};

namespace {

BOOLEAN event_isr(PKINTERRUPT, PVOID context) {
    const AcpiEvent& event = *static_cast<AcpiEvent*>(context);
    // Its failure is reported where the reason is known; the interrupt was handled all the same.
    GxAcpiRunEvent(event.controller->physical_device, event.index);
    return TRUE;
}

NTSTATUS connect(AcpiEvent& event, const GX_ACPI_EVENT& pin) {
    IO_CONNECT_INTERRUPT_PARAMETERS parameters = {};
    parameters.Version = CONNECT_FULLY_SPECIFIED;
    parameters.FullySpecified.PhysicalDeviceObject = event.controller->physical_device;
    parameters.FullySpecified.InterruptObject = &event.interrupt;
    parameters.FullySpecified.ServiceRoutine = &event_isr;
    parameters.FullySpecified.ServiceContext = &event;
    parameters.FullySpecified.Vector = pin.Vector;
    parameters.FullySpecified.Irql = PASSIVE_LEVEL;
    parameters.FullySpecified.SynchronizeIrql = PASSIVE_LEVEL;
    parameters.FullySpecified.InterruptMode = pin.Mode;
    parameters.FullySpecified.ShareVector = pin.Shared;
    parameters.FullySpecified.ProcessorEnableMask = ~static_cast<KAFFINITY>(0);
    return IoConnectInterruptEx(&parameters);
}

}  // namespace

void connect_events(Controller& controller) {
    GX_ACPI_EVENT pin;
    ULONG count = 0;
    while (NT_SUCCESS(GxAcpiGetEvent(controller.physical_device, count, &pin))) ++count;
    if (count == 0) return;
    controller.events = allocate_array<AcpiEvent>(count);
    if (controller.events == nullptr) {
        GxReportFinding("firmware-101", controller.physical_device,
                        "there is no memory for the controller's %u events", count);
        return;
    }
    controller.event_count = count;
    for (ULONG i = 0; i < count; ++i) {
        AcpiEvent& event = controller.events[i];
        event.controller = &controller;
        event.index = i;
        NTSTATUS status = GxAcpiGetEvent(controller.physical_device, i, &pin);
        if (NT_SUCCESS(status)) status = connect(event, pin);
        if (NT_SUCCESS(status)) continue;
        event.interrupt = nullptr;
        GxReportFinding(
            "firmware-101", controller.physical_device,
            "the event of pin %u (%s) cannot be connected: %!STATUS!%s", pin.Pin, pin.Method,
            status,
            pin.Pin >= controller.information.TotalPins ? "; the controller has no such pin" : "");
    }
}

void disconnect_events(Controller& controller) {
    for (ULONG i = 0; i < controller.event_count; ++i) {
        if (controller.events[i].interrupt == nullptr) continue;
        IO_DISCONNECT_INTERRUPT_PARAMETERS parameters = {};
        parameters.Version = CONNECT_FULLY_SPECIFIED;
        parameters.ConnectionContext.InterruptObject = controller.events[i].interrupt;
        IoDisconnectInterruptEx(&parameters);
    }
    release(controller.events);
    controller.events = nullptr;
    controller.event_count = 0;
}

}  // namespace gpioclx
