// NTSTATUS, as drivers return it.
#pragma once

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace gpioclx {

class Status {
  public:
    constexpr Status() = default;  // STATUS_SUCCESS
    constexpr explicit Status(std::uint32_t value) : value_(value) {}
    // By name ("STATUS_DEVICE_NOT_READY") or number ("0xC0001234"). Throws BadInput for a name that
    // ntstatus.h of the tool does not have.
    explicit Status(std::string_view name);

    constexpr std::uint32_t value() const { return value_; }
    // As NT_SUCCESS: success or information, so STATUS_PENDING too; not a warning.
    constexpr bool is_success() const { return (value_ & 0x80000000u) == 0; }
    // "STATUS_SUCCESS"; "0xC0001234" for one without a known name.
    std::string name() const;

    constexpr auto operator<=>(const Status&) const = default;

  private:
    std::uint32_t value_ = 0;
};

std::ostream& operator<<(std::ostream& stream, Status status);

}  // namespace gpioclx
