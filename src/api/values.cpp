// Everything that is only looked at and printed, and how it comes out of the worker's answers.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "api/board_link.h"
#include "bench/status_text.h"
#include "trace/writer.h"

namespace gpioclx {
namespace {

using Json = nlohmann::json;

constexpr std::string_view level_names[] = {"low", "high", "floating"};
constexpr std::string_view direction_names[] = {"input", "output"};
constexpr std::string_view pull_names[] = {"none", "up", "down"};
constexpr std::string_view interrupt_names[] = {"off", "masked", "enabled"};
constexpr std::string_view state_names[] = {"not started", "started", "failed",
                                            "stopped",     "removed", "no driver"};

template <typename Enum, std::size_t count>
std::string_view name_in(const std::string_view (&names)[count], Enum value) {
    const auto index = static_cast<std::size_t>(value);
    return index < count ? names[index] : "?";
}

template <typename Enum, std::size_t count>
Enum value_in(const std::string_view (&names)[count], std::string_view text) {
    for (std::size_t i = 0; i < count; ++i) {
        if (names[i] == text) return static_cast<Enum>(i);
    }
    throw Exception(fmt::format("the worker said '{}', which this library does not know", text));
}

}  // namespace

Status::Status(std::string_view name) {
    const auto value = bench::parse_status(name);
    if (!value) throw BadInput(fmt::format("'{}' is the name of no status", name), "", 0);
    value_ = *value;
}
std::string Status::name() const { return bench::status_text(value_); }
std::string Irql::name() const {
    return std::string(trace::irql_name(static_cast<machine::Level>(level_)));
}

std::string_view to_string(Level level) { return name_in(level_names, level); }
std::string_view to_string(Direction direction) { return name_in(direction_names, direction); }
std::string_view to_string(Pull pull) { return name_in(pull_names, pull); }
std::string_view to_string(PinInterrupt interrupt) { return name_in(interrupt_names, interrupt); }
std::string_view to_string(DeviceState state) { return name_in(state_names, state); }

Level level_of(std::string_view text) { return value_in<Level>(level_names, text); }

Pin pin_of(const Json& row) {
    const auto text = [&row](const char* key) { return row.at(key).get<std::string>(); };
    return {.controller = text("controller"),
            .number = row.at("pin"),
            .wire = text("wire"),
            .level = level_of(text("level")),
            .direction = value_in<Direction>(direction_names, text("direction")),
            .latch = row.at("latch"),
            .function = text("function"),
            .pull = value_in<Pull>(pull_names, text("pull")),
            .interrupt = value_in<PinInterrupt>(interrupt_names, text("interrupt")),
            .trigger = text("trigger"),
            .pending = row.at("pending"),
            .owners = row.at("owners").get<std::vector<std::string>>()};
}

Device device_of(const Json& row) {
    const auto text = [&row](const char* key) { return row.at(key).get<std::string>(); };
    return {.path = text("path"),
            .hardware_id = text("hardware_id"),
            .driver = text("driver"),
            .state = value_in<DeviceState>(state_names, text("state")),
            .status = Status(row.at("status").get<std::uint32_t>()),
            .failed_in = text("failed_in"),
            .message = text("message")};
}

template <typename To, typename From>
static std::vector<To> converted(const std::vector<From>& frames) {
    std::vector<To> made;
    for (const From& frame : frames)
        made.push_back({frame.image, frame.function, frame.file, frame.line, frame.offset});
    return made;
}

Finding finding_of(const bench::Finding& finding) {
    Finding made{.id = finding.id,
                 .sentence = finding.sentence,
                 .time = std::chrono::nanoseconds(finding.time_ns),
                 .processor = {},
                 .irql = Irql(static_cast<unsigned>(finding.level)),
                 .actor = finding.actor,
                 .stack = {},
                 .other_stack = {},
                 .held = finding.held,
                 .count = finding.count,
                 .rule = finding.rule,
                 .document = finding.document,
                 .remedy = finding.remedy};
    if (finding.processor >= 0) made.processor = static_cast<unsigned>(finding.processor);
    made.stack = converted<SourceFrame>(finding.stack);
    made.other_stack = converted<SourceFrame>(finding.other_stack);
    return made;
}

bench::Finding bench_finding_of(const Finding& finding) {
    bench::Finding made{.id = finding.id,
                        .sentence = finding.sentence,
                        .time_ns = static_cast<std::uint64_t>(finding.time.count()),
                        .processor = finding.processor ? static_cast<int>(*finding.processor) : -1,
                        .level = static_cast<int>(finding.irql.value()),
                        .actor = finding.actor,
                        .stack = {}};
    made.stack = converted<bench::StackFrame>(finding.stack);
    made.other_stack = converted<bench::StackFrame>(finding.other_stack);
    made.held = finding.held;
    made.count = finding.count;
    made.rule = finding.rule;
    made.document = finding.document;
    made.remedy = finding.remedy;
    return made;
}

std::string Finding::text() const { return bench::to_text(bench_finding_of(*this)); }

std::string to_string(const Device& device) {
    std::string text = fmt::format("{} ({})", device.path, device.hardware_id);
    if (!device.driver.empty()) text += ", driver " + device.driver;
    text += fmt::format(": {}", to_string(device.state));
    if (!device.status.is_success()) {
        text += fmt::format(", {} returned {}",
                            device.failed_in.empty() ? "somebody" : device.failed_in,
                            device.status.name());
        if (!device.message.empty()) text += " (" + device.message + ")";
    }
    return text;
}

std::string to_string(const Pin& pin) {
    std::string text = fmt::format("{} pin {}: {}, {}", pin.controller, pin.number,
                                   to_string(pin.direction), to_string(pin.level));
    if (pin.pull != Pull::none) text += fmt::format(", pull {}", to_string(pin.pull));
    if (!pin.function.empty()) text += ", function " + pin.function;
    if (pin.interrupt == PinInterrupt::enabled)
        text += fmt::format(", interrupt on {}", pin.trigger);
    if (pin.pending) text += ", pending";
    if (!pin.wire.empty()) text += ", wire " + pin.wire;
    if (!pin.owners.empty()) text += fmt::format(", of {}", fmt::join(pin.owners, " and "));
    return text;
}

std::string to_string(const Completion& completion) {
    std::string text =
        fmt::format("{}, information {}", completion.status.name(), completion.information);
    if (!completion.output.empty())
        text += fmt::format(", output {:02x}", fmt::join(completion.output, " "));
    return text;
}

std::ostream& operator<<(std::ostream& stream, Status status) { return stream << status.name(); }
std::ostream& operator<<(std::ostream& stream, Irql irql) { return stream << irql.name(); }
std::ostream& operator<<(std::ostream& stream, Level level) { return stream << to_string(level); }
std::ostream& operator<<(std::ostream& stream, Direction direction) {
    return stream << to_string(direction);
}
std::ostream& operator<<(std::ostream& stream, Pull pull) { return stream << to_string(pull); }
std::ostream& operator<<(std::ostream& stream, PinInterrupt interrupt) {
    return stream << to_string(interrupt);
}
std::ostream& operator<<(std::ostream& stream, DeviceState state) {
    return stream << to_string(state);
}
std::ostream& operator<<(std::ostream& stream, const Device& device) {
    return stream << to_string(device);
}
std::ostream& operator<<(std::ostream& stream, const Pin& pin) { return stream << to_string(pin); }
std::ostream& operator<<(std::ostream& stream, const Completion& completion) {
    return stream << to_string(completion);
}
std::ostream& operator<<(std::ostream& stream, const Finding& finding) {
    return stream << finding.text();
}

}  // namespace gpioclx
