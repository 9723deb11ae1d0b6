// The formula of an interrupt output: "raw_status & ~int_mask". Words are roles; operators ~ & |
// and parentheses, & before |.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "diagnostics/result.h"
#include "hardware/bank.h"

namespace gpioclx::hardware {

class InterruptExpression {
  public:
    // The error has message and hint, no place.
    static Result<InterruptExpression> parse(std::string_view text);

    std::uint32_t evaluate(const Bank& bank) const;
    bool uses(Plane plane) const;

  private:
    friend class ExpressionParser;
    enum class Step : std::uint8_t { push, invert, both, either };
    struct Operation {
        Step step = Step::push;
        Plane plane = Plane::raw;
    };
    static constexpr unsigned operations_max = 16;
    static constexpr unsigned stack_max = 8;

    std::array<Operation, operations_max> operations_{};
    std::uint8_t count_ = 0;
};

inline std::uint32_t InterruptExpression::evaluate(const Bank& bank) const {
    std::uint32_t stack[stack_max];
    unsigned top = 0;
    for (unsigned i = 0; i < count_; ++i) {
        const Operation operation = operations_[i];
        switch (operation.step) {
            case Step::push: stack[top++] = bank[operation.plane]; break;
            case Step::invert: stack[top - 1] = ~stack[top - 1]; break;
            case Step::both:
                --top;
                stack[top - 1] &= stack[top];
                break;
            case Step::either:
                --top;
                stack[top - 1] |= stack[top];
                break;
        }
    }
    return stack[0] & bank.pins;
}

}  // namespace gpioclx::hardware
