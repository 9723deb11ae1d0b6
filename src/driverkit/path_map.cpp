#include "driverkit/path_map.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "driverkit/text_file.h"

namespace gpioclx::driverkit {

void PathMap::add(std::string inside, const std::filesystem::path& real, std::string macro) {
    entries_.push_back({std::move(inside), (real / "").string(), std::move(macro)});
    // The longest real path first: it is the one that says most.
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const Entry& a, const Entry& b) { return a.real.size() > b.real.size(); });
}

std::string PathMap::real(std::string_view inside) const {
    const Entry* best = nullptr;
    for (const Entry& entry : entries_) {
        const bool longer = best == nullptr || entry.inside.size() > best->inside.size();
        if (inside.starts_with(entry.inside) && longer) best = &entry;
    }
    if (best == nullptr) return std::string(inside);
    return best->real + std::string(inside.substr(best->inside.size()));
}

std::vector<std::string> PathMap::compiler_flags() const {
    std::vector<std::string> flags;
    for (const Entry& entry : entries_) {
        flags.push_back("-fdebug-prefix-map=" + entry.real + "=" + entry.inside);
        flags.push_back("-fmacro-prefix-map=" + entry.real + "=" + entry.macro);
    }
    flags.push_back("-fdebug-compilation-dir=" + std::string(compilation_folder));
    return flags;
}

Result<void> PathMap::save(const std::filesystem::path& file) const {
    nlohmann::json table = nlohmann::json::array();
    for (const Entry& entry : entries_) {
        table.push_back({{"inside", entry.inside}, {"real", entry.real}, {"macro", entry.macro}});
    }
    const auto written = write_if_changed(file, table.dump(1) + "\n");
    return written ? Result<void>() : Result<void>(written.error());
}

PathMap PathMap::load(const std::filesystem::path& file) {
    PathMap map;
    const auto text = read_text(file);
    const auto table = nlohmann::json::parse(text ? *text : "", nullptr, false);
    if (!table.is_array()) return map;
    for (const auto& entry : table) {
        map.add(entry.value("inside", ""), entry.value("real", ""), entry.value("macro", ""));
    }
    return map;
}

}  // namespace gpioclx::driverkit
