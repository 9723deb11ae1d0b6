// The grammar of setup information files: sections of lines, each "key = value, value" or a bare
// list of values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::driverkit {

struct InfLine {
    std::string key;                  // empty where the line has no '='
    std::vector<std::string> values;  // unquoted, strings replaced
    int number = 0;

    // The value at `index`, empty where there are fewer.
    const std::string& value(std::size_t index) const;
};

class InfSections {
  public:
    // `file` stands in errors. $ARCH$ of .inx files becomes amd64.
    static Result<InfSections> parse(std::string_view text, const std::string& file);

    // Null where there is no such section. Sections of the same name have been merged.
    const std::vector<InfLine>* find(std::string_view name) const;
    // The first line with this key in a section; null where section or key is missing.
    const InfLine* find_line(std::string_view section, std::string_view key) const;
    std::vector<std::string> names() const;  // as written, in order
    const std::vector<std::string>& warnings() const { return warnings_; }

  private:
    std::map<std::string, std::vector<InfLine>, std::less<>> sections_;
    std::vector<std::string> names_;
    std::vector<std::string> warnings_;
};

}  // namespace gpioclx::driverkit
