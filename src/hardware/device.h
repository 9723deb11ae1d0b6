// Anything with pins that a board can hold: controllers and the parts around them.
//
// Life: create, connect all pins of all devices, reset each (power on), run. Wires must live
// longer than the devices on them are used.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "diagnostics/result.h"

namespace gpioclx::hardware {

class Controller;
class RegisterBlock;
class Wire;

enum class ResetKind : std::uint8_t { cold, warm };

class Device {
  public:
    Device(std::string name, std::string model)
        : name_(std::move(name)), model_(std::move(model)) {}
    virtual ~Device() = default;
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    const std::string& name() const { return name_; }
    const std::string& model() const { return model_; }

    virtual unsigned pin_count() const = 0;
    // Errors: no such pin, pin connected already.
    virtual Result<void> connect(unsigned pin, Wire& wire) = 0;
    virtual void reset(ResetKind kind) { (void)kind; }

    // What a person can do to it ("press"), for scripts. `arguments` are words.
    virtual Result<void> perform(std::string_view action,
                                 std::span<const std::string_view> arguments);
    virtual std::string_view actions() const { return "none"; }

    virtual Controller* as_controller() { return nullptr; }
    // Null for parts without registers.
    virtual RegisterBlock* as_registers() { return nullptr; }

  protected:
    Result<void> no_such_action(std::string_view action) const;
    // For parts with one pin.
    Result<void> check_connect(unsigned pin, bool connected) const;

  private:
    std::string name_;
    std::string model_;
};

}  // namespace gpioclx::hardware
