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

// The machine writes events into the window itself; what the supervisor has not read is behind its
// end.
TEST(EventRing, the_window_has_room_for_what_the_supervisor_has_read) {
    auto memory = SharedMemory::create();
    ASSERT_TRUE(memory.ok());
    RingSink sink(memory->layout());
    EventReader reader(memory->layout());
    machine::EventWindow& window = sink.window();
    EXPECT_EQ(window.next, window.end);  // the first event opens it
    machine::Event event{};
    sink.record(event);
    std::uint64_t written = 1;
    for (; window.takes(machine::EventKind::mark); ++written) {
        window.next->a = written;
        window.publish();
    }
    EXPECT_EQ(written, ring_capacity);

    std::uint64_t read = 0;
    reader.drain([&](const machine::Event& e) { ASSERT_EQ(e.a, read++); });
    EXPECT_EQ(read, ring_capacity);
    sink.record(event);
    EXPECT_EQ(window.end - window.next, static_cast<std::ptrdiff_t>(ring_capacity - 1));
}

TEST(EventRing, a_watched_kind_is_not_written_into_the_window) {
    auto memory = SharedMemory::create();
    ASSERT_TRUE(memory.ok());
    RingSink sink(memory->layout());
    sink.record({});
    sink.window().watched = std::uint64_t{1}
                            << static_cast<unsigned>(machine::EventKind::driver_state);
    EXPECT_FALSE(sink.window().takes(machine::EventKind::driver_state));
    EXPECT_TRUE(sink.window().takes(machine::EventKind::mark));
}

}  // namespace
}  // namespace gpioclx::worker
