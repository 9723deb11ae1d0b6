#include "active_both.h"

namespace gpioclx {

void turn_around(Bank& bank, PIN_NUMBER number, MaskReason reason) {
    mask_pins(bank, bit(number), reason);
    if ((bank.enabled & bank.masked & bit(number)) == 0) return;  // I36: disabled instead
    reconfigure_pin(bank, number, LevelSensitive, opposite(bank.pins[number].polarity));
    clear_pins(bank, bit(number));
}

}  // namespace gpioclx
