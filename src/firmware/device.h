// A device of the namespace as enumeration sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gpioclx::firmware {

struct Device {
    static constexpr std::uint32_t present = 1;
    static constexpr std::uint32_t enabled = 2;
    static constexpr std::uint32_t shown = 4;
    static constexpr std::uint32_t functional = 8;

    std::string path;               // "\_SB.GPIO"
    std::string hid;                // "PRP0001"; an EISA id as text; empty if there is none
    std::vector<std::string> cids;  // in the order of _CID
    std::string uid;                // a number as decimal text
    std::optional<std::uint64_t> adr;
    std::uint32_t status = 0xF;             // _STA; 0xF when there is none
    std::string parent;                     // nearest device above; empty directly under \_SB
    std::vector<std::string> dependencies;  // _DEP
};

// "\_SB.GPIO TEST0001 (TEST0002) uid 4"
std::string to_string(const Device& device);

}  // namespace gpioclx::firmware
