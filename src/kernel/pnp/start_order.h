// In which order devices start: that of the namespace, except that whoever is needed comes first.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
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

// A parent, or a device of _DEP, counts as needed only if it is in `devices` and a driver serves
// it: a container without a driver of its own does not hold up its children, and a board with few
// drivers still starts. `served` says whether one does.
class StartOrder {
  public:
    // `devices` must outlive it.
    StartOrder(const std::vector<AcpiDevice>& devices, const std::vector<bool>& served);
    // The next device to deal with; `progress` is parallel to `devices`. Asked again after each
    // step.
    StartChoice next(const std::vector<Progress>& progress) const;

  private:
    struct Need {
        const std::string* path;
        std::optional<std::size_t> index;
    };
    std::string describe_cycle(const std::vector<Progress>& progress, std::size_t start) const;

    const std::vector<AcpiDevice>& devices_;
    std::vector<std::vector<Need>> needs_;  // of each device
};

}  // namespace gpioclx::kernel::pnp
