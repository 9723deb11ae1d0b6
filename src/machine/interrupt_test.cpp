#include "machine/machine_fixture.h"

namespace gpioclx::machine {
namespace {

// Lines whose handlers note when and where they ran.
class InterruptTest : public MachineTest {
  protected:
    struct Device {
        InterruptLine line;
        std::string name;
        int served = 0;
        bool quiet_when_served = true;
        void (*extra)(Device&) = nullptr;
    };
    static inline std::vector<std::string> order;

    void SetUp() override { order.clear(); }

    void connect(Device& device, std::string_view name, Level level, Trigger trigger) {
        device.name = name;
        device.line.name = names.intern(name);
        device.line.level = level;
        device.line.trigger = trigger;
        device.line.context = &device;
        device.line.handler = [](void* context) {
            Device& d = *static_cast<Device*>(context);
            ++d.served;
            note(order, d.name);
            EXPECT_EQ(Machine::current().level(), d.line.level);
            if (d.quiet_when_served && d.line.asserted) Machine::current().deassert_line(d.line);
            if (d.extra != nullptr) d.extra(d);
            return true;
        };
        machine->enable_line(device.line);
    }
};

TEST_F(InterruptTest, wakes_an_idle_processor) {
    start(1);
    Device device;
    connect(device, "line", 5, Trigger::level);
    machine->assert_line(device.line);
    machine->run_until_idle(forever_ns);
    EXPECT_EQ(device.served, 1);
}

TEST_F(InterruptTest, a_level_line_is_served_until_it_is_quiet) {
    start(1);
    Device device;
    connect(device, "line", 5, Trigger::level);
    device.quiet_when_served = false;
    device.extra = [](Device& d) {
        if (d.served == 3) Machine::current().deassert_line(d.line);
    };
    machine->assert_line(device.line);
    machine->run_until_idle(forever_ns);
    EXPECT_EQ(device.served, 3);
}

TEST_F(InterruptTest, an_edge_line_is_served_once_an_edge) {
    start(1);
    Device device;
    connect(device, "line", 5, Trigger::edge);
    device.quiet_when_served = false;
    machine->assert_line(device.line);
    machine->run_until_idle(forever_ns);
    machine->run_until_idle(forever_ns);
    EXPECT_EQ(device.served, 1);
    machine->deassert_line(device.line);
    machine->assert_line(device.line);
    machine->run_until_idle(forever_ns);
    EXPECT_EQ(device.served, 2);
}

TEST_F(InterruptTest, a_disabled_line_delivers_when_enabled_again) {
    start(1);
    Device device;
    connect(device, "line", 5, Trigger::edge);
    machine->disable_line(device.line);
    machine->assert_line(device.line);
    machine->run_until_idle(forever_ns);
    EXPECT_EQ(device.served, 0);
    machine->enable_line(device.line);
    machine->run_until_idle(forever_ns);
    EXPECT_EQ(device.served, 1);
}

TEST_F(InterruptTest, a_higher_level_nests_and_an_equal_or_lower_one_waits) {
    start(1);
    static Device low, high, same;
    low = {}, high = {}, same = {};
    connect(low, "low", 5, Trigger::level);
    connect(high, "high", 9, Trigger::level);
    connect(same, "same", 5, Trigger::level);
    low.extra = [](Device&) {
        Machine& m = Machine::current();
        m.assert_line(same.line);
        m.assert_line(high.line);
        m.step(100);
        EXPECT_EQ(high.served, 1);
        EXPECT_EQ(same.served, 0);
        note(order, "low ends");
    };
    machine->assert_line(low.line);
    machine->run_until_idle(forever_ns);
    EXPECT_EQ(order, (std::vector<std::string>{"low", "high", "low ends", "same"}));
}

TEST_F(InterruptTest, a_raised_processor_takes_it_when_it_lowers) {
    start(1);
    static Device device;
    device = {};
    connect(device, "line", 5, Trigger::level);
    thread("t", [](void*) {
        Machine& m = Machine::current();
        const Level before = m.raise(7);
        m.assert_line(device.line);
        m.step(1000);
        EXPECT_EQ(device.served, 0);
        m.lower(before);
        EXPECT_EQ(device.served, 1);
    });
    machine->run_until_idle(forever_ns);
}

TEST_F(InterruptTest, deferred_calls_run_after_the_handler_and_before_the_thread) {
    start(1);
    static Device device;
    static DeferredCall call;
    device = {}, call = {};
    call.name = names.intern("deferred");
    call.run = [](void*) {
        EXPECT_EQ(Machine::current().level(), level_deferred);
        note(order, "deferred");
    };
    connect(device, "line", 5, Trigger::level);
    device.extra = [](Device&) {
        EXPECT_TRUE(Machine::current().queue_deferred(call, 0));
        EXPECT_FALSE(Machine::current().queue_deferred(call, 0));
        Machine::current().step(100);
        note(order, "handler ends");
    };
    thread("t", [](void*) {
        Machine::current().assert_line(device.line);
        Machine::current().step(10);
        Machine::current().step(10);
        note(order, "thread");
    });
    machine->run_until_idle(forever_ns);
    EXPECT_EQ(order, (std::vector<std::string>{"line", "handler ends", "deferred", "thread"}));
}

TEST_F(InterruptTest, a_deferred_call_for_another_processor_wakes_it) {
    start(2);
    static DeferredCall call;
    call = {};
    call.name = names.intern("deferred");
    call.run = [](void*) { EXPECT_EQ(Machine::current().processor().index, 1); };
    thread("t", [](void*) {
        Machine::current().queue_deferred(call, 1);
        Machine::current().step(1000);
        EXPECT_FALSE(call.queued);
    });
    machine->run_until_idle(forever_ns);
}

TEST_F(InterruptTest, a_spinning_processor_takes_interrupts) {
    start(2);
    static Device device;
    static int word;
    device = {}, word = 1;
    connect(device, "line", 5, Trigger::level);
    device.line.affinity = 2;
    thread("holder", [](void*) {
        Machine::current().step(1000);
        Machine::current().assert_line(device.line);
        Machine::current().step(5000);
        EXPECT_EQ(device.served, 1);
        word = 0;
        Machine::current().spin_notify(&word);
    });
    thread("spinner", [](void*) {
        Machine::current().step(10);
        while (word != 0) Machine::current().spin_wait(&word, no_name);
    });
    EXPECT_EQ(machine->run_until_idle(forever_ns), RunResult::idle);
}

TEST_F(InterruptTest, a_shared_wire_stays_asserted_until_the_last_source_lets_go) {
    start(1);
    Device device;
    connect(device, "line", 5, Trigger::level);
    machine->assert_line(device.line);
    machine->assert_line(device.line);
    machine->deassert_line(device.line);
    EXPECT_TRUE(device.line.asserted);
    machine->deassert_line(device.line);
    EXPECT_FALSE(device.line.asserted);
    machine->run_until_idle(forever_ns);
    EXPECT_EQ(device.served, 0);  // gone before anybody looked
}

}  // namespace
}  // namespace gpioclx::machine
