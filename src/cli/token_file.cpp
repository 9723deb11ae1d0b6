#include "cli/token_file.h"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <fstream>

namespace gpioclx::cli {
namespace {

namespace fs = std::filesystem;

// The same token has the same file.
std::string file_name(const std::string& token) {
    std::uint64_t hash = 0xCBF29CE484222325u;
    for (const char c : token) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    return fmt::format("schedule-{:08x}.token", (hash ^ hash >> 32) & 0xFFFFFFFF);
}

}  // namespace

std::string token_word(const std::string& token) {
    if (token.size() <= longest_token) return token;
    const std::string name = file_name(token);
    std::ofstream stream(name, std::ios::trunc);
    stream << token << '\n';
    stream.flush();
    return stream ? name : token;
}

Result<std::string> token_of_word(const std::string& word) {
    std::error_code code;
    if (!fs::is_regular_file(word, code)) return word;
    std::ifstream stream(word);
    std::string token;
    if (stream >> token) return token;
    return Error{.message = "there is no token in it", .file = word};
}

}  // namespace gpioclx::cli
