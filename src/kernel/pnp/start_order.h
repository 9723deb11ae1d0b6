// In which order devices start: that of the namespace, except that whoever is needed comes first.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/acpi_provider.h"

namespace gpioclx::kernel::pnp {

// What became of a device as far as those who need it care.
enum class Progress : std::uint8_t {
    waiting,
    started,
    unavailable,  // failed, removed, or no driver serves it
};

struct StartChoice {
    enum class Kind : std::uint8_t { start, fail, done } kind = Kind::done;
    std::size_t index = 0;
    std::string message;  // of a failure: which need is not met and why
};

// The next device to deal with; `progress` is parallel to `devices`. Asked again after each step.
//
// A parent, or a device of _DEP, counts as needed only if it is in `devices` and a driver serves it: a container
// without a driver of its own does not hold up its children, and a board with few drivers still starts.
// `served` says whether one does.
StartChoice next_to_start(const std::vector<AcpiDevice>& devices, const std::vector<Progress>& progress,
                          const std::vector<bool>& served);

}  // namespace gpioclx::kernel::pnp
