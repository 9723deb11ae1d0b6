// From AddDevice to removal (1.4, 2.2.3, 2.2.4, P1-P12).
#include "controller.h"

#include <gx_power.h>

#include "acpi_event.h"
#include "asserted_level.h"
#include "bank_power.h"
#include "client_call.h"
#include "connection.h"
#include "idle.h"
#include "operation_region.h"
#include "query_set.h"

namespace gpioclx {
namespace {

// Contexts of live controllers, for find_controller: an open-addressing table that is replaced when
// it grows, so that readers need no lock.
struct ContextTable {
    ContextTable* retired;  // the table before this one
    ULONG capacity;         // a power of two
    Controller* volatile slots[ANYSIZE_ARRAY];
};
ContextTable* volatile contexts;
LONG context_count;
LIST_ENTRY controllers = {&controllers, &controllers};

ULONG hash_of(const void* context) {
    return static_cast<ULONG>((reinterpret_cast<ULONG_PTR>(context) >> 4) * 0x9E3779B1u);
}

void put(ContextTable& table, Controller& controller) {
    ULONG i = hash_of(controller.context);
    while (table.slots[i & (table.capacity - 1)] != nullptr) ++i;
    table.slots[i & (table.capacity - 1)] = &controller;
}

ULONG needed_capacity() {
    ULONG capacity = 16;
    while (capacity < 4u * (context_count + 1)) capacity *= 2;
    return capacity;
}

// Rebuilt without the holes that removed controllers left. The old table stays until the extension
// is unloaded: a reader may be in it; tables are small and changes rare.
bool rebuild(Controller* added, Controller* removed) {
    const ULONG capacity = needed_capacity();
    ContextTable* table = static_cast<ContextTable*>(
        allocate(FIELD_OFFSET(ContextTable, slots) + capacity * sizeof(Controller*)));
    if (table == nullptr) return false;
    table->capacity = capacity;
    ContextTable* old = contexts;
    for (ULONG i = 0; old != nullptr && i < old->capacity; ++i) {
        Controller* controller = old->slots[i];
        if (controller != nullptr && controller != removed) put(*table, *controller);
    }
    if (added != nullptr) put(*table, *added);
    table->retired = old;
    contexts = table;
    return true;
}

bool add_context(Controller& controller) {
    if (contexts == nullptr || contexts->capacity < needed_capacity())
        return rebuild(&controller, nullptr);
    put(*contexts, controller);
    return true;
}

NTSTATUS prepare(Controller& controller, WDFCMRESLIST raw, WDFCMRESLIST translated) {
    controller.prepared = true;
    NTSTATUS status = call_setup(controller, "CLIENT_PrepareController",
                                 controller.packet().CLIENT_PrepareController, controller.device,
                                 controller.context, raw, translated);
    if (!NT_SUCCESS(status)) return status;
    status = query_basic_information(controller);
    if (NT_SUCCESS(status)) status = allow_idle(controller);
    if (NT_SUCCESS(status)) status = query_bank_power(controller);
    if (NT_SUCCESS(status)) status = bind_interrupts(controller, raw, translated);
    if (NT_SUCCESS(status)) status = register_bank_power(controller);
    if (NT_SUCCESS(status)) status = register_lines(controller);
    if (!NT_SUCCESS(status)) return status;
    reserve_region_pins(controller);
    read_asserted_levels(controller);
    return status;
}

NTSTATUS evt_prepare_hardware(WDFDEVICE device, WDFCMRESLIST raw, WDFCMRESLIST translated) {
    Controller& controller = *controller_of(device);
    return prepare(controller, raw, translated);
}

// The firmware comes last and goes first: its methods need the controller's interrupts and pins
// (A25).
void connect_firmware(Controller& controller) {
    connect_region(controller);
    connect_events(controller);
}

void disconnect_firmware(Controller& controller) {
    disconnect_events(controller);
    disconnect_region(controller);
}

// P2: always, also after a failed PrepareController.
NTSTATUS evt_release_hardware(WDFDEVICE device, WDFCMRESLIST) {
    Controller& controller = *controller_of(device);
    disconnect_firmware(controller);  // P12: removed while in D3
    unregister_lines(controller);
    detach_connections(controller);  // C13: handles may outlive the hardware, not the banks
    if (controller.prepared) {
        call_setup(controller, "CLIENT_ReleaseController",
                   controller.packet().CLIENT_ReleaseController, device, controller.context);
    }
    controller.prepared = controller.saved = false;
    unregister_bank_power(controller);
    unbind_interrupts(controller);
    destroy_banks(controller);
    return STATUS_SUCCESS;
}

NTSTATUS evt_d0_entry(WDFDEVICE device, WDF_POWER_DEVICE_STATE previous) {
    Controller& controller = *controller_of(device);
    const NTSTATUS status =
        call_setup(controller, "CLIENT_StartController", controller.packet().CLIENT_StartController,
                   controller.context, static_cast<BOOLEAN>(controller.saved), previous);
    if (controller.saved && NT_SUCCESS(status))
        GxNoteContextRestored(controller.physical_device, GX_WHOLE_DEVICE, 0,
                              controller.information.TotalPins);
    controller.saved = false;
    controller.started = NT_SUCCESS(status);
    if (controller.started) ExReInitializeRundownProtection(&controller.in_use);
    return status;
}

NTSTATUS evt_interrupts_enabled(WDFDEVICE device, WDF_POWER_DEVICE_STATE previous) {
    Controller& controller = *controller_of(device);
    check_primaries(controller);
    if (previous != WdfPowerDeviceD3Final) unmask_after_low_power(controller);
    start_bank_power(controller);
    if (previous == WdfPowerDeviceD3Final) connect_firmware(controller);
    return STATUS_SUCCESS;
}

NTSTATUS evt_interrupts_to_be_disabled(WDFDEVICE device, WDF_POWER_DEVICE_STATE target) {
    Controller& controller = *controller_of(device);
    if (target == WdfPowerDeviceD3Final) disconnect_firmware(controller);
    stop_bank_power(controller);
    if (target != WdfPowerDeviceD3Final) mask_for_low_power(controller);
    return STATUS_SUCCESS;
}

NTSTATUS evt_d0_exit(WDFDEVICE device, WDF_POWER_DEVICE_STATE target) {
    Controller& controller = *controller_of(device);
    if (!controller.started) return STATUS_SUCCESS;  // P2
    controller.started = false;
    ExWaitForRundownProtectionRelease(&controller.in_use);
    ExRundownCompleted(&controller.in_use);
    controller.saved = target != WdfPowerDeviceD3Final;  // P2, P3
    if (controller.saved)
        GxNoteContextSaved(controller.physical_device, GX_WHOLE_DEVICE, 0,
                           controller.information.TotalPins);
    return call_setup(controller, "CLIENT_StopController",
                      controller.packet().CLIENT_StopController, controller.context,
                      static_cast<BOOLEAN>(controller.saved), target);
}

void evt_destroy(WDFOBJECT device) {
    Controller& controller = *controller_of(device);
    if (controller.context == nullptr) return;
    RemoveEntryList(&controller.link);
    --context_count;
    rebuild(nullptr, &controller);
    release(controller.context);
    controller.context = nullptr;
    Client* client = controller.client;
    // R18: a client that unregistered first goes with its last device.
    if (--client->devices == 0 && IsListEmpty(&client->link)) release(client);
}

void read_settings(Controller& controller) {
    const auto setting = [&](const char* name, ULONG64 value) {
        return GxQuerySetting(controller.physical_device, name, value) != 0;
    };
    controller.checked = setting("checked", 0);
    controller.observed = GxIsObserved();
    controller.strict_read_of_outputs = setting("strict_read_of_outputs", 0);
    controller.storm_threshold =
        static_cast<ULONG>(GxQuerySetting(controller.physical_device, "storm_threshold", 10000));
    controller.max_service_rounds =
        static_cast<ULONG>(GxQuerySetting(controller.physical_device, "max_service_rounds", 1000));
    controller.lenient_isr_lock = setting("lenient_isr_lock", 0);
    controller.io_without_lock_at_dirql = setting("independent_io_at_dirql", 0);
    controller.distinct_buffers = setting("distinct_function_buffers", 0);
}

const Controller* controller_of_link(const LIST_ENTRY* link) {
    return link == &controllers ? nullptr : CONTAINING_RECORD(link, Controller, link);
}

}  // namespace

const Controller* first_controller() { return controller_of_link(controllers.Flink); }
const Controller* next_controller(const Controller& controller) {
    return controller_of_link(controller.link.Flink);
}

void release_context_tables() {
    while (contexts != nullptr) {
        ContextTable* table = contexts;
        contexts = table->retired;
        release(table);
    }
}

Controller* find_controller(PVOID context) {
    ContextTable* table = contexts;
    if (table == nullptr) return nullptr;
    for (ULONG i = hash_of(context);; ++i) {
        Controller* controller = table->slots[i & (table->capacity - 1)];
        if (controller == nullptr || controller->context == context) return controller;
    }
}

}  // namespace gpioclx

using namespace gpioclx;

extern "C" NTSTATUS GPIO_CLX_ProcessAddDevicePreDeviceCreate(WDFDRIVER Driver,
                                                             PWDFDEVICE_INIT DeviceInit,
                                                             PWDF_OBJECT_ATTRIBUTES FdoAttributes) {
    if (KeGetCurrentIrql() != PASSIVE_LEVEL) {
        GxReportFinding("V20", nullptr,
                        "GPIO_CLX_ProcessAddDevicePreDeviceCreate was called at IRQL %u",
                        KeGetCurrentIrql());
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (find_client(Driver) == nullptr || DeviceInit == nullptr || FdoAttributes == nullptr) {
        return STATUS_INVALID_PARAMETER;
    }
    WDF_PNPPOWER_EVENT_CALLBACKS callbacks;  // R20
    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
    callbacks.EvtDevicePrepareHardware = &evt_prepare_hardware;
    callbacks.EvtDeviceReleaseHardware = &evt_release_hardware;
    callbacks.EvtDeviceD0Entry = &evt_d0_entry;
    callbacks.EvtDeviceD0EntryPostInterruptsEnabled = &evt_interrupts_enabled;
    callbacks.EvtDeviceD0ExitPreInterruptsDisabled = &evt_interrupts_to_be_disabled;
    callbacks.EvtDeviceD0Exit = &evt_d0_exit;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &callbacks);
    configure_files(DeviceInit);

    // R19: the caller's structure need not be initialized.
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(FdoAttributes, Controller);
    FdoAttributes->EvtDestroyCallback = &evt_destroy;
    return STATUS_SUCCESS;
}

extern "C" NTSTATUS GPIO_CLX_ProcessAddDevicePostDeviceCreate(WDFDRIVER Driver, WDFDEVICE Device) {
    if (KeGetCurrentIrql() != PASSIVE_LEVEL) {
        GxReportFinding("V20", nullptr,
                        "GPIO_CLX_ProcessAddDevicePostDeviceCreate was called at IRQL %u",
                        KeGetCurrentIrql());
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    Client* client = find_client(Driver);
    if (client == nullptr || Device == nullptr) return STATUS_INVALID_PARAMETER;
    Controller* controller = static_cast<Controller*>(
        WdfObjectGetTypedContextWorker(Device, WDF_GET_CONTEXT_TYPE_INFO(Controller)));
    if (controller == nullptr || controller->client != nullptr) {  // R27
        GxReportFinding(
            "V34", WdfDeviceWdmGetPhysicalDevice(Device),
            "GPIO_CLX_ProcessAddDevicePostDeviceCreate without ...PreDeviceCreate, or twice");
        return STATUS_INVALID_PARAMETER;
    }
    controller->device = Device;
    controller->physical_device = WdfDeviceWdmGetPhysicalDevice(Device);
    if (GxDevicePath(controller->physical_device) == nullptr) return STATUS_UNSUCCESSFUL;

    // R22-R26. At least one byte, so that each device's context is unique.
    controller->context = allocate(client->packet.ControllerContextSize + 16);
    if (controller->context == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    controller->client = client;
    ++client->devices;
    ++context_count;
    InsertTailList(&controllers, &controller->link);
    if (!add_context(*controller)) return STATUS_INSUFFICIENT_RESOURCES;
    read_settings(*controller);
    InitializeListHead(&controller->connections);
    ExInitializeFastMutex(&controller->connections_lock);
    // Nothing is in use until the controller has started.
    ExInitializeRundownProtection(&controller->in_use);
    ExWaitForRundownProtectionRelease(&controller->in_use);
    ExRundownCompleted(&controller->in_use);
    const NTSTATUS status = create_activity_worker(*controller);
    return NT_SUCCESS(status) ? create_queue(*controller) : status;
}
