// Requests that a driver holds, and what a driver's installation and the bench leave in the
// registry.
#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::HasSubstr;

class Requests : public CommandLine {
  protected:
    Outcome play(const std::string& script, const std::string& more = {}) {
        return run({.drivers = {"holding"}, .script = script, .more = more}, {"-q"});
    }
};

TEST_F(Requests, a_held_request_is_waited_for_and_cancelled_by_its_name) {
    const Outcome outcome = play(R"(
open \_SB.DEV1 as dev
ioctl dev 0x222000 as first
read dev 4 as second
expect pending first
expect pending second
write dev 0102
expect information 2
cancel first
expect status STATUS_SUCCESS
finish first
expect status STATUS_CANCELLED
expect pending second
cancel second
finish second
expect status STATUS_CANCELLED
write dev 01 as third
finish third
expect status STATUS_SUCCESS
expect information 1
close dev)");
    EXPECT_EQ(outcome.code, 0) << outcome.all();
}

TEST_F(Requests, what_is_completed_is_not_pending_and_cannot_be_cancelled) {
    const Outcome outcome = play(
        "open \\_SB.DEV1 as dev\nwrite dev 01 as done\nwait 1ms\ncancel done\n"
        "expect status STATUS_NOT_FOUND\nexpect pending done\n");
    EXPECT_EQ(outcome.code, 1) << outcome.all();
    EXPECT_THAT(
        outcome.errors,
        HasSubstr("expected request done to be pending, but it was completed with STATUS_SUCCESS"));
}

TEST_F(Requests, waiting_for_what_nobody_completes_is_told) {
    const Outcome outcome = play("open \\_SB.DEV1 as dev\nread dev 1 as never\nfinish never\n");
    EXPECT_EQ(outcome.code, 1) << outcome.all();
    EXPECT_THAT(outcome.errors,
                HasSubstr("the request is not completed, and nothing is left to do"));
}

TEST_F(Requests, a_name_stands_for_one_request) {
    const Outcome outcome = play("open \\_SB.DEV1 as dev\nread dev 1 as one\nread dev 1 as one\n");
    EXPECT_EQ(outcome.code, 2) << outcome.all();
    EXPECT_THAT(outcome.errors,
                HasSubstr("a request 'one' is begun already (finish one comes first)"));
}

TEST_F(Requests, values_that_the_inx_installs_for_a_device_are_there) {
    const Outcome outcome = run({.drivers = {"holding"}, .script = "wait idle"});
    EXPECT_THAT(outcome.out, HasSubstr("Connect 0, Other 5"));
    EXPECT_THAT(
        outcome.out,
        HasSubstr("Label of 10 bytes, code 0x6d; Names of 28 bytes, type 7, second 'second'"));
}

TEST_F(Requests, values_of_the_bench_replace_those_of_the_inx) {
    const Outcome outcome =
        run({.drivers = {"holding"},
             .script = "wait idle",
             .more = "[[device]]\npath = '\\_SB.DEV1'\nregistry = { \"Settings/Connect\" = 1 }\n"});
    EXPECT_THAT(outcome.out, HasSubstr("Connect 1, Other 5"));
}

}  // namespace
}  // namespace gpioclx::command_line
