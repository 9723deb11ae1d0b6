#include "driverkit/driver_image.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "driverkit/compiler.h"
#include "driverkit/folder_lock.h"
#include "driverkit/include_overlay.h"
#include "driverkit/linker.h"
#include "driverkit/text_file.h"
#include "driverkit/user_mode_com.h"
#include "driverkit/user_mode_functions.h"
#include "driverkit/wpp.h"

namespace gpioclx::driverkit {
namespace {

namespace fs = std::filesystem;

fs::path cache_folder(const BuildOptions& options) {
    if (!options.cache.empty()) return options.cache;
    if (const char* set = std::getenv("GPIOCLX_CACHE"); set != nullptr && *set != 0) return set;
    if (const char* set = std::getenv("XDG_CACHE_HOME"); set != nullptr && *set != 0) {
        return fs::path(set) / "gpioclx" / "drivers";
    }
    const char* home = std::getenv("HOME");
    const fs::path base =
        home != nullptr && *home != 0 ? fs::path(home) : fs::temp_directory_path();
    return base / ".cache" / "gpioclx" / "drivers";
}

class Builder {
  public:
    Builder(const Project& project, const BuildOptions& options) : options_(options) {
        image_.project = project;
        image_.name = project.target;
        image_.service = project.target;
        image_.warnings = project.warnings;
    }

    Result<DriverImage> run() {
        std::error_code code;
        if (!fs::is_directory(options_.wdk / "km", code)) {
            return Error{.message = "no WDK headers here",
                         .file = options_.wdk.string(),
                         .hint = "expected the wdk/ folder with km/ and wdf/ in it"};
        }
        folder_ = product_folder(image_.project, options_);
        fs::create_directories(folder_ / "generated", code);
        if (code) {
            return Error{.message = fmt::format("cannot create the folder: {}", code.message()),
                         .file = folder_.string(),
                         .hint = "GPIOCLX_CACHE names another place"};
        }
        // Two builds of the same driver (benches that run side by side) take turns.
        FolderLock lock;
        lock.take(folder_);
        if (auto done = read_infs(); !done) return done.error();
        if (auto done = generate(); !done) return done.error();
        map_paths();
        if (auto done = compile(); !done) return done.error();
        if (auto done = link(); !done) return done.error();
        return std::move(image_);
    }

  private:
    Result<void> read_infs() {
        std::set<std::string> seen;
        for (const fs::path& file : image_.project.infs) {
            auto inf = read_inf(file);
            if (!inf) return inf.error();
            for (const std::string& id : inf->hardware_ids()) {
                if (seen.insert(lower(id)).second) image_.hardware_ids.push_back(id);
            }
            image_.registry.insert(image_.registry.end(), inf->registry.begin(),
                                   inf->registry.end());
            image_.warnings.insert(image_.warnings.end(), inf->warnings.begin(),
                                   inf->warnings.end());
            if (!inf->service.empty()) image_.service = inf->service;
            image_.infs.push_back(*std::move(inf));
        }
        return image_.project.model == DriverModel::umdf ? read_directives() : Result<void>();
    }

    // Without an .inx nobody would know how to host the driver.
    Result<void> read_directives() {
        if (image_.infs.empty()) {
            return Error{
                .message = fmt::format("the user-mode driver {} has no .inx or .inf", image_.name),
                .file = image_.project.file.string(),
                .hint = "its [Install.NT.Wdf] section names the UmdfService"};
        }
        auto directives = read_umdf_directives(image_.infs.front(), image_.project.framework_major,
                                               image_.project.framework_minor);
        if (!directives) return directives.error();
        image_.umdf = *std::move(directives);
        // The service of such an .inf's AddService is the reflector's.
        image_.service = image_.umdf->service;
        if (image_.umdf->major != 1) return {};
        auto framework = umdf_1_source(*image_.umdf, options_.wdk, folder_ / "generated");
        if (!framework) return framework.error();
        image_.project.sources.push_back(*std::move(framework));
        return {};
    }

    static bool holds(const fs::path& folder, const fs::path& path) {
        const auto relative = path.lexically_relative(folder);
        return !relative.empty() && *relative.begin() != "..";
    }

    // Folders whose files the driver may include: the project's, its sources' and the include
    // folders, without those that lie inside another. Not the root above them all: that may be
    // the top of a large tree.
    std::vector<fs::path> driver_folders() const {
        std::vector<fs::path> folders;
        const auto add = [&](const fs::path& folder) {
            for (const fs::path& known : folders) {
                if (holds(known, folder)) return;
            }
            std::erase_if(folders, [&](const fs::path& known) { return holds(folder, known); });
            folders.push_back(folder);
        };
        add(image_.project.folder);
        for (const SourceFile& source : image_.project.sources) {
            if (!source.own) add(source.path.parent_path());
        }
        for (const SourceFile& source : image_.project.sources) {
            if (source.own) continue;
            for (const fs::path& folder : source.include_folders) add(folder);
        }
        return folders;
    }

    // .tmh files, and the overlay that finds them and all other headers in any case.
    Result<void> generate() {
        std::set<std::string> wanted;
        WppConfiguration wpp;
        bool recorder = false;
        std::vector<fs::path> files;
        for (const fs::path& folder : driver_folders()) {
            for (fs::path& file : files_below(folder)) files.push_back(std::move(file));
        }
        for (const fs::path& file : image_.project.wpp.scanned_files) files.push_back(file);
        for (const fs::path& file : files) {
            const auto text = read_text(file);
            if (!text) continue;  // no text, no configuration
            for (std::string& name : find_tmh_includes(*text)) wanted.insert(std::move(name));
            wpp.scan(*text);
            recorder = recorder || lower(*text).find("wpprecorder.h") != std::string::npos;
        }
        for (const std::string& declaration : image_.project.wpp.functions) {
            wpp.declare(declaration);
        }
        const std::string header = wpp.header(image_.project.wpp.defines);
        for (const std::string& name : wanted) {
            const fs::path file = (folder_ / "generated" / name).lexically_normal();
            const auto relative = file.lexically_relative(folder_ / "generated");
            if (relative.empty() || *relative.begin() == "..") continue;
            std::error_code code;
            fs::create_directories(file.parent_path(), code);
            if (auto done = write_if_changed(file, header); !done) return done.error();
            image_.wpp_files.push_back(file);
        }
        recorder = recorder || header.find("<WppRecorder.h>") != std::string::npos;
        if (recorder && !find_any_case(options_.wdk / "km" / "wpprecorder.h")) {
            const auto done =
                write_if_changed(folder_ / "generated" / "WppRecorder.h", wpp_recorder_header());
            if (!done) return done.error();
        }
        std::vector<fs::path> folders = driver_folders();
        folders.push_back(folder_ / "generated");
        for (const char* part : {"km", "wdf", "crt", "um", "ext"}) {
            const bool visible = part != std::string_view("ext") || options_.extensions;
            if (visible) folders.push_back(options_.wdk / part);
        }
        const std::string overlay = include_overlay(folders);
        overlay_hash_ = content_hash(overlay);
        if (auto done = write_if_changed(folder_ / "overlay.yaml", overlay); !done) {
            return done.error();
        }
        return {};
    }

    void map_paths() {
        const std::string base = fmt::format("{}/{}/", PathMap::compilation_folder, image_.name);
        image_.paths.add(base, image_.project.root, "");
        image_.paths.add(base + "generated/", folder_ / "generated", "generated/");
        image_.paths.add("/wdk/", options_.wdk, "wdk/");
        if (image_.umdf && image_.umdf->major == 1)
            image_.paths.add("/wudfx/", umdf_1_folder(options_.wdk), "wudfx/");
        int number = 0;
        for (const fs::path& folder : driver_folders()) {
            if (holds(image_.project.root, folder)) continue;
            const std::string name = fmt::format("include{}/", ++number);
            image_.paths.add(base + name, folder, name);
        }
    }

    Result<void> compile() {
        const CompilerSetup setup{.options = &options_,
                                  .project = &image_.project,
                                  .paths = &image_.paths,
                                  .build_folder = folder_,
                                  .generated = folder_ / "generated",
                                  .overlay = folder_ / "overlay.yaml",
                                  .overlay_hash = overlay_hash_};
        auto sources = compile_sources(setup);
        if (!sources) return sources.error();
        image_.defines = standard_defines(image_.project);
        image_.defines.insert(image_.defines.end(), options_.defines.begin(),
                              options_.defines.end());
        std::string failures;
        std::optional<Error> first;
        for (std::size_t i = 0; i < sources->size(); ++i) {
            const CompiledSource& source = (*sources)[i];
            const std::string file = image_.project.sources[i].path.string();
            objects_.push_back(source.object);
            if (source.compiled) image_.compiled.push_back(image_.project.sources[i].name);
            if (source.failed) {
                failures += source.messages;
                if (!first) first = first_compiler_error(source.messages, file);
            } else if (!source.messages.empty()) {
                image_.warnings.push_back(source.messages);
            }
        }
        if (!first) return {};
        if (options_.tool_output) options_.tool_output(failures);
        return *first;
    }

    Result<void> link() {
        image_.image = folder_ / (image_.name + (image_.umdf ? ".dll" : ".sys"));
        std::optional<UserModeFunctions> functions;
        if (image_.umdf) {
            auto read = UserModeFunctions::read(options_.wdk);
            if (!read) return read.error();
            functions = *std::move(read);
        }
        const LinkerSetup setup{.options = &options_,
                                .project = &image_.project,
                                .paths = &image_.paths,
                                .objects = objects_,
                                .image = image_.image,
                                .functions = functions ? &*functions : nullptr,
                                .umdf = image_.umdf ? &*image_.umdf : nullptr};
        auto linked = link_image(setup);
        if (!linked) return linked.error();
        image_.linked = linked->linked;
        image_.elf = std::move(linked->elf);
        image_.needs = image_.elf.undefined;
        for (const ElfSymbol& symbol : image_.elf.exports) image_.exports.push_back(symbol.name);
        // An instrumented source has a constructor of its own.
        if (image_.elf.init_array_size > 0 && !image_.umdf && !options_.instrument) {
            image_.warnings.push_back(fmt::format(
                "driver {} has C++ objects with constructors at file level: nobody runs those in "
                "a Windows kernel driver, nor here",
                image_.name));
        }
        return image_.paths.save(image_.image.string() + ".paths");
    }

    BuildOptions options_;
    DriverImage image_;
    fs::path folder_;
    unsigned long long overlay_hash_ = 0;
    std::vector<fs::path> objects_;
};

}  // namespace

fs::path product_folder(const Project& project, const BuildOptions& options) {
    std::string identity = fmt::format("{}\n{}\n{}\n{}", project.file.string(), project.target,
                                       project.configuration, options.wdk.string());
    for (const std::string& define : options.defines) identity += "\n" + define;
    for (const std::string& name : options.extra_exports) identity += "\n+" + name;
    if (options.instrument) identity += "\n~instrumented";
    return cache_folder(options) /
           fmt::format("{}-{:012x}", project.target, content_hash(identity) & 0xFFFFFFFFFFFF);
}

Result<DriverImage> build_project(const Project& project, const BuildOptions& options) {
    BuildOptions settled = options;
    std::error_code code;
    const fs::path wdk = fs::canonical(options.wdk, code);
    if (!code) settled.wdk = wdk;
    return Builder(project, settled).run();
}

Result<DriverImage> build(const fs::path& folder, const BuildOptions& options) {
    auto project = read_project(folder, options);
    if (!project) return project.error();
    return build_project(*project, options);
}

}  // namespace gpioclx::driverkit
