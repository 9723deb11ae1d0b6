// Where sources are and what they are called inside an image. Images name no folder of this
// machine, so that the same driver gives the same bytes anywhere; this table leads back.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::driverkit {

class PathMap {
  public:
    // Both with a slash at the end: "/driver/simgpio/" stands for "/home/me/simgpio/".
    struct Entry {
        std::string inside;  // in debug information
        std::string real;
        std::string macro;  // in __FILE__: "" for the driver's own files, "wdk/" for headers
    };

    void add(std::string inside, const std::filesystem::path& real, std::string macro);
    const std::vector<Entry>& entries() const { return entries_; }

    std::string real(std::string_view inside) const;
    std::vector<std::string> compiler_flags() const;

    // Kept beside the image, as <image>.paths.
    Result<void> save(const std::filesystem::path& file) const;
    static PathMap load(const std::filesystem::path& file);  // empty where there is none

    // The folder that relative names in debug information start from.
    static constexpr std::string_view compilation_folder = "/driver";

  private:
    std::vector<Entry> entries_;
};

}  // namespace gpioclx::driverkit
