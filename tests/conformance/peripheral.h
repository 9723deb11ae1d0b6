// A device that uses pins of a controller: a KMDF driver with one interrupt object for each of its
// interrupts, and as many open connections as a test wants.
#pragma once

#include <ntddk.h>
#include <wdf.h>

#include <functional>
#include <list>
#include <string>
#include <vector>

#include "kernel/acpi_provider.h"

namespace gpioclx::conformance {

class ConformanceTest;
class Controller;
class Peripheral;

struct IoResult {
    NTSTATUS status = STATUS_PENDING;
    ULONG_PTR information = 0;
    std::vector<UCHAR> data;  // the output buffer, all of it
};

// An open connection (or one that could not be opened).
class Handle {
  public:
    NTSTATUS status = STATUS_PENDING;
    // Any thread of the machine at PASSIVE_LEVEL, or outside: then a thread is made and run.
    IoResult read(ULONG size);
    IoResult write(
        std::vector<UCHAR> data);  // the same memory as output, as METHOD_BUFFERED has it
    IoResult control(ULONG code, std::vector<UCHAR> input = {}, ULONG output_size = 0);
    IoResult read_file(ULONG size);  // IRP_MJ_READ
    void close();

  private:
    friend class Peripheral;
    ConformanceTest* test_ = nullptr;
    WDFIOTARGET target_ = nullptr;
};

class Peripheral {
  public:
    Peripheral(ConformanceTest& test, std::string path) : path(std::move(path)), test_(test) {}

    // ---- before boot() ----
    std::vector<kernel::DeviceResource> resources;
    bool passive = false;  // its service routines run at PASSIVE_LEVEL
    bool by_hand = false;  // interrupts are connected with connect(), not when it starts
    Peripheral& make_passive() { return passive = true, *this; }
    Peripheral& make_by_hand() { return by_hand = true, *this; }

    // What its driver tells the framework, where a test wants it otherwise. Hooks get what the
    // driver has filled in; those for hardware run at its end, with `raw` and `translated` there.
    std::function<void(WDF_PNPPOWER_EVENT_CALLBACKS&)> callbacks;
    std::function<void(WDF_INTERRUPT_CONFIG&)> configuration;
    std::function<NTSTATUS()> prepare_hardware;
    std::function<void()> release_hardware;

    // The service routine; recorded before it is called. Default: silences the pin (level) and
    // claims. Returns what the routine returns.
    std::function<bool()> isr;
    // Several interrupts: which one; set while `isr` runs.
    ULONG current = 0;

    // ---- any thread of the machine at PASSIVE_LEVEL, or outside ----
    // IoConnectInterruptEx, fully specified, with the n-th interrupt resource.
    NTSTATUS connect(ULONG n = 0);
    NTSTATUS connect_at(ULONG irql, ULONG n = 0);  // whatever the resource says
    // What connect() passes, changed: another form of the call, another lock.
    using Change = std::function<void(IO_CONNECT_INTERRUPT_PARAMETERS&)>;
    NTSTATUS connect_with(const Change& change, ULONG n = 0);
    void disconnect(ULONG n = 0);
    PKINTERRUPT connected(ULONG n = 0);  // null if it is not
    void report_active(bool active, ULONG n = 0);
    // WdfIoTargetOpen on the n-th connection resource.
    Handle& open(ACCESS_MASK access, ULONG n = 0);
    Handle& open_id(ULONG64 connection_id, ACCESS_MASK access);

    const std::string path;
    std::string short_name() const { return path.substr(path.rfind('.') + 1); }
    WDFDEVICE device = nullptr;
    std::vector<WDFINTERRUPT> interrupts;  // unless by hand
    std::vector<CM_PARTIAL_RESOURCE_DESCRIPTOR> raw, translated;
    // The n-th descriptor of this type in `translated`; the test fails if there is none.
    const CM_PARTIAL_RESOURCE_DESCRIPTOR& descriptor(UCHAR type, ULONG n = 0) const;

  private:
    friend class PeripheralDriver;
    bool service(ULONG n);
    void silence(ULONG n);
    ConformanceTest& test_;
    std::list<Handle> handles_;
    struct Connected {
        Peripheral* self = nullptr;
        ULONG n = 0;
        PKINTERRUPT interrupt = nullptr;
    };
    std::list<Connected> connected_;
};

}  // namespace gpioclx::conformance
