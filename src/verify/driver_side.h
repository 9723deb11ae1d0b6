// What the verifier needs of the system around the drivers: their call stacks, and where findings
// go. The board gives it the kernel's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gpioclx::verify {

struct CallStack {
    std::array<const void*, 24> return_addresses;
    std::size_t count = 0;

    std::uint64_t hash() const {
        std::uint64_t value = 1469598103934665603u;
        for (std::size_t i = 0; i < count; ++i) {
            value ^= reinterpret_cast<std::uintptr_t>(return_addresses[i]);
            value *= 1099511628211u;
        }
        return value;
    }
};

class DriverSide {
  public:
    virtual ~DriverSide() = default;
    // Of the code that runs, from the frame `outermost` on (null: all of it).
    virtual CallStack call_stack(const void* outermost) = 0;
    // "led+0x1234 < led+0x88"
    virtual std::string text(const CallStack& stack) = 0;
    // Whether both addresses lie in the image of one driver.
    virtual bool same_driver(const void* left, const void* right) = 0;
    // What an address of a driver's memory belongs to, for people: "variable Count of led",
    // "offset 0x18 of a pool block 'Demo' of 64 bytes".
    virtual std::string data_name(const void* address) = 0;
    // The same as the name of a point: does not change with names and code.
    virtual std::string data_place(const void* address) = 0;
    // Where the findings from here on happened, if the running code does not show it: in these
    // calls of a driver; `called_here`: which what runs has made. Null: where the running code is.
    virtual void set_place(const CallStack* place, bool called_here) = 0;
    // A finding of the code that runs; `other_stack` is the other one's, where it takes two.
    virtual void report(std::string_view id, std::string_view sentence,
                        std::string_view other_stack) = 0;
};

// Findings of the verifier (docs/findings.md).
namespace id {
constexpr std::string_view lost_update = "race-001";
constexpr std::string_view remembered_copy = "race-002";
constexpr std::string_view clears_others = "race-003";
constexpr std::string_view data_race = "race-004";
constexpr std::string_view enable_without_lock = "V18";
constexpr std::string_view not_served = "effect-001";
constexpr std::string_view not_pending = "effect-002";
constexpr std::string_view still_open = "effect-003";
constexpr std::string_view not_open = "effect-004";
constexpr std::string_view neighbour = "effect-005";
constexpr std::string_view read_differs = "effect-006";
constexpr std::string_view output_differs = "effect-007";
constexpr std::string_view wrong_trigger = "effect-008";
constexpr std::string_view wrong_pull = "effect-009";
constexpr std::string_view left_driven = "effect-010";
constexpr std::string_view left_enabled = "effect-011";
constexpr std::string_view without_power = "effect-012";
constexpr std::string_view still_output = "effect-013";
}  // namespace id

}  // namespace gpioclx::verify
