// What all writers have in common.
#pragma once

#include <string_view>

#include "machine/event.h"

namespace gpioclx::trace {

class Names {
  public:
    virtual ~Names() = default;
    virtual std::string_view name(machine::NameId id) const = 0;
};

class Writer {
  public:
    virtual ~Writer() = default;
    virtual void write(const machine::Event& event, const Names& names) = 0;
    // No event follows.
    virtual void finish() {}
};

// "PASSIVE", "APC", "DISPATCH", "DIRQL 5", "CLOCK", "IPI", "HIGH".
std::string_view irql_name(machine::Level level);

}  // namespace gpioclx::trace
