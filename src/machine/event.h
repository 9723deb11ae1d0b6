// The one event stream of a machine. Observers (verifier, trace, statistics) only read it;
// switching them off changes nothing.
#pragma once

#include <atomic>
#include <cstdint>

#include "machine/level.h"
#include "machine/name_table.h"

namespace gpioclx::machine {

// What happened. The meaning of subject, detail, a, b and c is given per kind; unused ones are 0.
enum class EventKind : std::uint16_t {
    none = 0,
    mark,               // subject: free text (stimulus steps, phases)
    message,            // subject: who printed; detail: the text; a: severity
    thread_created,     // subject: thread
    thread_switch,      // subject: thread now running (0 = idle)
    thread_ended,       // subject: thread
    wait_begin,         // subject: object waited for; a: deadline in ns (0 = none)
    wait_end,           // subject: object; a: 0 satisfied, 1 timed out
    line_asserted,      // subject: interrupt line
    line_deasserted,    // subject: interrupt line
    interrupt_enter,    // subject: interrupt line or service routine; detail: owner; a: vector
    interrupt_exit,     // same subject; a: 1 claimed, 0 not
    deferred_queued,    // subject: deferred call; a: processor
    deferred_enter,     // subject: deferred call
    deferred_exit,      // subject: deferred call
    timer_set,          // subject: timer; a: due time in ns; b: period in ns
    timer_fired,        // subject: timer
    lock_acquired,      // subject: lock; a: lock instance number
    lock_contended,     // subject: lock; a: lock instance number
    lock_released,      // subject: lock; a: lock instance number
    callback_enter,     // subject: callback; detail: device; a: bank; b: pin or mask; c: locks held
    callback_exit,      // subject: callback; detail: device; a: bank; b: result; c: status
    register_read,      // subject: register; detail: device; a: offset; b: value; c: width in bits
    register_write,     // subject: register; detail: device; a: offset; b: value; c: width in bits
    hardware_report,    // subject: register or wire; detail: what is wrong; a: offset; b: value
    wire_changed,       // subject: wire; a: new level (0, 1, 2 floating); b: old level
    secondary_raised,   // subject: secondary interrupt (device and pin); a: its number; b: pin
    request_sent,       // subject: device; detail: request; a: request number; b: control code
    request_completed,  // subject: device; detail: request; a: request number; b: information; c:
                        // status
    device_state,       // subject: device; detail: state reached; c: status
    driver_state,       // subject: driver; detail: loaded, started, unloaded ...; c: status
    choice,             // subject: choice point; a: alternatives; b: the one taken. a 0: the
                        // processor is held up for b ns; detail: at what, if that is no event
    finding,            // subject: finding id; detail: sentence; a: address of the cause
    halt,               // subject: reason; a, b, c: parameters
    allocation,         // subject: tag; a: size; b: number
    release,            // subject: tag; a: size; b: number
    kind_count
};

// 64 bytes; plain data; written to shared memory as it stands.
struct Event {
    std::uint64_t time_ns;
    std::uint64_t sequence;
    EventKind kind;
    std::uint8_t processor;  // 255: outside any processor (devices, stimulus)
    Level level;
    NameId actor;  // thread, service routine or device on whose behalf it happened
    NameId subject;
    NameId detail;
    std::uint32_t reserved;
    std::uint64_t a;
    std::uint64_t b;
    std::uint64_t c;
};
static_assert(sizeof(Event) == 64);

constexpr std::uint8_t no_processor = 255;

// Room of a sink in which the machine writes events where they are to stand: events are on the hot
// path of everything. Each is published by itself, so that none is missing when the process dies.
struct EventWindow {
    Event* next = nullptr;
    Event* end = nullptr;                           // no room: the sink's record() takes the event
    std::atomic<std::uint64_t>* written = nullptr;  // counts published events
    std::uint64_t watched = 0;  // kinds (1 << kind) that go to record() in any case
    std::uint64_t ignored = 0;  // kinds that nobody wants; they only count

    bool takes(EventKind kind) const {
        return next != end && (watched >> static_cast<unsigned>(kind) & 1) == 0;
    }
    void publish() {
        ++next;
        written->store(written->load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }
};
static_assert(static_cast<unsigned>(EventKind::kind_count) <= 64);

// Where events go.
class EventSink {
  public:
    virtual ~EventSink() = default;
    virtual void record(const Event& event) = 0;
    // Stays where it is as long as the sink does. Without room (as here): every event is recorded.
    virtual EventWindow& window() { return window_; }

  protected:
    EventWindow window_;
};

}  // namespace gpioclx::machine
