// Drivers that refuse, or never come back, while they start.
#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Refusal : public CommandLine {
  protected:
    Outcome fail_in(int where, std::vector<std::string> arguments = {"-q"}) {
        Bench given{.drivers = {"refusing"}, .script = "wait 1ms"};
        given.more = "registry = { \"Parameters/FailIn\" = " + std::to_string(where) + " }\n";
        return run(given, std::move(arguments));
    }
    void expect_refusal(const Outcome& outcome, const std::string& text) {
        EXPECT_EQ(outcome.code, 1) << outcome.all();
        EXPECT_THAT(outcome.errors, HasSubstr("gpioclx: error: " + text + "\n"));
        EXPECT_EQ(count(outcome.all(), "did not start"), 1u) << outcome.all();
        EXPECT_THAT(outcome.out, HasSubstr("1 failed device\n"));
    }
};

TEST_F(Refusal, a_driver_that_starts_is_no_refusal) { EXPECT_EQ(fail_in(0).code, 0); }

TEST_F(Refusal, in_DriverEntry) {
    expect_refusal(fail_in(1),
                   "\\_SB.DEV1 (GXTS0002) did not start: DriverEntry of refusing returned "
                   "STATUS_INSUFFICIENT_RESOURCES");
}

TEST_F(Refusal, in_AddDevice) {
    expect_refusal(fail_in(2),
                   "\\_SB.DEV1 (GXTS0002) did not start: EvtDriverDeviceAdd of refusing returned "
                   "STATUS_NO_SUCH_DEVICE");
}

TEST_F(Refusal, in_PrepareHardware) {
    expect_refusal(
        fail_in(3),
        "\\_SB.DEV1 (GXTS0002) did not start: EvtDevicePrepareHardware of refusing returned "
        "STATUS_DEVICE_CONFIGURATION_ERROR");
}

TEST_F(Refusal, in_D0Entry) {
    expect_refusal(fail_in(4),
                   "\\_SB.DEV1 (GXTS0002) did not start: EvtDeviceD0Entry of refusing returned "
                   "STATUS_IO_TIMEOUT");
}

TEST_F(Refusal, in_StartController) {
    const Outcome outcome = run({.drivers = {"refusing_controller"},
                                 .more = "[[model]]\ndevice = '\\_SB.GPI0'\nmodel = \"pl061\"\n"},
                                {"-q"});
    expect_refusal(outcome,
                   "\\_SB.GPI0 (GXTS0003) did not start: CLIENT_StartController of "
                   "refusing_controller returned "
                   "STATUS_DEVICE_NOT_READY");
}

TEST_F(Refusal, a_driver_that_waits_for_ever_is_a_time_out) {
    const Outcome outcome = fail_in(5);
    EXPECT_EQ(outcome.code, 3) << outcome.all();
    EXPECT_THAT(outcome.errors, HasSubstr("not finished: EvtDevicePrepareHardware of \\_SB.DEV1"));
}

TEST_F(Refusal, a_driver_that_loops_for_ever_is_ended_by_the_watchdog) {
    const Outcome outcome = fail_in(6, {"-q", "--watchdog", "300"});
    EXPECT_EQ(outcome.code, 3) << outcome.all();
    EXPECT_THAT(
        outcome.out,
        HasSubstr("fault-012: the driver did not return: no step of the machine for 300 ms; not "
                  "finished: EvtDevicePrepareHardware of \\_SB.DEV1"));
    EXPECT_THAT(outcome.out, HasSubstr("refusing.c:"));
}

TEST_F(Refusal, each_image_has_driver_globals_of_its_own) {
    const Outcome outcome = run({.drivers = {"misbehaving", "globals"}});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("before WdfDriverCreate: flags 0"));
    EXPECT_THAT(outcome.out, HasSubstr("globals of globals, its own"));
}

}  // namespace
}  // namespace gpioclx::command_line
