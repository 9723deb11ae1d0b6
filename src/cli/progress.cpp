#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include "bench/duration.h"
#include "cli/command.h"

namespace gpioclx::cli {

void Progress::step(std::string_view text) {
    if (quiet_ && Clock::now() - begun_ < std::chrono::seconds(1)) return;
    fmt::print(quiet_ ? stderr : file_, "  {}\n", text);
    std::fflush(file_);
}

void Progress::waiting(std::uint64_t virtual_ns) {
    if (isatty(2) == 0) return;
    fmt::print(stderr, "  still running, {} of virtual time\n", bench::duration_text(virtual_ns));
}

void ToolOutput::show(std::string_view text) {
    shown_ += text;
    std::fflush(stdout);
    fmt::print(stderr, "{}", text);
}

void ToolOutput::print_error(const Error& error) const {
    const bool told = !error.message.empty() && shown_.find(error.message) != std::string::npos;
    if (!told) return cli::print_error(error);
    cli::print_error({.message = "the driver does not build", .hint = error.hint});
}

}  // namespace gpioclx::cli
