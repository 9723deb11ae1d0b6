// The callbacks of a registration packet, as a list.
#pragma once

#include <string_view>

namespace gpioclx::conformance {

enum class Callback {
    prepare,
    release,
    start,
    stop,
    basic_information,
    query_set,
    enable,
    disable,
    unmask,
    mask,
    query_active,
    clear,
    connect,
    disconnect,
    read,
    read_mask,
    write,
    write_mask,
    save,
    restore,
    pre_process,
    specific,
    reconfigure,
    query_enabled,
    connect_function,
    disconnect_function,
    count
};

// "EnableInterrupt": the slot in the packet without its prefix.
std::string_view name_of(Callback callback);
// The notation of the specification's worked traces (6.11): "E", "M", "Q"; a word for the others.
std::string_view letter_of(Callback callback);
// One of the six for which the bank locks are not available (L12).
constexpr bool is_setup(Callback callback) { return callback <= Callback::query_set; }

}  // namespace gpioclx::conformance
