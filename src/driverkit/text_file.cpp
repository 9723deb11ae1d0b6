#include "driverkit/text_file.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>

namespace gpioclx::driverkit {
namespace {

namespace fs = std::filesystem;

void append_utf8(std::string& out, char32_t point) {
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0 | (point >> 6));
        out += static_cast<char>(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        out += static_cast<char>(0xE0 | (point >> 12));
        out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (point & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (point >> 18));
        out += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (point & 0x3F));
    }
}

Result<std::string> decode_utf16(std::string_view bytes, bool big_endian) {
    if (bytes.size() % 2 != 0) return Error{.message = "UTF-16 text ends in half a character"};
    auto unit = [&](std::size_t i) -> char32_t {
        const auto a = static_cast<unsigned char>(bytes[i]);
        const auto b = static_cast<unsigned char>(bytes[i + 1]);
        return big_endian ? (a << 8 | b) : (b << 8 | a);
    };
    std::string out;
    out.reserve(bytes.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        char32_t point = unit(i);
        const bool high = point >= 0xD800 && point < 0xDC00;
        if (high && i + 2 < bytes.size()) {
            const char32_t low = unit(i + 2);
            if (low >= 0xDC00 && low < 0xE000) {
                point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        append_utf8(out, point);
    }
    return out;
}

std::string read_bytes(const fs::path& file, bool& ok) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    ok = in.is_open() && !fs::is_directory(file);
    if (ok) bytes << in.rdbuf();
    return std::move(bytes).str();
}

}  // namespace

Result<std::string> decode_text(std::string_view bytes) {
    std::string text;
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
        auto decoded = decode_utf16(bytes.substr(2), bytes[0] == '\xFE');
        if (!decoded) return decoded.error();
        text = *std::move(decoded);
    } else {
        text = bytes.starts_with("\xEF\xBB\xBF") ? bytes.substr(3) : bytes;
    }
    std::erase(text, '\r');
    return text;
}

Result<std::string> read_text(const fs::path& file) {
    bool ok = false;
    const std::string bytes = read_bytes(file, ok);
    if (!ok) return Error{.message = "cannot read the file", .file = file.string()};
    auto text = decode_text(bytes);
    if (!text) return Error{.message = text.error().message, .file = file.string()};
    return text;
}

Result<bool> write_if_changed(const fs::path& file, std::string_view content) {
    bool readable = false;
    if (read_bytes(file, readable) == content && readable) return false;
    const fs::path next = file.string() + ".new";
    std::ofstream out(next, std::ios::binary | std::ios::trunc);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.close();
    std::error_code code;
    if (out) fs::rename(next, file, code);
    if (!out || code) return Error{.message = "cannot write the file", .file = file.string()};
    return true;
}

std::string slashes(std::string_view windows_path) {
    std::string path(windows_path);
    std::replace(path.begin(), path.end(), '\\', '/');
    return path;
}

std::optional<fs::path> find_any_case(const fs::path& path) {
    std::error_code code;
    if (fs::exists(path, code)) return path;
    fs::path found = path.is_absolute() ? path.root_path() : fs::path(".");
    for (const fs::path& part : path.relative_path()) {
        if (part.empty() || part == ".") continue;
        if (part == ".." || fs::exists(found / part, code)) {
            found /= part;
            continue;
        }
        std::optional<fs::path> match;
        for (const auto& entry : fs::directory_iterator(found, code)) {
            const fs::path name = entry.path().filename();
            if (!equal_any_case(name.string(), part.string())) continue;
            if (!match || name < *match) match = name;
        }
        if (!match) return std::nullopt;
        found /= *match;
    }
    return fs::exists(found, code) ? std::optional(found) : std::nullopt;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

bool equal_any_case(std::string_view left, std::string_view right) {
    return left.size() == right.size() && lower(left) == lower(right);
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

unsigned long long content_hash(std::string_view bytes, unsigned long long seed) {
    // By words: every start of the tool hashes all sources of its drivers.
    std::uint64_t word = 0;
    while (bytes.size() >= sizeof word) {
        std::memcpy(&word, bytes.data(), sizeof word);
        seed = (seed ^ word) * 0x9e3779b97f4a7c15ull;
        seed ^= seed >> 32;
        bytes.remove_prefix(sizeof word);
    }
    for (const char c : bytes) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
    return seed;
}

unsigned long long file_hash(const fs::path& file) {
    bool ok = false;
    const std::string bytes = read_bytes(file, ok);
    return ok ? content_hash(bytes) : 0;
}

}  // namespace gpioclx::driverkit
