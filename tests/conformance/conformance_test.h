// A machine on which the real msgpioclx.sys runs between recording controllers and peripherals of
// the test. A test says what there is, boots, gives stimuli and compares traces.
#pragma once

#include <gpio.h>
#include <ext/gx_connection.h>

#include <list>
#include <string>

#include "controller.h"
#include "extension_probe.h"
#include "peripheral.h"
#include "pnp/pnp_test_fixture.h"
#include "trace.h"

namespace gpioclx::conformance {

// Resources of peripherals. The controller is "\\_SB.GPIO" until `of` changes it.
kernel::GpioInterruptResource interrupt(USHORT pin, KINTERRUPT_MODE mode,
                                        KINTERRUPT_POLARITY polarity);
kernel::GpioIoResource io(std::vector<std::uint16_t> pins);
template <typename Resource>
Resource shared(Resource resource) {
    resource.sharing = kernel::InterruptSharing::shared;
    return resource;
}
template <typename Resource>
Resource of(const Controller& controller, Resource resource) {
    resource.controller = controller.path;
    return resource;
}

struct BugCheck {
    std::uint64_t code = 0;  // 0: none happened
    std::uint64_t parameter1 = 0;
    std::uint64_t parameter2 = 0;
};

class ConformanceTest : public kernel::PnpTest {
    std::list<ClientDriver> drivers_;
    std::list<Controller> controllers_;
    std::list<Peripheral> peripherals_;

  public:
    ConformanceTest();

    // One that a test need not make: driver `client`, device `gpio` (\_SB.GPIO).
    ClientDriver& client;
    Controller& gpio;
    ClientDriver& add_driver(const std::string& name);
    Controller& add_controller(const std::string& path, ClientDriver& driver);

    // \_SB.<name> with these resources, in this order.
    template <typename... Resources>
    Peripheral& peripheral(const std::string& name, Resources... given) {
        Peripheral& made = add_peripheral(name);
        (made.resources.push_back(given), ...);
        return made;
    }
    void setting(const std::string& name, std::uint64_t value) {
        options.settings.push_back({"", name, value});
    }

    // Starts everything. The trace then begins anew unless `keep_trace`.
    void boot(bool may_halt = false);
    bool keep_trace = false;
    // "started", "failed", ... of "\\_SB.GPIO".
    std::string state(const std::string& path) const { return device(path).state; }
    // In a new thread of the machine, to its end; at once if the caller is one.
    void in_thread(std::function<void()> body);
    // Takes the device away in an orderly manner.
    void remove(const std::string& path);
    void wait_us(ULONGLONG us);  // a thread's sleep
    // Time passes; whatever is due happens.
    void pass_ms(std::uint64_t ms);
    // The whole system to S3, and back; runs until every device has followed.
    void sleep();
    void wake();

    // A finding that the test wants to see: without it the test fails, and every other one fails
    // the test at its end too.
    void expect_finding(const std::string& id) { expected_findings_.push_back(id); }
    std::size_t finding_count(std::string_view id) const;
    BugCheck bug_check();
    // Some message that was printed has this text in it.
    bool logged(std::string_view text) const;
    static ExtensionProbe extension(const Controller& controller) {
        return ExtensionProbe(controller);
    }

    Trace trace;

    static inline ConformanceTest* current = nullptr;
    Controller* controller_at(std::string_view path);
    Peripheral* peripheral_at(std::string_view path);
    Controller* controller_of_context(const void* context);
    ClientDriver* client_of(WDFDRIVER driver);
    ClientDriver* client_named(std::string_view name);
    machine::InterruptLine& primary_line(ULONG gsi) { return kernel->primary_line(gsi); }
    bool booted() const { return kernel != nullptr; }

  protected:
    void SetUp() override;
    void TearDown() override;

  private:
    Peripheral& add_peripheral(const std::string& name);
    void describe_board();

    std::vector<std::string> expected_findings_;
    bool bug_check_looked_at_ = false;
};

}  // namespace gpioclx::conformance
