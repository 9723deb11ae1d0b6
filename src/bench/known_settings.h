// The settings that a bench can make. docs/user-guide.md says what each does; a test of the
// architecture compares this list with what the extension and the kernel ask for.
#pragma once

#include <array>
#include <string_view>

namespace gpioclx::bench {

constexpr std::array<std::string_view, 9> known_settings = {
    "checked",
    "strict_read_of_outputs",
    "lenient_isr_lock",
    "distinct_function_buffers",
    "independent_io_at_dirql",
    "storm_threshold",
    "max_service_rounds",
    "umdf_in_machine",
    "umdf_restarts",
};

}  // namespace gpioclx::bench
