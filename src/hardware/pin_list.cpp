#include "hardware/pin_list.h"

#include <fmt/format.h>

#include <charconv>

namespace gpioclx::hardware {
namespace {

bool take_number(std::string_view& text, unsigned& number) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return true;
}

Error malformed(std::string_view text) {
    return {.message = fmt::format("'{}' is not a list of pins", text),
            .hint = "write single pins and ranges in ascending order, as in \"0-8,34-36,46\""};
}

}  // namespace

Result<PinList> parse_pin_list(std::string_view text, unsigned pin_count) {
    PinList pins;
    std::string_view rest = text;
    while (true) {
        unsigned first = 0;
        if (!take_number(rest, first)) return malformed(text);
        unsigned last = first;
        if (!rest.empty() && rest.front() == '-') {
            rest.remove_prefix(1);
            if (!take_number(rest, last)) return malformed(text);
        }
        if (last < first || (!pins.empty() && first <= pins.back())) return malformed(text);
        if (last >= pin_count) {
            return Error{.message = fmt::format("pin {} in '{}' does not exist", last, text),
                         .hint = fmt::format("there are pins 0-{}", pin_count - 1)};
        }
        for (unsigned pin = first; pin <= last; ++pin) {
            pins.push_back(static_cast<std::uint16_t>(pin));
        }
        if (rest.empty()) return pins;
        if (rest.front() != ',') return malformed(text);
        rest.remove_prefix(1);
    }
}

std::string to_string(const PinList& pins) {
    std::string text;
    for (std::size_t i = 0; i < pins.size();) {
        std::size_t last = i;
        while (last + 1 < pins.size() && pins[last + 1] == pins[last] + 1) ++last;
        if (!text.empty()) text += ',';
        text += last == i ? fmt::format("{}", pins[i]) : fmt::format("{}-{}", pins[i], pins[last]);
        i = last + 1;
    }
    return text;
}

}  // namespace gpioclx::hardware
