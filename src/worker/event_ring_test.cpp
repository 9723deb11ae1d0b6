#include "worker/event_ring.h"

#include <gtest/gtest.h>

namespace gpioclx::worker {
namespace {

TEST(EventRing, the_supervisor_reads_what_the_worker_recorded_with_names) {
    auto memory = SharedMemory::create();
    ASSERT_TRUE(memory.ok());
    RingSink sink(memory->layout());
    SharedNames names(memory->layout());
    machine::Event event{};
    event.kind = machine::EventKind::mark;
    event.subject = names.intern("press");
    sink.record(event);
    event.subject = names.intern("release");
    sink.record(event);
    EXPECT_EQ(names.intern("press"), names.intern("press"));

    EventReader reader(memory->layout());
    std::vector<std::string> seen;
    EXPECT_TRUE(
        reader.drain([&](const machine::Event& e) { seen.emplace_back(reader.name(e.subject)); }));
    EXPECT_EQ(seen, (std::vector<std::string>{"press", "release"}));
    EXPECT_FALSE(reader.drain([](const machine::Event&) {}));
}

TEST(EventRing, nothing_is_lost_when_it_wraps) {
    auto memory = SharedMemory::create();
    ASSERT_TRUE(memory.ok());
    RingSink sink(memory->layout());
    EventReader reader(memory->layout());
    std::uint64_t next = 0;
    machine::Event event{};
    for (std::uint64_t i = 0; i < 3 * ring_capacity; ++i) {
        event.a = i;
        sink.record(event);
        if (i % 1000 != 0 && i + 1 != 3 * ring_capacity) continue;
        reader.drain([&](const machine::Event& e) { ASSERT_EQ(e.a, next++); });
    }
    EXPECT_EQ(next, 3 * ring_capacity);
}

}  // namespace
}  // namespace gpioclx::worker
