// The deterministic machine: virtual processors, threads, interrupts, deferred calls, timers and
// one clock, all on fibers in one thread of the host. Nothing in it asks the host for time, order
// or chance; whatever could go either way is a choice point.
//
// Time. Every processor has a clock of its own that advances by what its code consumes (step).
// The processor furthest behind runs next, unless the policy decides otherwise; so processors run
// side by side as on hardware, and one that stalls does not hold up the others. now_ns() never
// goes back.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "machine/choice.h"
#include "machine/event.h"
#include "machine/processor.h"
#include "machine/timer.h"

namespace gpioclx::machine {

class Witness;

constexpr std::size_t max_processors = 8;
constexpr std::uint64_t forever_ns = ~std::uint64_t{0};

struct MachineOptions {
    std::uint32_t processors = 2;           // 1..max_processors
    std::uint64_t quantum_ns = 15'000'000;  // threads of equal priority take turns
};

enum class RunResult {
    idle,      // nothing runnable and no timer within the deadline
    deadline,  // the deadline was reached with work left
    halted,    // halt() was called
    stuck      // processors spin for locks that nobody will release
};

class Machine {
  public:
    // All three must outlive the machine.
    Machine(const MachineOptions& options, NameTable& names, EventSink& sink, Policy& policy);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    // The machine of this process (the one constructed last); never null inside it.
    static Machine& current() { return *current_machine; }

    // ---- from outside the processors -------------------------------------------------------

    // Runs until the clock reaches `until_ns` (also if nothing is left to do: time passes), or
    // somebody halts.
    RunResult run(std::uint64_t until_ns);
    // Runs until nothing is runnable and no timer is set, at most until `until_ns`. The clock stays
    // where the last step left it.
    RunResult run_until_idle(std::uint64_t until_ns);
    void set_sink(EventSink& sink) {
        sink_ = &sink;
        window_ = &sink.window();
    }
    // Who decides from now on; between runs only. `delays`: it is asked for delays too.
    void set_policy(Policy& policy, bool delays = false) {
        policy_ = &policy;
        delay_kinds_ = delays ? policy.delay_kinds() : 0;
    }
    // Null: nobody. Outlives the machine's use of it.
    void set_witness(Witness* witness) { witness_ = witness; }
    Witness* witness() const { return witness_; }
    // Then durations say nothing about who is held up.
    bool asks_for_delays() const { return delay_kinds_ != 0; }

    // ---- from code that runs on a processor ------------------------------------------------

    // Consumes time; everything that can happen meanwhile happens here: timers, interrupts,
    // steps of other processors. Every kernel call and every register access is at least one.
    void step(std::uint64_t cost_ns) {
        Processor& p = *running_;
        p.clock_ns += cost_ns;
        ++heartbeat_;
        if (p.clock_ns >= attention_ns_ || p.has_deliverable_interrupt() || p.reschedule)
            slow_step();
    }

    // Consumes time where nothing else should begin to happen just because of it: a message must
    // not move what comes between two other steps. Who does nothing else is stepped all the same.
    void spend(std::uint64_t cost_ns) {
        constexpr std::uint64_t longest_ns = 100'000;
        Processor& p = *running_;
        p.clock_ns += cost_ns;
        ++heartbeat_;
        if (attention_ns_ < p.clock_ns && p.clock_ns - attention_ns_ > longest_ns) slow_step();
    }

    // The running code is about to do something that is no event: a policy that is asked for delays
    // may hold it up there all the same, as at an event of EventKind::none.
    void may_be_held_up(NameId operation, NameId object);

    bool on_processor() const { return running_ != nullptr; }
    Processor& processor() { return *running_; }
    Level level() const { return running_->level; }
    // Sets the level; raising only blocks what comes. Returns the level before.
    Level raise(Level level);
    // Lowering lets in pending interrupts, then deferred calls, then a thread of higher priority.
    void lower(Level level);

    // Blocks the running thread (below level_deferred) until wake() or the absolute time
    // `deadline_ns` (forever_ns: none).
    WakeReason block(NameId waiting_for, std::uint64_t deadline_ns);
    // Lets threads of the same priority run.
    void yield();
    [[noreturn]] void end_thread();

    // Waits while a lock word is held by somebody else: the processor makes no progress until
    // spin_notify(word), except for interrupts. Callers re-check the word.
    void spin_wait(const void* word, NameId lock_name);
    void spin_notify(const void* word);

    // Stops the machine for good: nothing of it runs again. For bug checks and fatal findings.
    // On a processor it does not return; outside it does.
    void halt(NameId reason, std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0);
    bool halted() const { return halted_; }

    // ---- from anywhere ---------------------------------------------------------------------

    std::uint64_t now_ns() const {
        return running_ ? std::max(now_ns_, running_->clock_ns) : now_ns_;
    }

    // `name` must differ from all living threads' names. Starts ready. Owned by the machine; freed
    // after it ended and forget_thread was called.
    Thread& create_thread(NameId name, void (*start)(void*), void* context,
                          std::uint8_t priority = 8, std::uint32_t affinity = ~0u);
    void forget_thread(Thread& thread);
    Thread* running_thread() const { return running_ ? running_->thread : nullptr; }
    // Makes a blocked thread ready; false if it was not blocked.
    bool wake(Thread& thread, std::uint64_t code);

    // Queues at the end (or front) of the processor's queue; false if already queued.
    bool queue_deferred(DeferredCall& call, std::uint8_t processor, bool front = false);
    bool cancel_deferred(DeferredCall& call);

    void set_timer(Timer& timer, std::uint64_t due_ns);  // absolute; re-sets if set
    bool cancel_timer(Timer& timer);                     // true if it was set

    // The line's wire. Edge lines latch on the change to asserted.
    void assert_line(InterruptLine& line);
    void deassert_line(InterruptLine& line);
    // Disabled lines keep their latch and deliver when enabled again.
    void enable_line(InterruptLine& line);
    void disable_line(InterruptLine& line);
    // Drops a latched edge.
    void clear_line(InterruptLine& line);

    // An index below `alternatives`; 0 without asking if there is only one.
    std::size_t choose(const ChoicePoint& point, std::size_t alternatives);
    std::uint64_t random_value() { return policy_->random_value(); }

    NameId name(std::string_view text) { return names_->intern(text); }
    std::string_view text(NameId id) const { return names_->text(id); }
    NameTable& names() { return *names_; }

    void emit(EventKind kind, NameId subject = no_name, NameId detail = no_name,
              std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0) {
        ++sequence_;
        EventWindow& window = *window_;
        const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(kind);
        const bool wanted = (window.ignored & bit) == 0;
        const bool may_delay = (delay_kinds_ & bit) != 0 && running_ != nullptr;
        if (!wanted && !may_delay) return;
        const bool in_place = wanted && window.takes(kind);
        Event elsewhere;
        Event& event = in_place ? *window.next : elsewhere;
        event.time_ns = now_ns();
        event.sequence = sequence_;
        event.kind = kind;
        event.processor = running_ ? running_->index : no_processor;
        event.level = running_ ? running_->level : level_thread;
        event.actor = running_ ? running_->actor : outside_actor_;
        event.subject = subject;
        event.detail = detail;
        event.reserved = 0;
        event.a = a;
        event.b = b;
        event.c = c;
        if (in_place) [[likely]]
            window.publish();
        else if (wanted)
            sink_->record(event);
        // Felt by the next step.
        if (may_delay) ask_for_delay(event);
    }
    // Whether anybody looks at events of this kind: else their texts need not be made.
    bool wants(EventKind kind) const {
        return (window_->ignored >> static_cast<unsigned>(kind) & 1) == 0;
    }
    // On whose behalf events outside the processors happen (a device, the stimulus).
    void set_outside_actor(NameId actor) { outside_actor_ = actor; }
    // Names what runs on this processor from now on; returns the one before.
    NameId set_actor(NameId actor) {
        const NameId before = running_->actor;
        running_->actor = actor;
        return before;
    }

    std::uint32_t processor_count() const { return options_.processors; }
    Processor& processor(std::uint32_t index) { return processors_[index]; }
    Thread* first_thread() const { return all_threads_; }
    // Grows with every step; a watchdog outside looks at it.
    const std::uint64_t& heartbeat() const { return heartbeat_; }

  private:
    static inline Machine* current_machine = nullptr;

    void slow_step();
    void ask_for_delay(const Event& event);
    void fire_next_timer();
    std::uint64_t next_timer_ns() const {
        return timers_.empty() ? forever_ns : timers_.front()->due_ns;
    }
    RunResult run_loop(std::uint64_t until_ns);
    Processor* earliest_runnable();
    Processor& choose_processor(Processor& earliest);
    void update_attention();
    void resume(Processor& processor);
    void leave_processor();  // back to run()
    void deliver_interrupts();
    void run_deferred();
    void service(InterruptLine& line);
    void pend(InterruptLine& line);
    void unpend(InterruptLine& line);
    void wake_processor(Processor& processor);
    void make_ready(Thread& thread);
    Thread* take_ready(const Processor& processor, int at_least_priority);
    bool ready_for(const Processor& processor, int at_least_priority) const;
    void dispatch(bool current_stays_ready);  // leaves the running thread for another or for idle
    void run_thread(Fiber& from, Thread* next, bool from_ends);
    void idle_loop(Processor& processor);
    static void idle_entry(void* processor);
    static void thread_entry(void* thread);
    static void block_timeout(void* thread);
    void timer_up(std::size_t index);
    void timer_down(std::size_t index);
    bool timer_before(std::size_t left, std::size_t right) const;
    void timer_remove(std::size_t index);

    MachineOptions options_;
    NameTable* names_;
    EventSink* sink_;
    EventWindow* window_;  // the sink's
    Policy* policy_;
    Witness* witness_ = nullptr;

    std::uint64_t now_ns_ = 0;
    std::uint64_t attention_ns_ = 0;  // earliest time at which step() must look around
    std::uint64_t until_ns_ = 0;
    std::uint64_t sequence_ = 0;
    std::uint64_t heartbeat_ = 0;
    Processor* running_ = nullptr;
    NameId outside_actor_ = no_name;
    NameId idle_actor_ = no_name;
    NameId held_up_ = no_name;
    bool halted_ = false;
    std::uint64_t delay_kinds_ = 0;  // at which the policy may hold up a processor

    std::array<Processor, max_processors> processors_;
    Fiber host_fiber_;
    std::array<Thread*, 32> ready_first_{};
    std::array<Thread*, 32> ready_last_{};
    std::uint32_t ready_mask_ = 0;
    Thread* all_threads_ = nullptr;
    std::uint32_t thread_count_ = 0;
    std::vector<Timer*> timers_;  // binary heap by due time, then order
    std::uint64_t timer_order_ = 0;
};

}  // namespace gpioclx::machine
