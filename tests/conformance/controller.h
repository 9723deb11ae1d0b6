// A GPIO controller of the tests: a device in the firmware, a client driver for it that records
// every callback, and simulated pins behind it.
#pragma once

#include <ntddk.h>
#include <wdf.h>

#include <gpioclx.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "kernel/acpi_provider.h"
#include "simulated_pins.h"
#include "trace.h"

namespace gpioclx::conformance {

class ConformanceTest;

// A client driver: what it registers, and how. Every slot of the packet is filled at first, except
// PreProcess and QuerySet; tests take out what they need to be absent.
struct ClientDriver {
    std::string name;
    std::string hardware_id;
    GPIO_CLIENT_REGISTRATION_PACKET packet;
    WDFDRIVER driver = nullptr;
    NTSTATUS registration = STATUS_PENDING;  // what GPIO_CLX_RegisterClient returned
    // Instead of registering the packet; instead of the three steps of AddDevice.
    std::function<NTSTATUS(PUNICODE_STRING path)> on_entry;
    std::function<NTSTATUS(PWDFDEVICE_INIT init)> on_add;
};

class Controller {
  public:
    Controller(ConformanceTest& test, std::string path);

    // ---- before boot(): what it is. Memory-mapped, 32 pins in one bank, masks, level-triggered
    // primary interrupt 40, unless said otherwise ----
    Controller& banks(USHORT pins,
                      USHORT pins_per_bank);  // one primary interrupt each: 40, 41, ...
    Controller& serial();
    Controller& edge_primary();
    // Its interrupt is a pin of another controller (its descriptor: level, active high).
    Controller& chained_to(Controller& parent, USHORT pin);
    Controller& starts_high(ULONG pin) { return initially_high.push_back(pin), *this; }
    CLIENT_CONTROLLER_BASIC_INFORMATION information;
    std::vector<ULONG> initially_high;
    std::vector<ULONG> interrupts;  // descriptors in the firmware, in order
    // Replaces the resources that follow from the above.
    std::vector<kernel::DeviceResource> resources;
    // Which interrupt the hardware of a bank raises; default: as listed, or the only one.
    std::map<ULONG, ULONG> wired;

    // ---- what its driver does; inside a callback, before or instead of the hardware's part ----
    // The callback fails with the status, `times` times (negative: always); the hardware is not
    // touched then.
    void fail(Callback callback, NTSTATUS status, int times = -1);
    // Runs in the callback, after it was recorded, before the hardware is touched. The pointer is
    // the callback's parameter block (NULL where there is none).
    std::map<Callback, std::function<void(void* parameters)>> during;
    // Runs after the hardware was touched; may change what the callback gives back.
    std::map<Callback, std::function<void(void* parameters)>> after;
    // The whole callback but for the record.
    std::map<Callback, std::function<NTSTATUS(void* parameters)>> instead;

    // ---- stimulus: a mark in the trace, and outside the machine a run until it is idle ----
    void set_level(ULONG pin, bool level);
    void raise(ULONG pin) { set_level(pin, true); }
    void lower(ULONG pin) { set_level(pin, false); }
    void pulse(ULONG pin);  // raise and lower in one
    // The primary interrupt line itself, whatever the pins say.
    void raise_primary(ULONG bank = 0);
    void lower_primary(ULONG bank = 0);

    // ---- what is known after boot() ----
    const std::string path;
    std::string short_name() const { return path.substr(path.rfind('.') + 1); }
    void* context = nullptr;  // the client's device context
    WDFDEVICE device = nullptr;
    std::vector<CM_PARTIAL_RESOURCE_DESCRIPTOR> raw, translated;  // as PrepareController saw them
    SimulatedPins pins;
    ClientDriver* client = nullptr;
    USHORT bank_count() const {
        return static_cast<USHORT>((information.TotalPins + information.NumberOfPinsPerBank - 1) /
                                   information.NumberOfPinsPerBank);
    }

  private:
    friend class ClientCallbacks;
    friend class ConformanceTest;
    struct Failure {
        NTSTATUS status;
        int times;
    };
    std::vector<kernel::DeviceResource> firmware_resources() const;
    ULONG primary_of(ULONG bank) const;
    void update_output(ULONG bank);

    ConformanceTest& test_;
    std::map<Callback, Failure> failures_;
    std::set<ULONG> forced_;  // banks whose primary a test holds asserted
    bool edge_primary_ = false;
    Controller* parent_ = nullptr;
    USHORT parent_pin_ = 0;
};

// What hooks of Callback::query_set are given.
struct QuerySetRequest {
    PCLIENT_CONTROLLER_QUERY_SET_INFORMATION_INPUT input;
    PCLIENT_CONTROLLER_QUERY_SET_INFORMATION_OUTPUT output;
};

// A packet with every callback of the recording client but PreProcess and QuerySet; the read and
// write slots hold the mask callbacks; layout 3.
GPIO_CLIENT_REGISTRATION_PACKET full_packet();
void add_pre_process(GPIO_CLIENT_REGISTRATION_PACKET& packet);
void add_query_set(GPIO_CLIENT_REGISTRATION_PACKET& packet);
// The read and write slots for FormatIoRequestsAsMasks = 0.
void use_pin_tables(GPIO_CLIENT_REGISTRATION_PACKET& packet);

}  // namespace gpioclx::conformance
