// ASL source text as iasl needs it: read with everything that it includes, and with Microsoft's
// older spelling MsftFunctionConfig turned into PinFunction. Lines keep their numbers.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::firmware {

// MsftFunctionConfig (shared, pull, function, source, index, usage, vendor data) {pins}
//   -> PinFunction (shared, pull, function, source, index, usage, , vendor data) {pins}:
// PinFunction has a descriptor name before the vendor data. Comments and strings stay as they are.
std::string rewrite_function_config(std::string_view source);

// Samples print their device as a fragment: without a DefinitionBlock. It becomes an SSDT that adds
// its devices to \_SB.
bool is_fragment(std::string_view source);

struct AslFile {
    std::filesystem::path path;  // as the user wrote it, or as found beside the including file
    std::string text;            // as it was read
    std::string rewritten;       // what iasl gets; the include names inside are not changed
    std::string name;            // as the including file names it; empty for the main file
};

// The file first, then the files that it includes (`Include ("x")`, `#include "x"`). An include
// that is not there is left to iasl's own message.
Result<std::vector<AslFile>> read_asl(const std::filesystem::path& path);

}  // namespace gpioclx::firmware
