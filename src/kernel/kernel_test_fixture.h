// A machine with the kernel's services on it, for tests: no drivers, no devices. A test gives
// bodies of system threads as lambdas and looks at what the event stream says afterwards.
#pragma once

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/ke/thread.h"
#include "kernel/system.h"
#include "machine/arena.h"
#include "machine/machine.h"
#include "machine/seeded_policy.h"

namespace gpioclx::kernel {

// The tag that shows as `text` in events: what drivers write backwards as 'kcoL'.
constexpr ULONG pool_tag(const char (&text)[5]) {
    ULONG tag = 0;
    for (int i = 0; i < 4; ++i)
        tag |= static_cast<ULONG>(static_cast<unsigned char>(text[i])) << (8 * i);
    return tag;
}

class EventRecorder final : public machine::EventSink {
  public:
    void record(const machine::Event& event) override {
        machine::OutsideArenaScope outside;
        events.push_back(event);
    }
    std::vector<machine::Event> events;
};

class KernelTest : public ::testing::Test {
  public:
    static constexpr std::uint64_t second_ns = 1'000'000'000;

    // Builds machine and system; the first use of anything else does so with two processors, seed
    // 0.
    void start(std::uint32_t processors, std::uint64_t seed = 0) {
        drop();
        recorder.events.clear();
        policy = std::make_unique<machine::SeededPolicy>(seed);
        machine::Arena::instance().reset();
        machine::ArenaScope inside;
        machine_ = new machine::Machine({.processors = processors}, names, recorder, *policy);
        system_ = new System(*machine_);
    }

    machine::Machine& machine() {
        if (machine_ == nullptr) start(2);
        return *machine_;
    }
    System& system() {
        machine();
        return *system_;
    }

    // A system thread that runs the body when the machine runs. Expectations inside are reported
    // when the run is over (memory allocated while it runs belongs to the machine).
    machine::Thread& thread(std::string_view name, std::function<void()> body, int priority = 8) {
        machine();
        bodies_.push_back({std::move(body), false});
        PKTHREAD created =
            ke::create_thread(name, &KernelTest::run_body, &bodies_.back(), priority);
        return *created->MachineThread;
    }

    // Until nothing is left to do, at most `limit_ns` of virtual time.
    machine::RunResult run(std::uint64_t limit_ns = 60 * second_ns) {
        machine::Machine& m = machine();
        ::testing::TestPartResultArray results;
        machine::RunResult result;
        {
            ::testing::ScopedFakeTestPartResultReporter reporter(
                ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD,
                &results);
            result = m.run_until_idle(m.now_ns() + limit_ns);
        }
        for (int i = 0; i < results.size(); ++i) {
            const auto& part_result = results.GetTestPartResult(i);
            ADD_FAILURE_AT(part_result.file_name(), part_result.line_number())
                << part_result.message();
        }
        return result;
    }

    // One thread with this body, run to its end.
    void run_as_thread(std::function<void()> body, std::string_view name = "test") {
        thread(name, std::move(body));
        const Body& started = bodies_.back();
        run();
        EXPECT_TRUE(started.finished) << "the thread '" << name << "' did not come to its end";
    }

    std::vector<std::string> subjects(machine::EventKind kind) const {
        std::vector<std::string> result;
        for (const machine::Event& e : recorder.events) {
            if (e.kind == kind) result.emplace_back(names.text(e.subject));
        }
        return result;
    }
    // "irql-001: KeSetEvent was called at ..."
    std::vector<std::string> findings() const {
        std::vector<std::string> result;
        for (const machine::Event& e : recorder.events) {
            if (e.kind != machine::EventKind::finding) continue;
            result.push_back(std::string(names.text(e.subject)) + ": " +
                             std::string(names.text(e.detail)));
        }
        return result;
    }
    bool found(std::string_view id) const {
        for (const std::string& finding : findings()) {
            if (finding.starts_with(std::string(id) + ":")) return true;
        }
        return false;
    }
    // The whole stream as text, for comparisons between runs.
    std::vector<std::string> stream() const {
        std::vector<std::string> lines;
        for (const machine::Event& e : recorder.events) {
            lines.push_back(
                std::to_string(e.time_ns) + " p" + std::to_string(e.processor) + " irql " +
                std::to_string(e.level) + " kind " + std::to_string(static_cast<int>(e.kind)) +
                " " + std::string(names.text(e.actor)) + " | " +
                std::string(names.text(e.subject)) + " | " + std::string(names.text(e.detail)) +
                " " + std::to_string(e.a) + " " + std::to_string(e.b) + " " + std::to_string(e.c));
        }
        return lines;
    }

    void TearDown() override { drop(); }

    machine::LocalNameTable names;
    EventRecorder recorder;
    std::unique_ptr<machine::SeededPolicy> policy;

  private:
    struct Body {
        std::function<void()> run;
        bool finished = false;
    };
    static void run_body(void* context) {
        Body& body = *static_cast<Body*>(context);
        body.run();
        body.finished = true;
    }

    void drop() {
        delete system_;
        system_ = nullptr;
        delete machine_;
        machine_ = nullptr;
        bodies_.clear();
    }

    std::list<Body> bodies_;
    machine::Machine* machine_ = nullptr;
    System* system_ = nullptr;
};

}  // namespace gpioclx::kernel
