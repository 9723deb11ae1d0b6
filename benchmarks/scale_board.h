// Boards that differ in size only: a pin that interrupts and some that are written, among many
// controllers whose pins are connected and quiet.
#pragma once

#include <filesystem>
#include <string>

namespace gpioclx::benchmarks {

struct ScaleBoard {
    std::filesystem::path bench_file;
    std::string pin;  // the one that interrupts: of the last bank of the last controller
};

// Writes bench file and firmware into `folder`. Controllers have 256 pins in four banks, and in
// each bank four pins that a quiet peripheral is connected to; the last controller has an interrupt
// for each bank, the others one. `small`: one controller with 64 pins.
ScaleBoard write_scale_board(const std::filesystem::path& folder, unsigned controllers, bool small);

}  // namespace gpioclx::benchmarks
