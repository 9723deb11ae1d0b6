// Banks that lose power on their own: F0 and F1 of the power framework, one component for each bank
// (8.3-8.5). Memory-mapped controllers that ask for it only; for others nothing here does anything.
#pragma once

#include "bank.h"

namespace gpioclx {

// P30. PASSIVE_LEVEL, when the banks' power information is known; every bank is in F0 until
// start_bank_power.
NTSTATUS register_bank_power(Controller& controller);
void unregister_bank_power(Controller& controller);

// P33: banks change only while the device is in D0. PASSIVE_LEVEL, no lock held.
void start_bank_power(Controller& controller);
void stop_bank_power(Controller& controller);

// P35: a bank is in F0 while somebody holds it; returns when it is (P36). PASSIVE_LEVEL, no lock
// held.
void hold_bank(Bank& bank);
void let_bank_go(Bank& bank);

// One hold for all connected interrupts of the bank that are active. Up to DIRQL, no lock held. The
// bank may be in F0 only later; its masks are brought in step then.
void hold_for_interrupts(Bank& bank);

class BankHold {
  public:
    explicit BankHold(Bank& bank) : bank_(bank) { hold_bank(bank_); }
    ~BankHold() { let_bank_go(bank_); }
    BankHold(const BankHold&) = delete;
    BankHold& operator=(const BankHold&) = delete;

  private:
    Bank& bank_;
};

}  // namespace gpioclx
