// What is ordered by something that holds in every run, and what only happened to come one after
// the other: happens-before over the machine's contexts.
//
// A *context* is a sequence of code that nobody else starts, ends or moves: a thread; each run of
// an interrupt's service routine, of a deferred call, of a timer, of a work item. Contexts are
// ordered by tokens (machine/witness.h): an event that was signalled and waited for, a DPC that was
// queued, an interrupt that was connected, a request that was sent. Locks order nothing: their
// holders could have come in the other order. Who wants to know whether two accesses exclude each
// other compares the locks held at both.
//
// Memory has an order of its own (kept if somebody asks for it): there locks order too, in the way
// they were taken in this run, because what a driver hands over under a lock is handed over. So do
// interlocked and volatile variables.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "machine/machine.h"
#include "machine/witness.h"
#include "verify/driver_side.h"
#include "verify/vector_clock.h"

namespace gpioclx::verify {

struct HeldLock {
    machine::NameId name = machine::no_name;
    std::uint32_t instance = 0;
    std::uint32_t acquisition = 0;  // counts acquires: tells whether it was held all the time
};

struct LockSet {
    static constexpr std::size_t most = 10;
    std::array<HeldLock, most> locks;
    std::uint8_t count = 0;

    const HeldLock* begin() const { return locks.data(); }
    const HeldLock* end() const { return locks.data() + count; }
    const HeldLock* find(std::uint32_t instance) const;
    void add(const HeldLock& lock);
    bool remove(std::uint32_t instance);
    // Any lock in both.
    bool meets(const LockSet& other) const;
    // What was held without a break from `earlier` on.
    LockSet since(const LockSet& earlier) const;
};

struct RunningCallback : machine::ClientCallback {
    machine::CallbackDetails details;
};

struct Context {
    machine::NameId name = machine::no_name;
    std::uint8_t slot = 0;
    VectorClock clock;
    VectorClock memory;  // the order of memory; kept only if it was asked for
    LockSet locks;
    std::uint32_t number = 0;   // never used again
    std::uint32_t section = 0;  // grows with each callback that begins or ends
    std::uint32_t barrier = 0;  // the last one that it knows of
    std::uint32_t memory_barrier = 0;
    const void* frame = nullptr;             // where its code begins on the stack; null: at its end
    std::vector<RunningCallback> callbacks;  // the innermost last
    machine::CallbackDetails next_details;   // of the one that enters next
    std::vector<const void*> setups;         // images of drivers that set a device up
    CallStack transfer;                      // from where it gave its latest transfer to a bus

    Moment now() const { return {slot, clock.at[slot]}; }
};

class Ordering {
  public:
    // `of_memory`: keeps Context::memory too.
    explicit Ordering(machine::Machine& machine, bool of_memory = false)
        : machine_(machine), of_memory_(of_memory) {}

    // The context of the code that runs.
    Context& current();

    void begins(machine::Routine kind, machine::NameId name, const void* frame);
    void ends(machine::Routine kind);
    void thread_ended(const machine::Thread& thread);
    void release(const void* token);
    void acquire(const void* token);
    void lock_acquired(machine::NameId name, std::uint32_t instance, const void* thread);
    void lock_released(std::uint32_t instance);
    void is_lock(const void* token);

    // Order of memory alone: what came before who released the same word (a variable, a lock with
    // several holders) is over for who acquires it.
    void acquire_word(const void* word);
    void release_word(const void* word);
    // As before_everything, of memory alone.
    void memory_before_everything();

    // Everything so far is over for the running context ..
    void after_everything();
    // .. and what it did so far, for everybody.
    void before_everything();

    // Whether the earlier moment is over, in every run, when the running context is where it is.
    bool ordered(Moment earlier) { return earlier.before(current().clock); }

  private:
    using Stack = std::vector<std::unique_ptr<Context>>;
    struct Token {
        VectorClock clock;
        bool lock = false;
    };
    static constexpr std::size_t tokens_most = 4096;

    Stack& running();
    Stack& stack_of(const machine::Thread& thread);
    void spare(std::unique_ptr<Context> context);
    std::unique_ptr<Context> make(machine::NameId name, const void* frame);
    void advance(Context& context) {
        context.clock.at[context.slot] = context.memory.at[context.slot] = ++epochs_[context.slot];
    }
    void know_barrier(Context& context);
    void join_word(const void* word, const VectorClock& clock);

    machine::Machine& machine_;
    const bool of_memory_;
    std::array<std::uint32_t, VectorClock::slots> epochs_{};
    std::array<std::uint32_t, VectorClock::slots> users_{};  // contexts that have the slot now
    std::size_t next_slot_ = 0;
    std::uint32_t contexts_ = 0;
    std::uint32_t acquisitions_ = 0;
    // By number; the thread itself, then the work item in it.
    std::map<std::uint32_t, Stack> threads_;
    std::uint32_t latest_thread_ = 0;  // the one that was looked up last
    Stack* latest_stack_ = nullptr;
    std::array<Stack, machine::max_processors> routines_;
    Stack outside_;
    Stack spare_;
    std::map<const void*, Token> tokens_;
    std::map<std::uint32_t, VectorClock> locks_;  // by instance, as they were given back
    std::map<const void*, VectorClock> words_;
    VectorClock barrier_;
    std::uint32_t barriers_ = 0;
    VectorClock memory_barrier_;
    std::uint32_t memory_barriers_ = 0;
};

}  // namespace gpioclx::verify
