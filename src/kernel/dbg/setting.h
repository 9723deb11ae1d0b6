// Settings of the bench that choose behaviour; part of the seed and token of a run.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernel/kernel.h"

namespace gpioclx::kernel::dbg {

// Before drivers start. Later entries win.
void set_settings(const std::vector<Setting>& settings);
// `device_path` "" for what belongs to no device. A device's own setting wins over a general one.
std::uint64_t query_setting(std::string_view device_path, std::string_view name,
                            std::uint64_t otherwise);

}  // namespace gpioclx::kernel::dbg
