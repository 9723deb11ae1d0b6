// Tokens of schedules on a command line: what is too long to be pasted goes to a file.
#pragma once

#include <string>

#include "diagnostics/result.h"

namespace gpioclx::cli {

// Longer ones break in terminals, issues and chats.
constexpr std::size_t longest_token = 200;

// The token, or the name of a file in the working folder that it was written to. A file that cannot
// be written leaves the token.
std::string token_word(const std::string& token);
// The reverse. Errors: a file that cannot be read. What is no file is taken for a token.
Result<std::string> token_of_word(const std::string& word);

}  // namespace gpioclx::cli
