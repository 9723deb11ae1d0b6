// What a platform extension plug-in asks of the system (I98, P51, P61).
#include <pepfx.h>

#include "conformance_test.h"
#include "kernel/po/power_framework.h"

namespace gpioclx::conformance {
namespace {

class PlatformExtension : public ConformanceTest {
  protected:
    PEP_KERNEL_INFORMATION kernel_information{};
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    Peripheral& lid = peripheral("LID0", interrupt(7, LevelSensitive, InterruptActiveLow));

    void SetUp() override {
        ConformanceTest::SetUp();
        gpio.starts_high(7);
        lid.make_by_hand();
    }
    void boot_with_plug_in() {
        boot();
        in_thread([&] {
            PEP_INFORMATION plug_in = {PEP_INFORMATION_VERSION, sizeof(plug_in),
                                       [](ULONG, PVOID) -> BOOLEAN { return FALSE; }, nullptr,
                                       nullptr};
            kernel_information.Version = PEP_KERNEL_INFORMATION_VERSION;
            kernel_information.Size = sizeof(kernel_information);
            EXPECT_EQ(PoFxRegisterPlugin(&plug_in, &kernel_information), STATUS_SUCCESS);
        });
        trace.clear();
    }
    ULONG gsiv_of(Peripheral& device) {
        return device.descriptor(CmResourceTypeInterrupt).u.Interrupt.Vector;
    }
    struct Source {
        ULONG gsiv;
        bool secondary;
        KINTERRUPT_MODE mode;
        KINTERRUPT_POLARITY polarity;
        USHORT pin;
        bool operator==(const Source&) const = default;
    };
    std::vector<Source> unmasked() {
        static std::vector<Source> sources;
        sources.clear();
        in_thread([&] {
            PEP_UNMASKED_INTERRUPT_INFORMATION information{};
            information.Version = PEP_UNMASKED_INTERRUPT_INFORMATION_V1;
            information.Size = sizeof(information);
            const auto tell = [](PVOID, PPEP_UNMASKED_INTERRUPT_INFORMATION i) -> BOOLEAN {
                machine::OutsideArenaScope outside;
                if (i->Flags.SecondaryInterrupt)
                    sources.push_back({i->Gsiv, true, i->Mode, i->Polarity, i->PinNumber});
                return TRUE;
            };
            EXPECT_EQ(kernel_information.EnumerateUnmaskedInterrupts(nullptr, 0, tell, nullptr,
                                                                     &information),
                      STATUS_SUCCESS);
        });
        return sources;
    }
};

TEST_F(PlatformExtension, F112_a_lost_edge_is_replayed) {
    boot_with_plug_in();
    in_thread([&] {
        KIRQL before;
        KeRaiseIrql(HIGH_LEVEL, &before);
        EXPECT_EQ(kernel_information.RequestInterrupt(gsiv_of(button)), STATUS_SUCCESS);
        EXPECT_EQ(trace.isr_count(), 0u) << "not before the IRQL allows it";
        KeLowerIrql(before);
    });
    EXPECT_EQ(trace.isr_count(), 1u);
    EXPECT_EQ(trace.count(Callback::query_active), 0u);
}

TEST_F(PlatformExtension, F112_a_passive_routine_is_asked_too) {
    button.make_passive();
    boot_with_plug_in();
    in_thread([&] { kernel_information.RequestInterrupt(gsiv_of(button)); });
    EXPECT_EQ(trace.isr_count(), 1u);
}

TEST_F(PlatformExtension, F112_an_unknown_number_is_refused) {
    boot_with_plug_in();
    in_thread(
        [&] { EXPECT_EQ(kernel_information.RequestInterrupt(99999), STATUS_INVALID_PARAMETER); });
}

TEST_F(PlatformExtension, F113_unmasked_interrupts_are_listed) {
    boot_with_plug_in();
    const Source of_button{gsiv_of(button), true, Latched, InterruptRisingEdge, 5};
    EXPECT_EQ(unmasked(), (std::vector{of_button})) << "that of the lid is not connected";
    ASSERT_EQ(lid.connect(), STATUS_SUCCESS);
    const Source of_lid{gsiv_of(lid), true, LevelSensitive, InterruptActiveLow, 7};
    EXPECT_EQ(unmasked(), (std::vector{of_button, of_lid}));
    lid.report_active(false);
    EXPECT_EQ(unmasked(), (std::vector{of_button}));
}

TEST_F(PlatformExtension, F113_a_wrong_size_is_refused) {
    boot_with_plug_in();
    in_thread([&] {
        PEP_UNMASKED_INTERRUPT_INFORMATION information{};
        information.Version = PEP_UNMASKED_INTERRUPT_INFORMATION_V1;
        EXPECT_EQ(kernel_information.EnumerateUnmaskedInterrupts(
                      nullptr, 0,
                      [](PVOID, PPEP_UNMASKED_INTERRUPT_INFORMATION) -> BOOLEAN { return TRUE; },
                      nullptr, &information),
                  STATUS_INVALID_PARAMETER);
    });
}

// Cause 3: F1 is asked for in F1; cause 4: F0 in F0, or by the other kind of transition (P51).
class InappropriateRequest : public PlatformExtension {
  protected:
    ULONG64 latency = 3600 * 10'000'000ull;
    void SetUp() override {
        PlatformExtension::SetUp();
        gpio.information.Flags.BankIdlePowerMgmtSupported = TRUE;
        button.resources.clear();
        add_query_set(client.packet);
        gpio.instead[Callback::query_set] = [this](void* p) {
            auto& request = *static_cast<QuerySetRequest*>(p);
            if (request.input->RequestType != QueryBankPowerInformation)
                return STATUS_NOT_SUPPORTED;
            request.output->BankPowerInformation.F1StateSupported = TRUE;
            request.output->BankPowerInformation.F1IdleStateParameters = {latency, latency,
                                                                          PO_FX_UNKNOWN_POWER};
            return STATUS_SUCCESS;
        };
    }
    void transition(bool active) {
        POHANDLE device = kernel::part<kernel::po::Registrations>().all.at(0);
        KIRQL before;
        KeRaiseIrql(HIGH_LEVEL, &before);
        kernel_information.TransitionCriticalResource(device, 0, active);
        KeLowerIrql(before);
    }
};

TEST_F(InappropriateRequest, F157_a_bank_that_is_off_is_not_switched_off) {
    boot_with_plug_in();
    thread("plug-in", [&] {
        transition(false);
        transition(false);
    });
    run();
    const BugCheck stop = bug_check();
    EXPECT_EQ(stop.code, 0x138u);
    EXPECT_EQ(stop.parameter1, 3u);
    EXPECT_EQ(stop.parameter2, 1u);
}

TEST_F(InappropriateRequest, F157_a_bank_that_is_on_is_not_switched_on) {
    boot_with_plug_in();
    thread("plug-in", [&] { transition(true); });
    run();
    const BugCheck stop = bug_check();
    EXPECT_EQ(stop.code, 0x138u);
    EXPECT_EQ(stop.parameter1, 4u);
    EXPECT_EQ(stop.parameter2, 1u);
}

TEST_F(InappropriateRequest, F157_what_went_by_itself_is_not_brought_back_critically) {
    latency = 0;
    boot_with_plug_in();
    thread("plug-in", [&] { transition(true); });
    run();
    EXPECT_EQ(bug_check().parameter1, 4u);
}

TEST_F(InappropriateRequest, F157_a_pair_is_in_order) {
    boot_with_plug_in();
    in_thread([&] {
        transition(false);
        transition(true);
    });
    EXPECT_EQ(trace.compact(), "Save<irql 15, no lock> Restore<irql 15, no lock>");
}

}  // namespace
}  // namespace gpioclx::conformance
