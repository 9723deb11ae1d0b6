#include "driverkit/source_lines.h"

#include <fmt/format.h>

#include <cstdlib>

#include "driverkit/msbuild_expression.h"
#include "driverkit/path_map.h"
#include "driverkit/process.h"

namespace gpioclx::driverkit {
namespace {

// "/driver/x/a.c:12 (discriminator 3)", "??:0", "/driver/x/a.c:?"
SourceFrame frame_of(std::string function, std::string place, const PathMap& paths) {
    SourceFrame frame{.function = std::move(function), .file = {}, .line = 0};
    place = place.substr(0, place.find(" (discriminator"));
    const auto colon = place.rfind(':');
    if (colon == std::string::npos || place.starts_with("??")) return frame;
    frame.line = std::atoi(place.c_str() + colon + 1);
    frame.file = paths.real(place.substr(0, colon));
    return frame;
}

}  // namespace

// addr2line of binutils: clang depends on it, so it is there wherever drivers can be built.
Result<std::vector<SourcePlace>> find_source_lines(const std::filesystem::path& image,
                                                   const std::vector<std::uint64_t>& offsets) {
    std::vector<SourcePlace> places;
    if (offsets.empty()) return places;
    std::string input;
    for (const std::uint64_t offset : offsets) input += fmt::format("0x{:x}\n", offset);
    auto outcome =
        run_process({"addr2line", "-a", "-f", "-i", "-C", "-e", image.string()}, "binutils", input);
    if (!outcome) return outcome.error();
    if (outcome->exit_code != 0) {
        return Error{.message = "addr2line failed: " + outcome->errors, .file = image.string()};
    }
    const PathMap paths = PathMap::load(image.string() + ".paths");
    const auto lines = split_list(outcome->out, "\n");
    for (std::size_t i = 0; i < lines.size();) {
        if (lines[i].starts_with("0x")) {
            places.push_back(
                {.offset = std::strtoull(lines[i].c_str(), nullptr, 16), .frames = {}});
            ++i;
        } else if (places.empty() || i + 1 >= lines.size()) {
            break;
        } else {
            places.back().frames.push_back(frame_of(lines[i], lines[i + 1], paths));
            i += 2;
        }
    }
    if (places.size() != offsets.size()) {
        return Error{.message = "addr2line gave no answer for each address",
                     .file = image.string()};
    }
    return places;
}

}  // namespace gpioclx::driverkit
