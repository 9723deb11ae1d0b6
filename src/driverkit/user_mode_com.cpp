#include "driverkit/user_mode_com.h"

#include <fmt/format.h>

#include <algorithm>

#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

namespace fs = std::filesystem;

SourceFile own_source(const fs::path& file, const fs::path& includes) {
    SourceFile source;
    source.path = file;
    source.name = "wudfx/" + file.filename().string();
    source.cplusplus = true;
    source.own = true;
    source.include_folders = {includes};
    return source;
}

// "{aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee}" as an initializer.
std::string class_source(const std::string& id) {
    std::string bytes;
    for (const std::size_t at : {20, 22, 25, 27, 29, 31, 33, 35}) {
        bytes += fmt::format("{}0x{}", bytes.empty() ? "" : ", ", id.substr(at, 2));
    }
    return fmt::format(
        "// Written by the driver kit: DriverCLSID of the .inx.\n"
        "#include <guiddef.h>\n"
        "extern \"C\" const CLSID GxDriverClass;\n"
        "const CLSID GxDriverClass = {{0x{}, 0x{}, 0x{}, {{{}}}}};\n",
        id.substr(1, 8), id.substr(10, 4), id.substr(15, 4), bytes);
}

}  // namespace

fs::path umdf_1_folder(const fs::path& wdk) {
    std::error_code code;
    const fs::path installed = wdk.parent_path() / "wudfx";
    return fs::is_directory(installed, code) ? installed : wdk.parent_path() / "src" / "wudfx";
}

Result<std::vector<SourceFile>> umdf_1_sources(const UmdfDirectives& directives,
                                               const fs::path& wdk, const fs::path& generated) {
    const fs::path folder = umdf_1_folder(wdk);
    const fs::path includes = folder.parent_path();
    std::vector<SourceFile> sources;
    std::error_code code;
    for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
        const std::string name = at->path().filename().string();
        if (name.ends_with(".cpp") && !name.ends_with("_test.cpp"))
            sources.push_back(own_source(at->path(), includes));
    }
    if (sources.empty()) {
        return Error{.message = "the framework for UMDF 1 drivers is missing",
                     .file = folder.string(),
                     .hint = "it stands beside the folder of the WDK headers"};
    }
    std::sort(sources.begin(), sources.end(), [](const SourceFile& left, const SourceFile& right) {
        return left.path < right.path;
    });
    const fs::path file = generated / "driver_class.cpp";
    auto written = write_if_changed(file, class_source(directives.class_id));
    if (!written) return written.error();
    sources.push_back(own_source(file, includes));
    return sources;
}

}  // namespace gpioclx::driverkit
