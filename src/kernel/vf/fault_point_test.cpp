#include "kernel/vf/fault_point.h"

#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

// Lets one operation fail, always.
class Failing final : public machine::Policy {
  public:
    Failing(machine::NameTable& names, std::string_view operation)
        : names_(names), operation_(operation) {}
    void begin() override {}
    std::size_t choose(const machine::ChoicePoint& point, std::size_t) override {
        if (point.kind != machine::ChoiceKind::fault) return 0;
        return names_.text(point.operation) == operation_ ? 1 : 0;
    }
    std::uint64_t random_value() override { return 0; }

  private:
    machine::NameTable& names_;
    std::string_view operation_;
};

class FaultPointTest : public KernelTest {};

TEST_F(FaultPointTest, callbacks_fail_if_somebody_asks) {
    machine::Machine& m = machine();
    Failing failing(m.names(), "EvtDeviceD0Entry");
    m.set_policy(failing);
    const machine::NameId device = m.name("\\_SB.LED0");
    run_as_thread([&] {
        EXPECT_FALSE(vf::callback_fails("EvtDeviceD0Entry", device, "led"));
        {
            machine::ArenaScope inside;
            vf::ask_about_faults();
        }
        EXPECT_TRUE(vf::callback_fails("EvtDeviceD0Entry", device, "led"));
        EXPECT_FALSE(vf::callback_fails("EvtDevicePrepareHardware", device, "led"));
    });
}

TEST_F(FaultPointTest, callbacks_of_the_tools_own_drivers_do_not_fail) {
    machine::Machine& m = machine();
    Failing failing(m.names(), "EvtDeviceD0Entry");
    m.set_policy(failing);
    const machine::NameId device = m.name("\\_SB.I2C0");
    run_as_thread([&] {
        machine::ArenaScope inside;
        vf::ask_about_faults();
        EXPECT_FALSE(vf::callback_fails("EvtDeviceD0Entry", device, "serialbus"));
    });
}

}  // namespace
}  // namespace gpioclx::kernel
