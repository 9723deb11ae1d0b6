// Registration of controller drivers, and the extension's own DriverEntry.
#include "client.h"

#include "controller.h"
#include "state_dump.h"

namespace gpioclx {
namespace {

// The one list of a loaded extension. Windows would page it in with the image; here the image's
// data is part of the machine's state.
LIST_ENTRY clients;
WDFWAITLOCK clients_lock;

// R16
bool at_passive_level(const char* function) {
    if (KeGetCurrentIrql() == PASSIVE_LEVEL) return true;
    GxReportFinding("V20", nullptr, "%s was called at IRQL %u; it needs PASSIVE_LEVEL", function,
                    KeGetCurrentIrql());
    return false;
}

Client* find_locked(WDFDRIVER driver) {
    for (LIST_ENTRY* entry = clients.Flink; entry != &clients; entry = entry->Flink) {
        Client* client = CONTAINING_RECORD(entry, Client, link);
        if (client->driver == driver) return client;
    }
    return nullptr;
}

// V37
void warn_about_useless_members(const GPIO_CLIENT_REGISTRATION_PACKET& packet) {
    if (has_interrupts(packet)) return;
    if (packet.CLIENT_ClearActiveInterrupts != nullptr ||
        packet.CLIENT_ReconfigureInterrupt != nullptr ||
        packet.CLIENT_QueryEnabledInterrupts != nullptr ||
        packet.CLIENT_PreProcessControllerInterrupt != nullptr) {
        GxReportFinding("V37", nullptr,
                        "the registration packet has interrupt callbacks that are never called, "
                        "because the five mandatory ones are missing");
    }
}

// V35: such a callback is on the path that brings power back, and may not wait for the pager. It
// works all the same, so only a verifier says so.
void warn_about_pageable_callbacks(const GPIO_CLIENT_REGISTRATION_PACKET& packet) {
    const struct {
        const char* name;
        const VOID* function;
    } callbacks[] = {
        {"CLIENT_PrepareController", (const VOID*)packet.CLIENT_PrepareController},
        {"CLIENT_ReleaseController", (const VOID*)packet.CLIENT_ReleaseController},
        {"CLIENT_StartController", (const VOID*)packet.CLIENT_StartController},
        {"CLIENT_StopController", (const VOID*)packet.CLIENT_StopController},
    };
    if (!GxVerifierIsOn()) return;
    for (const auto& callback : callbacks) {
        if (!GxIsPageable(callback.function)) continue;
        GxReportFinding("V35", nullptr,
                        "%s is in pageable code: restoring power would wait for page faults",
                        callback.name);
    }
}

}  // namespace

void* allocate(SIZE_T size) { return ExAllocatePoolZero(NonPagedPoolNx, size, clx_pool_tag); }
void release(void* memory) {
    if (memory != nullptr) ExFreePoolWithTag(memory, clx_pool_tag);
}

NTSTATUS initialize_clients() {
    InitializeListHead(&clients);
    return WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &clients_lock);
}

Client* find_client(WDFDRIVER driver) {
    WdfWaitLockAcquire(clients_lock, nullptr);
    Client* client = find_locked(driver);
    WdfWaitLockRelease(clients_lock);
    return client;
}

}  // namespace gpioclx

using namespace gpioclx;

extern "C" NTSTATUS GPIO_CLX_RegisterClient(WDFDRIVER Driver,
                                            PGPIO_CLIENT_REGISTRATION_PACKET RegistrationPacket,
                                            PUNICODE_STRING RegistryPath) {
    if (!at_passive_level("GPIO_CLX_RegisterClient")) return STATUS_INVALID_DEVICE_REQUEST;
    if (Driver == nullptr || RegistrationPacket == nullptr || RegistryPath == nullptr) {
        return STATUS_INVALID_PARAMETER;  // R1
    }
    Client* client = allocate_array<Client>(1);
    if (client == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    NTSTATUS status = check_registration_packet(*RegistrationPacket, client->packet);
    client->driver = Driver;
    if (NT_SUCCESS(status)) {
        WdfWaitLockAcquire(clients_lock, nullptr);
        if (find_locked(Driver) != nullptr) {
            status = STATUS_INVALID_PARAMETER;  // R15
        } else {
            InsertTailList(&clients, &client->link);
        }
        WdfWaitLockRelease(clients_lock);
    }
    if (!NT_SUCCESS(status)) {
        release(client);
        return status;
    }
    warn_about_useless_members(client->packet);
    warn_about_pageable_callbacks(client->packet);
    return STATUS_SUCCESS;
}

extern "C" NTSTATUS GPIO_CLX_UnregisterClient(WDFDRIVER Driver) {
    if (!at_passive_level("GPIO_CLX_UnregisterClient")) return STATUS_INVALID_DEVICE_REQUEST;
    WdfWaitLockAcquire(clients_lock, nullptr);
    Client* client = find_locked(Driver);
    if (client != nullptr) {
        RemoveEntryList(&client->link);
        InitializeListHead(&client->link);
    }
    WdfWaitLockRelease(clients_lock);
    if (client == nullptr) return STATUS_NOT_FOUND;  // R17
    if (client->devices > 0) {
        // R18: the callbacks stay usable; the last device frees the registration.
        GxReportFinding("V33", nullptr, "the driver unregistered while %d of its devices exist",
                        client->devices);
        return STATUS_SUCCESS;
    }
    release(client);
    return STATUS_SUCCESS;
}

static VOID evt_unload(WDFDRIVER) {
    unregister_state_dump();
    release_context_tables();
}

extern "C" DRIVER_INITIALIZE DriverEntry;
extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
    WDF_DRIVER_CONFIG config;
    WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
    config.DriverInitFlags = WdfDriverInitNonPnpDriver;  // it serves others; no device is its own
    config.EvtDriverUnload = &evt_unload;
    NTSTATUS status = WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                                      WDF_NO_HANDLE);
    if (NT_SUCCESS(status)) status = initialize_clients();
    if (NT_SUCCESS(status)) register_state_dump();
    return status;
}
