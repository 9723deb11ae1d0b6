#include "driverkit/user_mode_functions.h"

#include <fmt/format.h>

#include <charconv>

#include "driverkit/msbuild_expression.h"
#include "driverkit/text_file.h"

namespace gpioclx::driverkit {

Result<UserModeFunctions> UserModeFunctions::read(const std::filesystem::path& wdk) {
    const auto file = wdk / "um" / "functions.tsv";
    const auto text = read_text(file);
    if (!text) return text.error();
    UserModeFunctions functions;
    int number = 0;
    for (const std::string& line : split_list(*text, "\n")) {
        ++number;
        if (line.starts_with('#')) continue;
        const auto tab = line.find('\t');
        int minor = -1;
        if (tab != std::string::npos && line.compare(tab + 1, 2, "2.") == 0) {
            std::from_chars(line.data() + tab + 3, line.data() + line.size(), minor);
        }
        if (minor < 0) {
            return Error{.message = "expected: function, tab, version (2.0)",
                         .file = file.string(),
                         .line = number};
        }
        functions.since_.emplace(line.substr(0, tab), minor);
    }
    return functions;
}

bool UserModeFunctions::has(std::string_view function, int minor) const {
    const auto found = since_.find(function);
    return found != since_.end() && found->second <= minor;
}

std::string UserModeFunctions::reason(std::string_view function, int minor) const {
    const auto found = since_.find(function);
    if (found == since_.end()) {
        return function.starts_with("Wdf") ? "is a function of KMDF, not of UMDF"
                                           : "does not exist in user mode here";
    }
    return fmt::format("came with UMDF 2.{}, and the driver asks for 2.{}", found->second, minor);
}

}  // namespace gpioclx::driverkit
