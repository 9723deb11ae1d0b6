// Exit codes of the tool (docs/user-guide.md lists them for users).
#pragma once

namespace gpioclx {

enum class ExitCode : int {
    clean = 0,       // nothing found
    findings = 1,    // findings, failed expectations, a driver that fails to start
    bad_input = 2,   // usage, bench, firmware or build error
    watchdog = 3,    // the driver never came back
    tool_fault = 4,  // always a bug of ours
};

}  // namespace gpioclx
