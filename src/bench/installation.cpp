#include "bench/installation.h"

#include <cstdlib>

namespace gpioclx::bench {
namespace {

namespace fs = std::filesystem;

Installation installed_under(const fs::path& prefix) {
    return {.executable = prefix / "bin/gpioclx",
            .wdk = prefix / "share/gpioclx/wdk",
            .maps = prefix / "share/gpioclx/maps",
            .drivers = prefix / "lib/gpioclx/drivers"};
}

bool complete(const Installation& installation) {
    return fs::exists(installation.executable) && fs::exists(installation.wdk) &&
           fs::exists(installation.maps);
}

}  // namespace

Result<Installation> find_installation(const fs::path& home) {
    if (const char* named = std::getenv("GPIOCLX_HOME")) {
        const Installation given = installed_under(named);
        if (complete(given)) return given;
        return Error{.message =
                         std::string("GPIOCLX_HOME is no installation of gpioclx: ") + named};
    }
    if (!home.empty()) {
        const Installation given = installed_under(home);
        if (complete(given)) return given;
        return Error{.message = "this is no installation of gpioclx: " + home.string()};
    }
    std::error_code ignored;
    const fs::path self = fs::read_symlink("/proc/self/exe", ignored);
    const Installation beside = installed_under(self.parent_path().parent_path());
    if (self.filename() == "gpioclx" && complete(beside)) return beside;
    const Installation built{.executable = GX_BUILT_EXECUTABLE,
                             .wdk = GX_SOURCE_WDK,
                             .maps = GX_SOURCE_MAPS,
                             .drivers = GX_BUILT_DRIVERS};
    if (complete(built)) return built;
    const Installation prefix = installed_under(GX_INSTALL_PREFIX);
    if (complete(prefix)) return prefix;
    return Error{.message = "the files of gpioclx are not found",
                 .hint = "set GPIOCLX_HOME to its installation prefix"};
}

std::filesystem::path cache_folder() {
    if (const char* given = std::getenv("GPIOCLX_CACHE")) return given;
    if (const char* home = std::getenv("HOME"))
        return std::filesystem::path(home) / ".cache/gpioclx";
    return std::filesystem::temp_directory_path() / "gpioclx";
}

}  // namespace gpioclx::bench
