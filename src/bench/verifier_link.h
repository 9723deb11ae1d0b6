// The verifier on a board: its controllers, the kernel's call stacks and findings.
#pragma once

#include "bench/hardware_board.h"
#include "verify/verifier.h"

namespace gpioclx::bench {

class VerifierLink final : public verify::DriverSide {
  public:
    explicit VerifierLink(machine::Machine& machine)
        : machine_(machine), verifier_(machine, *this) {}

    // Looks on from now on.
    void watch(const HardwareBoard& hardware);

    verify::CallStack call_stack(const void* outermost) override;
    std::string text(const verify::CallStack& stack) override;
    void report(std::string_view id, std::string_view sentence,
                std::string_view other_stack) override;

  private:
    machine::Machine& machine_;
    verify::Verifier verifier_;
};

}  // namespace gpioclx::bench
