#include "firmware/acpica_data.h"

#include <cstring>
#include <vector>

// The linker defines these for a section whose name is a C identifier.
extern "C" {
extern std::byte __start_acpica_data[];
extern std::byte __stop_acpica_data[];
}

namespace gpioclx::firmware {

std::span<const MutableRegion> acpica_data() {
    static const MutableRegion region{
        __start_acpica_data, static_cast<std::size_t>(__stop_acpica_data - __start_acpica_data)};
    return {&region, 1};
}

void reset_acpica_data() {
    // The first call comes before ACPICA ever ran, so what it copies is the linker's image.
    static const std::vector<std::byte> pristine(__start_acpica_data, __stop_acpica_data);
    std::memcpy(__start_acpica_data, pristine.data(), pristine.size());
}

}  // namespace gpioclx::firmware
