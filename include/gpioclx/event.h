// What happened on the board: the one stream from which timeline, waveform and findings are made.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gpioclx/irql.h>

namespace gpioclx {

// What `subject`, `detail`, `a`, `b` and `c` of an event mean stands beside its kind. What is not
// named is empty or 0.
enum class EventKind : std::uint16_t {
    none,
    mark,               // subject: free text (steps of the test, phases)
    message,            // subject: who printed; detail: the text; a: severity
    thread_created,     // subject: thread
    thread_switch,      // subject: thread that runs now; empty: idle
    thread_ended,       // subject: thread
    wait_begin,         // subject: object waited for; a: deadline in ns (0: none)
    wait_end,           // subject: object; a: 0 satisfied, 1 timed out
    line_asserted,      // subject: interrupt line
    line_deasserted,    // subject: interrupt line
    interrupt_enter,    // subject: interrupt line or service routine; detail: owner; a: vector
    interrupt_exit,     // subject: the same; a: 1 claimed, 0 not
    deferred_queued,    // subject: DPC; a: processor
    deferred_enter,     // subject: DPC
    deferred_exit,      // subject: DPC
    timer_set,          // subject: timer; a: due time in ns; b: period in ns
    timer_fired,        // subject: timer
    lock_acquired,      // subject: lock; a: its number
    lock_contended,     // subject: lock; a: its number
    lock_released,      // subject: lock; a: its number
    callback_enter,     // subject: callback; detail: device; a: bank; b: pin or mask; c: locks held
    callback_exit,      // subject: callback; detail: device; a: bank; b: result; c: status
    register_read,      // subject: register; detail: device; a: offset; b: value; c: width in bits
    register_write,     // subject: register; detail: device; a: offset; b: value; c: width in bits
    hardware_report,    // subject: register or wire; detail: what is wrong; a: offset; b: value
    wire_changed,       // subject: wire; a: new Level; b: old Level
    secondary_raised,   // subject: interrupt of a pin; a: its number; b: pin
    request_sent,       // subject: device; detail: request; a: request number
    request_completed,  // subject: device; detail: request; a: its number; b: information; c:
                        // status
    device_state,       // subject: device; detail: state reached; c: status
    driver_state,       // subject: driver; detail: loaded, started, unloaded ...; c: status
    choice,             // subject: choice point; a: alternatives; b: the one taken
    finding,            // subject: id of the finding; detail: sentence; a: address of the cause
    halt,               // subject: reason; a, b, c: parameters
    allocation,         // subject: tag; a: size; b: number
    release             // subject: tag; a: size; b: number
};

// "wire_changed"
std::string_view to_string(EventKind kind);
std::ostream& operator<<(std::ostream& stream, EventKind kind);

// A value; it may outlive its board.
struct Event {
    std::chrono::nanoseconds time{};  // virtual, since power on
    std::uint64_t sequence = 0;       // counts all events of a board from 1
    EventKind kind = EventKind::none;
    std::optional<unsigned> processor;  // nothing: outside (devices, the test)
    Irql irql;                          // PASSIVE outside
    std::string actor;                  // thread, service routine or device that did it
    std::string subject;
    std::string detail;
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    std::uint64_t c = 0;

    // What happened, in words: "wire led goes high", "interrupt \_SB.BTN0 (ISR)".
    std::string text() const;
    // A row of the timeline: time in us, processor, IRQL, actor, text.
    std::string line() const;
};

std::ostream& operator<<(std::ostream& stream, const Event& event);

// A list of events in the order in which they happened. Filters give a new list:
//     board.events().of(EventKind::interrupt_enter).about("\\_SB.BTN0").on_processor(0)
class Events {
  public:
    using const_iterator = std::vector<Event>::const_iterator;

    Events() = default;
    explicit Events(std::vector<Event> events) : events_(std::move(events)) {}

    bool empty() const { return events_.empty(); }
    std::size_t size() const { return events_.size(); }
    const_iterator begin() const { return events_.begin(); }
    const_iterator end() const { return events_.end(); }
    // These three throw std::out_of_range.
    const Event& operator[](std::size_t index) const { return events_.at(index); }
    const Event& front() const { return events_.at(0); }
    const Event& back() const { return events_.at(events_.size() - 1); }

    Events of(EventKind kind) const;
    Events of(std::initializer_list<EventKind> kinds) const;
    Events by(std::string_view actor) const;         // the actor's whole name
    Events about(std::string_view subject) const;    // the subject's whole name
    Events containing(std::string_view text) const;  // part of text()
    Events on_processor(unsigned processor) const;
    Events from(std::chrono::nanoseconds time) const;   // at `time` and later
    Events until(std::chrono::nanoseconds time) const;  // before `time`
    // What a short timeline shows: edges, interrupts, callbacks, requests, messages and states;
    // no registers, locks, waits, threads, and nothing of Plug and Play that went well.
    Events steps() const;
    Events where(const std::function<bool(const Event&)>& wanted) const;

    void push_back(Event event) { events_.push_back(std::move(event)); }

  private:
    std::vector<Event> events_;
};

// One line an event.
std::ostream& operator<<(std::ostream& stream, const Events& events);

}  // namespace gpioclx
