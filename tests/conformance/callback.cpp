#include "callback.h"

#include <iterator>

namespace gpioclx::conformance {
namespace {

struct Names {
    std::string_view name;
    std::string_view letter;
};

constexpr Names names[] = {
    {"PrepareController", "Prepare"},
    {"ReleaseController", "Release"},
    {"StartController", "Start"},
    {"StopController", "Stop"},
    {"QueryControllerBasicInformation", "BasicInfo"},
    {"QuerySetControllerInformation", "QuerySet"},
    {"EnableInterrupt", "E"},
    {"DisableInterrupt", "D"},
    {"UnmaskInterrupt", "U"},
    {"MaskInterrupts", "M"},
    {"QueryActiveInterrupts", "Q"},
    {"ClearActiveInterrupts", "X"},
    {"ConnectIoPins", "Connect"},
    {"DisconnectIoPins", "Disconnect"},
    {"ReadGpioPins", "Read"},
    {"ReadGpioPinsUsingMask", "Read"},
    {"WriteGpioPins", "Write"},
    {"WriteGpioPinsUsingMask", "Write"},
    {"SaveBankHardwareContext", "Save"},
    {"RestoreBankHardwareContext", "Restore"},
    {"PreProcessControllerInterrupt", "P"},
    {"ControllerSpecificFunction", "Specific"},
    {"ReconfigureInterrupt", "R"},
    {"QueryEnabledInterrupts", "H"},
    {"ConnectFunctionConfigPins", "ConnectFunction"},
    {"DisconnectFunctionConfigPins", "DisconnectFunction"},
};
static_assert(std::size(names) == static_cast<std::size_t>(Callback::count));

}  // namespace

std::string_view name_of(Callback callback) {
    return names[static_cast<std::size_t>(callback)].name;
}
std::string_view letter_of(Callback callback) {
    return names[static_cast<std::size_t>(callback)].letter;
}

}  // namespace gpioclx::conformance
