#include "kernel/kernel.h"
#include "kernel/io/irp.h"

#include <fmt/core.h>

#include "kernel/dbg/setting.h"
#include "kernel/hal/serial_transfer.h"
#include "kernel/io/interrupt_primary.h"
#include "kernel/mm/device_memory.h"
#include "kernel/pnp/device_node.h"
#include "kernel/pnp/device_notification.h"
#include "kernel/pnp/driver.h"
#include "kernel/pnp/pnp_manager.h"
#include "kernel/pnp/user_program.h"
#include "kernel/po/deep_idle.h"
#include "kernel/po/wake.h"
#include "kernel/system.h"
#include "kernel/vf/lock_order.h"
#include "machine/arena.h"

namespace gpioclx::kernel {

namespace {

std::unique_ptr<pnp::DeviceNode> make_node(machine::Machine& machine, AcpiDevice device) {
    auto node = std::make_unique<pnp::DeviceNode>();
    node->path = device.path;
    node->name = machine.name(device.path);
    node->firmware = std::move(device);
    return node;
}

class KernelOnMachine final : public Kernel {
  public:
    KernelOnMachine(machine::Machine& machine, AcpiProvider& acpi, const KernelOptions& options)
        : system_(machine) {
        auto& firmware = system_.part<pnp::FirmwareLink>();
        firmware.acpi = &acpi;
        firmware.options = options;
        dbg::set_settings(options.settings);
        part<vf::Switch>().on = options.verify;
        for (const DriverInstall& install : options.drivers) {
            auto driver = std::make_unique<pnp::Driver>();
            driver->install = install;
            system_.part<pnp::DriverDatabase>().drivers.push_back(std::move(driver));
        }
        auto& tree = system_.part<pnp::DeviceTree>();
        AcpiDevice root;
        root.path = "\\";
        root.hardware_id = "PNP0C08";
        tree.root = make_node(machine, std::move(root));
        acpi.set_notification_sink(&pnp::notification_sink());
        for (AcpiDevice& device : acpi.devices())
            tree.nodes.push_back(make_node(machine, std::move(device)));
    }

    void add_register_range(RegisterRange& range) override {
        machine::ArenaScope inside;
        mm::add_register_range(range);
    }
    void add_port_range(RegisterRange& range) override {
        machine::ArenaScope inside;
        mm::add_port_range(range);
    }

    void add_serial_bus(SerialBus& bus) override {
        machine::ArenaScope inside;
        hal::add_serial_bus(bus);
    }

    machine::InterruptLine& primary_line(std::uint32_t gsi) override {
        return io::primary_line(gsi).line;
    }

    void start() override { pnp::post_job({pnp::Job::Kind::start_system}); }
    bool started() const override { return part<pnp::Manager>().started; }
    void shut_down() override { pnp::post_job({pnp::Job::Kind::shut_down}); }
    void report_incomplete_requests() override { io::report_incomplete_requests(); }
    bool is_shut_down() const override { return part<pnp::Manager>().shut_down; }

    Result<void> remove_device(std::string_view path, bool surprise) override {
        pnp::DeviceNode* node = pnp::find_node(path);
        if (node == nullptr) return Error{fmt::format("there is no device {}", path)};
        if (node->state != pnp::NodeState::started && node->state != pnp::NodeState::stopped) {
            return Error{
                fmt::format("{} cannot be removed: it is {}", path, pnp::state_name(node->state))};
        }
        pnp::post_job({surprise ? pnp::Job::Kind::surprise_remove : pnp::Job::Kind::remove, node});
        return {};
    }

    Result<void> kill_host(std::string_view device, std::uint64_t after_calls) override {
        return pnp::kill_host(device, after_calls);
    }

    void sleep() override { pnp::post_job({pnp::Job::Kind::sleep}); }
    void wake() override { pnp::post_job({pnp::Job::Kind::wake}); }
    void deep_idle(std::uint64_t ns) override {
        pnp::post_job({pnp::Job::Kind::deep_idle, nullptr, ns});
    }
    std::uint64_t deep_idles() const override { return po::deep_idles(); }
    void pin_moved(std::string_view controller, std::uint32_t pin, bool high) override {
        po::pin_moved(controller, pin, high);
    }
    po::SystemState system_state() const override { return po::system_state(); }

    std::string driver_for(const std::vector<std::string>& hardware_ids) const override {
        const pnp::Driver* driver = pnp::find_driver(hardware_ids);
        return driver != nullptr ? driver->install.name : std::string();
    }

    std::vector<DeviceStatus> devices() const override {
        std::vector<DeviceStatus> result;
        for (const auto& node : part<pnp::DeviceTree>().nodes) {
            result.push_back({node->path, node->firmware.hardware_id,
                              node->driver != nullptr ? node->driver->install.name : std::string(),
                              std::string(pnp::state_name(node->state)),
                              static_cast<std::uint32_t>(node->status), node->failed_in,
                              node->message});
        }
        return result;
    }

    void submit(UserRequest& request) override { pnp::submit_user_request(request); }

  private:
    System system_;
};

}  // namespace

std::unique_ptr<Kernel> Kernel::create(machine::Machine& machine, AcpiProvider& acpi,
                                       const KernelOptions& options) {
    machine::ArenaScope inside;
    return std::make_unique<KernelOnMachine>(machine, acpi, options);
}

}  // namespace gpioclx::kernel
