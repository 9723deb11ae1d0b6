#include "bench/debugger.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "driverkit/path_map.h"
#include "driverkit/text_file.h"

namespace gpioclx::bench {
namespace {

namespace fs = std::filesystem;

// Arguments by register: the worker may have been built without debug information.
constexpr const char* stop_at_images = R"(set confirm off
set breakpoint pending on
handle SIGUSR2 nostop noprint pass
break *gx_debugger_image_announced
commands
  silent
  eval "add-symbol-file \"%s\" -o %#lx", (char*)$rdi, (unsigned long)$rsi
  continue
end
)";

constexpr const char* stop_at_findings = R"(break *gx_debugger_finding
commands
  silent
  printf "finding %s; the driver is further up:\n", (char*)$rdi
  backtrace
end
)";

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

bool runnable(const std::string& program) {
    if (program.find('/') != std::string::npos) return access(program.c_str(), X_OK) == 0;
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "/usr/bin:/bin");
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (access((fs::path(folder) / program).c_str(), X_OK) == 0) return true;
    }
    return false;
}

}  // namespace

Result<std::vector<std::string>> debugger_command(const std::vector<fs::path>& images,
                                                  const fs::path& cache, bool at_findings) {
    const char* given = std::getenv("GPIOCLX_GDB");
    std::vector<std::string> words = words_of(given != nullptr ? given : "gdb -q");
    if (words.empty()) words = {"gdb", "-q"};
    if (!runnable(words[0])) {
        return Error{.message = fmt::format("cannot start the debugger {}", words[0]),
                     .hint = "Debian package gdb; GPIOCLX_GDB names another"};
    }
    std::string script = stop_at_images;
    if (at_findings) script += stop_at_findings;
    for (const fs::path& image : images) {
        const auto paths = driverkit::PathMap::load(image.string() + ".paths");
        for (const auto& entry : paths.entries())
            script += fmt::format("set substitute-path {} {}\n", entry.inside, entry.real);
    }
    const fs::path file =
        cache / fmt::format("drivers-{:016x}.gdb", driverkit::content_hash(script));
    std::error_code ignored;
    fs::create_directories(cache, ignored);
    if (auto written = driverkit::write_if_changed(file, script); !written) return written.error();
    words.insert(words.begin() + 1, {"-x", file.string()});
    words.emplace_back("--args");
    return words;
}

}  // namespace gpioclx::bench
