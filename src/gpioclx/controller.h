// One device of a client: its banks, its interrupts, what its driver said about it.
#pragma once

#include "bank.h"
#include "client.h"

namespace gpioclx {

// A primary interrupt and the banks bound to it (I4-I8).
struct PrimaryInterrupt {
    struct Controller* controller;
    WDFINTERRUPT interrupt;
    ULONG vector;
    KIRQL irql;
    KINTERRUPT_MODE mode;
    USHORT first_resource;  // index in the resource lists
};

// The GpioClx locks that a client holds on one processor (L8).
struct ClientLocks {
    ULONG depth;
    KIRQL base_irql;
    BANK_ID order[8];
};

constexpr ULONG max_processors = 32;

struct Controller {
    WDFDEVICE device;
    PDEVICE_OBJECT physical_device;
    Client* client;
    PVOID context;  // the client's device context (R22-R26); first argument of every callback

    CLIENT_CONTROLLER_BASIC_INFORMATION information;  // our own copy (Q4)
    Bank* banks;
    USHORT bank_count;
    PrimaryInterrupt* primaries;
    USHORT primary_count;

    bool prepared;          // CLIENT_PrepareController was called, ReleaseController was not
    bool started;           // CLIENT_StartController succeeded
    bool lines_registered;  // with the kernel's secondary interrupts
    PKTHREAD setup_thread;  // in a setup callback: bank locks are not available (L12)
    ClientLocks client_locks[max_processors];

    // Settings of the bench.
    bool checked;                   // I66
    bool strict_read_of_outputs;    // G8
    bool lenient_isr_lock;          // 5.4
    bool io_without_lock_at_dirql;  // L79

    const GPIO_CLIENT_REGISTRATION_PACKET& packet() const { return client->packet; }
    bool memory_mapped() const { return information.Flags.MemoryMappedController; }
};
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(Controller, controller_of)

// The controller whose client context this is, or nullptr (L19). Any IRQL.
Controller* find_controller(PVOID context);
// When the extension is unloaded.
void release_context_tables();

// Reads and checks the client's basic information, builds the banks (Q1-Q12).
NTSTATUS query_basic_information(Controller& controller);
// Which interrupt resource serves which bank (I4-I9, Q20-Q25); creates the interrupt objects.
NTSTATUS bind_interrupts(Controller& controller, WDFCMRESLIST raw, WDFCMRESLIST translated);
// Tells the kernel that the controller's pins can interrupt.
NTSTATUS register_lines(Controller& controller);
void unregister_lines(Controller& controller);

// primary_interrupt.cpp
EVT_WDF_INTERRUPT_ISR primary_isr;
EVT_WDF_INTERRUPT_WORKITEM primary_worker;  // serial controllers (1.6)

// bank_service.cpp: one pass over a bank. True if a pin was active.
bool service_bank(Bank& bank, bool call_pre_process);

// device_control.cpp
NTSTATUS create_queue(Controller& controller);
void configure_files(PWDFDEVICE_INIT device_init);

}  // namespace gpioclx
