// Statements about power: the system's sleep, deep idle, and controllers that lose it.
#include <fmt/format.h>
#include <charconv>

#include "bench/duration.h"
#include "bench/script_runner.h"

namespace gpioclx::bench {
namespace {

using kernel::po::SystemState;

constexpr std::uint64_t transition_limit_ns = 60'000'000'000;

Error usage(std::string_view form) {
    return Error{.message = "the statement is not understood", .hint = std::string(form)};
}

StepOutcome fail(std::string message) { return {.failed = true, .message = std::move(message)}; }

std::string_view text_of(SystemState state) {
    switch (state) {
        case SystemState::working: return "working";
        case SystemState::falling_asleep: return "falling asleep";
        case SystemState::asleep: return "asleep";
        case SystemState::waking: return "waking up";
    }
    return "?";
}

}  // namespace

// Something may wake it at once, so that it is working again when the statement is over.
Result<StepOutcome> ScriptRunner::sleep(const Words& words) {
    if (words.size() != 1) return usage("sleep");
    kernel::Kernel& kernel = board_.kernel();
    if (kernel.system_state() != SystemState::working)
        return fail(fmt::format("the system is {} already", text_of(kernel.system_state())));
    bool left = false;
    kernel.sleep();
    const bool done = board_.run_until(
        [&] {
            left |= kernel.system_state() != SystemState::working;
            return left && (kernel.system_state() == SystemState::asleep ||
                            kernel.system_state() == SystemState::working);
        },
        transition_limit_ns);
    if (done || board_.machine().halted()) return StepOutcome{};
    return fail(
        fmt::format("the system does not fall asleep: it is {}", text_of(kernel.system_state())));
}

Result<StepOutcome> ScriptRunner::wake(const Words& words) {
    if (words.size() != 1) return usage("wake");
    kernel::Kernel& kernel = board_.kernel();
    if (kernel.system_state() == SystemState::working)
        return fail("the system is working: nothing has to be woken");
    kernel.wake();
    const bool done = board_.run_until(
        [&] { return kernel.system_state() == SystemState::working; }, transition_limit_ns);
    if (done || board_.machine().halted()) return StepOutcome{};
    return fail(
        fmt::format("the system does not wake up: it is {}", text_of(kernel.system_state())));
}

// Returns while the processors stand still; what the script does next happens meanwhile.
Result<StepOutcome> ScriptRunner::deep_idle(const Words& words) {
    if (words.size() != 2) return usage("deep-idle TIME");
    auto time = parse_duration_ns(words[1]);
    if (!time) return time.error();
    kernel::Kernel& kernel = board_.kernel();
    const std::uint64_t before = kernel.deep_idles();
    kernel.deep_idle(*time);
    const bool done =
        board_.run_until([&] { return kernel.deep_idles() > before; }, transition_limit_ns);
    if (done || board_.machine().halted()) return StepOutcome{};
    return fail("the processors do not come to a stop");
}

Result<StepOutcome> ScriptRunner::power(const Words& words) {
    if (words.size() != 3 || (words[2] != "off" && words[2] != "on"))
        return usage("power DEVICE off|on");
    if (auto switched = board_.hardware().switch_power(words[1], words[2] == "on"); !switched)
        return switched.error();
    return StepOutcome{};
}

Result<StepOutcome> ScriptRunner::expect_system(const Words& words) {
    if (words.size() != 3 || (words[2] != "working" && words[2] != "asleep"))
        return usage("expect system working|asleep");
    const std::string_view actual = text_of(board_.kernel().system_state());
    if (actual == words[2]) return StepOutcome{};
    return fail(fmt::format("expected the system {}, but it is {}", words[2], actual));
}

// Time stands still: what follows from it happens while the board runs.
Result<StepOutcome> ScriptRunner::kill_host(const Words& words) {
    constexpr std::string_view form = "kill-host DEVICE [after CALLS]";
    std::uint64_t calls = 0;
    if (words.size() == 4 && words[2] == "after") {
        const auto end = std::from_chars(words[3].data(), words[3].data() + words[3].size(), calls);
        if (end.ec != std::errc{} || *end.ptr != 0 || calls == 0) return usage(form);
    } else if (words.size() != 2) {
        return usage(form);
    }
    if (auto killed = board_.kernel().kill_host(words[1], calls); !killed) return killed.error();
    return StepOutcome{};
}

}  // namespace gpioclx::bench
