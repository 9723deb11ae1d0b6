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
    USHORT first_resource;    // index in the resource lists
    Bank* first_bank;         // those bound to it, in ascending order
    KDPC progress_dpc;        // I62: runs when this processor gets below DIRQL again
    ULONG progress;           // how often it has
    ULONG spurious_in_a_row;  // I62, serial controllers
};

constexpr ULONG max_processors = 32;

struct AcpiEvent;    // acpi_event.cpp
struct RegionField;  // operation_region.cpp

struct Controller {
    LIST_ENTRY link;  // of all controllers, in the order of AddDevice
    WDFDEVICE device;
    PDEVICE_OBJECT physical_device;
    Client* client;
    PVOID context;  // the client's device context (R22-R26); first argument of every callback

    CLIENT_CONTROLLER_BASIC_INFORMATION information;  // our own copy (Q4); stays over a restart
    Bank* banks;
    USHORT bank_count;
    PrimaryInterrupt* primaries;
    USHORT primary_count;

    bool prepared;          // CLIENT_PrepareController was called, ReleaseController was not
    bool started;           // CLIENT_StartController succeeded
    bool saved;             // CLIENT_StopController was told to save its context (P4)
    bool may_idle;          // goes to D3 while nobody uses it (P20)
    EX_RUNDOWN_REF in_use;  // callbacks outside of set-up; none while not started (O-36)
    bool lines_registered;  // with the kernel's secondary interrupts
    PKTHREAD setup_thread;  // in a setup callback: bank locks are not available (L12)
    const char* setup_callback;
    // Interrupt locks that the client holds, by processor: the latest, which leads to the others.
    Bank* client_locks[max_processors];
    volatile LONG client_wait_locks;  // wait locks that threads of a serial client hold

    // Banks with power of their own (bank_power.h).
    POHANDLE power;       // null: they have none
    KDPC power_dpc;       // hold_for_interrupts from above DISPATCH_LEVEL
    bool in_deep_idle;    // its interrupts are masked for it
    Bank* critical_bank;  // its context is saved or restored at HIGH_LEVEL

    // Serial controllers: masks what was reported inactive above PASSIVE_LEVEL (I96).
    WDFWORKITEM activity_worker;

    // What the firmware does with pins (10.3, 10.4), while the device is in D0.
    AcpiEvent* events;
    ULONG event_count;
    RegionField* region_fields;
    KEVENT region_free;

    // Open handles (C13).
    LIST_ENTRY connections;
    FAST_MUTEX connections_lock;

    bool observed;  // somebody follows what callbacks do (GxIsObserved)
    // Warnings that come once.
    bool warned_of_enabled_mask;  // V38
    bool warned_of_native_both;   // S24

    // Settings of the bench.
    bool checked;                   // I66
    ULONG storm_threshold;          // I62: interrupts of a pin in a row
    ULONG max_service_rounds;       // I62: in one run of the service routine
    bool strict_read_of_outputs;    // G8
    bool lenient_isr_lock;          // 5.4
    bool io_without_lock_at_dirql;  // L79
    bool distinct_buffers;          // G24

    const GPIO_CLIENT_REGISTRATION_PACKET& packet() const { return client->packet; }
    bool memory_mapped() const { return information.Flags.MemoryMappedController; }
};
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(Controller, controller_of)

// The controller whose client context this is, or nullptr (L19). Any IRQL.
Controller* find_controller(PVOID context);
// All, in the order of AddDevice; nullptr at the end.
const Controller* first_controller();
const Controller* next_controller(const Controller& controller);
// When the extension is unloaded.
void release_context_tables();

// Reads and checks the client's basic information, builds the banks (Q1-Q12).
NTSTATUS query_basic_information(Controller& controller);
// Which interrupt resource serves which bank (I4-I9, Q20-Q25); creates the interrupt objects.
NTSTATUS bind_interrupts(Controller& controller, WDFCMRESLIST raw, WDFCMRESLIST translated);
void unbind_interrupts(Controller& controller);
void check_primaries(Controller& controller);  // V30; PASSIVE_LEVEL, when they are connected
// Tells the kernel that the controller's pins can interrupt.
NTSTATUS register_lines(Controller& controller);
void unregister_lines(Controller& controller);
NTSTATUS create_activity_worker(Controller& controller);
// Under the service lock: brings the masks in step with which pins have active service routines
// (I95).
void apply_activity(Bank& bank);

// primary_interrupt.cpp
EVT_WDF_INTERRUPT_ISR primary_isr;
EVT_WDF_INTERRUPT_WORKITEM primary_worker;  // serial controllers (1.6)

// bank_service.cpp: one pass over a bank. The pins that were active and got service.
ULONG64 service_bank(Bank& bank, bool call_pre_process);

// While one that is valid exists, the controller is not stopped (O-36). PASSIVE_LEVEL.
class InUse {
  public:
    explicit InUse(Controller& controller)
        : controller_(controller), valid_(ExAcquireRundownProtection(&controller.in_use)) {}
    ~InUse() {
        if (valid_) ExReleaseRundownProtection(&controller_.in_use);
    }
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;
    explicit operator bool() const { return valid_; }

  private:
    Controller& controller_;
    const bool valid_;
};

// device_control.cpp
NTSTATUS create_queue(Controller& controller);
void configure_files(PWDFDEVICE_INIT device_init);

}  // namespace gpioclx
