// What scenarios of gpioclx check need of the stimulus language: findings of their own, and the
// counts of their devices.
#include <fmt/format.h>

#include <charconv>

#include "bench/script_runner.h"
#include "bench/status_text.h"

namespace gpioclx::bench {
namespace {

Result<std::uint64_t> parse_count(const std::string& text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size()) return value;
    return Error{.message = fmt::format("'{}' is not a number", text)};
}

StepOutcome fail(std::string message) { return {.failed = true, .message = std::move(message)}; }

}  // namespace

// purpose ID[/ID] "WHAT" ["WHERE"]: of the expectations that follow. The second id: too many calls.
Result<StepOutcome> ScriptRunner::set_purpose(const Words& words) {
    if (words.size() < 3 || words.size() > 4)
        return Error{.message = "the statement is not understood",
                     .hint = "purpose ID[/ID] WHAT [WHERE]"};
    const auto slash = words[1].find('/');
    purpose_ = {.finding = words[1].substr(0, slash),
                .too_many = slash == std::string::npos ? "" : words[1].substr(slash + 1),
                .text = words[2] + (words.size() == 4 ? fmt::format(" ({})", words[3]) : "")};
    return StepOutcome{};
}

StepOutcome ScriptRunner::with_purpose(const std::string& statement, StepOutcome outcome) const {
    if (!outcome.failed || purpose_.finding.empty()) return outcome;
    if (statement != "expect")
        outcome.finding = "check-006";
    else if (outcome.finding.empty())
        outcome.finding = purpose_.finding;
    outcome.message = fmt::format("{}: {}", purpose_.text, outcome.message);
    return outcome;
}

// expect calls N[..M] | expect unclaimed N[..M]: PINUSER_CALLS, in the output of the last request.
Result<StepOutcome> ScriptRunner::expect_calls(const Words& words) {
    if (words.size() != 3)
        return Error{.message = "the statement is not understood", .hint = "expect calls N[..M]"};
    const auto dots = words[2].find("..");
    auto low = parse_count(words[2].substr(0, dots));
    if (!low) return low.error();
    auto high = dots == std::string::npos ? low : parse_count(words[2].substr(dots + 2));
    if (!high) return high.error();
    const std::size_t at = words[1] == "unclaimed" ? 4 : 0;
    if (last_output_.size() < at + 4)
        return fail(fmt::format("the last request has no count; its status is {}",
                                status_text(last_status_)));
    std::uint32_t actual = 0;
    for (std::size_t i = 4; i-- > 0;) actual = actual << 8 | last_output_[at + i];
    if (*low <= actual && actual <= *high) return StepOutcome{};
    StepOutcome outcome =
        fail(fmt::format("expected {} call{} of the service routine, but there {} {}", words[2],
                         words[2] == "1" ? "" : "s", actual == 1 ? "was" : "were", actual));
    if (actual > *high) outcome.finding = purpose_.too_many;
    return outcome;
}

}  // namespace gpioclx::bench
