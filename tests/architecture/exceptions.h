// Files that break a rule of form, each with its reason. Lines that were too long when the rule was
// written stand in long_lines.txt, by file and number; both lists shall only get shorter.
#pragma once

#include <map>
#include <string>

namespace gpioclx::architecture {

inline constexpr std::size_t longest_file = 500;
inline constexpr std::size_t longest_line = 120;

inline const std::map<std::string, std::string> long_files = {
    {"src/framework/device.cpp", "the states of a device, and every one of their transitions"},
    {"src/framework/queue.cpp", "a queue's one lock guards all that is in it"},
    {"src/hardware/register_layout.cpp",
     "one pass over the map: each kind of register once, in the order of the format"},
};

// Parts of the machine that ask the host for time.
inline const std::map<std::string, std::string> host_files = {
    {"src/bench/board_explorer.cpp", "waits for a child process, while the machine stands still"},
};

// Parts of the machine that keep an unordered container.
inline const std::map<std::string, std::string> unordered_files = {
    {"src/machine/name_table.cpp", "only asked, never walked; lives outside the machine's state"},
};

}  // namespace gpioclx::architecture
