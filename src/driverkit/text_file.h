// Files as Windows tools write them: UTF-8 with or without mark, UTF-16 with mark, any case in
// names, backslashes in paths.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "diagnostics/result.h"

namespace gpioclx::driverkit {

// The text as UTF-8 with '\n' line ends. Errors: unreadable file, broken UTF-16.
Result<std::string> read_text(const std::filesystem::path& file);

// UTF-8, UTF-16LE or UTF-16BE bytes (told apart by their byte order mark) to UTF-8.
Result<std::string> decode_text(std::string_view bytes);

// Replaces the file in one step, and only when its content would change, so that the time stamps
// of unchanged files stay. Returns whether it was written.
Result<bool> write_if_changed(const std::filesystem::path& file, std::string_view content);

// "..\Inc\x.h" -> "../Inc/x.h".
std::string slashes(std::string_view windows_path);

// The existing file or folder that Windows would open under this path: an exact match wins, else
// one that differs in case only (the first in byte order).
std::optional<std::filesystem::path> find_any_case(const std::filesystem::path& path);

std::string lower(std::string_view text);
bool equal_any_case(std::string_view left, std::string_view right);
std::string_view trim(std::string_view text);

// FNV-1a over the bytes, chained through `seed`.
inline constexpr unsigned long long hash_seed = 0xcbf29ce484222325ull;
unsigned long long content_hash(std::string_view bytes, unsigned long long seed = hash_seed);
// The bytes' own hash, or 0 where the file cannot be read.
unsigned long long file_hash(const std::filesystem::path& file);

}  // namespace gpioclx::driverkit
