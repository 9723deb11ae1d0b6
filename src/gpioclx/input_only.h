// Parameter blocks of callbacks, of which the client writes no members but the given ones (V38).
#pragma once

#include "callback_details.h"
#include "client_call.h"

namespace gpioclx {

// Remembers a block and says afterwards whether the callback changed it. In words and in line: two
// of these stand in the way of each interrupt.
template <typename Parameters>
class InputOnly {
  public:
    explicit InputOnly(const Parameters& parameters) : parameters_(parameters) { copy(before_); }
    template <typename... Outputs>
    bool unchanged_but(Outputs... outputs) {
        Parameters& before = *reinterpret_cast<Parameters*>(before_);
        ((before.*outputs = parameters_.*outputs), ...);
        ULONG64 now[words];
        copy(now);
        ULONG64 difference = 0;
        for (ULONG i = 0; i < words; ++i) difference |= now[i] ^ before_[i];
        return difference == 0;
    }

  private:
    static constexpr ULONG words = (sizeof(Parameters) + 7) / 8;
    void copy(ULONG64 (&to)[words]) const {
        to[words - 1] = 0;
        __builtin_memcpy(to, &parameters_, sizeof(Parameters));
    }
    const Parameters& parameters_;
    ULONG64 before_[words];
};

// Calls a callback that takes the controller's context and a block of parameters.
template <typename Callback, typename Parameters, typename... Outputs>
NTSTATUS call_with(Controller& controller, const CallSite& site, Callback* callback,
                   Parameters& parameters, Outputs... outputs) {
    InputOnly<Parameters> input(parameters);
    if (controller.observed) tell_details(controller, site, parameters);
    const NTSTATUS status =
        call_client(controller, site, callback, controller.context, &parameters);
    if (!input.unchanged_but(outputs...)) report_changed_parameters(controller, site);
    return status;
}

}  // namespace gpioclx
