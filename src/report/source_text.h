// Lines of the user's sources, quoted where a finding points to them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gpioclx::report {

struct SourceLine {
    int number;
    std::string text;
};

class SourceText {
  public:
    // The line and up to `around` on each side; empty if the file cannot be read or has no such
    // line. What is no UTF-8 is shown as '?'.
    std::vector<SourceLine> quote(const std::string& file, int line, int around);

  private:
    std::map<std::string, std::vector<std::string>> files_;  // read once
};

// Every byte that belongs to no character of UTF-8 becomes '?': JSON, XML and HTML are UTF-8.
std::string as_utf8(std::string_view text);

}  // namespace gpioclx::report
