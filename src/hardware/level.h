// What a wire, a pad's driver and a pull can be. No behaviour: wire.h resolves them.
#pragma once

#include <cstdint>
#include <string_view>

namespace gpioclx::hardware {

// Resolved state of a wire. A floating wire keeps reading as the level it had last.
enum class Level : std::uint8_t { low, high, floating };

// What one driver does. An open-drain output that wants high is `off`.
enum class Drive : std::uint8_t { off, low, high };

enum class Pull : std::uint8_t { none, up, down };

// Any driver beats any pull; among drivers, and among pulls, the stronger wins. Chip-internal pulls
// are weak, resistors on a board normal.
enum class Strength : std::uint8_t { weak, normal, strong };

constexpr std::string_view to_string(Level level) {
    return level == Level::low ? "low" : level == Level::high ? "high" : "floating";
}
constexpr std::string_view to_string(Drive drive) {
    return drive == Drive::off ? "off" : drive == Drive::low ? "low" : "high";
}
constexpr std::string_view to_string(Pull pull) {
    return pull == Pull::none ? "none" : pull == Pull::up ? "up" : "down";
}
constexpr Drive drive_of(bool high) { return high ? Drive::high : Drive::low; }

}  // namespace gpioclx::hardware
