#include "bench/verifier_link.h"

#include "kernel/dbg/finding.h"

namespace gpioclx::bench {

void VerifierLink::watch(const HardwareBoard& hardware) {
    hardware.for_each_controller(
        [this](std::string_view device, const hardware::Controller& controller) {
            verifier_.add_controller(machine_.name(device), machine_.name(controller.name()),
                                     controller);
        });
    machine_.set_witness(&verifier_);
}

verify::CallStack VerifierLink::call_stack(const void* outermost) {
    const kernel::dbg::CallStack captured = kernel::dbg::capture_stack(outermost);
    verify::CallStack stack;
    stack.count = captured.count;
    std::copy_n(captured.return_addresses.begin(), captured.count, stack.return_addresses.begin());
    return stack;
}

std::string VerifierLink::text(const verify::CallStack& stack) {
    kernel::dbg::CallStack captured;
    captured.count = stack.count;
    std::copy_n(stack.return_addresses.begin(), stack.count, captured.return_addresses.begin());
    return kernel::dbg::stack_text(captured);
}

void VerifierLink::report(std::string_view id, std::string_view sentence,
                          std::string_view other_stack) {
    kernel::dbg::report_finding(id, sentence, other_stack);
}

}  // namespace gpioclx::bench
