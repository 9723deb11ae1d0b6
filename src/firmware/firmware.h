// The firmware of a machine: its namespace, devices, resources and methods, run by ACPICA.
//
// ACPICA keeps its state in global variables, so there is one Firmware at a time in a process.
// Everything that changes after load() lives in memory of the host and in acpica_data(); a
// Firmware object itself holds nothing but its host, so a checkpoint need not know it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"
#include "firmware/device.h"
#include "firmware/host.h"
#include "firmware/resource.h"
#include "firmware/table.h"
#include "firmware/value.h"

namespace gpioclx::firmware {

// A GPIO-signaled event of a controller's _AEI, and the method that handles it (A16-A18).
struct EventPin {
    GpioInt interrupt;
    std::string method;      // "\_SB.GPIO._E05", or "\_SB.GPIO._EVT"
    bool takes_pin = false;  // _EVT gets the pin number as its argument
};

class NotifyHandler {
  public:
    virtual ~NotifyHandler() = default;
    // Runs as deferred work of the host (Host::execute).
    virtual void notify(const std::string& device, std::uint32_t code) = 0;
};

// Access of AML to a field of a GeneralPurposeIo operation region (A22): some consecutive pins of
// one GpioIo connection. Bit 0 of the value belongs to `connection.pins[first]`.
struct PinAccess {
    GpioIo connection;
    unsigned first = 0;
    unsigned count = 0;
    bool write = false;
};

class PinRegionHandler {
  public:
    virtual ~PinRegionHandler() = default;
    // May block: other threads may run methods meanwhile, and access the same field. An error
    // fails the method, and its text becomes a message of the host.
    virtual Result<void> access(const PinAccess& access, std::uint64_t& value) = 0;
};

// A named field of a GeneralPurposeIo region that the tables declare outside of methods.
struct PinField {
    std::string path;        // "\_SB.GPI0.PWR0"
    std::string controller;  // in whose scope the region stands
    GpioIo connection;
    unsigned first = 0;
    unsigned count = 0;
};

class Firmware {
  public:
    // Loads the tables, then initializes their devices (_STA, _INI). The host must outlive it.
    // What does not resolve while loading is an error if all tables come from source; else, and in
    // _INI, it is a message to the host.
    static Result<std::unique_ptr<Firmware>> load(std::vector<Table> tables, Host& host);
    ~Firmware();
    Firmware(const Firmware&) = delete;
    Firmware& operator=(const Firmware&) = delete;

    // Present devices in namespace order. Below an absent one there are none, unless it is
    // functional (a bus that needs no driver). A device whose _STA, _DEP or ids fail is an error
    // or, with `problems`, left out and named there.
    Result<std::vector<Device>> devices(std::vector<std::string>* problems = nullptr) const;

    // _CRS in its order (A10); empty without _CRS.
    Result<std::vector<Resource>> resources(const std::string& device) const;

    // Every device after its parent, after what its _DEP lists and after its resource sources, as
    // far as they are in the list; otherwise in the order of the list.
    Result<std::vector<Device>> start_order(const std::vector<Device>& devices) const;

    // Method or named object. A method that returns nothing gives an empty Value.
    Result<Value> evaluate(const std::string& path, const std::vector<Value>& arguments = {}) const;
    bool exists(const std::string& path) const;
    bool has_method(const std::string& path) const;

    // _DSM of the device; `uuid` as text, "4f248f40-d5e2-499f-834c-27758ea1cd3f".
    Result<Value> dsm(const std::string& device, std::string_view uuid, std::uint64_t revision,
                      std::uint64_t function, Package arguments = {}) const;
    // Function 0: whether the bit of `function` is set. False without _DSM.
    Result<bool> dsm_supports(const std::string& device, std::string_view uuid,
                              std::uint64_t revision, std::uint64_t function) const;

    // _AEI of a controller; empty without one. A pin that nothing handles is an error or, with
    // `problems`, left out and named there.
    Result<std::vector<EventPin>> event_pins(const std::string& controller,
                                             std::vector<std::string>* problems = nullptr) const;

    // Null: nobody listens.
    void set_notify_handler(NotifyHandler* handler);

    // The fields of all GeneralPurposeIo regions, in namespace order. `problems` gets a sentence
    // for each one whose connection cannot be used.
    std::vector<PinField> pin_fields(std::vector<std::string>& problems) const;

    // Serves the GeneralPurposeIo regions below a controller and runs _REG (8, 1), or stops
    // serving them and runs _REG (8, 0) (A25); accesses under way end first. The handler must
    // outlive the connection.
    Result<void> connect_region(const std::string& controller, PinRegionHandler& handler);
    Result<void> disconnect_region(const std::string& controller);

  private:
    explicit Firmware(Host& host) : host_(host) {}

    Host& host_;
};

}  // namespace gpioclx::firmware
