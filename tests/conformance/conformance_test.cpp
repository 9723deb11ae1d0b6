#include "conformance_test.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "client_driver.h"
#include "peripheral_driver.h"

namespace gpioclx::conformance {

kernel::GpioInterruptResource interrupt(USHORT pin, KINTERRUPT_MODE mode,
                                        KINTERRUPT_POLARITY polarity) {
    kernel::GpioInterruptResource resource;
    resource.controller = "\\_SB.GPIO";
    resource.pin = pin;
    resource.edge = mode == Latched;
    resource.polarity = static_cast<std::uint8_t>(polarity - InterruptActiveHigh);
    return resource;
}

kernel::GpioIoResource io(std::vector<std::uint16_t> pins) {
    kernel::GpioIoResource resource;
    resource.controller = "\\_SB.GPIO";
    resource.pins = std::move(pins);
    return resource;
}

ConformanceTest::ConformanceTest()
    : client(add_driver("client")), gpio(add_controller("\\_SB.GPIO", client)) {}

ClientDriver& ConformanceTest::add_driver(const std::string& name) {
    ClientDriver& driver = drivers_.emplace_back();
    driver.name = name;
    driver.hardware_id = "GPIO" + std::to_string(1000 + drivers_.size());
    driver.packet = full_packet();
    return driver;
}

Controller& ConformanceTest::add_controller(const std::string& path, ClientDriver& driver) {
    Controller& controller = controllers_.emplace_back(*this, path);
    controller.client = &driver;
    return controller;
}

Peripheral& ConformanceTest::add_peripheral(const std::string& name) {
    return peripherals_.emplace_back(*this, "\\_SB." + name);
}

void ConformanceTest::describe_board() {
    for (Controller& controller : controllers_) {
        kernel::AcpiDevice& device = firmware.add(controller.path, controller.client->hardware_id);
        if (controller.parent_ != nullptr) device.needs = {controller.parent_->path};
        firmware.assigned[controller.path] = controller.firmware_resources();
        const auto& flags = controller.information.Flags;
        GPIO_CLIENT_REGISTRATION_PACKET& packet = controller.client->packet;
        if (!flags.FormatIoRequestsAsMasks && packet.CLIENT_ReadGpioPins != nullptr &&
            packet.CLIENT_WriteGpioPins != nullptr) {
            use_pin_tables(packet);
        }
        controller.pins.reset(controller.information.TotalPins,
                              controller.information.NumberOfPinsPerBank);
        for (ULONG pin : controller.initially_high) controller.pins.set_level(pin, true);
        controller.pins.on_change = [&controller](ULONG bank) { controller.update_output(bank); };
    }
    for (Peripheral& peripheral : peripherals_) {
        kernel::AcpiDevice& device = firmware.add(peripheral.path, "PERI1000");
        for (Controller& controller : controllers_) device.needs.push_back(controller.path);
        firmware.assigned[peripheral.path] = peripheral.resources;
    }
}

void ConformanceTest::boot(bool may_halt) {
    describe_board();
    kernel::DriverInstall extension;
    extension.name = "msgpioclx";
    extension.boot = true;
    const char* other = std::getenv("GPIOCLX_EXTENSION");  // scripts/mutations
    extension.image = other != nullptr ? other : GX_CONFORMANCE_DRIVERS "/msgpioclx.sys";
    options.drivers.push_back(extension);
    for (const ClientDriver& driver : drivers_)
        install(driver.name, driver.hardware_id, &ClientDriverEntry::entry);
    install("peripheral", "PERI1000", &PeripheralDriver::entry);
    PnpTest::boot(may_halt);
    if (!keep_trace) trace.clear();
}

void ConformanceTest::in_thread(std::function<void()> body) {
    if (machine().on_processor()) return body();
    run_as_thread(std::move(body), "test");
}

void ConformanceTest::remove(const std::string& path) {
    const auto removed = kernel->remove_device(path, false);
    ASSERT_TRUE(removed.ok()) << removed.error().text();
    run();
}

void ConformanceTest::pass_ms(std::uint64_t ms) {
    machine().run(machine().now_ns() + ms * 1'000'000);
}

void ConformanceTest::sleep() {
    kernel->sleep();
    run();
    ASSERT_EQ(kernel->system_state(), kernel::po::SystemState::asleep);
}

void ConformanceTest::wake() {
    kernel->wake();
    run();
    ASSERT_EQ(kernel->system_state(), kernel::po::SystemState::working);
}

void ConformanceTest::wait_us(ULONGLONG us) {
    LARGE_INTEGER interval;
    interval.QuadPart = -static_cast<LONGLONG>(us) * 10;
    KeDelayExecutionThread(KernelMode, FALSE, &interval);
}

std::size_t ConformanceTest::finding_count(std::string_view id) const {
    const auto all = findings();
    return std::count_if(all.begin(), all.end(), [&](const std::string& finding) {
        return finding.starts_with(std::string(id) + ":");
    });
}

BugCheck ConformanceTest::bug_check() {
    bug_check_looked_at_ = true;
    for (const machine::Event& event : recorder.events) {
        if (event.kind == machine::EventKind::halt) return {event.a, event.b, event.c};
    }
    return {};
}

bool ConformanceTest::logged(std::string_view text) const {
    for (const machine::Event& event : recorder.events) {
        if (event.kind == machine::EventKind::message &&
            names.text(event.detail).find(text) != std::string_view::npos)
            return true;
    }
    return false;
}

Controller* ConformanceTest::controller_at(std::string_view path) {
    for (Controller& controller : controllers_) {
        if (controller.path == path) return &controller;
    }
    return nullptr;
}
Peripheral* ConformanceTest::peripheral_at(std::string_view path) {
    for (Peripheral& peripheral : peripherals_) {
        if (peripheral.path == path) return &peripheral;
    }
    return nullptr;
}
Controller* ConformanceTest::controller_of_context(const void* context) {
    for (Controller& controller : controllers_) {
        if (context != nullptr && controller.context == context) return &controller;
    }
    return nullptr;
}
ClientDriver* ConformanceTest::client_of(WDFDRIVER driver) {
    for (ClientDriver& client_driver : drivers_) {
        if (client_driver.driver == driver) return &client_driver;
    }
    return nullptr;
}
ClientDriver* ConformanceTest::client_named(std::string_view name) {
    for (ClientDriver& client_driver : drivers_) {
        if (client_driver.name == name) return &client_driver;
    }
    return nullptr;
}

void ConformanceTest::SetUp() {
    // What GoogleTest keeps per thread must not be made inside the arena, which is reset.
    ::testing::ScopedTrace warm_up(__FILE__, __LINE__, "");
    current = this;
}

void ConformanceTest::TearDown() {
    if (kernel != nullptr && !machine().halted() && !kernel->is_shut_down()) shut_down();
    const auto all = findings();
    for (const std::string& finding : all) {
        const std::string id = finding.substr(0, finding.find(':'));
        if (id == "fault-001" && bug_check_looked_at_) continue;  // the bug check itself
        EXPECT_TRUE(std::count(expected_findings_.begin(), expected_findings_.end(), id))
            << "unexpected finding " << finding;
    }
    for (const std::string& id : expected_findings_) {
        EXPECT_TRUE(found(id)) << "there was no finding " << id;
    }
    if (HasFailure()) {
        ADD_FAILURE() << "the calls, in order:\n" << trace.full();
    }
    PnpTest::TearDown();
    current = nullptr;
}

}  // namespace gpioclx::conformance
