// A small machine with a race, for tests and benchmarks: three threads and two locks. "first" and
// "second" each set a flag under a lock of its own and take it back at once; "watcher" looks at
// one flag after the other and must never see both set. It does if first and second are both held
// up in between: it takes two delays.
#pragma once

#include <optional>

#include "explore/conductor.h"
#include "machine/arena.h"
#include "machine/checkpoint.h"
#include "machine/machine.h"

namespace gpioclx::explore {

class ThreeContexts {
  public:
    // `rounds`: how often each does so in an execution.
    explicit ThreeContexts(unsigned rounds = 1) : conductor_(names_) {
        machine::Arena::instance().reset();
        machine::ArenaScope inside;
        state_ = new State;
        state_->rounds = rounds;
        state_->machine = new machine::Machine({.processors = 3}, names_, sink_, conductor_);
        machine::Machine& m = *state_->machine;
        m.set_policy(conductor_, true);
        state_->locks[0].name = m.name("lock 1");
        state_->locks[1].name = m.name("lock 2");
        m.create_thread(m.name("first"), &ThreeContexts::set<0>, state_);
        m.create_thread(m.name("second"), &ThreeContexts::set<1>, state_);
        m.create_thread(m.name("watcher"), &ThreeContexts::watch, state_);
        start_.emplace(machine::Checkpoint::take());
    }

    // One execution; true: the watcher saw both.
    bool execute(Strategy& strategy) {
        start_->restore();
        conductor_.conduct(strategy);
        state_->machine->run_until_idle(10'000'000);
        steps_ += state_->machine->heartbeat();
        return state_->saw_both;
    }
    const Conductor& conductor() const { return conductor_; }
    std::uint64_t steps() const { return steps_; }  // of all executions

  private:
    struct Lock {
        bool held = false;
        machine::NameId name = machine::no_name;
    };
    struct State {
        machine::Machine* machine = nullptr;
        Lock locks[2];
        bool flags[2] = {};
        bool saw_both = false;
        unsigned rounds = 1;

        void acquire(Lock& lock) {
            machine->step(20);
            while (lock.held) machine->spin_wait(&lock, lock.name);
            lock.held = true;
            machine->emit(machine::EventKind::lock_acquired, lock.name);
        }
        void release(Lock& lock) {
            lock.held = false;
            machine->spin_notify(&lock);
            machine->emit(machine::EventKind::lock_released, lock.name);
            machine->step(20);
        }
        void set(unsigned which, bool value) {
            acquire(locks[which]);
            flags[which] = value;
            release(locks[which]);
        }
        bool get(unsigned which) {
            acquire(locks[which]);
            const bool value = flags[which];
            release(locks[which]);
            return value;
        }
    };
    struct Sink final : machine::EventSink {
        Sink() { window_.ignored = ~std::uint64_t{0}; }
        void record(const machine::Event&) override {}
    };

    template <unsigned which>
    static void set(void* context) {
        State& state = *static_cast<State*>(context);
        for (unsigned i = 0; i < state.rounds; ++i) {
            state.set(which, true);
            state.set(which, false);
            state.machine->step(1'500);
        }
        state.machine->end_thread();
    }
    static void watch(void* context) {
        State& state = *static_cast<State*>(context);
        for (unsigned i = 0; i < state.rounds; ++i) {
            state.machine->step(800);
            const bool first = state.get(0);
            if (state.get(1) && first) state.saw_both = true;
            state.machine->step(500);
        }
        state.machine->end_thread();
    }

    machine::LocalNameTable names_;
    Sink sink_;
    Conductor conductor_;
    State* state_ = nullptr;  // in the arena
    std::optional<machine::Checkpoint> start_;
    std::uint64_t steps_ = 0;
};

}  // namespace gpioclx::explore
