// What stands in the registry for a driver and its devices, as the worker takes it: a list of
// {"key", "name", "type", "data"}. Text is UTF-8 there, without its last zero.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "driverkit/driver_image.h"

namespace gpioclx::bench {

// What the driver's .inx leaves in one of the keys.
nlohmann::json installed_values(const driverkit::DriverImage& image,
                                driverkit::InfRegistryValue::Scope scope);

// "Settings/ConnectInterrupt" = 1, behind them: later values replace earlier ones.
void add_numbers(nlohmann::json& values, const std::map<std::string, std::uint32_t>& numbers);

}  // namespace gpioclx::bench
