// What an .inx or .inf says about a driver: which devices it serves, its service, and the registry
// values that its installation leaves. Read as SetupAPI would for an x64 system: sections merge,
// names ignore case, %strings% are replaced, decorated sections (.NTamd64) win.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::driverkit {

struct InfModel {
    std::string description;
    std::vector<std::string> ids;  // "ACPI\TEST0003": the hardware id, then compatible ids
    std::string install_section;
    int line = 0;
};

struct InfRegistryValue {
    enum class Scope {
        service,  // HKR below the service: Services\<name>\<key>
        device,   // HKR of the .HW section: the device's hardware key
        driver,   // HKR of the install section: the device's software key
    };
    Scope scope = Scope::service;
    std::string key;                  // "Parameters"; empty = the key itself
    std::string name;                 // empty = the default value
    std::uint32_t type = 0;           // REG_SZ 1, EXPAND_SZ 2, BINARY 3, DWORD 4, MULTI_SZ 7, ...
    std::vector<unsigned char> data;  // as stored: little endian, UTF-16 with its zero
    std::string text;                 // the same for people: "0x00000001", "abc"
    int line = 0;
};

// One line of a .Wdf section or of the section of a KmdfService or UmdfService.
struct WdfDirective {
    std::string name;
    std::string value;  // several stand with commas between them
    std::string section;
    int line = 0;
};

struct InfFile {
    std::filesystem::path file;
    std::vector<InfModel> models;
    std::string service;  // the one that is associated with the device
    std::string binary;   // file name in ServiceBinary: "simgpio.sys"
    std::vector<InfRegistryValue> registry;
    // Of the .Wdf section and of the section that its KmdfService or UmdfService names, in order.
    std::vector<WdfDirective> wdf_directives;
    std::vector<std::string> warnings;

    // Hardware ids without their enumerator ("ACPI\TEST0003" -> "TEST0003"), each once.
    std::vector<std::string> hardware_ids() const;
};

// Errors carry file and line: a section header or quote that is not closed, text before the first
// section, a section that is named but does not exist, a registry line without meaning.
Result<InfFile> read_inf(const std::filesystem::path& file);
Result<InfFile> parse_inf(std::string_view text, const std::filesystem::path& file);

}  // namespace gpioclx::driverkit
