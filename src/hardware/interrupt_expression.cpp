#include "hardware/interrupt_expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

namespace gpioclx::hardware {
namespace {

struct Word {
    std::string_view name;
    Plane plane;
    bool inverted = false;
};

// `status` and `raw_status` are the same plane: the one before any mask.
constexpr Word words[] = {
    {"status", Plane::raw},        {"raw_status", Plane::raw},
    {"int_unmask", Plane::unmask}, {"int_mask", Plane::unmask, true},
    {"int_enable", Plane::enable}, {"soft_trigger", Plane::soft_trigger},
    {"input", Plane::pad},         {"hardware_control", Plane::hardware},
};

}  // namespace

class ExpressionParser {
  public:
    explicit ExpressionParser(std::string_view text) : text_(text), rest_(text) {}

    Result<InterruptExpression> parse() {
        either(0);
        if (!error_ && next() != '\0') fail("operator expected");
        if (error_) return *error_;
        return expression_;
    }

  private:
    using Step = InterruptExpression::Step;

    void either(unsigned depth) {
        both(depth);
        while (!error_ && next() == '|') {
            rest_.remove_prefix(1);
            both(depth + 1);
            emit(Step::either);
        }
    }

    void both(unsigned depth) {
        factor(depth);
        while (!error_ && next() == '&') {
            rest_.remove_prefix(1);
            factor(depth + 1);
            emit(Step::both);
        }
    }

    void factor(unsigned depth) {
        if (error_) return;
        // Each open operator needs one place on the evaluation stack.
        if (depth + 1 >= InterruptExpression::stack_max) return fail("too deeply nested");
        const char sign = next();
        if (sign == '~') {
            rest_.remove_prefix(1);
            factor(depth + 1);
            return emit(Step::invert);
        }
        if (sign == '(') {
            rest_.remove_prefix(1);
            either(depth + 1);
            if (next() != ')') return fail("')' is missing");
            rest_.remove_prefix(1);
            return;
        }
        word();
    }

    void word() {
        std::size_t length = 0;
        while (length < rest_.size() &&
               (std::isalnum(static_cast<unsigned char>(rest_[length])) || rest_[length] == '_')) {
            ++length;
        }
        const std::string_view name = rest_.substr(0, length);
        rest_.remove_prefix(length);
        if (name == "masked_status") {
            emit(Step::push, Plane::raw);
            emit(Step::push, Plane::unmask);
            return emit(Step::both);
        }
        for (const Word& word : words) {
            if (word.name != name) continue;
            emit(Step::push, word.plane);
            if (word.inverted) emit(Step::invert);
            return;
        }
        fail(name.empty() ? std::string("a role is missing")
                          : fmt::format("'{}' cannot stand in an interrupt formula", name));
    }

    void emit(Step step, Plane plane = Plane::raw) {
        if (error_) return;
        if (expression_.count_ == InterruptExpression::operations_max) return fail("too long");
        expression_.operations_[expression_.count_++] = {step, plane};
    }

    char next() {
        while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
        return rest_.empty() ? '\0' : rest_.front();
    }

    void fail(std::string message) {
        if (error_) return;
        error_ = Error{.message = fmt::format("'{}': {}", text_, message),
                       .hint =
                           "as in \"raw_status & ~int_mask\"; words: status, raw_status, "
                           "masked_status, int_unmask, int_mask, int_enable, soft_trigger, "
                           "input, hardware_control"};
    }

    std::string_view text_;
    std::string_view rest_;
    InterruptExpression expression_;
    std::optional<Error> error_;
};

Result<InterruptExpression> InterruptExpression::parse(std::string_view text) {
    return ExpressionParser(text).parse();
}

bool InterruptExpression::uses(Plane plane) const {
    return std::any_of(operations_.begin(), operations_.begin() + count_,
                       [=](Operation o) { return o.step == Step::push && o.plane == plane; });
}

}  // namespace gpioclx::hardware
