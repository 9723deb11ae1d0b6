#include "firmware/value.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gpioclx::firmware {
namespace {

struct Printer {
    std::string operator()(std::monostate) const { return "nothing"; }
    std::string operator()(std::uint64_t integer) const { return fmt::format("0x{:X}", integer); }
    std::string operator()(const std::string& text) const { return '"' + text + '"'; }
    std::string operator()(const Buffer& buffer) const {
        return fmt::format("Buffer {{{:02X}}}", fmt::join(buffer, " "));
    }
    std::string operator()(const Package& package) const {
        std::vector<std::string> elements;
        for (const Value& element : package) elements.push_back(to_string(element));
        return fmt::format("Package {{{}}}", fmt::join(elements, ", "));
    }
    std::string operator()(const Reference& reference) const { return reference.path; }
};

}  // namespace

std::string to_string(const Value& value) { return std::visit(Printer{}, value.data); }

}  // namespace gpioclx::firmware
