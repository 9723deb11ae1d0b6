// What a checkpoint must save so that ACPICA can be restored with the machine.
//
// All mutable variables of ACPICA and of our OS layer stand in one section (cmake/Acpica.cmake);
// everything else that changes lives in memory from Host::allocate. Save both while no method
// runs (every evaluate() returned), restore both, and the namespace is what it was.
#pragma once

#include <cstddef>
#include <span>

// Places a variable of the OS layer beside ACPICA's own.
#define GX_ACPICA_DATA __attribute__((section("acpica_data")))

namespace gpioclx::firmware {

struct MutableRegion {
    std::byte* begin = nullptr;
    std::size_t size = 0;
};

std::span<const MutableRegion> acpica_data();

// Puts every variable back to its value at program start. Only between two firmwares.
void reset_acpica_data();

}  // namespace gpioclx::firmware
