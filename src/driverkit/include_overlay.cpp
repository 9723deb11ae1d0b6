#include "driverkit/include_overlay.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

namespace fs = std::filesystem;

// Only what an #include may name: the overlay (and with it every object) changes when the list
// does, and editors leave files of their own in the folder.
bool is_included_kind(const fs::path& file) {
    static const std::set<std::string, std::less<>> kinds = {
        ".h",   ".hpp", ".hxx", ".hh",  ".inl", ".inc", ".ipp", ".tmh", ".c",
        ".cpp", ".cxx", ".cc",  ".def", ".ver", ".idl", ".tpp", ".x",   ""};
    return kinds.contains(lower(file.extension().string()));
}

}  // namespace

std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code code;
    for (fs::recursive_directory_iterator at(folder, code), end; at != end && !code;
         at.increment(code)) {
        const bool hidden = at->path().filename().string().starts_with('.');
        std::error_code ignored;
        if (at->is_directory(ignored)) {
            if (hidden) at.disable_recursion_pending();
        } else if (!hidden && files.size() < max_overlay_files && is_included_kind(at->path())) {
            files.push_back(at->path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string include_overlay(const std::vector<fs::path>& folders) {
    std::map<std::string, std::set<std::string>> by_folder;
    for (const fs::path& folder : folders) {
        for (const fs::path& file : files_below(folder)) {
            by_folder[file.parent_path().string()].insert(file.filename().string());
        }
    }
    nlohmann::json roots = nlohmann::json::array();
    for (const auto& [folder, names] : by_folder) {
        std::map<std::string, int> folded;
        for (const std::string& name : names) ++folded[lower(name)];
        nlohmann::json contents = nlohmann::json::array();
        for (const std::string& name : names) {
            if (folded[lower(name)] > 1) continue;
            contents.push_back(
                {{"type", "file"}, {"name", name}, {"external-contents", folder + "/" + name}});
        }
        roots.push_back({{"type", "directory"}, {"name", folder}, {"contents", contents}});
    }
    // In this order: LLVM's YAML reader takes a number only when a comma follows.
    const nlohmann::ordered_json overlay = {
        {"version", 0}, {"case-sensitive", "false"}, {"roots", roots}};
    return overlay.dump(1) + "\n";
}

}  // namespace gpioclx::driverkit
