// Updates of registers that can be lost.
#include "mutation.h"

namespace gpioclx::verify_boards {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RegisterRace : public MutationTest {};

constexpr const char* acquire_in_enable =
    "    GPIO_CLX_AcquireInterruptLock(Controller, PL061_BANK);\n\n"
    "    Status = Pl061ConfigureInterrupt(";
constexpr const char* release_in_enable =
    "        Pl061UpdateInterruptEnable(Controller);\n    }\n\n"
    "    GPIO_CLX_ReleaseInterruptLock(Controller, PL061_BANK);\n    return Status;";

TEST_F(RegisterRace, the_shipped_drivers_have_none) {
    for (const auto& run : {pl061({}), mcp23017({})}) EXPECT_EQ(run.exit_code, 0) << run.output;
}

TEST_F(RegisterRace, V18_enable_changes_a_register_of_the_isr_without_the_interrupt_lock) {
    const auto run = pl061({{acquire_in_enable, "    Status = Pl061ConfigureInterrupt("},
                            {release_in_enable,
                             "        Pl061UpdateInterruptEnable(Controller);\n    }\n\n"
                             "    return Status;"}});
    EXPECT_EQ(run.exit_code, 1) << run.output;
    EXPECT_THAT(run.output, HasSubstr("V18"));
    EXPECT_THAT(run.output, HasSubstr("CLIENT_EnableInterrupt"));
}

TEST_F(RegisterRace, V18_shows_both_call_stacks) {
    const auto run = pl061({{acquire_in_enable, "    Status = Pl061ConfigureInterrupt("},
                            {release_in_enable,
                             "        Pl061UpdateInterruptEnable(Controller);\n    }\n\n"
                             "    return Status;"}});
    EXPECT_THAT(run.output, HasSubstr("Pl061EnableInterrupt"));
}

TEST_F(RegisterRace, a_service_routine_that_changes_what_passive_callbacks_change) {
    const auto run =
        pl061({{"    WRITE_REGISTER_ULONG(&Controller->Registers->InterruptClear,\n"
                "                         (ULONG)ClearParameters->ClearActiveMask);\n",
                "    WRITE_REGISTER_ULONG(&Controller->Registers->InterruptClear,\n"
                "                         (ULONG)ClearParameters->ClearActiveMask);\n"
                "    Pl061UpdateRegister(&Controller->Registers->Direction,\n"
                "                        (ULONG)ClearParameters->ClearActiveMask, FALSE);\n"}});
    EXPECT_EQ(run.exit_code, 1) << run.output;
    EXPECT_THAT(run.output, HasSubstr("race-001: DIR of "));
    EXPECT_THAT(run.output, HasSubstr("Pl061ClearActiveInterrupts"));
    EXPECT_THAT(run.output, HasSubstr("Pl061SelectDirection"));
}

TEST_F(RegisterRace, race_003_clears_all_pins) {
    const auto run =
        two_buttons({{"                         (ULONG)ClearParameters->ClearActiveMask);",
                      "                         PL061_ALL_PINS);"}});
    EXPECT_EQ(run.exit_code, 1) << run.output;
    EXPECT_THAT(run.output, HasSubstr("race-003"));
    const auto clean = two_buttons({});
    EXPECT_EQ(clean.exit_code, 0) << clean.output;
}

}  // namespace
}  // namespace gpioclx::verify_boards
