#include "kernel/io/interrupt_primary.h"

#include <functional>

#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel::io {
namespace {

// A device that holds its level line until its service routine has been there.
struct Device {
    std::function<bool(Device&)> service;
    PKINTERRUPT interrupt = nullptr;
    int calls = 0;
};

BOOLEAN service_device(PKINTERRUPT, PVOID context) {
    auto& device = *static_cast<Device*>(context);
    ++device.calls;
    return device.service(device);
}

class PrimaryInterruptTest : public KernelTest {
  protected:
    static constexpr ULONG gsi = 40;

    PrimaryLine& line(bool edge) {
        machine();
        PrimaryLine& primary = primary_line(gsi);
        primary.configure(edge);
        return primary;
    }
    NTSTATUS connect(Device& device, bool edge, bool shared = true, bool passive = false) {
        const KIRQL irql = passive ? static_cast<KIRQL>(PASSIVE_LEVEL) : primary_line(gsi).irql();
        return IoConnectInterrupt(&device.interrupt, service_device, &device, nullptr, gsi, irql,
                                  irql, edge ? Latched : LevelSensitive, shared, ~KAFFINITY{0},
                                  FALSE);
    }
    void pulse(PrimaryLine& primary) {
        machine().assert_line(primary.line);
        machine().deassert_line(primary.line);
    }
};

TEST_F(PrimaryInterruptTest, a_level_line_is_asked_in_order_until_one_claims) {
    PrimaryLine& primary = line(false);
    std::string order;
    Device first{[&](Device&) {
        order += "1";
        return false;
    }};
    Device second{[&](Device&) {
        order += "2";
        machine().deassert_line(primary.line);
        return true;
    }};
    Device third{[&](Device&) {
        order += "3";
        return true;
    }};
    run_as_thread([&] {
        ASSERT_EQ(connect(first, false), STATUS_SUCCESS);
        ASSERT_EQ(connect(second, false), STATUS_SUCCESS);
        ASSERT_EQ(connect(third, false), STATUS_SUCCESS);
    });
    machine().assert_line(primary.line);
    run();
    EXPECT_EQ(order, "12");
}

TEST_F(PrimaryInterruptTest,
       a_level_line_that_nobody_claims_is_given_up_until_somebody_connects_anew) {
    PrimaryLine& primary = line(false);
    Device device{[](Device&) { return false; }};
    run_as_thread([&] { ASSERT_EQ(connect(device, false), STATUS_SUCCESS); });
    machine().assert_line(primary.line);
    run();
    EXPECT_EQ(device.calls, 10'000);
    EXPECT_TRUE(found("interrupt-010"));
    device.service = [&](Device&) {
        machine().deassert_line(primary.line);
        return true;
    };
    run_as_thread([&] {
        IoDisconnectInterrupt(device.interrupt);
        ASSERT_EQ(connect(device, false), STATUS_SUCCESS);
    });
    run();
    EXPECT_EQ(device.calls, 10'001);
}

TEST_F(PrimaryInterruptTest, an_edge_is_told_to_everybody) {
    PrimaryLine& primary = line(true);
    Device first{[](Device&) { return true; }};
    Device second{[](Device&) { return true; }};
    run_as_thread([&] {
        connect(first, true);
        connect(second, true);
    });
    pulse(primary);
    run();
    EXPECT_EQ(first.calls, 1);
    EXPECT_EQ(second.calls, 1);
}

TEST_F(PrimaryInterruptTest, I18_an_exclusive_line_refuses_a_second_connect) {
    line(false);
    Device first{[](Device&) { return true; }};
    Device second{[](Device&) { return true; }};
    run_as_thread([&] {
        ASSERT_EQ(connect(first, false, false), STATUS_SUCCESS);
        EXPECT_EQ(connect(second, false), STATUS_ACCESS_DENIED);
        EXPECT_EQ(connect(second, true), STATUS_INVALID_PARAMETER);
        EXPECT_EQ(second.interrupt, nullptr);
    });
}

TEST_F(PrimaryInterruptTest, distinct_lines_get_distinct_levels_in_order_of_first_use) {
    machine();
    primary_line(7).configure(false);
    primary_line(3).configure(true);
    EXPECT_EQ(primary_line(7).irql(), 3);
    EXPECT_EQ(primary_line(3).irql(), 4);
}

TEST_F(PrimaryInterruptTest, synchronized_code_excludes_the_service_routine_on_other_processors) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        start(2, seed);
        PrimaryLine& primary = line(true);
        struct Shared {
            Device device;
            bool inside = false;
            bool overlapped = false;
        } shared;
        shared.device.service = [&](Device&) {
            if (shared.inside) shared.overlapped = true;
            return true;
        };
        thread("driver", [&] {
            ASSERT_EQ(connect(shared.device, true), STATUS_SUCCESS);
            for (int i = 0; i < 20; ++i) {
                KeSynchronizeExecution(
                    shared.device.interrupt,
                    [](PVOID context) -> BOOLEAN {
                        auto& s = *static_cast<Shared*>(context);
                        s.inside = true;
                        KeStallExecutionProcessor(5);
                        s.inside = false;
                        return TRUE;
                    },
                    &shared);
            }
        });
        thread("hardware", [&] {
            for (int i = 0; i < 40; ++i) {
                KeStallExecutionProcessor(2);
                pulse(primary);
            }
        });
        run();
        EXPECT_GT(shared.device.calls, 0);
        EXPECT_FALSE(shared.overlapped) << "seed " << seed;
    }
}

TEST_F(PrimaryInterruptTest, disconnect_waits_for_a_service_routine_that_runs) {
    PrimaryLine& primary = line(true);
    bool returned = false;
    bool disconnected_after = false;
    Device device{[&](Device&) {
        KeStallExecutionProcessor(100);
        returned = true;
        return true;
    }};
    primary.line.affinity = 2;  // the processor that the driver does not run on
    thread("driver", [&] {
        connect(device, true);
        pulse(primary);
        KeStallExecutionProcessor(5);
        EXPECT_FALSE(returned);
        IoDisconnectInterrupt(device.interrupt);
        disconnected_after = returned;
    });
    thread("other", [] {});
    run();
    EXPECT_TRUE(disconnected_after);
    EXPECT_FALSE(primary.line.enabled);
}

TEST_F(PrimaryInterruptTest, a_level_line_stays_masked_until_its_passive_routine_ran) {
    PrimaryLine& primary = line(false);
    bool enabled_inside = true;
    KIRQL irql_inside = HIGH_LEVEL;
    Device device{[&](Device&) {
        enabled_inside = primary.line.enabled;
        irql_inside = KeGetCurrentIrql();
        LARGE_INTEGER interval;
        interval.QuadPart = -100;  // may block
        KeDelayExecutionThread(KernelMode, FALSE, &interval);
        machine().deassert_line(primary.line);
        return true;
    }};
    run_as_thread([&] { ASSERT_EQ(connect(device, false, true, true), STATUS_SUCCESS); });
    machine().assert_line(primary.line);
    run();
    EXPECT_EQ(device.calls, 1);
    EXPECT_FALSE(enabled_inside);
    EXPECT_EQ(irql_inside, PASSIVE_LEVEL);
    EXPECT_TRUE(primary.line.enabled);
}

TEST_F(PrimaryInterruptTest, a_service_routine_must_return_at_its_irql_and_without_spin_locks) {
    PrimaryLine& primary = line(false);
    KSPIN_LOCK leaked;
    KeInitializeSpinLock(&leaked);
    Device device{[&](Device&) {
        KeAcquireSpinLockAtDpcLevel(&leaked);
        KfRaiseIrql(HIGH_LEVEL);
        machine().deassert_line(primary.line);
        return true;
    }};
    run_as_thread([&] { ASSERT_EQ(connect(device, false), STATUS_SUCCESS); });
    machine().assert_line(primary.line);
    run();
    EXPECT_TRUE(found("lock-004"));
    EXPECT_TRUE(found("irql-005"));
}

TEST_F(PrimaryInterruptTest, a_service_routine_cannot_lower_the_irql_below_its_own) {
    PrimaryLine& primary = line(false);
    Device device{[&](Device&) {
        KfLowerIrql(DISPATCH_LEVEL);
        machine().deassert_line(primary.line);
        return true;
    }};
    run_as_thread([&] { ASSERT_EQ(connect(device, false), STATUS_SUCCESS); });
    machine().assert_line(primary.line);
    run();
    EXPECT_TRUE(found("irql-006"));
}

TEST_F(PrimaryInterruptTest, only_the_processors_that_the_first_routine_names_take_the_interrupt) {
    for (ULONG processor = 0; processor < 2; ++processor) {
        start(2, 1);
        PrimaryLine& primary = line(true);
        ULONG seen = 99;
        Device device{[&](Device&) {
            seen = KeGetCurrentProcessorNumber();
            return true;
        }};
        run_as_thread([&] {
            ASSERT_EQ(IoConnectInterrupt(&device.interrupt, service_device, &device, nullptr, gsi,
                                         primary.irql(), primary.irql(), Latched, TRUE,
                                         KAFFINITY{1} << processor, FALSE),
                      STATUS_SUCCESS);
        });
        pulse(primary);
        run();
        EXPECT_EQ(seen, processor);
        run_as_thread([&] { IoDisconnectInterrupt(device.interrupt); });
        EXPECT_EQ(primary.line.affinity, ~0u) << "the next one may say otherwise";
    }
}

TEST_F(PrimaryInterruptTest, W25_the_interrupt_lock_of_a_passive_routine_is_a_bug_check) {
    line(false);
    Device device{[](Device&) { return true; }};
    run_as_thread([&] { connect(device, false, true, true); });
    thread("driver", [&] { KeAcquireInterruptSpinLock(device.interrupt); });
    run();
    EXPECT_TRUE(found("irql-020"));
}

TEST_F(PrimaryInterruptTest, W22_a_passive_routine_cannot_bring_a_spin_lock) {
    line(false);
    Device device{[](Device&) { return true; }};
    KSPIN_LOCK lock = 0;
    run_as_thread([&] {
        EXPECT_EQ(IoConnectInterrupt(&device.interrupt, service_device, &device, &lock, gsi,
                                     PASSIVE_LEVEL, PASSIVE_LEVEL, LevelSensitive, TRUE,
                                     ~KAFFINITY{0}, FALSE),
                  STATUS_INVALID_PARAMETER);
        IO_CONNECT_INTERRUPT_PARAMETERS bad_version{};
        bad_version.Version = 99;
        EXPECT_EQ(IoConnectInterruptEx(&bad_version), STATUS_INVALID_PARAMETER_1);
    });
}

}  // namespace
}  // namespace gpioclx::kernel::io
