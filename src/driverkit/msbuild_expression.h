// The expression language of project files: $(Property), @(Item), %(Metadata), property functions
// and conditions. Names are compared without regard to case, as MSBuild does.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::driverkit {

// Keys are lower case.
using NameMap = std::map<std::string, std::string, std::less<>>;

// What an expression may refer to. Anything unknown is empty text, as in MSBuild.
struct ExpressionScope {
    std::function<std::string(std::string_view name)> property;
    std::function<std::string(std::string_view type)> items;  // joined with ';'
    std::function<std::string(std::string_view name)> metadata;
    std::function<bool(std::string_view windows_path)> exists;
    // The folder of the file "name" at or above `start`; empty where there is none.
    std::function<std::string(std::string_view start, std::string_view name)> folder_above;
};

std::string expand(std::string_view text, const ExpressionScope& scope);

// Empty = true. Error (without file): what cannot be understood and where in the condition.
Result<bool> evaluate_condition(std::string_view condition, const ExpressionScope& scope);

// "a; b;;c" -> {"a", "b", "c"}
std::vector<std::string> split_list(std::string_view list, std::string_view separators = ";");

// Whether a file name matches a pattern with * and ?, in any case.
bool matches_wildcard(std::string_view pattern, std::string_view name);

}  // namespace gpioclx::driverkit
