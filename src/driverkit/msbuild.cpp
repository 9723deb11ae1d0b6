#include "driverkit/msbuild.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <pugixml.hpp>

#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

namespace fs = std::filesystem;

constexpr int max_import_depth = 32;
constexpr std::size_t max_wildcard_files = 20'000;

struct Document {
    fs::path file;
    std::string text;
    pugi::xml_document xml;

    int line_of(std::ptrdiff_t offset) const {
        const auto end =
            std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(offset, 0)), text.size());
        return 1 + static_cast<int>(
                       std::count(text.begin(), text.begin() + static_cast<long>(end), '\n'));
    }
    int line_of(const pugi::xml_node& node) const { return line_of(node.offset_debug()); }
};

Result<std::unique_ptr<Document>> load(const fs::path& file) {
    auto text = read_text(file);
    if (!text) return text.error();
    auto document = std::make_unique<Document>();
    document->file = file;
    document->text = *std::move(text);
    // read_text has decoded it, whatever encoding the declaration names.
    const auto parsed = document->xml.load_buffer(document->text.data(), document->text.size(),
                                                  pugi::parse_default, pugi::encoding_utf8);
    if (!parsed) {
        return Error{.message = fmt::format("not well-formed XML: {}", parsed.description()),
                     .file = file.string(),
                     .line = document->line_of(parsed.offset)};
    }
    if (std::string_view(document->xml.document_element().name()) != "Project") {
        return Error{.message = "no <Project> element", .file = file.string(), .line = 1};
    }
    return document;
}

std::string with_slash(const fs::path& folder) {
    std::string text = folder.string();
    return text.ends_with('/') ? text : text + "/";
}

class Evaluator {
  public:
    Evaluator(const fs::path& file, const MsbuildConfiguration& configuration) {
        project_.file = fs::absolute(file).lexically_normal();
        folder_ = project_.file.parent_path();
        set_globals(configuration);
    }

    Result<MsbuildProject> run() {
        if (const auto props = above(folder_, "Directory.Build.props"); !props.empty()) {
            if (auto done = read_file(props, 1); !done) return done.error();
        }
        if (auto done = read_file(project_.file, 0); !done) return done.error();
        if (const auto targets = above(folder_, "Directory.Build.targets"); !targets.empty()) {
            if (auto done = read_file(targets, 1); !done) return done.error();
        }
        if (!conversion_) {
            if (auto done = read_sources_props_if_alone(); !done) return done.error();
        }
        if (conversion_) add_converted_sources();
        for (const auto& [node, document] : definition_groups_) {
            if (auto done = read_definitions(node, *document); !done) return done.error();
        }
        for (const auto& [node, document] : item_groups_) {
            if (auto done = read_items(node, *document); !done) return done.error();
        }
        project_.clcompile_defaults = definitions_["clcompile"];
        return std::move(project_);
    }

  private:
    struct Group {
        pugi::xml_node node;
        const Document* document;
    };

    void set_globals(const MsbuildConfiguration& configuration) {
        const std::string folder = with_slash(folder_);
        global("Configuration", configuration.configuration);
        global("Platform", configuration.platform);
        global("MSBuildProjectName", project_.file.stem().string());
        global("MSBuildProjectFile", project_.file.filename().string());
        global("MSBuildProjectFullPath", project_.file.string());
        global("MSBuildProjectExtension", project_.file.extension().string());
        global("MSBuildProjectDirectory", folder_.string());
        global("ProjectName", project_.file.stem().string());
        global("ProjectFileName", project_.file.filename().string());
        global("ProjectPath", project_.file.string());
        global("ProjectDir", folder);
        global("SolutionDir", with_slash(solution_folder()));
        project_.properties["infarch"] = "amd64";
        project_.properties["os"] = "Windows_NT";
    }

    void global(std::string_view name, std::string value) {
        globals_.push_back(lower(name));
        project_.properties[lower(name)] = std::move(value);
    }

    // Visual Studio's solution is not part of the folder's meaning; the nearest one above the
    // project is what a developer would have opened.
    fs::path solution_folder() const {
        fs::path folder = folder_;
        std::error_code code;
        for (int i = 0; i < 8 && folder.has_relative_path(); ++i, folder = folder.parent_path()) {
            for (const auto& entry : fs::directory_iterator(folder, code)) {
                if (equal_any_case(entry.path().extension().string(), ".sln")) return folder;
            }
        }
        return folder_;
    }

    static std::string above(fs::path folder, std::string_view name) {
        for (int i = 0; i < 32 && folder.has_relative_path(); ++i, folder = folder.parent_path()) {
            std::error_code code;
            if (fs::exists(folder / name, code)) return (folder / name).string();
        }
        return {};
    }

    ExpressionScope scope(const Document& document, const NameMap* metadata = nullptr) const {
        const fs::path file = document.file;
        ExpressionScope scope;
        scope.property = [this, file](std::string_view name) { return property_in(file, name); };
        scope.items = [this](std::string_view type) {
            std::string list;
            for (const auto& item : project_.items_of(type)) {
                list += (list.empty() ? "" : ";") + item.include;
            }
            return list;
        };
        scope.metadata = [metadata](std::string_view name) {
            if (metadata == nullptr) return std::string();
            const auto found = metadata->find(lower(name));
            return found == metadata->end() ? std::string() : found->second;
        };
        scope.exists = [this](std::string_view path) {
            return find_any_case(folder_ / slashes(path)).has_value();
        };
        scope.folder_above = [this](std::string_view start, std::string_view name) {
            const fs::path from = start.empty() ? folder_ : folder_ / slashes(start);
            const std::string found = above(from.lexically_normal(), name);
            return found.empty() ? found : fs::path(found).parent_path().string();
        };
        return scope;
    }

    std::string property_in(const fs::path& file, std::string_view name) const {
        const std::string key = lower(name);
        if (key == "msbuildthisfiledirectory") return with_slash(file.parent_path());
        if (key == "msbuildthisfile") return file.filename().string();
        if (key == "msbuildthisfilename") return file.stem().string();
        if (key == "msbuildthisfilefullpath") return file.string();
        return project_.property(name);
    }

    Result<bool> holds(const pugi::xml_node& node, const Document& document,
                       const NameMap* metadata = nullptr) const {
        auto value =
            evaluate_condition(node.attribute("Condition").value(), scope(document, metadata));
        if (!value) {
            return Error{.message = value.error().message,
                         .file = document.file.string(),
                         .line = document.line_of(node)};
        }
        return value;
    }

    Result<void> read_file(const fs::path& file, int depth) {
        if (depth > max_import_depth) {
            return Error{.message = "imports nest too deeply", .file = file.string()};
        }
        auto document = load(file);
        if (!document) return document.error();
        if (depth > 0) project_.imported.push_back(file.string());
        documents_.push_back(*std::move(document));
        const Document& kept = *documents_.back();
        open_files_.push_back(file);
        auto done = read_children(kept.xml.document_element(), kept, depth);
        open_files_.pop_back();
        return done;
    }

    // First pass: properties and imports, in order; groups of items wait until all is known.
    Result<void> read_children(const pugi::xml_node& parent, const Document& document, int depth) {
        for (const pugi::xml_node& node : parent.children()) {
            const std::string_view name = node.name();
            if (name == "ItemDefinitionGroup") {
                definition_groups_.push_back({node, &document});
                continue;
            }
            if (name == "ItemGroup") {
                item_groups_.push_back({node, &document});
                continue;
            }
            if (name != "PropertyGroup" && name != "Import" && name != "ImportGroup" &&
                name != "Choose") {
                continue;
            }
            const auto wanted = holds(node, document);
            if (!wanted) return wanted.error();
            if (!*wanted) continue;
            Result<void> done;
            if (name == "PropertyGroup") done = read_properties(node, document);
            if (name == "Import") done = read_import(node, document, depth);
            if (name == "ImportGroup") done = read_children(node, document, depth);
            if (name == "Choose") done = read_choose(node, document, depth);
            if (!done) return done;
        }
        return {};
    }

    Result<void> read_choose(const pugi::xml_node& choose, const Document& document, int depth) {
        for (const pugi::xml_node& branch : choose.children()) {
            if (branch.type() != pugi::node_element) continue;
            const auto wanted = holds(branch, document);
            if (!wanted) return wanted.error();
            if (*wanted) return read_children(branch, document, depth);
        }
        return {};
    }

    Result<void> read_properties(const pugi::xml_node& group, const Document& document) {
        for (const pugi::xml_node& node : group.children()) {
            if (node.type() != pugi::node_element) continue;
            const auto wanted = holds(node, document);
            if (!wanted) return wanted.error();
            const std::string key = lower(node.name());
            const bool fixed = std::find(globals_.begin(), globals_.end(), key) != globals_.end();
            if (!*wanted || fixed) continue;
            project_.properties[key] =
                std::string(trim(expand(node.child_value(), scope(document))));
        }
        return {};
    }

    Result<void> read_import(const pugi::xml_node& node, const Document& document, int depth) {
        const std::string raw = node.attribute("Project").value();
        const std::string key = lower(slashes(raw));
        if (key.find("wdkconversion/preconfiguration.props") != std::string::npos) {
            conversion_ = true;
            const auto sources = find_any_case(folder_ / "sources.props");
            return sources ? read_file(*sources, depth + 1) : Result<void>();
        }
        if (!node.attribute("Sdk").empty()) return {};
        const std::string path = slashes(expand(raw, scope(document)));
        const auto file = find_any_case((document.file.parent_path() / path).lexically_normal());
        if (file && fs::is_regular_file(*file)) {
            if (std::count(open_files_.begin(), open_files_.end(), *file) > 0) return {};
            return read_file(*file, depth + 1);
        }
        // A path that starts at a property nobody set belongs to Visual Studio or the WDK.
        if (raw.starts_with("$(") && path.starts_with('/') && !raw.starts_with("$(Solution") &&
            project_.property(std::string_view(raw).substr(2, raw.find(')') - 2)).empty()) {
            return {};
        }
        project_.warnings.push_back(fmt::format("{}:{}: import not found, skipped: {}",
                                                document.file.string(), document.line_of(node),
                                                raw));
        return {};
    }

    // Projects made by the conversion tool whose imports were edited away still list their
    // sources there, and nowhere else.
    Result<void> read_sources_props_if_alone() {
        for (const auto& group : item_groups_) {
            for (const auto& node : group.node.children("ClCompile")) {
                if (std::string_view(node.attribute("Include").value()).find("@(") != 0) return {};
            }
        }
        const auto sources = find_any_case(folder_ / "sources.props");
        if (!sources) return {};
        conversion_ = true;
        return read_file(*sources, 1);
    }

    void add_converted_sources() {
        for (const std::string& source : split_list(project_.property("SOURCES"), " \t\n;")) {
            const std::string extension = lower(fs::path(slashes(source)).extension().string());
            const bool code = extension == ".c" || extension == ".cpp" || extension == ".cxx" ||
                              extension == ".cc";
            if (!code && extension != ".rc") continue;
            MsbuildItem item{.include = slashes(source),
                             .metadata = {},
                             .file = project_.file.string(),
                             .line = 0};
            project_.items[code ? "clsourcefiles" : "rcsourcefiles"].push_back(std::move(item));
        }
    }

    Result<void> read_definitions(const pugi::xml_node& group, const Document& document) {
        const auto wanted = holds(group, document);
        if (!wanted) return wanted.error();
        if (!*wanted) return {};
        for (const pugi::xml_node& node : group.children()) {
            if (node.type() != pugi::node_element) continue;
            auto done = read_metadata(node, document, definitions_[lower(node.name())]);
            if (!done) return done;
        }
        return {};
    }

    Result<void> read_metadata(const pugi::xml_node& owner, const Document& document,
                               NameMap& metadata) {
        const auto owner_wanted = holds(owner, document, &metadata);
        if (!owner_wanted) return owner_wanted.error();
        if (!*owner_wanted) return {};
        for (const pugi::xml_node& node : owner.children()) {
            if (node.type() != pugi::node_element) continue;
            const auto wanted = holds(node, document, &metadata);
            if (!wanted) return wanted.error();
            if (!*wanted) continue;
            std::string value = expand(node.child_value(), scope(document, &metadata));
            metadata[lower(node.name())] = std::string(trim(value));
        }
        return {};
    }

    Result<void> read_items(const pugi::xml_node& group, const Document& document) {
        const auto wanted = holds(group, document);
        if (!wanted) return wanted.error();
        if (!*wanted) return {};
        for (const pugi::xml_node& node : group.children()) {
            if (node.type() != pugi::node_element) continue;
            const auto item_wanted = holds(node, document);
            if (!item_wanted) return item_wanted.error();
            if (!*item_wanted) continue;
            if (auto done = read_item(node, document); !done) return done;
        }
        return {};
    }

    Result<void> read_item(const pugi::xml_node& node, const Document& document) {
        const std::string type = lower(node.name());
        auto& items = project_.items[type];
        auto list = [&](const char* attribute) {
            return split_list(slashes(expand(node.attribute(attribute).value(), scope(document))));
        };
        for (const std::string& pattern : list("Remove")) {
            std::erase_if(items, [&](const MsbuildItem& item) {
                return matches_wildcard(pattern, item.include);
            });
        }
        for (const std::string& pattern : list("Update")) {
            for (MsbuildItem& item : items) {
                if (!matches_wildcard(pattern, item.include)) continue;
                if (auto done = read_metadata(node, document, item.metadata); !done) return done;
            }
        }
        const auto exclude = list("Exclude");
        for (const std::string& include : list("Include")) {
            for (const std::string& path : files_of(include)) {
                const bool excluded = std::any_of(
                    exclude.begin(), exclude.end(),
                    [&](const std::string& pattern) { return matches_wildcard(pattern, path); });
                if (excluded) continue;
                MsbuildItem item{.include = path,
                                 .metadata = definitions_[type],
                                 .file = document.file.string(),
                                 .line = document.line_of(node)};
                if (auto done = read_metadata(node, document, item.metadata); !done) return done;
                items.push_back(std::move(item));
            }
        }
        return {};
    }

    // The files that a pattern names, in byte order; a path without wildcard names itself.
    std::vector<std::string> files_of(const std::string& pattern) const {
        if (pattern.find_first_of("*?") == std::string::npos) return {pattern};
        const auto deep = pattern.find("**");
        const auto slash = pattern.rfind('/');
        const std::string name = pattern.substr(slash == std::string::npos ? 0 : slash + 1);
        std::string base = deep != std::string::npos    ? pattern.substr(0, deep)
                           : slash != std::string::npos ? pattern.substr(0, slash + 1)
                                                        : std::string();
        if (base.find_first_of("*?") != std::string::npos) return {};
        const auto folder = find_any_case(folder_ / base);
        std::vector<std::string> found;
        std::error_code code;
        if (!folder) return found;
        for (fs::recursive_directory_iterator at(*folder, code), end; at != end && !code;
             at.increment(code)) {
            if (at->is_directory()) {
                if (deep == std::string::npos) at.disable_recursion_pending();
                continue;
            }
            if (found.size() >= max_wildcard_files) break;
            if (!matches_wildcard(name, at->path().filename().string())) continue;
            found.push_back(base + at->path().lexically_relative(*folder).string());
        }
        std::sort(found.begin(), found.end());
        return found;
    }

    MsbuildProject project_;
    fs::path folder_;
    std::vector<std::string> globals_;
    std::deque<std::unique_ptr<Document>> documents_;
    std::vector<fs::path> open_files_;
    std::vector<Group> definition_groups_, item_groups_;
    std::map<std::string, NameMap> definitions_;
    bool conversion_ = false;
};

}  // namespace

std::string MsbuildItem::get(std::string_view name) const {
    const auto found = metadata.find(lower(name));
    return found == metadata.end() ? std::string() : found->second;
}

bool MsbuildItem::is_true(std::string_view name) const { return equal_any_case(get(name), "true"); }

std::string MsbuildProject::property(std::string_view name) const {
    const auto found = properties.find(lower(name));
    return found == properties.end() ? std::string() : found->second;
}

const std::vector<MsbuildItem>& MsbuildProject::items_of(std::string_view type) const {
    static const std::vector<MsbuildItem> none;
    const auto found = items.find(lower(type));
    return found == items.end() ? none : found->second;
}

Result<std::vector<MsbuildConfiguration>> list_configurations(const fs::path& file) {
    auto document = load(file);
    if (!document) return document.error();
    std::vector<MsbuildConfiguration> found;
    for (const auto& group : (*document)->xml.document_element().children("ItemGroup")) {
        for (const auto& node : group.children("ProjectConfiguration")) {
            MsbuildConfiguration one{node.child("Configuration").child_value(),
                                     node.child("Platform").child_value()};
            const std::string name = node.attribute("Include").value();
            const auto bar = name.find('|');
            if (one.configuration.empty()) one.configuration = name.substr(0, bar);
            if (one.platform.empty() && bar != std::string::npos)
                one.platform = name.substr(bar + 1);
            found.push_back(std::move(one));
        }
    }
    return found;
}

Result<MsbuildProject> evaluate_msbuild(const fs::path& file,
                                        const MsbuildConfiguration& configuration) {
    return Evaluator(file, configuration).run();
}

}  // namespace gpioclx::driverkit
