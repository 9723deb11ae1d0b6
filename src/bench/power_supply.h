// The power of the board's controllers: what switches it, and whether drivers put back what their
// registers held. Chips made of a register map only; a C++ model has its power always.
//
// Power transitions happen when the kernel makes them. Whoever explores their order against
// interrupts and requests makes the points here (set_power, set_component_power).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "bench/firmware_provider.h"
#include "hardware/controller.h"

namespace gpioclx::bench {

class PowerSupply final : public PowerSwitch {
  public:
    // `lost_in_d3`: the board takes the power away with D3.
    void add(const std::string& device, hardware::Controller& model, bool lost_in_d3);

    void set_power(const std::string& device, bool on) override;
    void set_component_power(const std::string& device, std::uint32_t component,
                             std::uint32_t count, bool on) override;
    void context_saved(const std::string& device, const kernel::ContextOwner& owner) override;
    void context_restored(const std::string& device, const kernel::ContextOwner& owner) override;

    // By the script. Errors: no such model, or one that keeps its registers.
    Result<void> force(std::string_view device, bool on);

  private:
    struct Kept {  // since the driver was told to save
        hardware::RegisterContext context;
        kernel::ContextOwner owner;
        bool lost = false;  // the registers were really lost meanwhile
    };
    struct Supply {
        hardware::Controller* model;
        bool lost_in_d3;
        std::map<std::uint32_t, Kept> kept;  // by component
    };
    Supply* find(std::string_view device);

    std::map<std::string, Supply, std::less<>> supplies_;
};

}  // namespace gpioclx::bench
