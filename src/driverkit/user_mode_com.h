// UMDF 1: a driver is a COM class in a module. The kit links the framework's half (src/wudfx) into that
// module, and tells it the class that the .inx names.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "driverkit/inf_file.h"
#include "driverkit/project.h"

namespace gpioclx::driverkit {

bool is_umdf_1(const Project& project);

struct Umdf1Installation {
    std::string service;  // of UmdfService: the AddService of such an .inf is the reflector's
    // DriverCLSID as it is written, "{3A1B...}".
    std::string class_id;
};

// What the .inx says, checked: DriverCLSID, UmdfService, UmdfServiceOrder, ServiceBinary,
// UmdfLibraryVersion. Errors carry the file and the line of the directive.
Result<Umdf1Installation> read_umdf_1(const Project& project, const std::vector<InfFile>& infs);

// Where the sources of the framework stand: beside the headers in an installation, else in the source
// tree that the headers belong to.
std::filesystem::path umdf_1_folder(const std::filesystem::path& wdk);

// Those sources, and one that it writes into `generated`. They count as our own (SourceFile::own).
Result<std::vector<SourceFile>> umdf_1_sources(const Umdf1Installation& installation,
                                               const std::filesystem::path& wdk,
                                               const std::filesystem::path& generated);

}  // namespace gpioclx::driverkit
