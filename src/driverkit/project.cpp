#include "driverkit/project.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "driverkit/msbuild.h"
#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

namespace fs = std::filesystem;

constexpr int max_search_depth = 5;

bool has_extension(const fs::path& file, std::initializer_list<std::string_view> extensions) {
    const std::string extension = lower(file.extension().string());
    return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

bool is_source(const fs::path& file) { return has_extension(file, {".c", ".cpp", ".cxx", ".cc"}); }

// Projects in the folder itself, else in the folders below it.
std::vector<fs::path> find_projects(const fs::path& folder, bool& has_sources) {
    std::vector<fs::path> here, below;
    std::error_code code;
    for (fs::recursive_directory_iterator at(folder, code), end; at != end && !code;
         at.increment(code)) {
        if (at->is_directory()) {
            const bool hidden = at->path().filename().string().starts_with('.');
            if (hidden || at.depth() >= max_search_depth) at.disable_recursion_pending();
            continue;
        }
        if (is_source(at->path())) has_sources = true;
        if (has_extension(at->path(), {".vcxproj"})) {
            (at.depth() == 0 ? here : below).push_back(at->path());
        }
    }
    auto& found = here.empty() ? below : here;
    std::sort(found.begin(), found.end());
    return found;
}

Result<fs::path> choose_project(const fs::path& folder, const std::string& wanted) {
    std::error_code code;
    if (has_extension(folder, {".vcxproj"}) && fs::is_regular_file(folder, code)) return folder;
    if (!fs::is_directory(folder, code)) {
        return Error{.message = "no such folder",
                     .file = folder.string(),
                     .hint = "the folder of a Windows driver, with its .vcxproj"};
    }
    bool has_sources = false;
    const auto found = find_projects(folder, has_sources);
    if (found.empty()) {
        return Error{.message = has_sources ? "the folder has sources but no .vcxproj"
                                            : "no Windows driver project in this folder",
                     .file = folder.string(),
                     .hint =
                         "expected a Visual Studio driver project (.vcxproj) that lists the "
                         "sources, and an .inx or .inf with the hardware ids"};
    }
    std::vector<std::string> names;
    for (const fs::path& file : found) names.push_back(file.lexically_relative(folder).string());
    if (wanted.empty()) {
        if (found.size() == 1) return found[0];
        return Error{.message = fmt::format("{} projects in this folder: {}", found.size(),
                                            fmt::join(names, ", ")),
                     .file = folder.string(),
                     .hint = "name one: --project NAME, or project = \"NAME\" in the bench"};
    }
    std::vector<fs::path> matches;
    const std::string key = slashes(wanted);
    for (std::size_t i = 0; i < found.size(); ++i) {
        const fs::path relative = names[i];
        if (equal_any_case(key, relative.string()) ||
            equal_any_case(key, relative.stem().string()) ||
            equal_any_case(key, relative.filename().string()) ||
            equal_any_case(key, relative.parent_path().string())) {
            matches.push_back(found[i]);
        }
    }
    if (matches.size() == 1) return matches[0];
    return Error{.message = fmt::format("{} project \"{}\" in this folder",
                                        matches.empty() ? "no" : "more than one", wanted),
                 .file = folder.string(),
                 .hint = fmt::format("there is {}", fmt::join(names, ", "))};
}

Result<MsbuildConfiguration> choose_configuration(const fs::path& file, const std::string& wanted) {
    auto listed = list_configurations(file);
    if (!listed) return listed.error();
    if (listed->empty()) listed->push_back({"Debug", "x64"});
    static constexpr std::string_view order[] = {"Debug|x64", "Debug|ARM64", "Debug|", ""};
    static constexpr std::string_view platforms[] = {"|x64", "|ARM64", "|"};
    const auto find = [&](auto&& fits) {
        return std::find_if(listed->begin(), listed->end(), fits);
    };
    if (wanted.empty()) {
        for (const std::string_view prefix : order) {
            const auto found = find([&](const MsbuildConfiguration& one) {
                return equal_any_case(one.text().substr(0, prefix.size()), prefix);
            });
            if (found != listed->end()) return *found;
        }
    }
    for (const std::string_view platform : platforms) {
        const std::string full =
            wanted.find('|') == std::string::npos ? wanted + std::string(platform) : wanted;
        const auto found = find([&](const MsbuildConfiguration& one) {
            return full.ends_with('|') ? equal_any_case(one.configuration + "|", full)
                                       : equal_any_case(one.text(), full);
        });
        if (found != listed->end()) return *found;
    }
    std::vector<std::string> names;
    for (const auto& one : *listed) names.push_back(one.text());
    return Error{.message = fmt::format("no configuration \"{}\"", wanted),
                 .file = file.string(),
                 .hint = fmt::format("there is {}", fmt::join(names, ", "))};
}

// The image always runs on x86-64: what a project defines for the processor it was made for would
// contradict that.
bool names_processor(std::string_view define) {
    static const std::set<std::string, std::less<>> names = {
        "_ARM_", "ARM",    "_ARM64_", "ARM64",   "_M_ARM", "_M_ARM64", "_X86_", "_M_IX86",
        "i386",  "_WIN32", "_WIN64",  "_AMD64_", "AMD64",  "_M_AMD64", "_M_X64"};
    return names.contains(define.substr(0, define.find('=')));
}

class ProjectReader {
  public:
    ProjectReader(const MsbuildProject& build, MsbuildConfiguration configuration) : build_(build) {
        project_.file = build.file;
        project_.folder = build.file.parent_path();
        project_.name = build.file.stem().string();
        project_.target = build.property("TargetName");
        if (project_.target.empty()) project_.target = project_.name;
        project_.configuration = configuration.text();
        project_.warnings = build.warnings;
    }

    Result<Project> read() {
        if (auto done = read_model(); !done) return done.error();
        for (const MsbuildItem& item : build_.items_of("ClCompile")) {
            if (auto done = add_source(item); !done) return done.error();
        }
        if (project_.sources.empty()) {
            return error("the project names no source files",
                         "expected ClCompile items or a sources.props with SOURCES");
        }
        find_root();
        find_infs();
        read_converted_wpp();
        return std::move(project_);
    }

  private:
    Error error(std::string message, std::string hint) const {
        return Error{
            .message = std::move(message), .file = project_.file.string(), .hint = std::move(hint)};
    }

    Result<void> read_model() {
        const std::string type = build_.property("DriverType");
        const std::string output = build_.property("ConfigurationType");
        const std::string toolset = lower(build_.property("PlatformToolset"));
        auto number = [&](const char* name, int otherwise) {
            const std::string text = build_.property(name);
            return text.empty() ? otherwise : std::atoi(text.c_str());
        };
        if (equal_any_case(output, "Application") || equal_any_case(output, "Utility") ||
            equal_any_case(output, "StaticLibrary")) {
            return error(fmt::format("this project is of type {}, not a driver", output),
                         "choose the project of the driver");
        }
        const bool user = equal_any_case(type, "UMDF") ||
                          (type.empty() && toolset.starts_with("windowsusermodedriver"));
        const bool framework = equal_any_case(type, "KMDF") ||
                               (type.empty() && !build_.property("KMDF_VERSION_MAJOR").empty());
        if (!type.empty() && !user && !framework && !equal_any_case(type, "WDM")) {
            return error(fmt::format("unknown DriverType \"{}\"", type), "KMDF, WDM or UMDF");
        }
        project_.model = user        ? DriverModel::umdf
                         : framework ? DriverModel::kmdf
                                     : DriverModel::wdm;
        project_.framework_major =
            user ? number("UMDF_VERSION_MAJOR", 2) : number("KMDF_VERSION_MAJOR", 1);
        project_.framework_minor =
            user ? number("UMDF_VERSION_MINOR", 0) : number("KMDF_VERSION_MINOR", 0);
        return {};
    }

    Result<void> add_source(const MsbuildItem& item) {
        if (item.is_true("ExcludedFromBuild")) return {};
        const auto path = find_any_case(resolve(item.include));
        if (!path) {
            return Error{.message = fmt::format("source file {} does not exist", item.include),
                         .file = item.file,
                         .line = item.line};
        }
        SourceFile source;
        source.path = fs::absolute(*path).lexically_normal();
        if (!is_source(source.path)) return {};
        const bool listed =
            std::any_of(project_.sources.begin(), project_.sources.end(),
                        [&](const SourceFile& other) { return other.path == source.path; });
        if (listed) return {};
        const std::string language = item.get("CompileAs");
        source.cplusplus =
            equal_any_case(language, "CompileAsCpp") ||
            (!equal_any_case(language, "CompileAsC") && !has_extension(source.path, {".c"}));
        for (auto& define : split_list(item.get("PreprocessorDefinitions"))) {
            add_define(source, std::move(define));
        }
        source.undefines = split_list(item.get("UndefinePreprocessorDefinitions"));
        for (const auto& folder : split_list(item.get("AdditionalIncludeDirectories"))) {
            add_include_folder(source, folder);
        }
        for (const auto& file : split_list(item.get("ForcedIncludeFiles"))) {
            source.forced_includes.push_back(slashes(file));
        }
        read_compiler_options(source, item.get("AdditionalOptions"));
        if (auto done = read_optimization(source, item); !done) return done;
        for (const auto& folder : split_list(build_.property("INCLUDES"))) {
            add_include_folder(source, folder);
        }
        read_compiler_options(source, build_.property("C_DEFINES"));
        project_.sources.push_back(std::move(source));
        read_wpp(item);
        return {};
    }

    static Result<void> read_optimization(SourceFile& source, const MsbuildItem& item) {
        static constexpr std::pair<std::string_view, Optimization> known[] = {
            {"", Optimization::usual},
            {"Custom", Optimization::usual},
            {"Disabled", Optimization::disabled},
            {"MinSpace", Optimization::space},
            {"MaxSpeed", Optimization::speed},
            {"Full", Optimization::speed}};
        const std::string written = item.get("Optimization");
        for (const auto& [name, optimization] : known) {
            if (!equal_any_case(written, name)) continue;
            source.optimization = optimization;
            return {};
        }
        return Error{
            .message = fmt::format("unknown Optimization \"{}\" of {}", written, item.include),
            .file = item.file,
            .line = item.line,
            .hint = "Disabled, MinSpace, MaxSpeed, Full or Custom"};
    }

    static void add_define(SourceFile& source, std::string define) {
        if (!names_processor(define)) source.defines.push_back(std::move(define));
    }

    fs::path resolve(std::string_view path) const {
        return (project_.folder / slashes(path)).lexically_normal();
    }

    // Folders of the WDK come from properties that only the WDK sets; what remains of them is
    // empty, or an absolute path that has nothing to do with this project.
    void add_include_folder(SourceFile& source, const std::string& written) {
        const fs::path path = slashes(written);
        if (path.string().find(':') != std::string::npos) return;
        if (path.is_absolute()) {
            const fs::path normal = path.lexically_normal().relative_path();
            const fs::path ours = project_.folder.relative_path();
            if (normal.empty() || *normal.begin() != *ours.begin()) return;
        }
        std::error_code code;
        const auto folder = find_any_case(resolve(path.string()));
        if (folder && fs::is_directory(*folder, code)) {
            source.include_folders.push_back(fs::absolute(*folder).lexically_normal());
        }
    }

    // "/DNAME=1 /I..\inc /FIx.h"; other switches of cl.exe have no meaning here.
    void read_compiler_options(SourceFile& source, std::string_view options) {
        std::string pending;
        for (std::string word : split_list(options, " \t\n")) {
            if (!pending.empty()) {
                word = std::exchange(pending, "") + word;
            } else if (word == "/D" || word == "-D" || word == "/I" || word == "-I" ||
                       word == "/FI" || word == "-FI" || word == "/U" || word == "-U") {
                pending = word;
                continue;
            }
            if (word.size() < 3 || (word[0] != '/' && word[0] != '-')) continue;
            std::erase(word, '"');
            const std::string_view body = std::string_view(word).substr(1);
            if (body.starts_with("FI")) {
                source.forced_includes.push_back(slashes(body.substr(2)));
            } else if (body[0] == 'D') {
                add_define(source, std::string(body.substr(1)));
            } else if (body[0] == 'I') {
                add_include_folder(source, std::string(body.substr(1)));
            } else if (body[0] == 'U' && body != "UTF-8") {
                source.undefines.emplace_back(body.substr(1));
            }
        }
    }

    void read_wpp(const MsbuildItem& item) {
        if (!item.is_true("WppEnabled")) return;
        add_once(project_.wpp.functions, item.get("WppTraceFunction"));
        for (const char* name : {"WppScanConfigurationData", "WppAdditionalConfigurationFile"}) {
            for (const auto& file : split_list(item.get(name))) add_scanned_file(file);
        }
        for (auto& define : split_list(item.get("WppPreprocessorDefinitions"))) {
            add_once(project_.wpp.defines, std::move(define));
        }
        read_wpp_options(item.get("WppAdditionalOptions"));
    }

    // RUN_WPP of a converted project: "$(SOURCES) -km -func:Trace(LEVEL,FLAGS,MSG,...) -scan:x.h"
    void read_converted_wpp() { read_wpp_options(build_.property("RUN_WPP")); }

    void read_wpp_options(std::string_view options) {
        for (std::string word : split_list(options, " \t\n")) {
            std::erase(word, '"');
            if (word.starts_with("-func:")) add_once(project_.wpp.functions, word.substr(6));
            if (word.starts_with("-scan:")) add_scanned_file(word.substr(6));
            if (word.starts_with("-D")) add_once(project_.wpp.defines, word.substr(2));
        }
    }

    static void add_once(std::vector<std::string>& list, std::string text) {
        if (text.empty() || std::count(list.begin(), list.end(), text) > 0) return;
        list.push_back(std::move(text));
    }

    void add_scanned_file(const std::string& written) {
        const auto file = find_any_case(resolve(written));
        auto& list = project_.wpp.scanned_files;
        if (file && std::count(list.begin(), list.end(), *file) == 0) list.push_back(*file);
    }

    void find_root() {
        fs::path root = project_.folder;
        auto holds = [&](const fs::path& file) {
            const auto relative = file.lexically_relative(root);
            return !relative.empty() && *relative.begin() != "..";
        };
        for (const SourceFile& source : project_.sources) {
            while (!holds(source.path) && root.has_relative_path()) root = root.parent_path();
        }
        project_.root = root;
        for (SourceFile& source : project_.sources) {
            source.name = source.path.lexically_relative(root).string();
        }
    }

    void find_infs() {
        std::vector<fs::path> found;
        auto add = [&](const fs::path& file) {
            const bool known = std::count(found.begin(), found.end(), file) > 0;
            if (!known && has_extension(file, {".inx", ".inf"})) found.push_back(file);
        };
        for (const MsbuildItem& item : build_.items_of("Inf")) {
            if (const auto file = find_any_case(resolve(item.include))) add(*file);
        }
        std::vector<fs::path> beside;
        std::error_code code;
        for (const auto& entry : fs::directory_iterator(project_.folder, code)) {
            beside.push_back(entry.path());
        }
        std::sort(beside.begin(), beside.end());
        if (found.empty()) std::for_each(beside.begin(), beside.end(), add);
        // An .inf beside its .inx was made from it.
        for (const fs::path& file : found) {
            fs::path template_file = file;
            template_file.replace_extension(".inx");
            const bool made = has_extension(file, {".inf"}) && find_any_case(template_file);
            if (!made) project_.infs.push_back(file);
        }
    }

    const MsbuildProject& build_;
    Project project_;
};

}  // namespace

std::string_view name_of(DriverModel model) {
    switch (model) {
        case DriverModel::wdm: return "WDM";
        case DriverModel::kmdf: return "KMDF";
        case DriverModel::umdf: return "UMDF";
    }
    return "?";
}

Result<Project> read_project(const fs::path& folder, const BuildOptions& options) {
    const auto file = choose_project(fs::absolute(folder).lexically_normal(), options.project);
    if (!file) return file.error();
    const auto configuration = choose_configuration(*file, options.configuration);
    if (!configuration) return configuration.error();
    const auto build = evaluate_msbuild(*file, *configuration);
    if (!build) return build.error();
    return ProjectReader(*build, *configuration).read();
}

}  // namespace gpioclx::driverkit
