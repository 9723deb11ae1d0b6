// What a board looks like from outside: the data of "gpioclx show" and of the C++ API.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "bench/board.h"

namespace gpioclx::bench {

// `what`: devices, controllers, banks, pins, resources, drivers, wires, parts; extension, and
// extension/all with unused pins, are one text.
Result<nlohmann::json> show_board(Board& board, const std::string& what);

struct ImageView {
    std::string name;
    std::string path;
    std::uint64_t base = 0;
    std::uint64_t size = 0;
};
// Images in the order of loading.
std::vector<ImageView> loaded_images();

}  // namespace gpioclx::bench
