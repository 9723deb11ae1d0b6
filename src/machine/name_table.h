// Names instead of pointers: whatever an event or a choice point speaks of has a name, and the
// name has a small number. Numbers are local to a process; only the text may leave it.
#pragma once

#include <cstdint>
#include <string_view>

namespace gpioclx::machine {

using NameId = std::uint32_t;
constexpr NameId no_name = 0;

// Append-only. Lives outside the machine's arena, so a restored checkpoint keeps all names.
class NameTable {
  public:
    virtual ~NameTable() = default;
    // The number of `text`, a new one if it was never seen. Never fails; "" is no_name.
    virtual NameId intern(std::string_view text) = 0;
    virtual std::string_view text(NameId id) const = 0;
};

// A table in ordinary memory (tests, tools). The worker's table lives in shared memory.
class LocalNameTable final : public NameTable {
  public:
    LocalNameTable();
    ~LocalNameTable() override;
    NameId intern(std::string_view text) override;
    std::string_view text(NameId id) const override;

  private:
    struct Impl;
    Impl* impl_;
};

}  // namespace gpioclx::machine
