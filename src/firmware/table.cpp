#include "firmware/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <numeric>

#include "firmware/asl.h"

namespace gpioclx::firmware {
namespace {

constexpr std::size_t header_size = 36;
constexpr std::size_t length_offset = 4;
constexpr std::size_t checksum_offset = 9;
constexpr std::uintmax_t max_file_size = 64u << 20;

std::uint32_t length_field(const Table& table) {
    std::uint32_t length = 0;
    for (int i = 3; i >= 0; --i) length = length << 8 | table.bytes[length_offset + i];
    return length;
}

std::uint8_t sum(const std::vector<std::uint8_t>& bytes) {
    return std::accumulate(bytes.begin(), bytes.end(), std::uint8_t{0},
                           [](std::uint8_t a, std::uint8_t b) { return std::uint8_t(a + b); });
}

bool printable_signature(const std::string& signature) {
    return signature.size() == 4 &&
           std::all_of(signature.begin(), signature.end(), [](unsigned char c) {
               return std::isupper(c) || std::isdigit(c) || c == '_';
           });
}

// Whether what comes after the first table looks like another one.
bool followed_by_table(const Table& table) {
    if (table.bytes.size() < 2 * header_size) return false;
    const std::uint32_t length = length_field(table);
    if (length < header_size || length > table.bytes.size() - header_size) return false;
    return printable_signature({table.bytes.begin() + length, table.bytes.begin() + length + 4});
}

// "DSDT @ 0x00000000BF7B1000" begins each table of a dump.
bool is_text_dump(const Table& table) {
    constexpr std::string_view after_signature = " @ 0x";
    return table.bytes.size() > header_size &&
           std::equal(after_signature.begin(), after_signature.end(), table.bytes.begin() + 4);
}

bool is_source(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension == ".asl" || extension == ".dsl";
}

}  // namespace

std::string Table::signature() const {
    return std::string(bytes.begin(), bytes.begin() + std::min<std::size_t>(4, bytes.size()));
}

Result<void> check_table(const Table& table) {
    const std::size_t size = table.bytes.size();
    if (size < header_size) {
        return Error{.message = fmt::format("not an ACPI table: {} bytes, a header alone has {}",
                                            size, header_size),
                     .file = table.file};
    }
    const std::string signature = table.signature();
    if (!printable_signature(signature)) {
        return Error{.message =
                         "not an ACPI table: it does not begin with a signature of four "
                         "capital letters (DSDT, SSDT)",
                     .file = table.file,
                     .hint = "ASL source needs the extension .asl or .dsl"};
    }
    const std::uint32_t length = length_field(table);
    if (length > size) {
        return Error{.message = fmt::format("table {} is truncated: its header says {} bytes, the "
                                            "file has {}",
                                            signature, length, size),
                     .file = table.file};
    }
    if (length < size) {
        return Error{.message = fmt::format("table {} is followed by {} bytes that do not belong "
                                            "to it (its header says {} bytes)",
                                            signature, size - length, length),
                     .file = table.file,
                     .hint = "one table a file; acpixtract splits a dump"};
    }
    if (const std::uint8_t wrong = sum(table.bytes); wrong != 0) {
        const std::uint8_t stored = table.bytes[checksum_offset];
        return Error{.message = fmt::format("table {} has checksum 0x{:02X}, its bytes need "
                                            "0x{:02X}",
                                            signature, stored, std::uint8_t(stored - wrong)),
                     .file = table.file};
    }
    return {};
}

Result<std::vector<Table>> read_tables(const std::filesystem::path& path) {
    std::error_code failed;
    const std::uintmax_t size = std::filesystem::file_size(path, failed);
    if (failed) return Error{.message = failed.message(), .file = path.string()};
    if (size > max_file_size) {
        return Error{.message = "too large for an ACPI table", .file = path.string()};
    }
    std::ifstream file(path, std::ios::binary);
    Table rest;
    rest.file = path.string();
    rest.bytes.assign(std::istreambuf_iterator<char>(file), {});
    if (rest.bytes.size() != size) {
        return Error{.message = "cannot be read", .file = path.string()};
    }
    if (is_text_dump(rest)) {
        return Error{
            .message = "a dump of acpidump as text, not a table",
            .file = path.string(),
            .hint = "acpixtract -a FILE writes the tables in it: dsdt.dat, ssdt1.dat, ..."};
    }
    std::vector<Table> tables;
    do {
        Table table = rest;
        if (followed_by_table(rest)) table.bytes.resize(length_field(rest));
        rest.bytes.erase(rest.bytes.begin(),
                         rest.bytes.begin() + static_cast<std::ptrdiff_t>(table.bytes.size()));
        // These two have other headers; nobody uses them here, but dumps contain them.
        if (table.signature() == "FACS" || table.signature() == "RSD ") continue;
        if (auto checked = check_table(table); !checked) return checked.error();
        tables.push_back(std::move(table));
    } while (!rest.bytes.empty());
    return tables;
}

Result<std::vector<Table>> load_tables(const std::vector<std::filesystem::path>& paths,
                                       const std::filesystem::path& output_dir) {
    std::vector<Table> tables;
    for (const std::filesystem::path& path : paths) {
        std::filesystem::path binary = path;
        if (is_source(path)) {
            auto compiled = compile_asl(path, output_dir);
            if (!compiled) return compiled.error();
            binary = *compiled;
        }
        auto read = read_tables(binary);
        if (!read) return read.error();
        for (Table& table : *read) {
            table.file = path.string();
            table.from_source = is_source(path);
            tables.push_back(std::move(table));
        }
    }
    return tables;
}

void set_checksum(std::vector<std::uint8_t>& table) {
    table[checksum_offset] = 0;
    table[checksum_offset] = static_cast<std::uint8_t>(-sum(table));
}

}  // namespace gpioclx::firmware
