// Hardware that does not do what the driver says. One mistake each in a shipped driver.
#include "mutation.h"

namespace gpioclx::verify_boards {
namespace {

using ::testing::HasSubstr;

class EffectOnHardware : public MutationTest {
  protected:
    void expect(const end_to_end::ToolRun& run, const std::string& id) {
        EXPECT_EQ(run.exit_code, 1) << run.output;
        EXPECT_THAT(run.output, HasSubstr(id + ": "));
    }
};

TEST_F(EffectOnHardware, an_interrupt_that_nobody_serves) {
    expect(pl061({{"                         (ULONG)ClearParameters->ClearActiveMask);",
                   "                         (ULONG)ClearParameters->ClearActiveMask);\n"
                   "    WRITE_REGISTER_ULONG(&Controller->Registers->InterruptEnable, 0);"}},
                 "press button for 300us\nwait 5ms\n"),
           "effect-001");
}

TEST_F(EffectOnHardware, a_pin_that_is_not_pending_is_reported) {
    expect(two_buttons({{"QueryActiveParameters->EnabledMask &\n"
                         "        READ_REGISTER_ULONG(&Controller->Registers->MaskedStatus);",
                         "QueryActiveParameters->EnabledMask;"}}),
           "effect-002");
}

TEST_F(EffectOnHardware, disable_leaves_the_pin_open) {
    expect(pl061({{"    Controller->MaskedPins &= ~Pin;\n"
                   "    Pl061UpdateInterruptEnable(Controller);\n"
                   "    WRITE_REGISTER_ULONG(",
                   "    Controller->MaskedPins &= ~Pin;\n    WRITE_REGISTER_ULONG("}}),
           "effect-003");
}

TEST_F(EffectOnHardware, enable_leaves_the_pin_shut) {
    expect(pl061({{"        Controller->MaskedPins &= ~Pin;\n"
                   "        Pl061UpdateInterruptEnable(Controller);",
                   "        Controller->MaskedPins &= ~Pin;"}}),
           "effect-004");
}

TEST_F(EffectOnHardware, a_whole_word_where_one_pin_was_meant) {
    expect(
        pl061(
            {{"    Pl061UpdateRegister(&Controller->Registers->Direction, Pins, Output);",
              "    WRITE_REGISTER_ULONG(&Controller->Registers->Direction, Output ? Pins : 0);"}}),
        "effect-005");
}

TEST_F(EffectOnHardware, what_is_written_is_the_opposite) {
    expect(pl061({{"Data[Pins], (ULONG)WriteParameters->SetMask);",
                   "Data[Pins], (ULONG)WriteParameters->ClearMask);"}}),
           "effect-007");
}

TEST_F(EffectOnHardware, the_wrong_trigger) {
    expect(pl061({{"Pl061UpdateRegister(&Registers->BothEdges, Pin, BothEdges);",
                   "Pl061UpdateRegister(&Registers->BothEdges, Pin, FALSE);"}}),
           "effect-008");
}

TEST_F(EffectOnHardware, an_output_that_stays_when_nobody_uses_it) {
    expect(pl061({{"        Pl061SelectDirection(Controller, Pins, FALSE);\n    }",
                   "        Controller->PreservedPins &= ~Pins;\n    }"}}),
           "effect-010");
}

}  // namespace
}  // namespace gpioclx::verify_boards
