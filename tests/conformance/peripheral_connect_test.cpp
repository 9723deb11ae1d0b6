// Interrupts as WDM drivers connect them: IoConnectInterruptEx and what works on its objects (rules
// W21-W28).
#include "peripheral_interrupts.h"

namespace gpioclx::conformance {
namespace {

using Parameters = IO_CONNECT_INTERRUPT_PARAMETERS;

class ByHand : public PeripheralInterrupts {
  protected:
    KSPIN_LOCK lock = 0;
    void SetUp() override {
        PeripheralInterrupts::SetUp();
        button.make_by_hand();
        button.isr = [] { return note_place("isr"), true; };
    }
    NTSTATUS connect_with(const Peripheral::Change& change) { return button.connect_with(change); }
    // With what the documentation's example passes; the first six members are those of the other
    // form.
    static void line_based(Parameters& parameters) {
        parameters.Version = CONNECT_LINE_BASED;
        parameters.LineBased.SynchronizeIrql = PASSIVE_LEVEL;
        parameters.LineBased.SpinLock = nullptr;
        parameters.LineBased.FloatingSave = FALSE;
    }
    static BOOLEAN synchronized(PVOID context) {
        note_place("synchronized");
        return context != nullptr;
    }
    static void wait_a_while() { self().wait_us(1'000); }
};

// ---- fully specified, at DIRQL (W21) ----

// The driver that the documentation shows for active-both pins: its routine turns a state around
// and asks for a DPC.
class ActiveBothSample : public ByHand {
  protected:
    Peripheral& both = peripheral("BTN1", interrupt(6, Latched, InterruptActiveBoth));
    bool pressed = false;
    void SetUp() override {
        ByHand::SetUp();
        both.make_by_hand();
        both.prepare_hardware = [this] {
            pdo = WdfDeviceWdmGetPhysicalDevice(both.device);
            IoInitializeDpcRequest(
                pdo, +[](PKDPC, PDEVICE_OBJECT, PIRP, PVOID state) {
                    note(*static_cast<bool*>(state) ? "pressed" : "released");
                });
            return both.connect_with(
                [this](Parameters& parameters) { parameters.FullySpecified.SpinLock = &lock; });
        };
        both.isr = [this] {
            EXPECT_TRUE(kernel::ke::holds_lock(&lock));
            EXPECT_EQ(KeGetCurrentIrql(),
                      both.descriptor(CmResourceTypeInterrupt).u.Interrupt.Level);
            pressed = !pressed;
            IoRequestDpc(pdo, nullptr, &pressed);
            return true;
        };
        both.release_hardware = [this] { both.disconnect(); };
    }
    PDEVICE_OBJECT pdo = nullptr;
};

TEST_F(ActiveBothSample, F172_follows_the_line_at_DIRQL_under_its_spin_lock) {
    boot();
    gpio.raise(6);
    gpio.lower(6);
    gpio.raise(6);
    EXPECT_EQ(noted(), "pressed released pressed");
    remove(both.path);
    EXPECT_EQ(trace.count(Callback::disable), 1u);
}

TEST_F(ActiveBothSample, F172_gets_the_interrupt_that_comes_with_the_connection) {
    gpio.information.Flags.EmulateActiveBoth = 1;  // asserted is low, and it is low
    boot();
    gpio.raise(6);
    EXPECT_EQ(noted(), "pressed released");
}

TEST_F(ByHand, F172_the_object_is_there_when_the_routine_runs_before_connect_returns) {
    button.resources = {interrupt(5, LevelSensitive, InterruptActiveHigh)};
    gpio.starts_high(5);
    gpio.after[Callback::enable] = [](void*) { KeStallExecutionProcessor(100); };
    boot();
    button.isr = [this] {
        note(button.connected() != nullptr ? "isr with object" : "isr without object");
        return gpio.pins.set_level(5, false), true;
    };
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    EXPECT_EQ(noted(), "isr with object");
}

TEST_F(ByHand, F172_runs_at_the_IRQL_for_synchronization_under_the_drivers_lock) {
    boot();
    ASSERT_EQ(connect_with([this](Parameters& parameters) {
                  parameters.FullySpecified.SynchronizeIrql += 1;
                  parameters.FullySpecified.SpinLock = &lock;
              }),
              STATUS_SUCCESS);
    gpio.raise(5);
    in_thread([&] {
        EXPECT_TRUE(KeSynchronizeExecution(button.connected(), &synchronized, this));
        EXPECT_FALSE(KeSynchronizeExecution(button.connected(), &synchronized, nullptr));
        const KIRQL before = KeAcquireInterruptSpinLock(button.connected());
        note_place("spin lock");
        EXPECT_TRUE(kernel::ke::holds_lock(&lock));
        KeReleaseInterruptSpinLock(button.connected(), before);
        note_place("after");
    });
    EXPECT_EQ(noted(),
              "isr(DIRQL + 1, lock) synchronized(DIRQL + 1, lock) "
              "synchronized(DIRQL + 1, lock) spin lock(DIRQL + 1, lock) after(PASSIVE)");
}

TEST_F(ByHand, F172_synchronized_code_cannot_be_called_above_the_routines_IRQL) {
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    in_thread([&] {
        KIRQL before;
        KeRaiseIrql(CLOCK_LEVEL - 1, &before);
        KeSynchronizeExecution(button.connected(), &synchronized, nullptr);
        KeLowerIrql(before);
    });
    expect_finding("irql-001");
}

TEST_F(ByHand, F172_wrong_parameters) {
    boot();
    const auto with = [&](void (*change)(Parameters&)) { return button.connect_with(change); };
    EXPECT_EQ(with([](Parameters& p) { p.Version = 0; }), STATUS_INVALID_PARAMETER_1);
    EXPECT_EQ(with([](Parameters& p) { p.Version = 99; }), STATUS_INVALID_PARAMETER_1);
    EXPECT_EQ(with([](Parameters& p) { p.FullySpecified.ProcessorEnableMask = 0; }),
              STATUS_INVALID_PARAMETER_10);
    EXPECT_EQ(with([](Parameters& p) { p.FullySpecified.Vector += 500; }), STATUS_NOT_FOUND);
    EXPECT_EQ(with([](Parameters& p) { p.FullySpecified.PhysicalDeviceObject = nullptr; }),
              STATUS_INVALID_PARAMETER);
    EXPECT_EQ(with([](Parameters& p) { p.FullySpecified.SynchronizeIrql = DISPATCH_LEVEL; }),
              STATUS_INVALID_PARAMETER);
    EXPECT_EQ(with([](Parameters& p) {
                  p.FullySpecified.Irql += 1;
                  p.FullySpecified.SynchronizeIrql += 1;
              }),
              STATUS_INVALID_PARAMETER);
    EXPECT_EQ(with([](Parameters& p) { p.FullySpecified.InterruptMode = LevelSensitive; }),
              STATUS_INVALID_PARAMETER);
    EXPECT_EQ(trace.compact(), "");
}

TEST_F(ByHand, F172_the_group_counts_only_in_the_form_that_has_one) {
    boot();
    EXPECT_EQ(connect_with([](Parameters& p) {
                  p.Version = CONNECT_FULLY_SPECIFIED_GROUP;
                  p.FullySpecified.Group = 1;
              }),
              STATUS_INVALID_PARAMETER);
    EXPECT_EQ(connect_with([](Parameters& p) { p.FullySpecified.Group = 1; }), STATUS_SUCCESS);
}

// ---- line based and message based, at DIRQL ----

// One pin in each of two banks, whose primary interrupts have different DIRQLs.
class TwoLines : public ByHand {
  protected:
    void SetUp() override {
        ByHand::SetUp();
        gpio.banks(64, 32);
        button.resources = {interrupt(5, Latched, InterruptRisingEdge),
                            interrupt(40, Latched, InterruptRisingEdge)};
    }
};

TEST_F(TwoLines, F172_line_based_takes_all_lines_at_their_highest_DIRQL_under_one_lock) {
    boot();
    ASSERT_NE(button.descriptor(CmResourceTypeInterrupt, 0).u.Interrupt.Level,
              button.descriptor(CmResourceTypeInterrupt, 1).u.Interrupt.Level);
    ASSERT_EQ(connect_with(&line_based), STATUS_SUCCESS);
    gpio.raise(5);
    gpio.raise(40);
    EXPECT_EQ(noted(), "isr(DIRQL, lock) isr(DIRQL, lock)");
    button.disconnect();
    EXPECT_EQ(trace.count(Callback::enable), 2u);
    EXPECT_EQ(trace.count(Callback::disable), 2u);
}

TEST_F(TwoLines, F172_line_based_with_an_IRQL_above_theirs) {
    boot();
    ASSERT_EQ(connect_with([](Parameters& parameters) {
                  line_based(parameters);
                  parameters.LineBased.SynchronizeIrql = static_cast<KIRQL>(dirql() + 1);
              }),
              STATUS_SUCCESS);
    gpio.raise(5);
    EXPECT_EQ(noted(), "isr(DIRQL + 1, lock)");
}

TEST_F(TwoLines, F172_line_based_connects_all_or_none) {
    boot();
    gpio.instead[Callback::enable] = [](void* parameters) -> NTSTATUS {
        const auto& enable = *static_cast<GPIO_ENABLE_INTERRUPT_PARAMETERS*>(parameters);
        return enable.BankId == 0 ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
    };
    EXPECT_EQ(connect_with(&line_based), STATUS_UNSUCCESSFUL);
    EXPECT_EQ(trace.compact(), "E E D");
    gpio.instead.clear();
    EXPECT_EQ(connect_with(&line_based), STATUS_SUCCESS);
}

TEST_F(TwoLines, F172_reports_of_activity_concern_all_lines) {
    boot();
    ASSERT_EQ(connect_with(&line_based), STATUS_SUCCESS);
    trace.clear();
    button.report_active(false);
    button.report_active(false);  // nothing new
    EXPECT_EQ(trace.compact(), "[M] [M]");
    gpio.raise(5);
    gpio.raise(40);
    EXPECT_EQ(noted(), "");
    trace.clear();
    button.report_active(true);
    EXPECT_EQ(trace.count(Callback::unmask), 2u);
}

TEST_F(TwoLines, F172_message_based_falls_back_to_the_lines_and_says_so) {
    boot();
    ULONG version = 0;
    PKINTERRUPT object = nullptr;
    in_thread([&] {
        Parameters parameters = {};
        parameters.Version = CONNECT_MESSAGE_BASED;
        auto& message = parameters.MessageBased;
        message.PhysicalDeviceObject = WdfDeviceWdmGetPhysicalDevice(button.device);
        message.ConnectionContext.InterruptObject = &object;
        message.MessageServiceRoutine = [](PKINTERRUPT, PVOID, ULONG) -> BOOLEAN { return FALSE; };
        EXPECT_EQ(IoConnectInterruptEx(&parameters), STATUS_NOT_FOUND);
        EXPECT_EQ(parameters.Version, ULONG{CONNECT_MESSAGE_BASED});
        message.FallBackServiceRoutine = [](PKINTERRUPT, PVOID) -> BOOLEAN {
            return note("fallback"), TRUE;
        };
        gpio.fail(Callback::enable, STATUS_UNSUCCESSFUL, 1);
        EXPECT_EQ(IoConnectInterruptEx(&parameters), STATUS_UNSUCCESSFUL);
        EXPECT_EQ(parameters.Version, ULONG{CONNECT_MESSAGE_BASED});
        ASSERT_EQ(IoConnectInterruptEx(&parameters), STATUS_SUCCESS);
        version = parameters.Version;
    });
    EXPECT_EQ(version, ULONG{CONNECT_LINE_BASED});
    gpio.raise(5);
    gpio.raise(40);
    EXPECT_EQ(noted(), "fallback fallback");
    in_thread([&] {
        IO_DISCONNECT_INTERRUPT_PARAMETERS parameters = {};
        parameters.Version = version;
        parameters.ConnectionContext.InterruptObject = object;
        IoDisconnectInterruptEx(&parameters);
    });
    EXPECT_EQ(trace.count(Callback::disable), 2u);
}

TEST_F(ByHand, F172_line_based_needs_lines) {
    button.resources = {io({7})};
    boot();
    NTSTATUS status = STATUS_PENDING;
    in_thread([&] {
        PKINTERRUPT object = nullptr;
        Parameters parameters = {};
        parameters.Version = CONNECT_LINE_BASED;
        auto& lines = parameters.LineBased;
        lines.InterruptObject = &object;
        lines.ServiceRoutine = [](PKINTERRUPT, PVOID) -> BOOLEAN { return FALSE; };
        EXPECT_EQ(IoConnectInterruptEx(&parameters), STATUS_INVALID_PARAMETER) << "no device";
        lines.PhysicalDeviceObject = WdfDeviceWdmGetPhysicalDevice(button.device);
        status = IoConnectInterruptEx(&parameters);
    });
    EXPECT_EQ(status, STATUS_NOT_FOUND);
}

// ---- passive (W22-W25) ----

class PassiveByHand : public ByHand {
  protected:
    void SetUp() override {
        ByHand::SetUp();
        button.make_passive();
    }
};

TEST_F(PassiveByHand, F173_the_routine_runs_at_PASSIVE_LEVEL_and_may_block) {
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    button.isr = [] { return note_place("isr"), wait_a_while(), true; };
    gpio.raise(5);
    EXPECT_EQ(noted(), "isr(PASSIVE, lock)");
    EXPECT_EQ(trace.compact(), "E ; [Q] [X] ... isr");
}

TEST_F(PassiveByHand, F173_takes_no_spin_lock_and_no_other_level) {
    boot();
    EXPECT_EQ(connect_with([this](Parameters& p) { p.FullySpecified.SpinLock = &lock; }),
              STATUS_INVALID_PARAMETER);
    EXPECT_EQ(connect_with([](Parameters& p) { p.FullySpecified.SynchronizeIrql = dirql(); }),
              STATUS_INVALID_PARAMETER);
    EXPECT_EQ(trace.compact(), "");
}

TEST_F(PassiveByHand, F174_KeSynchronizeExecution_keeps_the_routine_out) {
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    button.isr = [] { return note("isr"), true; };
    in_thread([&] {
        EXPECT_TRUE(KeSynchronizeExecution(
            button.connected(),
            [](PVOID) -> BOOLEAN {
                note_place("in");
                self().gpio.raise(5);
                wait_a_while();
                note("out");
                return TRUE;
            },
            nullptr));
    });
    EXPECT_EQ(noted(), "in(PASSIVE, lock) out isr");
}

TEST_F(PassiveByHand, F174_waits_for_the_routine_that_runs) {
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    button.isr = [] { return note("isr"), wait_a_while(), note("end"), true; };
    in_thread([&] {
        gpio.raise(5);
        wait_us(200);
        KeSynchronizeExecution(button.connected(), &synchronized, nullptr);
    });
    EXPECT_EQ(noted(), "isr end synchronized(PASSIVE, lock)");
}

TEST_F(PassiveByHand, F174_the_routine_itself_cannot_synchronize_with_itself) {
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    button.isr = [this] {
        KeSynchronizeExecution(button.connected(), &synchronized, nullptr);
        return true;
    };
    gpio.raise(5);
    expect_finding("lock-001");
}

TEST_F(PassiveByHand, F175_its_spin_lock_is_a_bug_check) {
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    thread("test", [&] { KeAcquireInterruptSpinLock(button.connected()); });
    run();
    EXPECT_NE(bug_check().code, 0u);
    EXPECT_EQ(bug_check().parameter1, line().Vector);
    expect_finding("irql-020");
}

TEST_F(PassiveByHand, F175_its_release_is_a_bug_check_too) {
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    thread("test", [&] { KeReleaseInterruptSpinLock(button.connected(), PASSIVE_LEVEL); });
    run();
    EXPECT_NE(bug_check().code, 0u);
    expect_finding("irql-020");
}

// ---- line based, behind serial controllers ----

class BehindSerial : public ByHand {
  protected:
    Controller& other = add_controller("\\_SB.GPI2", client);
    void SetUp() override {
        ByHand::SetUp();
        gpio.serial();
        other.serial().interrupts = {50};
    }
};

TEST_F(BehindSerial, F176_a_line_based_routine_is_passive) {
    boot();
    ASSERT_EQ(connect_with(&line_based), STATUS_SUCCESS);
    button.isr = [] { return note_place("isr"), wait_a_while(), true; };
    gpio.raise(5);
    EXPECT_EQ(noted(), "isr(PASSIVE, lock)");
    EXPECT_EQ(trace.compact(), "E ; Q X isr");
}

TEST_F(BehindSerial, F176_a_level_pin_is_masked_while_it_runs) {
    button.resources = {interrupt(5, LevelSensitive, InterruptActiveHigh)};
    boot();
    ASSERT_EQ(connect_with(&line_based), STATUS_SUCCESS);
    button.isr = [this] {
        note_place("isr");
        gpio.pins.set_level(5, false);
        return true;
    };
    gpio.raise(5);
    EXPECT_EQ(noted(), "isr(PASSIVE, lock)");
    EXPECT_EQ(trace.compact(), "E ; Q M isr X U");
}

TEST_F(BehindSerial, F176_wants_neither_a_spin_lock_nor_an_IRQL) {
    boot();
    EXPECT_EQ(connect_with([this](Parameters& p) {
                  line_based(p);
                  p.LineBased.SpinLock = &lock;
              }),
              STATUS_INVALID_PARAMETER);
    EXPECT_EQ(connect_with([](Parameters& p) {
                  line_based(p);
                  p.LineBased.SynchronizeIrql = DISPATCH_LEVEL + 1;
              }),
              STATUS_INVALID_PARAMETER);
    EXPECT_EQ(trace.compact(), "");
}

TEST_F(BehindSerial, F176_passive_lines_of_a_device_share_one_lock) {
    button.resources = {interrupt(5, Latched, InterruptRisingEdge),
                        of(other, interrupt(6, Latched, InterruptRisingEdge))};
    boot();
    ASSERT_EQ(connect_with(&line_based), STATUS_SUCCESS);
    button.isr = [] { return note("in"), wait_a_while(), note("out"), true; };
    in_thread([&] {
        gpio.raise(5);
        other.raise(6);
        wait_us(200);
        KeSynchronizeExecution(button.connected(), &synchronized, nullptr);
        wait_us(5'000);
    });
    // Whoever comes second waits for the first.
    const std::string text = noted();
    EXPECT_TRUE(text == "in out in out synchronized(PASSIVE, lock)" ||
                text == "in out synchronized(PASSIVE, lock) in out")
        << text;
}

TEST_F(BehindSerial, F176_with_a_line_at_DIRQL_the_routine_is_not_passive_for_the_others) {
    other.information.Flags.MemoryMappedController = 1;
    button.resources = {interrupt(5, Latched, InterruptRisingEdge),
                        of(other, interrupt(6, Latched, InterruptRisingEdge))};
    boot();
    ASSERT_EQ(button.descriptor(CmResourceTypeInterrupt, 0).u.Interrupt.Level,
              ULONG{PASSIVE_LEVEL});
    ASSERT_EQ(connect_with([this](Parameters& p) {
                  line_based(p);
                  p.LineBased.SpinLock = &lock;
              }),
              STATUS_SUCCESS);
    gpio.raise(5);
    other.raise(6);
    in_thread([&] { KeSynchronizeExecution(button.connected(), &synchronized, nullptr); });
    EXPECT_EQ(noted(), "isr(DIRQL, lock) isr(DIRQL, lock) synchronized(DIRQL, lock)");
}

}  // namespace
}  // namespace gpioclx::conformance
