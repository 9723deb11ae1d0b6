// Who may open a device: the discretionary access list of its security descriptor, from SDDL text.
// Kernel mode is not asked. The only user in user mode is an administrator, who opens what scripts
// open.
#pragma once

#include <wdm.h>

#include <optional>
#include <string_view>
#include <vector>

namespace gpioclx::kernel::io {

struct AccessEntry {
    bool allows = true;          // or denies
    bool concerns_user = false;  // the user belongs to whom it names
    ACCESS_MASK rights = 0;      // without generic ones
};

using AccessList = std::vector<AccessEntry>;

// "D:P(A;;GA;;;SY)(A;;GRGX;;;BA)". Nothing for text that is no descriptor of a device: entries of
// other kinds than A and D, unknown rights or users.
std::optional<AccessList> parse_sddl(std::u16string_view text);

// Entries decide in their order; what none allows is denied.
bool grants(const AccessList& list, ACCESS_MASK desired);

}  // namespace gpioclx::kernel::io
