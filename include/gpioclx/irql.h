// Interrupt request levels, with the numbers of x64 Windows.
#pragma once

#include <compare>
#include <iosfwd>
#include <string>

namespace gpioclx {

class Irql {
  public:
    constexpr Irql() = default;  // PASSIVE_LEVEL
    constexpr explicit Irql(unsigned level) : level_(level) {}

    constexpr unsigned value() const { return level_; }
    constexpr bool is_passive() const { return level_ == 0; }
    constexpr bool is_dispatch() const { return level_ == 2; }
    // DIRQL: that of a device's interrupt.
    constexpr bool is_device() const { return level_ >= 3 && level_ <= 12; }
    // "PASSIVE", "APC", "DISPATCH", "DIRQL 5", "CLOCK", "IPI", "HIGH".
    std::string name() const;

    constexpr auto operator<=>(const Irql&) const = default;

  private:
    unsigned level_ = 0;
};

inline constexpr Irql passive_level{0};
inline constexpr Irql dispatch_level{2};

std::ostream& operator<<(std::ostream& stream, Irql irql);

}  // namespace gpioclx
