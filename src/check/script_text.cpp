#include "check/script_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace gpioclx::check {
namespace {

std::string hexadecimal(const std::vector<std::uint32_t>& words) {
    std::string text;
    for (std::uint32_t word : words) {
        for (int i = 0; i < 4; ++i) text += fmt::format("{:02x}", word >> (8 * i) & 0xFF);
    }
    return text;
}

// Pin i of a connection is bit i.
std::string bits(const std::vector<bool>& levels) {
    std::string text;
    for (std::size_t i = 0; i < levels.size(); i += 8) {
        unsigned byte = 0;
        for (std::size_t j = i; j < std::min(i + 8, levels.size()); ++j)
            byte |= static_cast<unsigned>(levels[j]) << (j - i);
        text += fmt::format("{:02x}", byte);
    }
    return text;
}

constexpr const char* missing_call = "check-001";
constexpr const char* call_without_cause = "check-002";
constexpr const char* wrong_read = "check-003";
constexpr const char* wrong_write = "check-004";
constexpr const char* failed_request = "check-005";

}  // namespace

std::string ScriptText::wire(unsigned pin) const {
    return fmt::format("{}:{}", board_.controller, pin);
}

std::string ScriptText::pin_text(unsigned pin) const { return fmt::format("pin {}", pin); }

void ScriptText::use(const std::string& handle, const std::string& device) {
    for (const auto& [known, unused] : handles_) {
        if (known == handle) return;
    }
    handles_.emplace_back(handle, device);
    line(fmt::format("open {} as {}", device, handle));
}

void ScriptText::close_all() {
    for (const auto& [handle, unused] : handles_) line("close " + handle);
    handles_.clear();
}

std::string ScriptText::whole() {
    if (handles_.empty()) return {};
    close_all();
    return text_;
}

void ScriptText::set(unsigned pin, bool high) {
    line(fmt::format("set {} {}", wire(pin), high ? "high" : "low"));
}

void ScriptText::release(unsigned pin) { line(fmt::format("set {} off", wire(pin))); }

void ScriptText::wait_us(std::uint64_t us) { line(fmt::format("wait {}us", us)); }

void ScriptText::wait_ns(std::uint64_t ns) {
    if (ns > 0) line(fmt::format("wait {}ns", ns));
}

void ScriptText::expect_wire(unsigned pin, bool high, const std::string& what) {
    purpose(wrong_write, what, pin_text(pin));
    line(fmt::format("expect {} {}", wire(pin), high ? "high" : "low"));
}

void ScriptText::request(const std::string& handle, PinUserCode code,
                         const std::vector<std::uint32_t>& words, const std::string& rest) {
    line(fmt::format("ioctl {} {:#x} in {}{}", handle, static_cast<std::uint32_t>(code),
                     hexadecimal(words), rest));
}

void ScriptText::purpose(const std::string& ids, const std::string& what,
                         const std::string& where) {
    line(fmt::format("purpose {} \"{}\" \"{}\"", ids, what, where));
}

void ScriptText::expect_success(const std::string& what, const std::string& where) {
    purpose(failed_request, what, where);
    line("expect status STATUS_SUCCESS");
}

std::vector<std::uint32_t> ScriptText::words(const Connection& connection) const {
    return {static_cast<std::uint32_t>(board_.index_of(connection.pin)), connection.flags,
            connection.hold_us, board_.source_pin(connection.pin, connection.unit)};
}

void ScriptText::connect(const Connection& connection, const std::string& what) {
    request(connection.handle, PinUserCode::connect, words(connection));
    expect_success(what + ", connecting", pin_text(connection.pin));
}

void ScriptText::disconnect(const Connection& connection, const std::string& what) {
    request(connection.handle, PinUserCode::disconnect,
            {static_cast<std::uint32_t>(board_.index_of(connection.pin))});
    expect_success(what + ", disconnecting", pin_text(connection.pin));
}

void ScriptText::raise(const Connection& connection) {
    request(connection.handle, PinUserCode::raise,
            {static_cast<std::uint32_t>(board_.index_of(connection.pin))});
}

void ScriptText::await_calls(const Connection& connection, unsigned calls,
                             const std::string& what) {
    request(connection.handle, PinUserCode::await,
            {static_cast<std::uint32_t>(board_.index_of(connection.pin)), calls});
    purpose(missing_call, what, pin_text(connection.pin));
    line("expect status STATUS_SUCCESS");
}

void ScriptText::expect_calls(const Connection& connection, const std::string& calls,
                              const std::string& what) {
    request(connection.handle, PinUserCode::count,
            {static_cast<std::uint32_t>(board_.index_of(connection.pin))}, " out 8");
    purpose(fmt::format("{}/{}", missing_call, call_without_cause), what, pin_text(connection.pin));
    line("expect calls " + calls);
}

void ScriptText::expect_no_unclaimed(const std::string& what, unsigned pin) {
    purpose(call_without_cause, what + ", calls while the source was silent", pin_text(pin));
    line("expect unclaimed 0");
}

void ScriptText::forget_calls(const Connection& connection) {
    request(connection.handle, PinUserCode::count,
            {static_cast<std::uint32_t>(board_.index_of(connection.pin))}, " out 8");
}

void ScriptText::open(std::size_t number, std::uint32_t access, const std::string& what,
                      const std::string& where) {
    request("io", PinUserCode::open, {static_cast<std::uint32_t>(number), access});
    expect_success(what + ", opening", where);
}

void ScriptText::try_to_open(std::size_t number, std::uint32_t access) {
    request("io", PinUserCode::open, {static_cast<std::uint32_t>(number), access});
}

void ScriptText::try_to_connect(const Connection& connection) {
    request(connection.handle, PinUserCode::connect, words(connection));
}

void ScriptText::close(std::size_t number) {
    request("io", PinUserCode::close, {static_cast<std::uint32_t>(number)});
}

void ScriptText::read(std::size_t number, const std::vector<bool>& levels, const std::string& what,
                      const std::string& where) {
    request("io", PinUserCode::read, {static_cast<std::uint32_t>(number)},
            fmt::format(" out {}", (levels.size() + 7) / 8));
    expect_success(what + ", reading", where);
    purpose(wrong_read, what, where);
    line("expect output " + bits(levels));
}

void ScriptText::write(std::size_t number, const std::vector<bool>& levels, const std::string& what,
                       const std::string& where) {
    line(fmt::format("ioctl io {:#x} in {}{}", static_cast<std::uint32_t>(PinUserCode::write),
                     hexadecimal({static_cast<std::uint32_t>(number)}), bits(levels)));
    expect_success(what + ", writing", where);
}

void ScriptText::begin(const std::string& name, const std::string& handle, RepeatAction action,
                       unsigned times, std::size_t number, const Connection* connection) {
    std::vector<std::uint32_t> list = {static_cast<std::uint32_t>(action), times};
    const std::vector<std::uint32_t> more =
        connection != nullptr
            ? words(*connection)
            : std::vector<std::uint32_t>{static_cast<std::uint32_t>(number), 0, 0, 0};
    list.insert(list.end(), more.begin(), more.end());
    request(handle, PinUserCode::repeat, list, " as " + name);
}

void ScriptText::finish(const std::string& name, const std::string& what,
                        const std::string& where) {
    line("finish " + name);
    expect_success(what, where);
}

}  // namespace gpioclx::check
