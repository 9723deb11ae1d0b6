// From the role and the access rule of a register to what reading and writing its bits do.
#pragma once

#include <optional>
#include <string_view>

#include "hardware/register_layout.h"

namespace gpioclx::hardware {

// A plane, and whether the register has the opposite sense of it.
struct PlaneRef {
    Plane plane = Plane::latch;
    bool inverted = false;
};

// Roles of one bit a pin that are state of their own.
std::optional<PlaneRef> plane_of(Role role, const RoleArguments& arguments);
// Roles whose fields are decoded by a code table.
bool is_coded(Role role);
// Roles that must have one bit a pin.
bool is_single_bit(Role role);
// What a write to the plane makes the controller recompute.
Effect effect_of(Plane plane);
// The role acted upon where `of` is absent; empty if the role acts on nothing.
std::string_view default_target(Role role);

// Fills read, write, effect and flags of a part for role and access. `target` is that of `of`.
void give_meaning(Part& part, Role role, Access access, const RoleArguments& arguments,
                  PlaneRef target);

// The meaning of a named code; nullopt if the role has no such name.
std::optional<std::uint8_t> code_meaning(Role role, std::string_view name);
std::string_view code_names(Role role);
std::uint8_t reserved_code(Role role);

}  // namespace gpioclx::hardware
