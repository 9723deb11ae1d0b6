// A bench file (TOML, schema 1): what firmware does not know about a board, and what to do with it.
// docs/user-guide.md describes the keys.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::bench {

struct DriverEntry {
    std::filesystem::path folder;
    std::string project;                            // "" = the only one
    std::vector<std::string> hardware_ids;          // besides those of its .inx
    std::map<std::string, std::uint32_t> registry;  // "Parameters/Name" = DWORD
    int line = 0;
};

// What the registry holds about one device, whatever the driver's installation says.
struct DeviceEntry {
    std::string path;                               // ACPI path
    std::map<std::string, std::uint32_t> registry;  // of its hardware key: "Settings/Name" = DWORD
    int line = 0;
};

struct ModelEntry {
    std::string device;  // ACPI path
    std::string model;   // a name, or the path of a register map (.toml) or C++ model (.so)
    std::vector<std::pair<std::string, std::string>> properties;
    std::map<std::string, std::uint32_t>
        outputs;  // interrupt output -> GSI, where order does not say
    int line = 0;
};

struct PartEntry {
    std::string name;
    std::string model;
    std::vector<std::string> pins;  // what its pins are on: "\\_SB.GPI0:3" or the name of a wire
    std::vector<std::pair<std::string, std::string>> properties;
    int line = 0;
};

struct WireEntry {
    std::string name;
    std::vector<std::string> pins;
    int line = 0;
};

// Replaces a part of what _CRS says.
struct ResourceOverride {
    std::string device;
    std::size_t memory = 0;  // n-th memory resource of the device
    std::optional<std::uint64_t> base;
    std::optional<std::uint64_t> length;
    int line = 0;
};

struct SettingEntry {
    std::string device;  // "" = all
    std::string name;    // of known_settings.h
    std::uint64_t value = 0;
    int line = 0;
};

// A finding that is known and not to be told again: all that is given must fit.
struct SuppressEntry {
    std::string id;
    std::string device;    // ACPI path that its sentence names
    std::string driver;    // of its call stack
    std::string function;  // of its call stack
    std::string reason;
    int line = 0;
};

struct ScriptLine {
    std::string text;
    std::string file;
    int line = 0;
};

struct BenchFile {
    std::filesystem::path file;
    std::string title;
    std::vector<std::filesystem::path> firmware;
    std::vector<DriverEntry> drivers;
    std::vector<DeviceEntry> devices;
    std::vector<ModelEntry> models;
    std::vector<PartEntry> parts;
    std::vector<WireEntry> wires;
    std::vector<ResourceOverride> overrides;
    std::vector<SettingEntry> settings;
    std::vector<SuppressEntry> suppressions;
    std::vector<ScriptLine> script;
    std::uint32_t processors = 2;
    bool instrument = false;  // SessionOptions::instrument
};

// Paths in the result are absolute. Errors: file missing, TOML syntax, unknown or missing key,
// wrong type, schema; each with the line.
Result<BenchFile> read_bench_file(const std::filesystem::path& file);
// "Settings/Name" -> the key ("Settings", or "") and the value's name.
struct RegistryPath {
    std::string key;
    std::string name;
};
RegistryPath registry_path(const std::string& path);
// Lines of a script file; comments (#) and empty lines are left out.
Result<std::vector<ScriptLine>> read_script(const std::filesystem::path& file);

}  // namespace gpioclx::bench
