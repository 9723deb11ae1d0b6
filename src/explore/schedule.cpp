#include "explore/schedule.h"

#include <optional>

namespace gpioclx::explore {
namespace {

constexpr std::string_view mark = "x2";
constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t from_power_on = 1, with_faults = 2, with_memory = 4, with_variables = 8;

void put_number(Bytes& bytes, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<std::uint8_t>(value | 0x80));
    bytes.push_back(static_cast<std::uint8_t>(value));
}

void put_hash(Bytes& bytes, std::uint32_t hash) {
    for (const int shift : {16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(hash >> shift));
}

// There must be three bytes.
std::uint32_t take_hash(const Bytes& bytes, std::size_t& at) {
    std::uint32_t hash = 0;
    for (int i = 0; i < 3; ++i) hash = hash << 8 | bytes[at++];
    return hash;
}

std::optional<std::uint64_t> take_number(const Bytes& bytes, std::size_t& at) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; at < bytes.size() && shift < 64; shift += 7) {
        const std::uint8_t byte = bytes[at++];
        value |= std::uint64_t{byte & 0x7Fu} << shift;
        if (byte < 0x80) return value;
    }
    return std::nullopt;
}

std::uint8_t check_sum(const Bytes& bytes) {
    std::uint32_t sum = 0x811C9DC5;
    for (const std::uint8_t byte : bytes) sum = (sum ^ byte) * 0x01000193;
    return static_cast<std::uint8_t>(sum ^ sum >> 8 ^ sum >> 16 ^ sum >> 24);
}

std::string to_digits(const Bytes& bytes) {
    std::string text;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const std::uint8_t byte : bytes) {
        bits = bits << 8 | byte;
        for (count += 8; count >= 6; count -= 6) text += digits[bits >> (count - 6) & 63];
    }
    if (count > 0) text += digits[bits << (6 - count) & 63];
    return text;
}

std::optional<Bytes> from_digits(std::string_view text) {
    Bytes bytes;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const std::size_t value = digits.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes.push_back(static_cast<std::uint8_t>(bits >> count));
    }
    return bytes;
}

std::optional<Schedule> parse(std::string_view token) {
    if (!token.starts_with(mark)) return std::nullopt;
    std::optional<Bytes> bytes = from_digits(token.substr(mark.size()));
    if (!bytes || bytes->empty()) return std::nullopt;
    const std::uint8_t sum = bytes->back();
    bytes->pop_back();
    if (sum != check_sum(*bytes)) return std::nullopt;
    Schedule schedule;
    std::size_t at = 0;
    const auto seed = take_number(*bytes, at);
    if (!seed) return std::nullopt;
    schedule.seed = *seed;
    if (at == bytes->size()) return std::nullopt;
    const std::uint8_t flags = (*bytes)[at++];
    if (flags > (from_power_on | with_faults | with_memory | with_variables)) return std::nullopt;
    schedule.beginning = (flags & from_power_on) != 0 ? Beginning::power_on : Beginning::started;
    schedule.faults = (flags & with_faults) != 0;
    schedule.instrumented = (flags & with_memory) != 0;
    if ((flags & with_variables) != 0) {
        const auto count = take_number(*bytes, at);
        if (!count || *count > (bytes->size() - at) / 6) return std::nullopt;
        for (std::uint64_t i = 0; i < *count; ++i) {
            const std::uint32_t name = take_hash(*bytes, at);
            schedule.variables.push_back({name, take_hash(*bytes, at)});
        }
    }
    while (at < bytes->size()) {
        if (at + 3 > bytes->size()) return std::nullopt;
        Deviation deviation{};
        deviation.point = take_hash(*bytes, at);
        // Both are small: three bits for the alternative, the rest says how often.
        const auto rest = take_number(*bytes, at);
        if (!rest || (*rest & 7) == 0) return std::nullopt;
        deviation.alternative = static_cast<std::uint8_t>(*rest & 7);
        deviation.occurrence = static_cast<std::uint32_t>(*rest >> 3) + 1;
        schedule.deviations.push_back(deviation);
    }
    return schedule;
}

}  // namespace

std::string to_token(const Schedule& schedule) {
    Bytes bytes;
    put_number(bytes, schedule.seed);
    bytes.push_back(static_cast<std::uint8_t>(
        (schedule.beginning == Beginning::power_on ? from_power_on : 0) |
        (schedule.faults ? with_faults : 0) | (schedule.instrumented ? with_memory : 0) |
        (schedule.variables.empty() ? 0 : with_variables)));
    if (!schedule.variables.empty()) put_number(bytes, schedule.variables.size());
    for (const Variable& variable : schedule.variables) {
        put_hash(bytes, variable.name);
        put_hash(bytes, variable.number);
    }
    for (const Deviation& deviation : schedule.deviations) {
        put_hash(bytes, deviation.point);
        put_number(bytes, std::uint64_t{deviation.occurrence - 1} << 3 | deviation.alternative);
    }
    bytes.push_back(check_sum(bytes));
    return std::string(mark) + to_digits(bytes);
}

Result<Schedule> from_token(std::string_view token) {
    if (auto schedule = parse(token)) return std::move(*schedule);
    return Error{.message = "'" + std::string(token) + "' is no token of a schedule",
                 .hint = "as gpioclx explore prints it, every character of it"};
}

}  // namespace gpioclx::explore
