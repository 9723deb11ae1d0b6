// Methods: evaluation, _DSM.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "firmware/acpi_object.h"
#include "firmware/firmware.h"
#include "firmware/namespace_node.h"

namespace gpioclx::firmware {
namespace {

// ACPI stores the first three groups of a UUID with the low byte first.
std::optional<Buffer> uuid_bytes(std::string_view text) {
    constexpr int order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    if (text.size() == 38 && text.front() == '{' && text.back() == '}') {
        text = text.substr(1, 36);
    }
    if (text.size() != 36) return std::nullopt;
    Buffer bytes(16);
    std::size_t at = 0;
    for (const int place : order) {
        if (at == 8 || at == 13 || at == 18 || at == 23) {
            if (text[at++] != '-') return std::nullopt;
        }
        const char* const digits = text.data() + at;
        const auto read = std::from_chars(digits, digits + 2, bytes[place], 16);
        if (read.ec != std::errc{} || read.ptr != digits + 2) return std::nullopt;
        at += 2;
    }
    return bytes;
}

}  // namespace

Result<Value> Firmware::evaluate(const std::string& path,
                                 const std::vector<Value>& arguments) const {
    auto node = find_node(path);
    if (!node) return node.error();
    ArgumentList list(arguments);
    acpi_buffer result{.length = ACPI_ALLOCATE_BUFFER, .pointer = nullptr};
    forget_errors();
    const acpi_status status = acpi_evaluate_object(*node, nullptr, list.get(), &result);
    if (ACPI_FAILURE(status)) return acpi_error(path, status);
    if (result.pointer == nullptr) return Value{};
    Value value = from_acpi(*static_cast<const acpi_object*>(result.pointer));
    acpi_os_free(result.pointer);
    return value;
}

bool Firmware::exists(const std::string& path) const { return find_node(path).ok(); }

bool Firmware::has_method(const std::string& path) const {
    const auto node = find_node(path);
    return node && type_of(*node) == ACPI_TYPE_METHOD;
}

Result<Value> Firmware::dsm(const std::string& device, std::string_view uuid,
                            std::uint64_t revision, std::uint64_t function,
                            Package arguments) const {
    const auto bytes = uuid_bytes(uuid);
    if (!bytes) return Error{.message = fmt::format("\"{}\" is not a UUID", uuid)};
    return evaluate(device + "._DSM", {*bytes, revision, function, std::move(arguments)});
}

Result<bool> Firmware::dsm_supports(const std::string& device, std::string_view uuid,
                                    std::uint64_t revision, std::uint64_t function) const {
    if (!exists(device + "._DSM")) return false;
    auto answer = dsm(device, uuid, revision, 0);
    if (!answer) return answer.error();
    const Buffer* bits = answer->buffer();
    if (bits == nullptr) {
        return Error{
            .message = fmt::format("{}._DSM function 0 returned {}", device, to_string(*answer)),
            .hint = "a buffer with a bit for each function"};
    }
    const std::uint64_t byte = function / 8;
    return byte < bits->size() && ((*bits)[byte] >> (function % 8) & 1) != 0;
}

}  // namespace gpioclx::firmware
