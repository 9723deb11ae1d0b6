#include "machine/checkpoint.h"

#include <signal.h>
#include <sys/mman.h>

#include <cstring>

#include "machine/machine_fixture.h"
#include "machine/sanitizer.h"

namespace gpioclx::machine {
namespace {

struct World {
    std::vector<int> numbers;
    int step = 0;
};

class CheckpointTest : public MachineTest {
  protected:
    static void body(void* context) {
        World& world = *static_cast<World*>(context);
        Machine& m = Machine::current();
        for (;;) {
            world.numbers.push_back(++world.step);
            m.emit(EventKind::mark, m.name("step"), no_name,
                   static_cast<std::uint64_t>(world.step));
            m.block(m.name("pause"), m.now_ns() + 100);
        }
    }
    std::vector<std::uint64_t> trail() const {
        std::vector<std::uint64_t> result;
        for (const Event& e : recorder.events) {
            result.insert(result.end(),
                          {e.time_ns, e.sequence, static_cast<std::uint64_t>(e.kind), e.a});
        }
        return result;
    }
};

TEST_F(CheckpointTest, execution_from_a_restored_checkpoint_is_the_same_again) {
    start(2);
    World* world = nullptr;
    {
        ArenaScope inside;
        world = new World;
    }
    thread("t", &body, world);
    machine->run(1000);
    const int step_before = world->step;
    ASSERT_GT(step_before, 5);
    const Checkpoint checkpoint = Checkpoint::take();

    recorder.events.clear();
    machine->run(5000);
    const auto first = trail();
    EXPECT_GT(world->step, step_before + 30);

    checkpoint.restore();
    EXPECT_EQ(world->step, step_before);
    EXPECT_EQ(world->numbers.size(), static_cast<std::size_t>(step_before));
    EXPECT_EQ(machine->now_ns(), 1000u);
    recorder.events.clear();
    machine->run(5000);
    EXPECT_EQ(trail(), first);
}

TEST_F(CheckpointTest, extra_regions_are_saved_too) {
    start(1);
    static int image_data = 5;
    Arena::instance().add_region(&image_data, sizeof image_data);
    const Checkpoint checkpoint = Checkpoint::take();
    image_data = 9;
    checkpoint.restore();
    EXPECT_EQ(image_data, 5);
    Arena::instance().remove_region(&image_data);
}

#ifndef GX_WITH_ASAN

int faults = 0;

void on_fault(int, siginfo_t* info, void*) {
    ++faults;
    if (!Checkpoint::note_write(reinterpret_cast<std::uintptr_t>(info->si_addr))) _exit(1);
}

// Three pages of its own in a machine, and a handler as the worker's.
class WatchedCheckpoint : public MachineTest {
  protected:
    static constexpr std::size_t page = 4096;
    void SetUp() override {
        start(1);
        memory = static_cast<char*>(
            mmap(nullptr, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        std::memset(memory, 1, 3 * page);
        Arena::instance().add_region(memory, 3 * page);
        faults = 0;
        struct sigaction action {};
        action.sa_sigaction = &on_fault;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGSEGV, &action, &before);
    }
    void TearDown() override {
        sigaction(SIGSEGV, &before, nullptr);
        Arena::instance().remove_region(memory);
        munmap(memory, 3 * page);
        MachineTest::TearDown();
    }
    char* memory = nullptr;
    struct sigaction before {};
};

TEST_F(WatchedCheckpoint, copies_only_pages_that_were_ever_written) {
    Checkpoint checkpoint = Checkpoint::take();
    checkpoint.watch();
    const std::size_t at_first = checkpoint.restored_bytes();
    volatile char* bytes = memory;
    for (int i = 0; i < 3; ++i) {
        bytes[page + 5] = 2;
        bytes[page + 6] = 2;
        checkpoint.restore();
        EXPECT_EQ(bytes[page + 5], 1);
        EXPECT_EQ(bytes[page + 6], 1);
    }
    EXPECT_EQ(faults, 1);
    EXPECT_EQ(checkpoint.restored_bytes(), at_first + page);
    EXPECT_LT(checkpoint.restored_bytes(), checkpoint.size());
    bytes[2 * page] = 7;
    checkpoint.restore();
    EXPECT_EQ(bytes[2 * page], 1);
    EXPECT_EQ(faults, 2);
}

TEST_F(WatchedCheckpoint, another_checkpoint_ends_the_watch) {
    Checkpoint first = Checkpoint::take();
    volatile char* bytes = memory;
    bytes[0] = 3;
    Checkpoint second = Checkpoint::take();
    first.watch();
    EXPECT_EQ(bytes[0], 1);
    second.restore();
    EXPECT_EQ(bytes[0], 3);
    first.watch();
    EXPECT_EQ(bytes[0], 1);
    first.unwatch();
    bytes[page] = 5;
    EXPECT_EQ(faults, 0);
}

TEST_F(WatchedCheckpoint, each_kind_of_execution_has_its_own_pages) {
    Checkpoint checkpoint = Checkpoint::take();
    volatile char* bytes = memory;
    checkpoint.watch(0);
    const std::size_t at_first = checkpoint.restored_bytes();
    bytes[0] = 2;
    checkpoint.watch(1);
    EXPECT_EQ(bytes[0], 1);
    EXPECT_EQ(checkpoint.restored_bytes(), at_first);
    bytes[page] = 2;
    bytes[2 * page] = 2;
    checkpoint.watch(0);
    EXPECT_EQ(bytes[page], 1);
    EXPECT_EQ(bytes[2 * page], 1);
    bytes[0] = 3;
    EXPECT_EQ(faults, 3);
    checkpoint.restore();
    EXPECT_EQ(bytes[0], 1);
    EXPECT_EQ(checkpoint.restored_bytes(), at_first + page);
}

TEST_F(WatchedCheckpoint, a_fault_elsewhere_is_not_its_own) {
    Checkpoint checkpoint = Checkpoint::take();
    checkpoint.watch();
    EXPECT_FALSE(Checkpoint::note_write(8));
    memory[0] = 2;
    EXPECT_FALSE(Checkpoint::note_write(reinterpret_cast<std::uintptr_t>(memory)));
    checkpoint.unwatch();
    EXPECT_FALSE(Checkpoint::note_write(reinterpret_cast<std::uintptr_t>(memory + page)));
}

#endif

}  // namespace
}  // namespace gpioclx::machine
