// Evaluates the part of MSBuild's language that driver projects consist of: properties, imports,
// item definitions and items. Targets and tasks never run.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"
#include "driverkit/msbuild_expression.h"

namespace gpioclx::driverkit {

struct MsbuildConfiguration {
    std::string configuration;  // "Debug"
    std::string platform;       // "x64"
    std::string text() const { return configuration + "|" + platform; }
};

struct MsbuildItem {
    std::string include;  // path below the project's folder or absolute; '/' between names
    NameMap metadata;     // definition and the item's own, expanded
    std::string file;     // where it was declared
    int line = 0;

    std::string get(std::string_view name) const;
    bool is_true(std::string_view name) const;
};

struct MsbuildProject {
    std::filesystem::path file;
    NameMap properties;
    std::map<std::string, std::vector<MsbuildItem>, std::less<>> items;  // by lower-case type
    NameMap clcompile_defaults;         // ItemDefinitionGroup/ClCompile
    std::vector<std::string> imported;  // files read besides the project
    std::vector<std::string> warnings;  // imports that were not found

    std::string property(std::string_view name) const;
    const std::vector<MsbuildItem>& items_of(std::string_view type) const;
};

// The ProjectConfiguration items of a project file, in order.
Result<std::vector<MsbuildConfiguration>> list_configurations(const std::filesystem::path& file);

// Imports of the tool chain's own files (below $(VCTargetsPath) and the like) are skipped; other
// imports that cannot be found are skipped with a warning. The one of the WDK's conversion tool
// (WDKConversion\PreConfiguration.props) brings in sources.props beside the project, whose
// SOURCES become ClSourceFiles and RcSourceFiles. Errors carry file and line.
Result<MsbuildProject> evaluate_msbuild(const std::filesystem::path& file,
                                        const MsbuildConfiguration& configuration);

}  // namespace gpioclx::driverkit
