// A machine in the arena with a recorder of what happened, for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "machine/arena.h"
#include "machine/machine.h"
#include "machine/seeded_policy.h"

namespace gpioclx::machine {

class Recorder final : public EventSink {
  public:
    void record(const Event& event) override {
        OutsideArenaScope outside;
        events.push_back(event);
    }
    std::vector<Event> events;
};

class MachineTest : public ::testing::Test {
  protected:
    void start(std::uint32_t processors, std::uint64_t seed = 0) {
        policy = std::make_unique<SeededPolicy>(seed);
        Arena::instance().reset();
        ArenaScope inside;
        machine = new Machine({.processors = processors}, names, recorder, *policy);
    }
    void TearDown() override {
        delete machine;
        machine = nullptr;
    }

    Thread& thread(std::string_view name, void (*body)(void*), void* context = nullptr,
                   std::uint8_t priority = 8) {
        ArenaScope inside;
        return machine->create_thread(names.intern(name), body, context, priority);
    }

    // For what a test keeps of a run: memory allocated while the machine runs is the arena's, which
    // the next test starts anew.
    template <typename Container, typename Value>
    static void note(Container& container, const Value& value) {
        OutsideArenaScope outside;
        container.push_back(value);
    }

    std::vector<std::string> subjects(EventKind kind) const {
        std::vector<std::string> result;
        for (const Event& e : recorder.events) {
            if (e.kind == kind) result.emplace_back(names.text(e.subject));
        }
        return result;
    }
    void mark(std::string_view text) { machine->emit(EventKind::mark, names.intern(text)); }

    LocalNameTable names;
    Recorder recorder;
    std::unique_ptr<SeededPolicy> policy;
    Machine* machine = nullptr;
};

}  // namespace gpioclx::machine
