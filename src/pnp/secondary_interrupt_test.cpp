// Secondary interrupts between a controller that owns pins and the service routines of peripherals.
#include <ext/gx_interrupt.h>

#include <algorithm>
#include <functional>

#include "test_driver_fixture.h"

namespace gpioclx::kernel {
namespace {

using pnp_test::FunctionDriver;

constexpr ULONG first_gsi = 1024;

// What the controller was asked to do, in words.
struct Controller {
    KIRQL irql = 5;
    NTSTATUS enable_status = STATUS_SUCCESS;
    std::string log;
    std::function<void()> on_enable = [] {};

    static NTSTATUS enable(PVOID context, ULONG gsi, const GX_LINE_DESCRIPTOR* line) {
        auto& self = *static_cast<Controller*>(context);
        self.note("enable " + std::to_string(gsi) + " pin " + std::to_string(line->Pin));
        self.on_enable();
        return self.enable_status;
    }
    static VOID disable(PVOID context, ULONG, ULONG pin) {
        static_cast<Controller*>(context)->note("disable pin " + std::to_string(pin));
    }
    static VOID serviced(PVOID context, ULONG, ULONG pin, BOOLEAN claimed) {
        static_cast<Controller*>(context)->note("serviced pin " + std::to_string(pin) +
                                                (claimed ? " claimed" : " unclaimed"));
    }
    static VOID set_active(PVOID context, ULONG, ULONG pin, BOOLEAN active) {
        const KIRQL highest =
            std::max<KIRQL>(DISPATCH_LEVEL, static_cast<Controller*>(context)->irql);
        EXPECT_LE(KeGetCurrentIrql(), highest);
        static_cast<Controller*>(context)->note((active ? "active pin " : "inactive pin ") +
                                                std::to_string(pin));
    }
    static KIRQL query_irql(PVOID context, ULONG) {
        return static_cast<Controller*>(context)->irql;
    }

    void note(const std::string& what) {
        machine::OutsideArenaScope outside;
        log += (log.empty() ? "" : ", ") + what;
    }
    GX_INTERRUPT_CONTROLLER callbacks() const {
        return {sizeof(GX_INTERRUPT_CONTROLLER),
                32,
                enable,
                disable,
                serviced,
                set_active,
                query_irql,
                nullptr};
    }
};

struct Peripheral {
    std::function<bool()> service = [] { return true; };
    PKINTERRUPT interrupt = nullptr;
    int calls = 0;
};

BOOLEAN service_peripheral(PKINTERRUPT, PVOID context) {
    auto& peripheral = *static_cast<Peripheral*>(context);
    ++peripheral.calls;
    return peripheral.service();
}

class SecondaryInterruptTest : public PnpTest {
  protected:
    void SetUp() override { FunctionDriver::reset(); }

    void add_peripheral(const std::string& path, GpioInterruptResource resource) {
        resource.controller = "\\_SB.GPIO";
        firmware.add(path, "TEST0001").needs = {"\\_SB.GPIO"};
        firmware.assigned[path] = {resource};
    }
    static GpioInterruptResource pin(std::uint16_t number, bool edge = true,
                                     InterruptSharing sharing = InterruptSharing::shared) {
        GpioInterruptResource r;
        r.pin = number;
        r.edge = edge;
        r.sharing = sharing;
        return r;
    }

    // Everything started, the controller registered.
    void start_system() {
        firmware.add("\\_SB.GPIO", "TEST0001");
        install("all", "TEST0001", FunctionDriver::entry);
        boot();
        run_as_thread(
            [&] {
                const GX_INTERRUPT_CONTROLLER callbacks = controller.callbacks();
                ASSERT_EQ(
                    GxRegisterInterruptController(physical("\\_SB.GPIO"), &callbacks, &controller),
                    STATUS_SUCCESS);
                EXPECT_EQ(
                    GxRegisterInterruptController(physical("\\_SB.GPIO"), &callbacks, &controller),
                    STATUS_INVALID_PARAMETER);
            },
            "registration");
    }
    static PDEVICE_OBJECT physical(const std::string& path) {
        return FunctionDriver::physical_devices[path];
    }

    IO_CONNECT_INTERRUPT_PARAMETERS parameters(Peripheral& peripheral, const std::string& path,
                                               bool passive, bool edge = true,
                                               ULONG gsi = first_gsi) {
        IO_CONNECT_INTERRUPT_PARAMETERS p{};
        p.Version = CONNECT_FULLY_SPECIFIED;
        auto& full = p.FullySpecified;
        full.PhysicalDeviceObject = physical(path);
        full.InterruptObject = &peripheral.interrupt;
        full.ServiceRoutine = service_peripheral;
        full.ServiceContext = &peripheral;
        full.Vector = gsi;
        full.Irql = full.SynchronizeIrql =
            passive ? static_cast<KIRQL>(PASSIVE_LEVEL) : controller.irql;
        full.InterruptMode = edge ? Latched : LevelSensitive;
        full.ShareVector = TRUE;
        full.ProcessorEnableMask = ~KAFFINITY{0};
        return p;
    }
    NTSTATUS connect(Peripheral& peripheral, const std::string& path, bool passive,
                     bool edge = true) {
        auto p = parameters(peripheral, path, passive, edge);
        return IoConnectInterruptEx(&p);
    }
    static void disconnect(Peripheral& peripheral) {
        IO_DISCONNECT_INTERRUPT_PARAMETERS p{};
        p.Version = CONNECT_FULLY_SPECIFIED;
        p.ConnectionContext.InterruptObject = peripheral.interrupt;
        IoDisconnectInterruptEx(&p);
    }
    BOOLEAN dispatch(ULONG gsi = first_gsi) {
        KIRQL before;
        KeRaiseIrql(controller.irql, &before);
        const BOOLEAN claimed = GxDispatchSecondaryInterrupt(gsi);
        KeLowerIrql(before);
        return claimed;
    }
    BOOLEAN schedule(ULONG gsi = first_gsi) {
        KIRQL before;
        KeRaiseIrql(controller.irql, &before);
        const BOOLEAN queued = GxScheduleSecondaryInterrupt(gsi);
        KeLowerIrql(before);
        return queued;
    }

    Controller controller;
};

TEST_F(SecondaryInterruptTest, I12_descriptors_of_one_pin_get_one_number_and_others_get_others) {
    add_peripheral("\\_SB.BTN0", pin(5));
    add_peripheral("\\_SB.BTN1", pin(9));
    add_peripheral("\\_SB.BTN2", pin(5));
    start_system();
    EXPECT_EQ(FunctionDriver::raw["\\_SB.BTN0"][0].u.Interrupt.Vector, 1024u);
    EXPECT_EQ(FunctionDriver::raw["\\_SB.BTN1"][0].u.Interrupt.Vector, 1025u);
    EXPECT_EQ(FunctionDriver::raw["\\_SB.BTN2"][0].u.Interrupt.Vector, 1024u);
}

TEST_F(SecondaryInterruptTest, I17_only_the_first_routine_enables_and_the_last_disables) {
    add_peripheral("\\_SB.BTN0", pin(5));
    add_peripheral("\\_SB.BTN1", pin(5));
    start_system();
    Peripheral first, second;
    run_as_thread([&] {
        ASSERT_EQ(connect(first, "\\_SB.BTN0", false), STATUS_SUCCESS);
        ASSERT_EQ(connect(second, "\\_SB.BTN1", false), STATUS_SUCCESS);
        disconnect(first);
        EXPECT_EQ(controller.log, "enable 1024 pin 5");
        disconnect(second);
    });
    EXPECT_EQ(controller.log, "enable 1024 pin 5, disable pin 5");
}

TEST_F(SecondaryInterruptTest, I16_an_interrupt_that_fires_inside_enable_is_delivered) {
    add_peripheral("\\_SB.BTN0", pin(5));
    start_system();
    Peripheral button;
    controller.on_enable = [&] { EXPECT_TRUE(dispatch()); };
    run_as_thread([&] { ASSERT_EQ(connect(button, "\\_SB.BTN0", false), STATUS_SUCCESS); });
    EXPECT_EQ(button.calls, 1);
}

TEST_F(SecondaryInterruptTest, I21_a_failing_enable_is_the_status_of_the_connect) {
    add_peripheral("\\_SB.BTN0", pin(5));
    start_system();
    controller.enable_status = STATUS_NOT_SUPPORTED;
    Peripheral button;
    run_as_thread([&] {
        EXPECT_EQ(connect(button, "\\_SB.BTN0", false), STATUS_NOT_SUPPORTED);
        EXPECT_EQ(button.interrupt, nullptr);
        EXPECT_FALSE(dispatch());
        controller.enable_status = STATUS_SUCCESS;
        EXPECT_EQ(connect(button, "\\_SB.BTN0", false), STATUS_SUCCESS);
    });
}

TEST_F(SecondaryInterruptTest, I18_exclusive_refuses_and_mode_and_polarity_must_agree) {
    add_peripheral("\\_SB.BTN0", pin(5));
    add_peripheral("\\_SB.EXCL", pin(6, true, InterruptSharing::exclusive));
    GpioInterruptResource low = pin(5);
    low.polarity = 1;
    add_peripheral("\\_SB.LOW0", low);
    start_system();
    Peripheral first, second;
    run_as_thread([&] {
        ASSERT_EQ(connect(first, "\\_SB.BTN0", false), STATUS_SUCCESS);
        EXPECT_EQ(connect(second, "\\_SB.LOW0", false), STATUS_INVALID_PARAMETER);
        EXPECT_EQ(connect(second, "\\_SB.BTN0", false, false), STATUS_INVALID_PARAMETER);
        EXPECT_EQ(connect(second, "\\_SB.EXCL", false), STATUS_NOT_FOUND);  // not its vector
        Peripheral third, fourth;
        auto exclusive = parameters(third, "\\_SB.EXCL", false, true, 1025);
        ASSERT_EQ(IoConnectInterruptEx(&exclusive), STATUS_SUCCESS);
        auto again = parameters(fourth, "\\_SB.EXCL", false, true, 1025);
        EXPECT_EQ(IoConnectInterruptEx(&again), STATUS_ACCESS_DENIED);
        disconnect(third);
    });
}

TEST_F(SecondaryInterruptTest, I48_a_routine_at_DIRQL_cannot_connect_to_a_serial_controller) {
    add_peripheral("\\_SB.BTN0", pin(5));
    start_system();
    Peripheral button;
    run_as_thread([&] {
        auto p = parameters(button, "\\_SB.BTN0", false);
        controller.irql = PASSIVE_LEVEL;
        EXPECT_EQ(IoConnectInterruptEx(&p), STATUS_INVALID_PARAMETER);
        EXPECT_EQ(connect(button, "\\_SB.BTN0", true), STATUS_SUCCESS);
        EXPECT_TRUE(GxRunSecondaryInterrupt(first_gsi));
    });
    EXPECT_EQ(button.calls, 1);
}

TEST_F(SecondaryInterruptTest, I15_a_connect_without_its_controller_is_bug_check_138) {
    add_peripheral("\\_SB.BTN0", pin(5));
    start_system();
    Peripheral button;
    thread("connect", [&] {
        GxUnregisterInterruptController(physical("\\_SB.GPIO"));
        connect(button, "\\_SB.BTN0", false);
    });
    run();
    ASSERT_FALSE(recorder.events.empty());
    const machine::Event* halt = nullptr;
    for (const machine::Event& e : recorder.events) {
        if (e.kind == machine::EventKind::halt) halt = &e;
    }
    ASSERT_NE(halt, nullptr);
    EXPECT_EQ(halt->a, 0x138u);
    EXPECT_EQ(halt->b, 1u);
    EXPECT_EQ(halt->c, first_gsi);
}

TEST_F(SecondaryInterruptTest, I49_routines_at_DIRQL_come_first_and_the_first_claim_ends_the_walk) {
    add_peripheral("\\_SB.BTN0", pin(5));
    add_peripheral("\\_SB.BTN1", pin(5));
    add_peripheral("\\_SB.BTN2", pin(5));
    start_system();
    std::string order;
    Peripheral passive{[&] {
        order += "p";
        return true;
    }};
    Peripheral first{[&] {
        order += "1";
        return false;
    }};
    Peripheral second{[&] {
        order += "2";
        return false;
    }};
    run_as_thread([&] {
        ASSERT_EQ(connect(passive, "\\_SB.BTN0", true), STATUS_SUCCESS);
        ASSERT_EQ(connect(first, "\\_SB.BTN1", false), STATUS_SUCCESS);
        ASSERT_EQ(connect(second, "\\_SB.BTN2", false), STATUS_SUCCESS);
        const GX_LINE_SERVICE service = GxQuerySecondaryInterrupt(first_gsi);
        EXPECT_TRUE(service.HasInterruptLevelRoutine);
        EXPECT_TRUE(service.HasPassiveRoutine);
        EXPECT_FALSE(dispatch());
        EXPECT_TRUE(schedule());
        first.service = [&] {
            order += "!";
            return true;
        };
        EXPECT_TRUE(dispatch());
    });
    EXPECT_EQ(order, "12p!") << controller.log;
    EXPECT_EQ(controller.log, "enable 1024 pin 5, serviced pin 5 claimed");
}

TEST_F(SecondaryInterruptTest, a_service_routine_shows_with_its_device_and_its_level) {
    add_peripheral("\\_SB.BTN0", pin(5));
    start_system();
    Peripheral button;
    run_as_thread([&] {
        connect(button, "\\_SB.BTN0", false);
        dispatch();
    });
    bool seen = false;
    for (const machine::Event& e : recorder.events) {
        if (e.kind == machine::EventKind::secondary_raised) {
            EXPECT_EQ(names.text(e.subject), "\\_SB.GPIO pin 5");
            EXPECT_EQ(e.a, first_gsi);
            EXPECT_EQ(e.b, 5u);
        }
        if (e.kind != machine::EventKind::interrupt_enter || names.text(e.detail) != "ISR")
            continue;
        seen = true;
        EXPECT_EQ(names.text(e.subject), "\\_SB.BTN0");
        EXPECT_EQ(e.level, controller.irql);
    }
    EXPECT_TRUE(seen);
}

TEST_F(SecondaryInterruptTest,
       I45_requests_are_merged_until_the_run_begins_and_then_cause_one_more) {
    add_peripheral("\\_SB.BTN0", pin(5));
    start(1);
    start_system();
    Peripheral button;
    button.service = [&] {
        if (button.calls == 1) {
            schedule();
            schedule();
        }
        return true;
    };
    run_as_thread([&] {
        connect(button, "\\_SB.BTN0", true);
        EXPECT_TRUE(schedule());
        EXPECT_TRUE(schedule());
        EXPECT_TRUE(schedule());
    });
    EXPECT_EQ(button.calls, 2);
}

TEST_F(SecondaryInterruptTest, I23_disconnect_waits_for_a_passive_routine_that_blocks) {
    add_peripheral("\\_SB.BTN0", pin(5));
    start_system();
    bool returned = false;
    Peripheral button{[&] {
        LARGE_INTEGER interval;
        interval.QuadPart = -10'000;  // 1 ms
        KeDelayExecutionThread(KernelMode, FALSE, &interval);
        returned = true;
        return true;
    }};
    run_as_thread([&] {
        connect(button, "\\_SB.BTN0", true);
        schedule();
        LARGE_INTEGER interval;
        interval.QuadPart = -1'000;
        KeDelayExecutionThread(KernelMode, FALSE, &interval);
        EXPECT_EQ(button.calls, 1);
        EXPECT_FALSE(returned);
        disconnect(button);
        EXPECT_TRUE(returned);
    });
    EXPECT_EQ(controller.log, "enable 1024 pin 5, serviced pin 5 claimed, disable pin 5");
}

TEST_F(SecondaryInterruptTest,
       I95_inactive_routines_are_not_asked_and_the_controller_hears_of_the_last) {
    add_peripheral("\\_SB.BTN0", pin(5));
    add_peripheral("\\_SB.BTN1", pin(5));
    start_system();
    Peripheral first, second;
    run_as_thread([&] {
        connect(first, "\\_SB.BTN0", false);
        connect(second, "\\_SB.BTN1", false);
        IO_REPORT_INTERRUPT_ACTIVE_STATE_PARAMETERS p{};
        p.Version = CONNECT_FULLY_SPECIFIED;
        p.ConnectionContext.InterruptObject = first.interrupt;
        IoReportInterruptInactive(&p);
        IoReportInterruptInactive(&p);
        EXPECT_TRUE(dispatch());
        EXPECT_EQ(first.calls, 0);
        EXPECT_EQ(second.calls, 1);
        p.ConnectionContext.InterruptObject = second.interrupt;
        IoReportInterruptInactive(&p);
        EXPECT_FALSE(dispatch());
        IoReportInterruptActive(&p);
        EXPECT_TRUE(dispatch());
    });
    EXPECT_EQ(controller.log, "enable 1024 pin 5, inactive pin 5, active pin 5");
}

TEST_F(SecondaryInterruptTest,
       F92_a_chained_controller_has_its_pin_masked_before_its_routine_returns) {
    add_peripheral("\\_SB.EXPD", pin(5, false));
    start_system();
    Peripheral expander;
    expander.service = [&] {
        GxMaskPrimaryInterrupt(expander.interrupt);
        EXPECT_EQ(controller.log, "enable 1024 pin 5, inactive pin 5") << "else it comes again";
        return true;
    };
    run_as_thread([&] {
        connect(expander, "\\_SB.EXPD", false, false);
        EXPECT_TRUE(dispatch());
        EXPECT_FALSE(GxQuerySecondaryInterrupt(first_gsi).HasInterruptLevelRoutine);
        EXPECT_EQ(controller.log, "enable 1024 pin 5, inactive pin 5");
        GxUnmaskPrimaryInterrupt(expander.interrupt);
    });
    EXPECT_EQ(controller.log, "enable 1024 pin 5, inactive pin 5, active pin 5");
}

TEST_F(SecondaryInterruptTest, connecting_and_disconnecting_while_it_fires_loses_no_object) {
    add_peripheral("\\_SB.BTN0", pin(5));
    add_peripheral("\\_SB.BTN1", pin(5));
    FunctionDriver::reset();
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        start(2, seed);
        options = {};
        if (seed > 1) firmware.present.pop_back();
        controller.log.clear();
        start_system();
        Peripheral steady, coming_and_going;
        steady.service = [] { return false; };
        run_as_thread([&] { connect(steady, "\\_SB.BTN0", false); });
        thread("peripheral", [&] {
            for (int i = 0; i < 10; ++i) {
                ASSERT_EQ(connect(coming_and_going, "\\_SB.BTN1", i % 2 == 0), STATUS_SUCCESS);
                disconnect(coming_and_going);
            }
        });
        thread("hardware", [&] {
            for (int i = 0; i < 60; ++i) {
                if (!dispatch()) schedule();
            }
        });
        run();
        EXPECT_EQ(steady.calls, 60);
        EXPECT_TRUE(findings().empty()) << "seed " << seed << ": " << findings()[0];
    }
}

}  // namespace
}  // namespace gpioclx::kernel
