#include "driverkit/user_mode_com.h"

#include <fmt/format.h>

#include <algorithm>

#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

namespace fs = std::filesystem;

// "{aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee}" as an initializer.
std::string class_initializer(const std::string& id) {
    std::string bytes;
    for (const std::size_t at : {20, 22, 25, 27, 29, 31, 33, 35}) {
        bytes += fmt::format("{}0x{}", bytes.empty() ? "" : ", ", id.substr(at, 2));
    }
    return fmt::format("{{0x{}, 0x{}, 0x{}, {{{}}}}}", id.substr(1, 8), id.substr(10, 4),
                       id.substr(15, 4), bytes);
}

}  // namespace

fs::path umdf_1_folder(const fs::path& wdk) {
    std::error_code code;
    const fs::path installed = wdk.parent_path() / "wudfx";
    return fs::is_directory(installed, code) ? installed : wdk.parent_path() / "src" / "wudfx";
}

// One source that includes the others: they share most of what they include, and every driver of
// UMDF 1 compiles them.
Result<SourceFile> umdf_1_source(const UmdfDirectives& directives, const fs::path& wdk,
                                 const fs::path& generated) {
    const fs::path folder = umdf_1_folder(wdk);
    std::vector<std::string> names;
    std::error_code code;
    for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
        const std::string name = at->path().filename().string();
        if (name.ends_with(".cpp") && !name.ends_with("_test.cpp")) names.push_back(name);
    }
    if (names.empty()) {
        return Error{.message = "the framework for UMDF 1 drivers is missing",
                     .file = folder.string(),
                     .hint = "it stands beside the folder of the WDK headers"};
    }
    std::sort(names.begin(), names.end());
    std::string text = "// Written by the driver kit: the framework's half of a UMDF 1 module.\n";
    for (const std::string& name : names) text += fmt::format("#include \"wudfx/{}\"\n", name);
    text +=
        fmt::format("\n// DriverCLSID of the .inx.\nextern \"C\" const CLSID GxDriverClass = {};\n",
                    class_initializer(directives.class_id));
    SourceFile source;
    source.path = generated / "umdf_1_framework.cpp";
    source.name = "umdf_1_framework.cpp";
    source.cplusplus = true;
    source.own = true;
    source.include_folders = {folder.parent_path()};
    auto written = write_if_changed(source.path, text);
    if (!written) return written.error();
    return source;
}

}  // namespace gpioclx::driverkit
