// The power framework: conditions and states of components (specification 8.6).
#include "kernel/po/power_framework.h"

#include <pepfx.h>

#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

class PowerFramework : public KernelTest {
  public:
    static inline PowerFramework* self = nullptr;
    POHANDLE handle = nullptr;
    std::string calls;
    bool completes = true;  // at once, in the callback

    void SetUp() override { self = this; }

    static void note(const std::string& what) {
        machine::OutsideArenaScope outside;
        self->calls += (self->calls.empty() ? "" : " ") + what;
    }
    static VOID active(PVOID, ULONG component) { note("active" + std::to_string(component)); }
    static VOID idle(PVOID, ULONG component) {
        note("idle" + std::to_string(component));
        if (self->completes) PoFxCompleteIdleCondition(self->handle, component);
    }
    static VOID state(PVOID, ULONG component, ULONG state) {
        note("F" + std::to_string(state) + "." + std::to_string(component));
        if (self->completes) PoFxCompleteIdleState(self->handle, component);
    }
    static VOID critical(PVOID, ULONG component, BOOLEAN active) {
        note((active ? "critical on " : "critical off ") + std::to_string(component));
    }

    // Components that are in no hurry, each with an F1 of this latency and residency.
    NTSTATUS add(ULONG count, ULONGLONG latency = 0, ULONGLONG residency = 0) {
        PO_FX_COMPONENT_IDLE_STATE states[2] = {{}, {latency, residency, PO_FX_UNKNOWN_POWER}};
        alignas(PO_FX_CORE_DEVICE) UCHAR memory[1024] = {};
        auto& device = *reinterpret_cast<PO_FX_CORE_DEVICE*>(memory);
        device.Version = PO_FX_VERSION_V1;
        device.ComponentCount = count;
        device.ComponentActiveConditionCallback = &active;
        device.ComponentIdleConditionCallback = &idle;
        device.ComponentIdleStateCallback = &state;
        device.ComponentCriticalTransitionCallback = &critical;
        for (ULONG i = 0; i < count; ++i) {
            device.Components[i].IdleStateCount = 2;
            device.Components[i].IdleStates = states;
        }
        UNICODE_STRING id = RTL_CONSTANT_STRING(L"TEST");
        return PoFxRegisterCoreDevice(&id, &device, &handle);
    }
    std::string called() { return std::exchange(calls, {}); }
};

TEST_F(PowerFramework, components_go_idle_when_management_starts) {
    run_as_thread([&] {
        ASSERT_EQ(add(2), STATUS_SUCCESS);
        PoFxActivateComponent(handle, 1, 0);
        EXPECT_EQ(called(), "") << "active already";
        PoFxStartDevicePowerManagement(handle);
        EXPECT_EQ(called(), "idle0 F1.0") << "the other one is held";
        PoFxUnregisterDevice(handle);
    });
}

// There is no platform extension that knows the device: the request comes back from none.
TEST_F(PowerFramework, power_control_is_refused_by_the_platform) {
    static const GUID code = {0x6E1B5D2C, 0x1F0A, 0x4E8B, {1, 2, 3, 4, 5, 6, 7, 8}};
    run_as_thread([&] {
        ASSERT_EQ(add(1), STATUS_SUCCESS);
        ULONG answer = 7;
        SIZE_T returned = 99;
        EXPECT_EQ(PoFxPowerControl(handle, &code, nullptr, 0, &answer, sizeof answer, &returned),
                  STATUS_NOT_SUPPORTED);
        EXPECT_EQ(returned, 0u);
        EXPECT_EQ(answer, 7u) << "nobody has written there";
        EXPECT_EQ(PoFxPowerControl(handle, &code, nullptr, 0, nullptr, 0, nullptr),
                  STATUS_NOT_SUPPORTED);
        EXPECT_TRUE(findings().empty());
        PoFxUnregisterDevice(handle);
        EXPECT_EQ(PoFxPowerControl(handle, &code, nullptr, 0, nullptr, 0, &returned),
                  STATUS_INVALID_PARAMETER);
        ASSERT_EQ(findings().size(), 1u);
        EXPECT_TRUE(findings()[0].starts_with("power-001: ")) << findings()[0];
    });
}

TEST_F(PowerFramework, the_last_reference_counts) {
    run_as_thread([&] {
        add(1);
        PoFxStartDevicePowerManagement(handle);
        called();
        PoFxActivateComponent(handle, 0, PO_FX_FLAG_BLOCKING);
        EXPECT_EQ(called(), "F0.0 active0");
        PoFxActivateComponent(handle, 0, PO_FX_FLAG_BLOCKING);
        PoFxIdleComponent(handle, 0, 0);
        EXPECT_EQ(called(), "");
        PoFxIdleComponent(handle, 0, 0);
        EXPECT_EQ(called(), "idle0 F1.0");
        PoFxUnregisterDevice(handle);
    });
}

// When a component sleeps is a decision of the machine, so that an explorer can move it.
TEST_F(PowerFramework, a_component_may_stay_awake_once) {
    struct Late final : machine::Policy {
        bool late = true;
        void begin() override {}
        std::size_t choose(const machine::ChoicePoint& point, std::size_t) override {
            return point.kind == machine::ChoiceKind::power && std::exchange(late, false) ? 1 : 0;
        }
        std::uint64_t random_value() override { return 0; }
    } policy;
    machine().set_policy(policy);
    run_as_thread([&] {
        add(1);
        PoFxStartDevicePowerManagement(handle);
        EXPECT_EQ(called(), "idle0");
        PoFxActivateComponent(handle, 0, PO_FX_FLAG_BLOCKING);
        EXPECT_EQ(called(), "active0");
        PoFxIdleComponent(handle, 0, 0);
        EXPECT_EQ(called(), "idle0 F1.0");
        PoFxUnregisterDevice(handle);
    });
}

TEST_F(PowerFramework, an_idle_component_stays_in_F0_if_F1_takes_too_long) {
    run_as_thread([&] {
        add(1, po::default_latency + 1);
        PoFxStartDevicePowerManagement(handle);
        EXPECT_EQ(called(), "idle0");
        PoFxSetComponentLatency(handle, 0, po::default_latency + 1);
        EXPECT_EQ(called(), "F1.0");
        PoFxUnregisterDevice(handle);
    });
}

TEST_F(PowerFramework, a_transition_waits_for_its_completion) {
    run_as_thread([&] {
        add(1);
        completes = false;
        PoFxStartDevicePowerManagement(handle);
        EXPECT_EQ(called(), "idle0");
        PoFxActivateComponent(handle, 0, 0);
        EXPECT_EQ(called(), "") << "the idle condition comes first";
        PoFxCompleteIdleCondition(handle, 0);
        EXPECT_EQ(called(), "active0");
        PoFxIdleComponent(handle, 0, 0);
        PoFxCompleteIdleCondition(handle, 0);
        EXPECT_EQ(called(), "idle0 F1.0");
        PoFxCompleteIdleState(handle, 0);
        PoFxUnregisterDevice(handle);
    });
}

TEST_F(PowerFramework, a_blocking_activation_returns_when_the_component_is_active) {
    thread("completer", [&] {
        LARGE_INTEGER later;
        later.QuadPart = -10 * 1000;
        KeDelayExecutionThread(KernelMode, FALSE, &later);
        note("completed");
        PoFxCompleteIdleState(handle, 0);
    });
    thread("user", [&] {
        add(1);
        PoFxStartDevicePowerManagement(handle);
        completes = false;
        called();
        PoFxActivateComponent(handle, 0, PO_FX_FLAG_BLOCKING);
        note("returned");
        PoFxUnregisterDevice(handle);
    });
    run();
    EXPECT_EQ(called(), "F0.0 completed active0 returned");
}

TEST_F(PowerFramework, asynchronous_callbacks_come_in_another_thread) {
    run_as_thread([&] {
        add(1);
        PoFxStartDevicePowerManagement(handle);
        called();
        KIRQL before;
        KeRaiseIrql(DISPATCH_LEVEL, &before);
        PoFxActivateComponent(handle, 0, PO_FX_FLAG_ASYNC_ONLY);
        EXPECT_EQ(called(), "");
        KeLowerIrql(before);
        LARGE_INTEGER later;
        later.QuadPart = -10 * 1000;
        KeDelayExecutionThread(KernelMode, FALSE, &later);
        EXPECT_EQ(called(), "F0.0 active0");
        PoFxUnregisterDevice(handle);
    });
}

TEST_F(PowerFramework, mistakes_are_told) {
    run_as_thread([&] {
        add(1);
        PoFxActivateComponent(handle, 7, 0);
        PoFxIdleComponent(handle, 0, 0);
        PoFxCompleteIdleState(handle, 0);
        PoFxUnregisterDevice(handle);
        PoFxUnregisterDevice(handle);
    });
    std::string ids;
    for (const std::string& finding : findings()) ids += finding.substr(0, finding.find(':')) + " ";
    EXPECT_EQ(ids, "power-001 power-002 power-003 power-001 ");
}

TEST_F(PowerFramework, a_device_without_components_or_states_is_refused) {
    run_as_thread([&] {
        EXPECT_EQ(add(0), STATUS_INVALID_PARAMETER);
        PO_FX_DEVICE device = {};
        EXPECT_EQ(PoFxRegisterDevice(nullptr, &device, &handle), STATUS_INVALID_PARAMETER);
    });
}

}  // namespace
}  // namespace gpioclx::kernel
