// A word of a command line as a shell takes it.
#pragma once

#include <string>

namespace gpioclx::cli {

// Quoted where that is needed.
std::string shell_word(const std::string& text);

}  // namespace gpioclx::cli
