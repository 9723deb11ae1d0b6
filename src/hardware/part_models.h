// The parts around a controller, for the model library.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hardware/model_library.h"

namespace gpioclx::hardware {

std::vector<ModelInfo> part_models();

// `info` is one of part_models().
Result<std::unique_ptr<Device>> create_part(const ModelInfo& info, std::string device_name,
                                            std::span<const ModelProperty> properties,
                                            Surroundings& surroundings);

}  // namespace gpioclx::hardware
