// A model with registers as a range of registers that the kernel can map for a driver.
#pragma once

#include <vector>

#include "hardware/register_block.h"
#include "kernel/register_range.h"
#include "machine/machine.h"

namespace gpioclx::bench {

class ModelRegisters final : public kernel::RegisterRange {
  public:
    ModelRegisters(machine::Machine& machine, hardware::RegisterBlock& model, std::uint64_t base,
                   std::string_view device);

    std::uint64_t read(std::uint64_t offset, unsigned width) override {
        return model_.read(offset, width / 8);
    }
    void write(std::uint64_t offset, unsigned width, std::uint64_t value) override {
        model_.write(offset, width / 8, value);
    }
    machine::NameId register_name(std::uint64_t offset) const override {
        const std::uint64_t index = offset / bytes_a_name_;
        return index < names_.size() ? names_[index] : unmapped_;
    }

  private:
    hardware::RegisterBlock& model_;
    std::vector<machine::NameId> names_;
    std::uint64_t bytes_a_name_ = 4;
    machine::NameId unmapped_;
};

}  // namespace gpioclx::bench
