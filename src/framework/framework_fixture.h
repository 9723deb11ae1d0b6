// A device stack for tests: a physical device of a bus that agrees to everything, and above it the
// device of a driver whose callbacks are functions of the test. No firmware, no PnP manager: the
// test sends the PnP requests itself.
#pragma once

#include <wdf.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "framework/dispatch.h"
#include "framework/driver.h"
#include "kernel/io/driver_object.h"
#include "kernel/io/interrupt_primary.h"
#include "kernel/kernel_test_fixture.h"
#include "kernel/pnp/pnp_request.h"

namespace gpioclx::framework {

// What callbacks of the driver under test write down: names without memory of their own.
struct Trace {
    std::array<const char*, 256> entries{};
    std::size_t count = 0;

    void add(const char* what) {
        if (count < entries.size()) entries[count++] = what;
    }
    bool has(std::string_view what) const {
        for (std::size_t i = 0; i < count; ++i) {
            if (what == entries[i]) return true;
        }
        return false;
    }
    std::size_t number_of(std::string_view what) const {
        std::size_t n = 0;
        for (std::size_t i = 0; i < count; ++i) n += what == entries[i];
        return n;
    }
    std::string text() const {
        std::string all;
        for (std::size_t i = 0; i < count; ++i)
            all += (i == 0 ? "" : " ") + std::string(entries[i]);
        return all;
    }
};

class FrameworkTest : public kernel::KernelTest {
  public:
    static constexpr ULONG ioctl_buffered =
        CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS);
    static constexpr ULONG ioctl_direct =
        CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_OUT_DIRECT, FILE_ANY_ACCESS);
    static constexpr ULONG gsi = 40;

    void SetUp() override {
        // What GoogleTest keeps per thread must not be made inside the arena, which is reset.
        ::testing::ScopedTrace warm_up(__FILE__, __LINE__, "");
        trace = {};
        current = this;
        add_device = nullptr;
        lower_io = nullptr;
        resources = {};
        boot();
    }
    // Every processor has run something and gone idle, as on a system that is up.
    void boot() {
        for (std::uint32_t i = 0; i < machine().processor_count(); ++i) {
            const machine::NameId name = names.intern("boot " + std::to_string(i));
            machine::ArenaScope inside;
            machine().create_thread(
                name, [](void*) {}, nullptr, 8, 1u << i);
        }
        run();
    }

    // ---- on a thread of the machine ----

    // Driver object, WdfDriverCreate with `add` as EvtDriverDeviceAdd, and AddDevice for a new PDO.
    NTSTATUS load(PFN_WDF_DRIVER_DEVICE_ADD add) {
        create_driver_object();
        WDF_DRIVER_CONFIG config;
        WDF_DRIVER_CONFIG_INIT(&config, add);
        config.EvtDriverUnload = [](WDFDRIVER) { current->trace.add("Unload"); };
        const NTSTATUS status = create_driver(&config, WDF_NO_OBJECT_ATTRIBUTES);
        if (!NT_SUCCESS(status)) return status;
        create_pdo();
        return driver->DriverExtension->AddDevice(driver, pdo);
    }
    void create_driver_object() {
        machine::ArenaScope inside;
        driver = kernel::io::create_driver("testdriver");
    }
    NTSTATUS create_driver(WDF_DRIVER_CONFIG* config, WDF_OBJECT_ATTRIBUTES* attributes) {
        return WdfDriverCreate(driver, &kernel::io::driver_record(driver).registry_path_view,
                               attributes, config, &wdf_driver);
    }
    void create_pdo() {
        machine::ArenaScope inside;
        bus = kernel::io::create_driver("testbus");
        for (auto& entry : bus->MajorFunction) entry = &FrameworkTest::bus_dispatch;
        IoCreateDevice(bus, 0, nullptr, FILE_DEVICE_UNKNOWN, 0, FALSE, &pdo);
        pdo->Flags &= ~DO_DEVICE_INITIALIZING;
    }

    NTSTATUS pnp(UCHAR minor) { return kernel::pnp::send_pnp(pdo, minor); }
    // IRP_MN_START_DEVICE with `resources`.
    NTSTATUS start_device() {
        kernel::pnp::PnpRequest request;
        request.minor = IRP_MN_START_DEVICE;
        if (resources.count != 0) {
            request.stack.Parameters.StartDevice.AllocatedResources = &resources.list;
            request.stack.Parameters.StartDevice.AllocatedResourcesTranslated = &resources.list;
        }
        return kernel::pnp::send_pnp(pdo, request);
    }
    NTSTATUS remove_device() { return pnp(IRP_MN_REMOVE_DEVICE); }

    void add_memory_resource(ULONGLONG start, ULONG length) {
        CM_PARTIAL_RESOURCE_DESCRIPTOR& d = resources.add();
        d.Type = CmResourceTypeMemory;
        d.u.Memory.Start.QuadPart = static_cast<LONGLONG>(start);
        d.u.Memory.Length = length;
    }
    machine::InterruptLine& add_interrupt_resource(ULONG vector, bool edge = true) {
        machine::ArenaScope inside;
        kernel::io::PrimaryLine& line = kernel::io::primary_line(vector);
        line.configure(edge);
        CM_PARTIAL_RESOURCE_DESCRIPTOR& d = resources.add();
        d.Type = CmResourceTypeInterrupt;
        d.ShareDisposition = CmResourceShareShared;
        d.Flags = edge ? CM_RESOURCE_INTERRUPT_LATCHED : CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE;
        d.u.Interrupt.Level = line.irql();
        d.u.Interrupt.Vector = vector;
        d.u.Interrupt.Affinity = ~KAFFINITY{0};
        return line.line;
    }
    void pulse(machine::InterruptLine& line) {
        machine::Machine::current().assert_line(line);
        machine::Machine::current().deassert_line(line);
        sleep_us(100);  // another processor may take it
    }

    // ---- I/O to the top of the stack ----

    struct Outcome {
        NTSTATUS status = STATUS_PENDING;
        ULONG_PTR information = 0;
        bool done = false;
    };
    PIRP build_ioctl(ULONG code, void* buffer, ULONG in, ULONG out) {
        DEVICE_OBJECT* top = IoGetAttachedDevice(pdo);
        PIRP irp = IoAllocateIrp(top->StackSize, FALSE);
        irp->AssociatedIrp.SystemBuffer = buffer;
        IO_STACK_LOCATION* stack = IoGetNextIrpStackLocation(irp);
        stack->MajorFunction = IRP_MJ_DEVICE_CONTROL;
        stack->Parameters.DeviceIoControl.IoControlCode = code;
        stack->Parameters.DeviceIoControl.InputBufferLength = in;
        stack->Parameters.DeviceIoControl.OutputBufferLength = out;
        return irp;
    }
    PIRP build_transfer(UCHAR major, void* buffer, ULONG length) {
        PIRP irp = build_ioctl(0, buffer, 0, 0);
        IO_STACK_LOCATION* stack = IoGetNextIrpStackLocation(irp);
        stack->MajorFunction = major;
        stack->Parameters.Read = {};
        stack->Parameters.Read.Length = length;
        return irp;
    }
    NTSTATUS send_async(PIRP irp, Outcome& outcome) {
        IoSetCompletionRoutine(
            irp,
            [](PDEVICE_OBJECT, PIRP done, PVOID context) -> NTSTATUS {
                auto* o = static_cast<Outcome*>(context);
                o->status = done->IoStatus.Status;
                o->information = done->IoStatus.Information;
                o->done = true;
                return STATUS_MORE_PROCESSING_REQUIRED;
            },
            &outcome, TRUE, TRUE, TRUE);
        return IoCallDriver(IoGetAttachedDevice(pdo), irp);
    }
    static void sleep_us(LONGLONG us) {
        LARGE_INTEGER interval;
        interval.QuadPart = -us * 10;
        KeDelayExecutionThread(KernelMode, FALSE, &interval);
    }
    // Sends, waits (bounded), frees.
    Outcome send(PIRP irp) {
        Outcome outcome;
        send_async(irp, outcome);
        for (int i = 0; i < 1000 && !outcome.done; ++i) sleep_us(100);
        EXPECT_TRUE(outcome.done) << "the request was not completed";
        if (outcome.done) IoFreeIrp(irp);
        return outcome;
    }
    Outcome ioctl(ULONG code, void* buffer = nullptr, ULONG in = 0, ULONG out = 0) {
        return send(build_ioctl(code, buffer, in, out));
    }

    static inline FrameworkTest* current = nullptr;
    Trace trace;
    PFN_WDF_DRIVER_DEVICE_ADD add_device = nullptr;
    NTSTATUS (*lower_io)(PIRP irp) = nullptr;  // what the bus does with reads, writes and controls
    PDRIVER_OBJECT driver = nullptr;
    PDRIVER_OBJECT bus = nullptr;
    PDEVICE_OBJECT pdo = nullptr;
    WDFDRIVER wdf_driver = nullptr;
    WDFDEVICE device = nullptr;

    struct Resources {
        CM_RESOURCE_LIST list{};
        CM_PARTIAL_RESOURCE_DESCRIPTOR more[8]{};
        ULONG count = 0;
        CM_PARTIAL_RESOURCE_DESCRIPTOR& add() {
            list.Count = 1;
            list.List[0].PartialResourceList.Count = ++count;
            return (&list.List[0].PartialResourceList.PartialDescriptors[0])[count - 1];
        }
    };
    Resources resources;

  private:
    static NTSTATUS bus_dispatch(PDEVICE_OBJECT, PIRP irp) {
        const UCHAR major = IoGetCurrentIrpStackLocation(irp)->MajorFunction;
        const bool io = major == IRP_MJ_READ || major == IRP_MJ_WRITE ||
                        major == IRP_MJ_DEVICE_CONTROL || major == IRP_MJ_INTERNAL_DEVICE_CONTROL;
        if (io && current->lower_io != nullptr) return current->lower_io(irp);
        return complete_irp(irp, STATUS_SUCCESS, irp->IoStatus.Information);
    }
};

// The name that every driver image has for itself.
#define GX_NOTE(what) ::gpioclx::framework::FrameworkTest::current->trace.add(what)

// Callbacks that say their name and do nothing else: events.EvtDeviceD0Exit = succeeds<"D0Exit">;
template <std::size_t size>
struct CallbackName {
    consteval CallbackName(const char (&name)[size]) { std::copy_n(name, size, text); }
    char text[size];
};
template <CallbackName name, typename... Arguments>
NTSTATUS succeeds(Arguments...) {
    GX_NOTE(name.text);
    return STATUS_SUCCESS;
}
template <CallbackName name, typename... Arguments>
void is_called(Arguments...) {
    GX_NOTE(name.text);
}

}  // namespace gpioclx::framework
