#include "trace/perfetto.h"

#include <fmt/format.h>

#include <algorithm>

#include "trace/steps.h"
#include "trace/timeline.h"

namespace gpioclx::trace {

using machine::Event;
using machine::EventKind;

namespace {

// Field numbers of perfetto/trace/*.proto.
namespace trace_field {
constexpr unsigned packet = 1;
}
namespace packet_field {
constexpr unsigned timestamp = 8, sequence_id = 10, track_event = 11, sequence_flags = 13,
                   track_descriptor = 60;
}
namespace track_field {
constexpr unsigned uuid = 1, name = 2, process = 3, parent = 5, counter = 8, child_ordering = 11,
                   rank = 12;
}
namespace process_field {
constexpr unsigned pid = 1, name = 6;
}
namespace counter_field {
constexpr unsigned unit_name = 6;
}
namespace event_field {
constexpr unsigned annotation = 4, type = 9, track = 11, name = 23, double_counter = 44, flow = 47;
}
namespace annotation_field {
constexpr unsigned text = 6, name = 10;
}

constexpr unsigned slice_begin = 1, slice_end = 2, instant_type = 3, counter_type = 4;
constexpr unsigned incremental_state_cleared = 1;
constexpr unsigned ordered_by_rank = 3;
constexpr std::uint64_t only_sequence = 1;
constexpr std::uint64_t machine_pid = 1;

// A wire that nobody drives is drawn between the levels.
double height(std::uint64_t level) { return level == 0 ? 0.0 : level == 1 ? 1.0 : 0.5; }

ProtobufMessage unit(std::string_view name) {
    ProtobufMessage counter;
    counter.text(counter_field::unit_name, name);
    return counter;
}

std::string with_detail(std::string_view subject, std::string_view detail) {
    return detail.empty() ? std::string(subject) : fmt::format("{} {}", subject, detail);
}

}  // namespace

Perfetto::Perfetto(std::FILE* file) : file_(file) {
    ProtobufMessage process;
    process.number(process_field::pid, machine_pid);
    process.text(process_field::name, "gpioclx");
    machine_ = ++last_track_;
    ProtobufMessage track;
    track.number(track_field::uuid, machine_);
    track.message(track_field::process, process);
    track.number(track_field::child_ordering, ordered_by_rank);
    ProtobufMessage first;
    first.number(packet_field::sequence_flags, incremental_state_cleared);
    first.message(packet_field::track_descriptor, track);
    packet(first);
    findings_ = describe_track("findings", machine_, nullptr, false);
    outside_ = describe_track("outside and edges", machine_, nullptr, false);
    wire_group_ = describe_track("wires", machine_, nullptr, true);
}

void Perfetto::packet(const ProtobufMessage& packet) {
    ProtobufMessage whole = packet;
    whole.number(packet_field::sequence_id, only_sequence);
    ProtobufMessage trace;
    trace.message(trace_field::packet, whole);
    std::fwrite(trace.bytes().data(), 1, trace.bytes().size(), file_);
}

Perfetto::Track Perfetto::describe_track(std::string_view name, Track parent,
                                         const ProtobufMessage* counter, bool ordered) {
    const Track uuid = ++last_track_;
    ProtobufMessage track;
    track.number(track_field::uuid, uuid);
    track.text(track_field::name, name);
    track.number(track_field::parent, parent);
    track.number(track_field::rank, uuid);  // as they were described
    if (counter != nullptr) track.message(track_field::counter, *counter);
    if (ordered) track.number(track_field::child_ordering, ordered_by_rank);
    ProtobufMessage described;
    described.message(packet_field::track_descriptor, track);
    packet(described);
    return uuid;
}

void Perfetto::emit(Track track, unsigned type, std::string_view name, const Notes& notes) {
    ProtobufMessage event;
    event.number(event_field::type, type);
    event.number(event_field::track, track);
    if (!name.empty()) event.text(event_field::name, name);
    if (notes.flow != 0) event.fixed64(event_field::flow, notes.flow);
    for (const auto& [key, value] : notes.values) {
        ProtobufMessage annotation;
        annotation.text(annotation_field::name, key);
        annotation.text(annotation_field::text, value);
        event.message(event_field::annotation, annotation);
    }
    ProtobufMessage whole;
    whole.number(packet_field::timestamp, time_ns_);
    whole.message(packet_field::track_event, event);
    packet(whole);
}

void Perfetto::count(Track track, double value) {
    ProtobufMessage event;
    event.number(event_field::type, counter_type);
    event.number(event_field::track, track);
    event.real(event_field::double_counter, value);
    ProtobufMessage whole;
    whole.number(packet_field::timestamp, time_ns_);
    whole.message(packet_field::track_event, event);
    packet(whole);
}

void Perfetto::declare(const std::string& wire, char level) {
    const ProtobufMessage counter = unit("level");
    const Track track = describe_track(wire, wire_group_, &counter, false);
    wires_[wire] = track;
    count(track, height(level == '0' ? 0 : level == '1' ? 1 : 2));
}

Perfetto::Processor& Perfetto::processor(const Event& event) {
    Processor& where = processors_[event.processor];
    if (where.track != 0) return where;
    const std::string name = fmt::format("processor {}", event.processor);
    where.track = describe_track(name, machine_, nullptr, true);
    const ProtobufMessage counter = unit("IRQL");
    where.irql = describe_track("IRQL of " + name, where.track, &counter, false);
    return where;
}

void Perfetto::follow_level(const Event& event) {
    if (event.processor == machine::no_processor) return;
    Processor& where = processor(event);
    if (where.level == event.level) return;
    where.level = event.level;
    count(where.irql, event.level);
}

void Perfetto::open(Processor& where, Slice slice, const Notes& notes) {
    emit(where.track, slice_begin, slice.name, notes);
    where.slices.push_back(std::move(slice));
}

// What was left without a word (a driver that was stopped in the middle) ends with it.
void Perfetto::close(Processor& where, EventKind opened_by, machine::NameId subject,
                     const Notes& notes) {
    const auto open = std::find_if(where.slices.rbegin(), where.slices.rend(), [&](const Slice& s) {
        return s.opened_by == opened_by && s.subject == subject;
    });
    if (open == where.slices.rend()) return;
    for (auto left = std::distance(where.slices.rbegin(), open); left > 0; --left) {
        emit(where.track, slice_end, {}, {});
        where.slices.pop_back();
    }
    emit(where.track, slice_end, {}, notes);
    where.slices.pop_back();
}

// A thread's callbacks go with it to the processor where it goes on.
void Perfetto::switch_thread(Processor& where, machine::NameId thread, const Names& names) {
    for (std::size_t i = 0; i < where.slices.size(); ++i) emit(where.track, slice_end, {}, {});
    if (where.thread != machine::no_name) switched_out_[where.thread] = std::move(where.slices);
    where.slices.clear();
    where.thread = thread;
    if (thread == machine::no_name) return;
    const auto before = switched_out_.find(thread);
    if (before == switched_out_.end() || before->second.empty()) {
        open(where, {std::string(names.name(thread)), EventKind::thread_switch, thread}, {});
        return;
    }
    where.slices = std::move(before->second);
    switched_out_.erase(before);
    for (const Slice& slice : where.slices) emit(where.track, slice_begin, slice.name, {});
}

void Perfetto::lock(const Event& event, const Names& names) {
    if (lock_group_ == 0) lock_group_ = describe_track("locks", machine_, nullptr, false);
    Lock& lock = locks_[{event.subject, event.a}];
    if (lock.track == 0)
        lock.track = describe_track(names.name(event.subject), lock_group_, nullptr, false);
    if (event.kind == EventKind::lock_acquired) {
        ++lock.depth;
        emit(lock.track, slice_begin, names.name(event.actor), {});
    } else if (event.kind == EventKind::lock_contended) {
        emit(lock.track, instant_type, fmt::format("{} waits", names.name(event.actor)), {});
    } else if (lock.depth > 0) {
        --lock.depth;
        emit(lock.track, slice_end, {}, {});
    }
}

// A counter has no place for an arrow: the edge itself stands beside it.
void Perfetto::wire(const Event& event, const Names& names, const Notes& notes) {
    const auto wire = wires_.find(names.name(event.subject));
    if (wire != wires_.end()) count(wire->second, height(event.a));
    emit(outside_, instant_type, describe(event, names), notes);
}

void Perfetto::instant(const Event& event, const Names& names, const Notes& notes) {
    const Track track =
        event.processor == machine::no_processor ? outside_ : processor(event).track;
    emit(track, instant_type, describe(event, names), notes);
}

// Routines, on the processor that runs them.
void Perfetto::routine(const Event& event, const Names& names, const Notes& notes) {
    if (event.processor == machine::no_processor) return;
    Processor& where = processor(event);
    const std::string_view subject = names.name(event.subject);
    const std::string_view detail = names.name(event.detail);
    switch (event.kind) {
        case EventKind::thread_switch: return switch_thread(where, event.subject, names);
        case EventKind::interrupt_enter:
            return open(where, {with_detail(subject, detail), event.kind, event.subject}, notes);
        case EventKind::interrupt_exit:
            return close(where, EventKind::interrupt_enter, event.subject,
                         {.values = {{"claimed", event.a != 0 ? "yes" : "no"}}});
        case EventKind::deferred_enter:
            return open(where, {fmt::format("DPC {}", subject), event.kind, event.subject}, notes);
        case EventKind::deferred_exit:
            return close(where, EventKind::deferred_enter, event.subject, {});
        case EventKind::callback_enter:
            return open(
                where, {std::string(subject), event.kind, event.subject},
                {.flow = notes.flow,
                 .values = {{"device", std::string(detail)}, {"call", describe(event, names)}}});
        default:
            return close(where, EventKind::callback_enter, event.subject,
                         {.values = {{"status", fmt::format("{:#010x}", event.c & 0xFFFFFFFF)}}});
    }
}

void Perfetto::write(const Event& event, const Names& names) {
    const Notes notes{.flow = flows_.flow_of(event, names)};
    time_ns_ = event.time_ns;
    follow_level(event);
    switch (event.kind) {
        case EventKind::wire_changed: return wire(event, names, notes);
        case EventKind::lock_acquired:
        case EventKind::lock_contended:
        case EventKind::lock_released: return lock(event, names);
        case EventKind::thread_switch:
        case EventKind::interrupt_enter:
        case EventKind::interrupt_exit:
        case EventKind::deferred_enter:
        case EventKind::deferred_exit:
        case EventKind::callback_enter:
        case EventKind::callback_exit: return routine(event, names, notes);
        case EventKind::finding:
        case EventKind::halt:
            emit(findings_, instant_type, names.name(event.subject),
                 {.flow = 0, .values = {{"what", std::string(names.name(event.detail))}}});
            return instant(event, names, {});
        case EventKind::mark:
            if (!is_stack(event, names)) instant(event, names, {});
            return;
        case EventKind::message:
        case EventKind::register_read:
        case EventKind::register_write:
        case EventKind::hardware_report:
        case EventKind::device_state:
        case EventKind::driver_state:
        case EventKind::timer_fired: return instant(event, names, {});
        case EventKind::deferred_queued:
        case EventKind::secondary_raised:
        case EventKind::request_sent:
        case EventKind::request_completed: return instant(event, names, notes);
        default: return;
    }
}

// What is still open when the stream ends is drawn to its end.
void Perfetto::finish() {
    for (auto& [number, where] : processors_) {
        for (std::size_t i = 0; i < where.slices.size(); ++i) emit(where.track, slice_end, {}, {});
        where.slices.clear();
    }
    std::fflush(file_);
}

}  // namespace gpioclx::trace
