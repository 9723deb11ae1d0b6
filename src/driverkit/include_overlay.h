// Lets a Linux compiler find #include files in any case, as Windows does: a virtual file system
// that lists the folders' files and compares names without regard to case.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gpioclx::driverkit {

// Files below a folder (hidden ones left out), in byte order, at most max_overlay_files.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

// The overlay for clang's -ivfsoverlay. Names that differ in case only are left to the real file
// system, which tells them apart.
std::string include_overlay(const std::vector<std::filesystem::path>& folders);

inline constexpr std::size_t max_overlay_files = 20'000;

}  // namespace gpioclx::driverkit
