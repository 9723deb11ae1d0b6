// The event stream as a Perfetto trace (TrackEvent packets), for ui.perfetto.dev and its like:
// per processor a track of what ran there and its IRQL as a counter, a track per lock, wires as
// counters. An edge and all that follows from it (interrupt, DPC, requests, their completion) carry
// one flow.
//
// Timestamps are the machine's, in ns. Names stand in each packet as they are: interned ones would
// halve the file, and a trace that was cut off could not be read.
#pragma once

#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "trace/flows.h"
#include "trace/protobuf.h"
#include "trace/writer.h"

namespace gpioclx::trace {

// What a packet says besides its name.
struct Notes {
    std::uint64_t flow = 0;
    std::vector<std::pair<const char*, std::string>> values = {};
};

class Perfetto final : public Writer {
  public:
    // Does not own the file.
    explicit Perfetto(std::FILE* file);

    // A wire with its level at time 0 ('0', '1' or 'z'); before the first event.
    void declare(const std::string& wire, char level);
    void write(const machine::Event& event, const Names& names) override;
    void finish() override;

  private:
    using Track = std::uint64_t;  // uuid

    // What stands open on a processor's track, and can be taken to another one.
    struct Slice {
        std::string name;
        machine::EventKind opened_by;
        machine::NameId subject;
    };
    struct Processor {
        Track track = 0;
        Track irql = 0;
        int level = -1;
        machine::NameId thread = machine::no_name;
        std::vector<Slice> slices;  // of the thread and of what interrupted it
    };

    void packet(const ProtobufMessage& packet);
    Track describe_track(std::string_view name, Track parent, const ProtobufMessage* counter,
                         bool ordered);
    void emit(Track track, unsigned type, std::string_view name, const Notes& notes);
    void count(Track track, double value);

    Processor& processor(const machine::Event& event);
    void follow_level(const machine::Event& event);
    void open(Processor& where, Slice slice, const Notes& notes);
    void close(Processor& where, machine::EventKind opened_by, machine::NameId subject,
               const Notes& notes);
    void switch_thread(Processor& where, machine::NameId thread, const Names& names);
    void routine(const machine::Event& event, const Names& names, const Notes& notes);
    void lock(const machine::Event& event, const Names& names);
    void wire(const machine::Event& event, const Names& names, const Notes& notes);
    void instant(const machine::Event& event, const Names& names, const Notes& notes);

    std::FILE* file_;
    std::uint64_t time_ns_ = 0;
    Track last_track_ = 0;
    Track machine_ = 0, outside_ = 0, lock_group_ = 0, wire_group_ = 0, findings_ = 0;
    std::map<std::uint8_t, Processor> processors_;
    std::map<machine::NameId, std::vector<Slice>> switched_out_;
    struct Lock {
        Track track = 0;
        unsigned depth = 0;
    };
    std::map<std::pair<machine::NameId, std::uint64_t>, Lock> locks_;
    std::map<std::string, Track, std::less<>> wires_;
    Flows flows_;
};

}  // namespace gpioclx::trace
