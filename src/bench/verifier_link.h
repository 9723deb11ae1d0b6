// The verifier on a board: its controllers, the kernel's call stacks and findings.
#pragma once

#include "bench/hardware_board.h"
#include "verify/verifier.h"

namespace gpioclx::bench {

class VerifierLink final : public verify::DriverSide {
  public:
    // `instrumented`: drivers tell of their memory.
    VerifierLink(machine::Machine& machine, bool instrumented)
        : machine_(machine), verifier_(machine, *this, instrumented) {}

    // Looks on from now on.
    void watch(const HardwareBoard& hardware);

    verify::Verifier& verifier() { return verifier_; }

    verify::CallStack call_stack(const void* outermost) override;
    std::string text(const verify::CallStack& stack) override;
    bool same_driver(const void* left, const void* right) override;
    std::string data_name(const void* address) override;
    std::string data_place(const void* address) override;
    void set_place(const verify::CallStack* place, bool called_here) override {
        place_ = place;
        called_here_ = called_here;
    }
    void report(std::string_view id, std::string_view sentence,
                std::string_view other_stack) override;

  private:
    machine::Machine& machine_;
    verify::Verifier verifier_;
    const verify::CallStack* place_ = nullptr;
    bool called_here_ = false;
};

}  // namespace gpioclx::bench
