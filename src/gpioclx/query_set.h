// CLIENT_QuerySetControllerInformation (Q13-Q18).
#pragma once

#include "controller.h"

namespace gpioclx {

using QuerySetInput = CLIENT_CONTROLLER_QUERY_SET_INFORMATION_INPUT;
using QuerySetOutput = CLIENT_CONTROLLER_QUERY_SET_INFORMATION_OUTPUT;

// Asks the client with room for `needed` bytes of answer, and once more if it wants a larger
// buffer. `output` is the caller's to release() if the call succeeds. STATUS_NOT_SUPPORTED: the
// client has no such callback, or no answer to this question.
NTSTATUS query_set(Controller& controller, QuerySetInput& input, SIZE_T needed,
                   QuerySetOutput** output);

// Which banks can be in F1 (Q19a, Q19b); only asked if the client says that banks can.
NTSTATUS query_bank_power(Controller& controller);

}  // namespace gpioclx
