#include "bench/script_runner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "bench/duration.h"
#include "bench/status_text.h"
#include "hardware/button.h"
#include "hardware/hardware_event.h"
#include "hardware/led.h"
#include "kernel/um/user_process.h"
#include "machine/arena.h"

namespace gpioclx::bench {
namespace {

constexpr std::uint64_t request_limit_ns = 120'000'000'000;

// Words are separated by blanks; "..." keeps blanks.
std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> words;
    std::string word;
    bool quoted = false, any = false;
    for (char c : text) {
        if (c == '"') {
            quoted = !quoted;
            any = true;
        } else if (!quoted && (c == ' ' || c == '\t')) {
            if (any) words.push_back(std::move(word));
            word.clear();
            any = false;
        } else {
            word += c;
            any = true;
        }
    }
    if (any) words.push_back(std::move(word));
    return words;
}

Result<std::uint64_t> parse_number(const std::string& text) {
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    std::uint64_t value = 0;
    const char* begin = text.data() + (hex ? 2 : 0);
    const auto [end, error] =
        std::from_chars(begin, text.data() + text.size(), value, hex ? 16 : 10);
    if (error != std::errc() || end != text.data() + text.size() || begin == end) {
        return Error{.message = fmt::format("'{}' is not a number", text)};
    }
    return value;
}

Error usage(std::string_view form) {
    return Error{.message = "the statement is not understood", .hint = std::string(form)};
}

StepOutcome fail(std::string message) { return {.failed = true, .message = std::move(message)}; }

std::string hex_text(const std::vector<std::uint8_t>& bytes) {
    return fmt::format("{:02x}", fmt::join(bytes, " "));
}

}  // namespace

Result<std::vector<std::uint8_t>> parse_bytes(std::string_view text) {
    std::string digits;
    for (char c : text) {
        if (c != ' ' && c != ',' && c != '_') digits += c;
    }
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        std::uint8_t value = 0;
        const char* begin = digits.data() + i;
        const char* end = begin + std::min<std::size_t>(2, digits.size() - i);
        const auto parsed = std::from_chars(begin, end, value, 16);
        if (end - begin != 2 || parsed.ec != std::errc() || parsed.ptr != end) {
            return Error{.message = fmt::format("'{}' is no list of bytes", text),
                         .hint = "two hexadecimal digits a byte: 01ff"};
        }
        bytes.push_back(value);
    }
    return bytes;
}

ScriptRunner::Prepared ScriptRunner::prepare(const ScriptLine& line) const {
    machine::OutsideArenaScope outside;
    return {&line, split(line.text), board_.machine().name(line.text)};
}

Result<StepOutcome> ScriptRunner::run(const Prepared& prepared) {
    machine::ArenaScope inside;
    const Words& words = prepared.words;
    if (words.empty()) return StepOutcome{};
    kernel::um::poll_processes();
    board_.machine().emit(machine::EventKind::mark, prepared.mark);
    constexpr std::pair<std::string_view, Result<StepOutcome> (ScriptRunner::*)(const Words&)>
        statements[] = {{"wait", &ScriptRunner::wait},
                        {"press", &ScriptRunner::press},
                        {"release", &ScriptRunner::perform},
                        {"do", &ScriptRunner::perform},
                        {"set", &ScriptRunner::set},
                        {"pulse", &ScriptRunner::pulse},
                        {"open", &ScriptRunner::open},
                        {"close", &ScriptRunner::close},
                        {"ioctl", &ScriptRunner::transfer},
                        {"read", &ScriptRunner::transfer},
                        {"write", &ScriptRunner::transfer},
                        {"finish", &ScriptRunner::finish},
                        {"cancel", &ScriptRunner::cancel},
                        {"remove", &ScriptRunner::remove},
                        {"kill-host", &ScriptRunner::kill_host},
                        {"sleep", &ScriptRunner::sleep},
                        {"wake", &ScriptRunner::wake},
                        {"deep-idle", &ScriptRunner::deep_idle},
                        {"power", &ScriptRunner::power},
                        {"expect", &ScriptRunner::expect},
                        {"purpose", &ScriptRunner::set_purpose}};
    const auto* statement = std::find_if(std::begin(statements), std::end(statements),
                                         [&](const auto& s) { return s.first == words[0]; });
    auto result = statement != std::end(statements)
                      ? (this->*statement->second)(words)
                      : Result<StepOutcome>(Error{
                            .message = fmt::format("'{}' is no statement", words[0]),
                            .hint = "statements: wait, press, release, do, set, pulse, open, "
                                    "close, ioctl, read, write, finish, cancel, remove, kill-host, "
                                    "sleep, wake, deep-idle, power, expect, purpose"});
    if (result) return with_purpose(words[0], std::move(*result));
    Error error = result.error();
    if (error.file.empty()) {
        error.file = prepared.line->file;
        error.line = prepared.line->line;
    }
    return error;
}

Result<hardware::Device*> ScriptRunner::part(const std::string& name) {
    hardware::Device* found = board_.hardware().part(name);
    if (found != nullptr) return found;
    return Error{.message = fmt::format("there is no part '{}'", name),
                 .hint = "parts: " + board_.hardware().part_names()};
}

Result<hardware::Wire*> ScriptRunner::wire(const std::string& name) {
    hardware::Wire* found = board_.hardware().wire(name);
    if (found != nullptr) return found;
    return Error{.message = fmt::format("there is no wire '{}'", name),
                 .hint = "wires: " + board_.hardware().wire_names()};
}

Result<StepOutcome> ScriptRunner::wait(const Words& words) {
    if (words.size() >= 2 && words[1] == "idle") {
        auto limit =
            words.size() > 2 ? parse_duration_ns(words[2]) : Result<std::uint64_t>(1'000'000'000);
        if (!limit) return limit.error();
        if (board_.run_until_idle(*limit) || board_.machine().halted()) return StepOutcome{};
        return fail(fmt::format("the system was still busy after {}", duration_text(*limit)));
    }
    if (words.size() != 2) return usage("wait TIME | wait idle [TIME]");
    auto time = parse_duration_ns(words[1]);
    if (!time) return time.error();
    board_.run_for(*time);
    return StepOutcome{};
}

// press NAME [for TIME]
Result<StepOutcome> ScriptRunner::press(const Words& words) {
    if (words.size() == 2) return perform(words);
    if (words.size() != 4 || words[2] != "for") return usage("press NAME [for TIME]");
    auto time = parse_duration_ns(words[3]);
    if (!time) return time.error();
    if (auto pressed = perform({"press", words[1]}); !pressed) return pressed;
    board_.run_for(*time);
    return perform({"release", words[1]});
}

// press NAME | release NAME | do NAME ACTION [WORD...]
Result<StepOutcome> ScriptRunner::perform(const Words& words) {
    const bool general = words[0] == "do";
    if (words.size() < (general ? 3u : 2u))
        return usage("press NAME | release NAME | do NAME ACTION [WORD...]");
    auto found = part(words[1]);
    if (!found) return found.error();
    const std::string& action = general ? words[2] : words[0];
    std::vector<std::string_view> arguments(words.begin() + (general ? 3 : 2), words.end());
    board_.machine().set_outside_actor(board_.machine().name((*found)->name()));
    auto performed = (*found)->perform(action, arguments);
    board_.machine().set_outside_actor(board_.machine().name("outside"));
    if (!performed) return performed.error();
    return StepOutcome{};
}

Result<StepOutcome> ScriptRunner::set(const Words& words) {
    if (words.size() != 3 || (words[2] != "high" && words[2] != "low" && words[2] != "off")) {
        return usage("set WIRE high|low|off");
    }
    auto found = wire(words[1]);
    if (!found) return found.error();
    board_.hardware().drive(**found, words[2] == "high"  ? hardware::Drive::high
                                     : words[2] == "low" ? hardware::Drive::low
                                                         : hardware::Drive::off);
    return StepOutcome{};
}

Result<StepOutcome> ScriptRunner::pulse(const Words& words) {
    if (words.size() != 4) return usage("pulse WIRE high|low TIME");
    auto time = parse_duration_ns(words[3]);
    if (!time) return time.error();
    if (auto begun = set({"set", words[1], words[2]}); !begun) return begun;
    board_.run_for(*time);
    return set({"set", words[1], words[2] == "high" ? "low" : "high"});
}

Result<StepOutcome> ScriptRunner::submit(kernel::Kernel::UserRequest& request) {
    board_.kernel().submit(request);
    return wait_for(request);
}

Result<StepOutcome> ScriptRunner::wait_for(kernel::Kernel::UserRequest& request) {
    const std::uint64_t begun_ns = board_.machine().now_ns();
    const bool done = board_.run_until([&] { return request.finished; }, request_limit_ns);
    last_status_ = request.status;
    last_information_ = request.information;
    last_output_ = request.output;
    if (done || board_.machine().halted()) return StepOutcome{};
    if (board_.machine().now_ns() < begun_ns + request_limit_ns) {
        StepOutcome outcome =
            fail("the request is not completed, and nothing is left to do that could complete it");
        outcome.unfinished = true;
        return outcome;
    }
    StepOutcome outcome = fail(
        fmt::format("the request was not completed within {}", duration_text(request_limit_ns)));
    outcome.timed_out = true;
    return outcome;
}

// Goes on as soon as the driver has returned, whether it completed the request or holds it.
Result<StepOutcome> ScriptRunner::begin(kernel::Kernel::UserRequest& request,
                                        const std::string& name) {
    if (begun_.contains(name)) {
        return Error{.message = fmt::format("a request '{}' is begun already", name),
                     .hint = fmt::format("finish {} comes first", name)};
    }
    begun_[name] = &request;
    board_.kernel().submit(request);
    board_.run_until([&] { return request.pending || request.finished; }, request_limit_ns);
    return StepOutcome{};
}

Result<kernel::Kernel::UserRequest*> ScriptRunner::begun(const std::string& name) const {
    const auto found = begun_.find(name);
    if (found != begun_.end()) return found->second;
    std::string known;
    for (const auto& [one, unused] : begun_) known += (known.empty() ? "" : ", ") + one;
    return Error{
        .message = fmt::format("no request '{}' is begun", name),
        .hint = known.empty() ? "ioctl HANDLE CODE as NAME comes first" : "begun: " + known};
}

// finish NAME
Result<StepOutcome> ScriptRunner::finish(const Words& words) {
    if (words.size() != 2) return usage("finish NAME");
    auto request = begun(words[1]);
    if (!request) return request.error();
    auto outcome = wait_for(**request);
    if ((*request)->finished) begun_.erase(words[1]);
    return outcome;
}

// cancel NAME
Result<StepOutcome> ScriptRunner::cancel(const Words& words) {
    if (words.size() != 2) return usage("cancel NAME");
    auto request = begun(words[1]);
    if (!request) return request.error();
    auto* cancelling = new kernel::Kernel::UserRequest;
    cancelling->operation = kernel::Kernel::UserRequest::Operation::cancel;
    cancelling->victim = *request;
    return submit(*cancelling);
}

// open NAME as HANDLE
Result<StepOutcome> ScriptRunner::open(const Words& words) {
    if (words.size() != 4 || words[2] != "as") return usage("open NAME as HANDLE");
    auto* request =
        new kernel::Kernel::UserRequest;  // in the arena; a pending one must not be freed
    request->operation = kernel::Kernel::UserRequest::Operation::open;
    request->name = words[1];
    auto outcome = submit(*request);
    if (!outcome || outcome->failed) return outcome;
    if ((request->status & 0x80000000u) != 0) {
        return fail(
            fmt::format("opening {} failed with {}", words[1], status_text(request->status)));
    }
    handles_[words[3]] = request->handle;
    return outcome;
}

Error ScriptRunner::no_handle(const std::string& name) const {
    std::string known;
    for (const auto& [handle, unused] : handles_) known += (known.empty() ? "" : ", ") + handle;
    return Error{.message = fmt::format("there is no open handle '{}'", name),
                 .hint = known.empty() ? "open NAME as HANDLE comes first" : "open: " + known};
}

Result<StepOutcome> ScriptRunner::close(const Words& words) {
    if (words.size() != 2) return usage("close HANDLE");
    const auto handle = handles_.find(words[1]);
    if (handle == handles_.end()) return no_handle(words[1]);
    auto* request = new kernel::Kernel::UserRequest;
    request->operation = kernel::Kernel::UserRequest::Operation::close;
    request->handle = handle->second;
    handles_.erase(handle);
    return submit(*request);
}

// ioctl HANDLE CODE [in BYTES] [out SIZE] | read HANDLE SIZE | write HANDLE BYTES, each with [as
// NAME]
Result<StepOutcome> ScriptRunner::transfer(const Words& words) {
    constexpr std::string_view form =
        "ioctl HANDLE CODE [in BYTES] [out SIZE] [as NAME] | read HANDLE SIZE [as NAME] | write "
        "HANDLE BYTES [as NAME]";
    if (words.size() < 3) return usage(form);
    const auto handle = handles_.find(words[1]);
    if (handle == handles_.end()) return no_handle(words[1]);
    auto* request = new kernel::Kernel::UserRequest;
    request->handle = handle->second;
    using Operation = kernel::Kernel::UserRequest::Operation;
    request->operation = words[0] == "ioctl"  ? Operation::ioctl
                         : words[0] == "read" ? Operation::read
                                              : Operation::write;
    std::size_t next = 2;
    if (words[0] == "ioctl") {
        auto code = parse_number(words[next++]);
        if (!code) return code.error();
        request->code = static_cast<std::uint32_t>(*code);
    }
    std::string name;
    std::size_t end = words.size();
    if (end > 4 && words[end - 2] == "as") {
        name = words[end - 1];
        end -= 2;
    }
    for (; next < end; ++next) {
        const std::string& word = words[next];
        const bool size = words[0] == "read" || word == "out";
        if (words[0] == "ioctl" && ((word != "in" && word != "out") || ++next == end))
            return usage(form);
        if (size) {
            auto count = parse_number(words[next]);
            if (!count) return count.error();
            request->output_size = static_cast<std::uint32_t>(*count);
        } else {
            auto bytes = parse_bytes(words[next]);
            if (!bytes) return bytes.error();
            request->input = std::move(*bytes);
        }
    }
    return name.empty() ? submit(*request) : begin(*request, name);
}

Result<StepOutcome> ScriptRunner::remove(const Words& words) {
    const bool surprise = words.size() == 3 && words[2] == "surprise";
    if (words.size() != 2 && !surprise) return usage("remove DEVICE [surprise]");
    if (auto removed = board_.remove_device(words[1], surprise); !removed) return removed.error();
    board_.run_until_idle(1'000'000'000);
    return StepOutcome{};
}

Result<StepOutcome> ScriptRunner::expect(const Words& words) {
    constexpr std::string_view form =
        "expect NAME on|off|pressed|released | expect WIRE high|low|floating | expect pending NAME "
        "| expect status NAME "
        "| expect output BYTES | "
        "expect information N | expect device PATH STATE | expect report KIND [DEVICE] N | "
        "expect system working|asleep";
    if (words.size() < 3) return usage(form);
    if (words[1] == "status" || words[1] == "output" || words[1] == "information")
        return expect_request(words);
    if (words[1] == "pending") return expect_pending(words);
    if (words[1] == "calls" || words[1] == "unclaimed") return expect_calls(words);
    if (words[1] == "system") return expect_system(words);
    if (words[1] == "device") return expect_device(words);
    if (words[1] == "report") return expect_report(words);
    const std::string& wanted = words[2];
    std::string actual;
    if (hardware::Device* found = board_.hardware().part(words[1])) {
        if (const auto* led = dynamic_cast<hardware::Led*>(found)) {
            if (wanted != "pressed" && wanted != "released") actual = led->on() ? "on" : "off";
        } else if (const auto* button = dynamic_cast<hardware::Button*>(found)) {
            if (wanted != "on" && wanted != "off")
                actual = button->pressed() ? "pressed" : "released";
        }
    }
    const auto one_of = [&](std::initializer_list<std::string_view> states) {
        return std::find(states.begin(), states.end(), wanted) != states.end();
    };
    const bool of_wire = one_of({"high", "low", "floating"});
    if (!of_wire && !one_of({"on", "off", "pressed", "released"})) {
        return Error{.message = fmt::format("'{}' is no state", wanted), .hint = std::string(form)};
    }
    if (actual.empty() && !of_wire) {
        return Error{
            .message = fmt::format("{} is no LED or button, so it is never {}", words[1], wanted),
            .hint = "a wire is high, low or floating"};
    }
    if (of_wire) {
        auto found = wire(words[1]);
        if (!found) return found.error();
        actual = std::string(hardware::to_string((*found)->level()));
    }
    if (actual == wanted) return StepOutcome{};
    return fail(fmt::format("expected {} {}, but it is {}", words[1], wanted, actual));
}

Result<StepOutcome> ScriptRunner::expect_request(const Words& words) {
    if (words[1] == "status") {
        const auto wanted = parse_status(words[2]);
        if (!wanted)
            return Error{.message = fmt::format("'{}' is no status", words[2]),
                         .hint = "a name as STATUS_SUCCESS, or a number as 0xc0000001"};
        if (*wanted == last_status_) return StepOutcome{};
        return fail(
            fmt::format("expected status {}, but it is {}", words[2], status_text(last_status_)));
    }
    if (words[1] == "information") {
        auto wanted = parse_number(words[2]);
        if (!wanted) return wanted.error();
        if (*wanted == last_information_) return StepOutcome{};
        return fail(
            fmt::format("expected information {}, but it is {}", *wanted, last_information_));
    }
    auto wanted = parse_bytes(fmt::format("{}", fmt::join(words.begin() + 2, words.end(), "")));
    if (!wanted) return wanted.error();
    if (*wanted == last_output_) return StepOutcome{};
    return fail(
        fmt::format("expected output {}, but it is {}", hex_text(*wanted), hex_text(last_output_)));
}

// That nobody has completed it yet.
Result<StepOutcome> ScriptRunner::expect_pending(const Words& words) {
    if (words.size() != 3) return usage("expect pending NAME");
    auto request = begun(words[2]);
    if (!request) return request.error();
    if (!(*request)->finished) return StepOutcome{};
    return fail(fmt::format("expected request {} to be pending, but it was completed with {}",
                            words[2], status_text((*request)->status)));
}

Result<StepOutcome> ScriptRunner::expect_device(const Words& words) {
    constexpr std::string_view form =
        "expect device PATH started|failed|stopped|removed|\"no driver\"";
    if (words.size() != 4) return usage(form);
    constexpr std::string_view states[] = {"not started", "started", "failed",
                                           "stopped",     "removed", "no driver"};
    if (std::find(std::begin(states), std::end(states), words[3]) == std::end(states))
        return Error{.message = fmt::format("'{}' is no state of a device", words[3]),
                     .hint = std::string(form)};
    for (const kernel::DeviceStatus& device : board_.kernel().devices()) {
        if (device.path != words[2]) continue;
        if (device.state == words[3]) return StepOutcome{};
        return fail(
            fmt::format("expected device {} {}, but it is {}", words[2], words[3], device.state));
    }
    return Error{.message = fmt::format("there is no device {}", words[2])};
}

// How often the hardware reported something since power on, by anybody or by one device.
Result<StepOutcome> ScriptRunner::expect_report(const Words& words) {
    if (words.size() < 4 || words.size() > 5) return usage("expect report KIND|any [DEVICE] N");
    const auto kind = hardware::kind_named(words[2]);
    if (!kind && words[2] != "any") {
        return Error{.message = fmt::format("the hardware reports nothing called '{}'", words[2]),
                     .hint = "any " + hardware::kind_words()};
    }
    const std::string source = words.size() == 5 ? words[3] : "";
    if (!source.empty() && board_.hardware().model_of(source) == nullptr && !wire(source))
        return Error{.message = fmt::format("there is no device or wire '{}'", source)};
    auto wanted = parse_number(words.back());
    if (!wanted) return wanted.error();
    const std::uint64_t actual = board_.hardware().surroundings().report_count(kind, source);
    if (actual == *wanted) return StepOutcome{};
    return fail(fmt::format("expected {} report(s) {}{}{}, but there are {}", *wanted, words[2],
                            source.empty() ? "" : " of ", source, actual));
}

}  // namespace gpioclx::bench
