// What extensions tell people of their state (wdk/ext/gx_dump.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gpioclx::kernel::ldr {
class Image;
}

struct _GX_DUMP {
    std::string text;
};

namespace gpioclx::kernel::dbg {

// GX_DUMP_*, for those who do not include what drivers include.
constexpr std::uint32_t dump_details = 1;
constexpr std::uint32_t dump_registers = 2;
constexpr std::uint32_t dump_unconfigured_pins = 4;

// The dump of this name, "" if nobody registered it. Between two steps of the machine; nothing of
// the machine changes, no time passes.
std::string state_dump(std::string_view name, std::uint32_t flags);

// Reports and forgets those that a driver left registered when it was unloaded.
void report_dumps_of(const ldr::Image& image);

}  // namespace gpioclx::kernel::dbg
