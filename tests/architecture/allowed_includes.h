// Who may include whom: the arrows of ARCHITECTURE.md, in one place.
//
// A part is a folder of src/, or "api" (include/gpioclx). Every part may include itself and,
// besides what its line names, diagnostics. "wdk" = the Windows headers and wdk/ext. src/bench is
// three parts: what runs in the worker with the machine ("board"), what runs in the supervisor
// ("bench"), and what both use ("bench_file": the bench file and names of statuses).
#pragma once

#include <map>
#include <set>
#include <string>

namespace gpioclx::architecture {

using Part = std::string;

inline const std::map<Part, std::set<Part>> allowed_includes = {
    {"diagnostics", {}},
    {"machine", {}},
    {"kernel", {"wdk", "machine"}},
    {"framework", {"wdk", "kernel", "machine"}},
    {"gpioclx", {"wdk"}},  // and no C++ library either: exactly what a user's driver sees
    {"pnp", {"wdk"}},
    {"spb", {"wdk"}},
    {"wudfx", {"wdk"}},
    {"firmware", {"machine"}},
    {"hardware", {"machine", "api"}},
    {"trace", {"machine"}},
    {"driverkit", {}},
    {"trap", {}},
    {"worker", {"machine"}},
    {"explore", {"machine", "trace"}},
    {"verify", {"machine", "hardware"}},
    {"bench_file", {}},
    {"board",
     {"bench_file", "explore_notes", "machine", "kernel", "firmware", "hardware", "trap", "worker",
      "explore", "verify"}},
    {"bench",
     {"bench_file", "explore_notes", "machine", "firmware", "driverkit", "worker", "trace",
      "explore"}},
    {"report", {"bench", "bench_file", "machine", "trace"}},
    {"explore_notes", {"worker", "explore"}},
    {"api", {"bench", "bench_file", "machine", "worker", "trace"}},
    {"check", {"wdk", "bench", "bench_file", "driverkit", "hardware"}},
    {"cli",
     {"check", "api", "wdk", "bench", "bench_file", "board", "machine", "kernel", "framework",
      "firmware", "hardware", "trace", "driverkit", "worker", "explore", "report"}},
};

// Parts whose files may include nothing but their own and wdk/.
inline const std::set<Part> driver_parts = {"gpioclx", "pnp", "spb", "wudfx"};

// Files of src/bench by stem; all others there are "bench".
inline const std::map<std::string, Part> parts_of_bench = {
    {"bench_file", "bench_file"},
    {"known_settings", "bench_file"},
    {"board", "board"},
    {"board_explorer", "board"},
    {"board_service", "board"},
    {"board_view", "board"},
    {"direct_access", "board"},
    {"duration", "board"},
    {"execution_collector", "board"},
    {"explore_notes", "explore_notes"},
    {"finding", "bench_file"},
    {"finding_rule", "bench_file"},
    {"firmware_provider", "board"},
    {"hardware_board", "board"},
    {"machine_host", "board"},
    {"machine_surroundings", "board"},
    {"model_registers", "board"},
    {"power_supply", "board"},
    {"script_player", "board"},
    {"script_power", "board"},
    {"script_purpose", "board"},
    {"script_runner", "board"},
    {"serial_buses", "board"},
    {"status_text", "bench_file"},
    {"user_requests", "board"},
    {"verifier_link", "board"},
};

// Parts that run inside the machine: no clock, thread or random number of the host.
inline const std::set<Part> machine_parts = {"machine", "kernel", "framework", "gpioclx",
                                             "pnp",     "spb",    "hardware",  "firmware",
                                             "board",   "verify"};

}  // namespace gpioclx::architecture
