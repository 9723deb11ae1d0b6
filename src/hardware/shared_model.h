// A device whose behaviour is a C++ model in a shared object (gpioclx/model.h). To the board it is
// like any other: pins on wires, registers, interrupt outputs, actions.
//
// What a call into the model does to pins and outputs reaches others when the model has returned:
// models are never entered twice.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hardware/device.h"
#include "hardware/model_property.h"
#include "hardware/register_block.h"
#include "hardware/shared_object.h"
#include "hardware/surroundings.h"
#include "hardware/wire.h"

namespace gpioclx::hardware {

class SharedModel final : public Device, public RegisterBlock, private WireListener {
  public:
    // Errors: properties that the model does not have, a constructor that failed.
    static Result<std::unique_ptr<SharedModel>> create(const SharedObject& object,
                                                       std::string device_name,
                                                       std::span<const ModelProperty> properties,
                                                       Surroundings& surroundings);

    // Device.
    unsigned pin_count() const override { return table_->description.pins; }
    Result<void> connect(unsigned pin, Wire& wire) override;
    void reset(ResetKind kind) override;
    Result<void> perform(std::string_view action,
                         std::span<const std::string_view> arguments) override;
    std::string_view actions() const override { return "those of the model"; }
    RegisterBlock* as_registers() override;

    // RegisterBlock.
    std::uint64_t read(std::uint64_t offset, unsigned bytes) override;
    void write(std::uint64_t offset, unsigned bytes, std::uint64_t value) override;
    std::uint64_t register_bytes() const override { return table_->description.register_bytes; }
    std::string_view register_name(std::uint64_t offset) const override;
    unsigned output_count() const override { return table_->description.output_count; }
    std::string_view output_name(unsigned index) const override;
    void connect_output(unsigned index, Wire& wire) override;

  private:
    struct Output {
        bool wanted = false;
        bool told = false;
        Terminal terminal;
    };
    struct PinChange {
        std::uint32_t pin;
        std::int32_t level;
    };

    SharedModel(const SharedObject& object, std::string name, Surroundings& surroundings);
    static const GxModelHost& functions();
    static SharedModel& of(void* host) { return *static_cast<SharedModel*>(host); }
    Result<void> take_properties(std::span<const ModelProperty> properties);
    template <typename Call>
    auto enter(Call call);
    void leave();
    void wire_level(std::uint32_t pin, bool high, bool floating) override;
    bool pin_exists(std::uint32_t pin, const char* operation);
    void fail(std::string_view what);

    const GxModelTable* table_;
    Surroundings* surroundings_;
    void* model_ = nullptr;
    std::vector<std::pair<std::string, std::string>> properties_;
    std::vector<Terminal> terminals_;
    std::vector<std::int32_t> levels_;  // as the model was told
    std::vector<Output> outputs_;
    std::vector<PinChange> changes_;
    std::optional<std::string> failure_;  // of the constructor
    bool inside_ = false;
    bool broken_ = false;
};

}  // namespace gpioclx::hardware
