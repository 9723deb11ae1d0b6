// A kernel with the ACPI bus driver and the resource hub on hand-written firmware, and with drivers
// that are functions of the test.
#pragma once

#include <wdm.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kernel/kernel.h"
#include "kernel/kernel_test_fixture.h"

extern "C" NTSTATUS AcpiBusDriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path);
extern "C" NTSTATUS ResourceHubDriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path);

namespace gpioclx::kernel {

class HandWrittenFirmware final : public AcpiProvider {
  public:
    std::vector<AcpiDevice> devices() override { return present; }
    // Called inside the machine, where the test's own data must not change.
    Result<std::vector<DeviceResource>> resources(const std::string& path) override {
        const auto found = assigned.find(path);
        return found != assigned.end() ? found->second : std::vector<DeviceResource>{};
    }
    bool has_method(const std::string& path, const std::string& name) override {
        return methods.contains(path + "." + name);
    }
    Result<AcpiValue> evaluate(const std::string& path, const std::string& name,
                               const std::vector<AcpiValue>& arguments) override {
        {
            machine::OutsideArenaScope outside;
            last_arguments = arguments;
        }
        return methods.at(path + "." + name);
    }

    std::vector<AcpiEvent> events(const std::string& path) override {
        const auto found = events_of.find(path);
        return found != events_of.end() ? found->second : std::vector<AcpiEvent>{};
    }
    Result<void> run_event(const std::string&, const AcpiEvent& event) override {
        if (event.method == failing_method)
            return Error{.message = event.method + ": AE_NOT_FOUND"};
        machine::OutsideArenaScope outside;
        ran.push_back(event.method);
        return {};
    }
    std::vector<GpioIoResource> region_pins(const std::string& path) override {
        const auto found = fields_of.find(path);
        return found != fields_of.end() ? found->second : std::vector<GpioIoResource>{};
    }
    Result<void> connect_region(const std::string&, PinRegionUser& user) override {
        region_user = &user;
        return {};
    }
    Result<void> disconnect_region(const std::string&) override {
        region_user = nullptr;
        return {};
    }
    void set_notification_sink(NotificationSink* user) override { notification_sink = user; }

    AcpiDevice& add(const std::string& path, const std::string& hardware_id) {
        AcpiDevice device;
        device.path = path;
        device.hardware_id = hardware_id;
        device.parent = path.substr(0, path.rfind('.'));
        present.push_back(device);
        return present.back();
    }

    std::vector<AcpiDevice> present;
    std::map<std::string, std::vector<DeviceResource>> assigned;
    std::map<std::string, AcpiValue> methods;
    std::vector<AcpiValue> last_arguments;
    std::map<std::string, std::vector<AcpiEvent>> events_of;
    std::map<std::string, std::vector<GpioIoResource>> fields_of;
    std::string failing_method;
    std::vector<std::string> ran;
    PinRegionUser* region_user = nullptr;
    NotificationSink* notification_sink = nullptr;
};

class PnpTest : public KernelTest {
  protected:
    void install(const std::string& name, const std::string& hardware_id,
                 PDRIVER_INITIALIZE entry) {
        DriverInstall install;
        install.name = name;
        install.hardware_ids = {hardware_id};
        install.entry = reinterpret_cast<void*>(entry);
        options.drivers.push_back(install);
    }

    // Builds the kernel and runs until everything has started.
    void boot() {
        machine::Machine& m = machine();
        options.drivers.push_back(bus);
        options.drivers.push_back(hub);
        {
            machine::ArenaScope inside;
            (void)kernel.release();  // that of a round before went with its arena
            kernel = Kernel::create(m, firmware, options);
        }
        kernel->start();
        run();
        ASSERT_TRUE(kernel->started());
    }

    DeviceStatus device(const std::string& path) const {
        for (const DeviceStatus& status : kernel->devices()) {
            if (status.path == path) return status;
        }
        return {};
    }

    void shut_down() {
        kernel->shut_down();
        run();
        EXPECT_TRUE(kernel->is_shut_down());
    }

    Kernel::UserRequest& request(Kernel::UserRequest::Operation operation,
                                 std::uint64_t handle = 0) {
        machine::ArenaScope inside;
        requests.push_back(std::make_unique<Kernel::UserRequest>());
        requests.back()->operation = operation;
        requests.back()->handle = handle;
        return *requests.back();
    }
    Kernel::UserRequest& open(const std::string& name) {
        Kernel::UserRequest& r = request(Kernel::UserRequest::Operation::open);
        r.name = name;
        return carry_out(r);
    }
    Kernel::UserRequest& carry_out(Kernel::UserRequest& r) {
        kernel->submit(r);
        run();
        EXPECT_TRUE(r.finished);
        return r;
    }

    void TearDown() override {
        requests.clear();
        kernel.reset();
        KernelTest::TearDown();
    }

    static DriverInstall boot_driver(const char* name, PDRIVER_INITIALIZE entry) {
        DriverInstall install;
        install.name = name;
        install.boot = true;
        install.entry = reinterpret_cast<void*>(entry);
        return install;
    }

    DriverInstall bus = boot_driver("acpi_bus", &AcpiBusDriverEntry);
    DriverInstall hub = boot_driver("resource_hub", &ResourceHubDriverEntry);
    HandWrittenFirmware firmware;
    KernelOptions options;
    std::unique_ptr<Kernel> kernel;
    std::vector<std::unique_ptr<Kernel::UserRequest>> requests;
};

}  // namespace gpioclx::kernel
