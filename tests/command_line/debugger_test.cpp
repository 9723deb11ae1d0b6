// run --gdb: a debugger with the drivers' symbols in front of the worker.
#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::HasSubstr;

class Debugger : public CommandLine {};

TEST_F(Debugger, stops_in_a_service_routine_of_a_driver) {
    if (shell("gdb --version").code != 0) GTEST_SKIP() << "gdb is not installed";
    write("commands.gdb",
          "set confirm off\nset pagination off\nset breakpoint pending on\n"
          "break ButtonEvtInterruptIsr\nrun\nbacktrace 3\ninfo symbol $pc\nkill\nquit\n");
    const Outcome outcome =
        shell("GPIOCLX_CACHE='" GX_TEST_CACHE "' GPIOCLX_GDB='gdb -batch -x commands.gdb' '" GX_TOOL
              "' run '" GX_PROJECT "/examples/boards/pushbutton/pushbutton.toml' --gdb -q");
    EXPECT_THAT(outcome.all(), HasSubstr("Breakpoint 1"));
    EXPECT_THAT(outcome.all(), HasSubstr("ButtonEvtInterruptIsr (")) << outcome.all();
    EXPECT_THAT(outcome.all(), HasSubstr("button.c:"));
}

TEST_F(Debugger, that_is_not_installed_is_named) {
    bench({});
    const Outcome outcome =
        shell("GPIOCLX_GDB=/nonexistent/gdb '" GX_TOOL "' run bench.toml --gdb -q");
    EXPECT_EQ(outcome.code, 2) << outcome.all();
    EXPECT_THAT(outcome.errors, HasSubstr("/nonexistent/gdb"));
}

}  // namespace
}  // namespace gpioclx::command_line
