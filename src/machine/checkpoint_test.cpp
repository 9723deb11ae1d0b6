#include "machine/checkpoint.h"

#include "machine/machine_fixture.h"

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

}  // namespace
}  // namespace gpioclx::machine
