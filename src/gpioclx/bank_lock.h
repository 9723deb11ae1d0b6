// The two locks of a bank (L1-L20). Order: wait lock before interrupt lock, several wait locks in
// ascending order of banks.
#pragma once

#include "clx.h"

namespace gpioclx {

struct Bank;

// Excludes the part of the primary interrupt's service routine that calls callbacks for the bank.
// Memory-mapped controllers only; taken at the bank's DIRQL.
struct InterruptLock {
    KSPIN_LOCK word;
    KIRQL irql;           // DIRQL of the bank
    ULONG holder;         // processor number + 1; 0 = free
    bool held_by_client;  // through GPIO_CLX_AcquireInterruptLock
    // While it is: the lock that the same processor acquired before this one, and the IRQL then.
    Bank* acquired_before;
    KIRQL irql_before;
    // While GpioClx itself holds it: for which callback, and how many acquires of the client were
    // refused meanwhile (5.4); their releases are no second error.
    const char* callback;
    USHORT refused;
};

// Serializes the callbacks that are made at PASSIVE_LEVEL.
struct WaitLock {
    KEVENT free;
    PKTHREAD holder;
    bool held_by_client;
    const char* callback;  // as above
    USHORT refused;
};

void initialize_locks(Bank& bank);
void forget_locks(Bank& bank);

// Raises to the bank's DIRQL; returns the IRQL to give back to release.
KIRQL acquire_interrupt_lock(Bank& bank);
void release_interrupt_lock(Bank& bank, KIRQL irql);
bool interrupt_lock_is_mine(const Bank& bank);

// PASSIVE_LEVEL.
void acquire_wait_lock(Bank& bank);
void release_wait_lock(Bank& bank);
bool wait_lock_is_mine(const Bank& bank);

// The lock under which the bank's interrupts are serviced: the interrupt lock of a memory-mapped
// controller, the wait lock of a serial one (5.3: rows n3 and n4).
class ServiceLock {
  public:
    explicit ServiceLock(Bank& bank);
    ~ServiceLock();
    ServiceLock(const ServiceLock&) = delete;
    ServiceLock& operator=(const ServiceLock&) = delete;

  private:
    Bank& bank_;
    KIRQL irql_;
};

class WaitLockScope {
  public:
    explicit WaitLockScope(Bank& bank) : bank_(bank) { acquire_wait_lock(bank_); }
    ~WaitLockScope() { release_wait_lock(bank_); }
    WaitLockScope(const WaitLockScope&) = delete;
    WaitLockScope& operator=(const WaitLockScope&) = delete;

  private:
    Bank& bank_;
};

}  // namespace gpioclx
