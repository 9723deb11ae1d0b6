// What an .inx says to the user-mode driver framework about a driver ("Specifying WDF Directives in
// INF Files"): which hardware it may touch, whose requests it gets, and how it is hosted.
#pragma once

#include <string>
#include <string_view>

#include "diagnostics/result.h"
#include "driverkit/inf_file.h"

namespace gpioclx::driverkit {

struct UmdfDirectives {
    std::string service;  // of UmdfService
    int major = 2;
    int minor = 0;                         // of UmdfLibraryVersion; $UMDFVERSION$: of the project
    bool direct_hardware_access = false;   // UmdfDirectHardwareAccess (H11)
    bool user_mode_mapping = false;        // UmdfRegisterAccessMode
    bool kernel_mode_clients = false;      // UmdfKernelModeClientPolicy
    bool unknown_file_objects = false;     // UmdfFileObjectPolicy
    bool copy_method_neither = false;      // UmdfMethodNeitherAction
    bool shared_process = true;            // UmdfHostProcessSharing
    bool high_priority = false;            // UmdfHostPriority
    std::string fs_context = "FsContext";  // UmdfFsContextUsePolicy: that, FsContext2 or ""
    std::string impersonation = "Identification";
    std::string dispatcher;    // UmdfDispatcher
    std::string class_id;      // DriverCLSID: UMDF 1 only
    bool access_said = false;  // UmdfDirectHardwareAccess stands there at all
    int service_line = 0;      // of UmdfService
};

// Errors carry file and line: an unknown directive or value, one that is missing, a service name
// that is too long, an order that names somebody else.
Result<UmdfDirectives> read_umdf_directives(const InfFile& inf, int project_major,
                                            int project_minor);

}  // namespace gpioclx::driverkit
