#include "driverkit/user_mode_com.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>

#include "driverkit/msbuild_expression.h"
#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

namespace fs = std::filesystem;

constexpr int newest_minor = 11;
constexpr std::size_t service_name_max = 31;

class DirectiveReader {
  public:
    explicit DirectiveReader(const InfFile& inf) : inf_(inf) {}

    // The value without quotes and spaces; nothing if the directive is missing.
    std::optional<std::string> value(std::string_view name) const {
        for (const auto& directive : inf_.wdf_directives) {
            if (equal_any_case(directive.first, name)) return directive.second;
        }
        return std::nullopt;
    }

    Error error(std::string_view name, std::string message, std::string hint) const {
        return Error{.message = std::move(message),
                     .file = inf_.file.string(),
                     .line = line_of(name),
                     .hint = std::move(hint)};
    }

    Result<std::string> required(std::string_view name, std::string hint) const {
        auto found = value(name);
        if (found && !found->empty()) return *std::move(found);
        return error(name, fmt::format("a UMDF 1 driver needs the directive {}", name),
                     std::move(hint));
    }

  private:
    // Of the directive, else of the section that should have it.
    int line_of(std::string_view name) const {
        const auto text = read_text(inf_.file);
        if (!text) return 0;
        int number = 0;
        int section = 0;
        for (const std::string& line : split_list(*text, "\n")) {
            ++number;
            const auto start = line.find_first_not_of(" \t");
            if (start == std::string::npos) continue;
            const std::string_view rest = std::string_view(line).substr(start);
            if (rest.starts_with("[") && lower(rest).find(".wdf]") != std::string::npos)
                section = number;
            if (rest.size() < name.size() || !equal_any_case(rest.substr(0, name.size()), name))
                continue;
            const auto after = rest.find_first_not_of(" \t", name.size());
            if (after != std::string_view::npos && rest[after] == '=') return number;
        }
        return section;
    }

    const InfFile& inf_;
};

bool is_class_id(std::string_view text) {
    constexpr std::string_view shape = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";
    if (text.size() != shape.size()) return false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const bool digit = std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
        if (shape[i] == 'x' ? !digit : text[i] != shape[i]) return false;
    }
    return true;
}

// "1.11.0", "1.9"; what a build fills in ("$UMDFVERSION$") is what the project says.
bool is_supported_version(std::string_view text) {
    if (text.starts_with('$')) return true;
    if (!text.starts_with("1.")) return false;
    const std::string minor(text.substr(2, text.find('.', 2) - 2));
    const bool digits = !minor.empty() && std::all_of(minor.begin(), minor.end(), [](char c) {
        return std::isdigit(static_cast<unsigned char>(c)) != 0;
    });
    return digits && std::atoi(minor.c_str()) <= newest_minor;
}

Result<void> check_order(const DirectiveReader& directives, const std::string& service) {
    auto order = directives.required("UmdfServiceOrder", "UmdfServiceOrder = " + service);
    if (!order) return order.error();
    const auto names = split_list(*order, ",");
    const bool listed = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return equal_any_case(name, service);
    });
    if (listed) return {};
    return directives.error("UmdfServiceOrder",
                            fmt::format("UmdfServiceOrder does not list the UmdfService {}", service),
                            "UmdfServiceOrder = " + service);
}

}  // namespace

bool is_umdf_1(const Project& project) {
    return project.model == DriverModel::umdf && project.framework_major == 1;
}

Result<Umdf1Installation> read_umdf_1(const Project& project, const std::vector<InfFile>& infs) {
    if (infs.empty()) {
        return Error{.message = fmt::format("the UMDF 1 driver {} has no .inx or .inf",
                                            project.target),
                     .file = project.file.string(),
                     .hint = "its DriverCLSID says which class of the module is the driver"};
    }
    const DirectiveReader directives(infs.front());
    auto service =
        directives.required("UmdfService", "UmdfService = name, section, in [Install.NT.Wdf]");
    if (!service) return service.error();
    Umdf1Installation result;
    result.service = service->substr(0, service->find(','));
    if (result.service.size() > service_name_max) {
        return directives.error("UmdfService",
                                fmt::format("the service name {} has {} characters", result.service,
                                            result.service.size()),
                                fmt::format("at most {}", service_name_max));
    }
    if (auto done = check_order(directives, result.service); !done) return done.error();
    auto class_id = directives.required(
        "DriverCLSID", "DriverCLSID = {the class that DllGetClassObject knows}, beside ServiceBinary");
    if (!class_id) return class_id.error();
    if (!is_class_id(*class_id)) {
        return directives.error("DriverCLSID",
                                fmt::format("DriverCLSID {} is no class identifier", *class_id),
                                "{01234567-89AB-CDEF-0123-456789ABCDEF}");
    }
    result.class_id = *std::move(class_id);
    auto binary = directives.required("ServiceBinary", "ServiceBinary = %12%\\UMDF\\" +
                                                           project.target + ".dll");
    if (!binary) return binary.error();
    auto version = directives.required("UmdfLibraryVersion", "UmdfLibraryVersion = $UMDFVERSION$");
    if (!version) return version.error();
    if (!is_supported_version(*version)) {
        return directives.error("UmdfLibraryVersion",
                                fmt::format("UmdfLibraryVersion {} does not fit a UMDF 1 driver",
                                            *version),
                                "1.0.0 to 1.11.0, or $UMDFVERSION$");
    }
    return result;
}

fs::path umdf_1_folder(const fs::path& wdk) {
    std::error_code code;
    const fs::path installed = wdk.parent_path() / "wudfx";
    return fs::is_directory(installed, code) ? installed : wdk.parent_path() / "src" / "wudfx";
}

Result<std::vector<SourceFile>> umdf_1_sources(const Umdf1Installation& installation,
                                               const fs::path& wdk, const fs::path& generated) {
    const fs::path folder = umdf_1_folder(wdk);
    std::vector<SourceFile> sources;
    const auto add = [&](const fs::path& file) {
        SourceFile source;
        source.path = file;
        source.name = "wudfx/" + file.filename().string();
        source.cplusplus = true;
        source.own = true;
        source.include_folders = {folder.parent_path()};
        sources.push_back(std::move(source));
    };
    std::error_code code;
    for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
        const std::string name = at->path().filename().string();
        if (name.ends_with(".cpp") && !name.ends_with("_test.cpp")) add(at->path());
    }
    if (sources.empty()) {
        return Error{.message = "the framework for UMDF 1 drivers is missing",
                     .file = folder.string(),
                     .hint = "it is installed beside wdk/"};
    }
    std::sort(sources.begin(), sources.end(),
              [](const SourceFile& left, const SourceFile& right) { return left.path < right.path; });

    const std::string& id = installation.class_id;
    std::string bytes;
    for (const std::size_t at : {20, 22, 25, 27, 29, 31, 33, 35}) {
        bytes += fmt::format("{}0x{}", bytes.empty() ? "" : ", ", id.substr(at, 2));
    }
    const fs::path file = generated / "driver_class.cpp";
    auto written = write_if_changed(
        file, fmt::format("// Written by the driver kit: DriverCLSID of the .inx.\n"
                          "#include <guiddef.h>\n"
                          "extern \"C\" const CLSID GxDriverClass;\n"
                          "const CLSID GxDriverClass = {{0x{}, 0x{}, 0x{}, {{{}}}}};\n",
                          id.substr(1, 8), id.substr(10, 4), id.substr(15, 4), bytes));
    if (!written) return written.error();
    add(file);
    return sources;
}

}  // namespace gpioclx::driverkit
