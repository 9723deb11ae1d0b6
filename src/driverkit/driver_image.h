// From a Windows driver's folder to an image that the kernel can load.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "diagnostics/result.h"
#include "driverkit/elf_image.h"
#include "driverkit/inf_file.h"
#include "driverkit/path_map.h"
#include "driverkit/project.h"
#include "driverkit/umdf_directives.h"

namespace gpioclx::driverkit {

struct DriverImage {
    std::filesystem::path image;  // <cache>/<name>-<hash>/<name>.sys
    std::string name;             // "simgpio"
    std::string service;          // of the .inx, else the name
    Project project;
    std::vector<InfFile> infs;
    std::optional<UmdfDirectives> umdf;     // of a driver in user mode
    std::vector<std::string> hardware_ids;  // "TEST0003", of all infs
    std::vector<InfRegistryValue> registry;
    std::vector<std::string> defines;              // that every source saw
    std::vector<std::string> needs;                // names that the kernel must provide
    std::vector<std::string> exports;              // DriverEntry and the extra ones
    std::vector<std::filesystem::path> wpp_files;  // generated .tmh
    std::vector<std::string> compiled;             // sources compiled by this build
    bool linked = false;                           // whether this build had to link
    std::vector<std::string> warnings;             // one text each, the compiler's included
    PathMap paths;                                 // names in debug information -> files
    ElfImage elf;
};

// Builds what changed since the last time. Nothing is written into the driver's folder. Errors
// name the driver's file and line; the tools' full text goes to options.tool_output.
Result<DriverImage> build(const std::filesystem::path& folder, const BuildOptions& options);

// For a project that was put together without a .vcxproj (parts of gpioclx itself).
Result<DriverImage> build_project(const Project& project, const BuildOptions& options);

// The folder for products of this project under these options.
std::filesystem::path product_folder(const Project& project, const BuildOptions& options);

}  // namespace gpioclx::driverkit
