// Comparators in place of edge detectors: an input asks for attention while its pad differs from
// what the chip remembers, or from a value that software wrote.
#include "hardware/controller.h"

namespace gpioclx::hardware {

void Controller::compare(Bank& bank) {
    using Compare = InterruptSpec::Compare;
    const std::uint32_t pad = bank[Plane::pad];
    const std::uint32_t armed =
        bank.pins & ~bank.off & ~bank[Plane::is_output] & bank[Plane::enable];
    if (rules_.compare == Compare::previous_clear) {
        const std::uint32_t newly = armed & ~bank[Plane::armed];
        bank[Plane::reference] = (bank[Plane::reference] & ~newly) | (pad & newly);
    }
    bank[Plane::armed] = armed;
    bank.rose = bank.fell = 0;

    const std::uint32_t select = bank[Plane::compare_select];
    const std::uint32_t expected =
        (bank[Plane::reference] & ~select) | (bank[Plane::compare_value] & select);
    const std::uint32_t differs = (pad ^ expected) & armed;
    std::uint32_t& cause = bank[Plane::cause];
    if (rules_.freeze) {
        // The first event is kept; only what clears, or closing the gate, ends it.
        cause &= armed;
        if (cause == 0 && differs != 0) {
            cause = differs;
            bank[Plane::capture] = pad;
        }
    } else {
        cause = differs;
    }
    bank[Plane::status] = bank[Plane::raw] = cause;
    assert_outputs(bank);
}

}  // namespace gpioclx::hardware
