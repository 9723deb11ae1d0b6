// A controller model as a range of registers that the kernel can map for a driver.
#pragma once

#include <vector>

#include "hardware/controller.h"
#include "kernel/register_range.h"
#include "machine/machine.h"

namespace gpioclx::bench {

class ModelRegisters final : public kernel::RegisterRange {
  public:
    ModelRegisters(machine::Machine& machine, hardware::Controller& controller, std::uint64_t base,
                   std::string_view device);

    std::uint64_t read(std::uint64_t offset, unsigned width) override {
        return controller_.read(offset, width / 8);
    }
    void write(std::uint64_t offset, unsigned width, std::uint64_t value) override {
        controller_.write(offset, width / 8, value);
    }
    machine::NameId register_name(std::uint64_t offset) const override {
        const std::uint64_t word = offset / 4;
        return word < names_.size() ? names_[word] : unmapped_;
    }

  private:
    hardware::Controller& controller_;
    std::vector<machine::NameId> names_;  // by word
    machine::NameId unmapped_;
};

}  // namespace gpioclx::bench
