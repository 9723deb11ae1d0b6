// The code of this test stands for the driver's image: after the fork it is in both processes.
#include "umdf/host_process.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstring>

#include "umdf/crossing.h"

// Nothing of the image is called in the machine here.
extern "C" std::uint64_t gx_umdf_call(gpioclx::umdf::CallFrame*) { return 0; }

namespace gpioclx::umdf {
namespace {

// ---- the machine's ----

int imports_here = 0;
std::uint64_t add(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d,
                  std::uint64_t e, std::uint64_t f, std::uint64_t g, std::uint64_t h) {
    ++imports_here;
    return a + 10 * b + 100 * c + 1000 * d + 10'000 * e + 100'000 * f + 1'000'000 * g +
           10'000'000 * h;
}
using Add = decltype(&add);
Add add_stub = nullptr;

// ---- the driver's ----

std::uint64_t multiply(std::uint64_t a, std::uint64_t b) { return a * b; }

std::uint64_t sum_of_eight(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t,
                           std::uint64_t, std::uint64_t, std::uint64_t g, std::uint64_t h) {
    return g * 100 + h;
}

std::uint64_t calls_out() { return add_stub(1, 2, 3, 4, 5, 6, 7, 8) + 1; }

std::uint64_t reads(const std::uint64_t* address) { return *address; }

std::uint64_t grows(std::uint64_t depth) {
    volatile char room[1024];
    room[0] = static_cast<char>(depth);
    if (depth == ~std::uint64_t{0}) return 0;
    return grows(depth + 1) + static_cast<std::uint64_t>(room[0]);
}

class HostProcessTest : public testing::Test {
  protected:
    void SetUp() override {
        add_stub = reinterpret_cast<Add>(
            const_cast<void*>(import_stub(reinterpret_cast<const void*>(&add))));
        ASSERT_NE(add_stub, nullptr);
        ASSERT_TRUE(host.start());
    }
    void TearDown() override {
        host.kill();
        slice.unmap();
    }

    template <typename Function, typename... Arguments>
    Message call(Function function, Arguments... arguments) {
        Message message;
        message.stack_top = slice.stack_top(1);
        message.call.function = reinterpret_cast<std::uint64_t>(function);
        int i = 0;
        ((message.call.arguments[i++] = static_cast<std::uint64_t>(arguments)), ...);
        return message;
    }

    UserSlice slice{5};
    HostProcess host{HostSetup{.slice = slice, .image_start = 0, .image_size = 0, .code = {}}};
};

TEST_F(HostProcessTest, a_call_comes_back_with_its_result) {
    Message message = call(&multiply, 6, 7);
    ASSERT_TRUE(host.exchange(message));
    EXPECT_EQ(message.kind, MessageKind::returned);
    EXPECT_EQ(message.result, 42u);
    message = call(&sum_of_eight, 1, 2, 3, 4, 5, 6, 7, 8);
    ASSERT_TRUE(host.exchange(message));
    EXPECT_EQ(message.result, 708u);
}

TEST_F(HostProcessTest, a_call_out_is_carried_out_here_with_all_arguments) {
    imports_here = 0;
    Message message = call(&calls_out);
    ASSERT_TRUE(host.exchange(message));
    ASSERT_EQ(message.kind, MessageKind::import);
    EXPECT_EQ(message.import->function, reinterpret_cast<std::uint64_t>(&add));
    EXPECT_TRUE(slice.on_stack(reinterpret_cast<std::uintptr_t>(message.import)));
    ImportRecord record;
    EXPECT_TRUE(run_import(*message.import, record));
    EXPECT_EQ(imports_here, 1);
    message.kind = MessageKind::result;
    ASSERT_TRUE(host.exchange(message));
    EXPECT_EQ(message.kind, MessageKind::returned);
    EXPECT_EQ(message.result, 87'654'322u);
}

// On top of a call out that is under way, on the same stack; and on another one.
TEST_F(HostProcessTest, calls_nest_and_stand_side_by_side) {
    Message outer = call(&calls_out);
    ASSERT_TRUE(host.exchange(outer));
    ASSERT_EQ(outer.kind, MessageKind::import);
    ImportFrame* frame = outer.import;

    Message other = call(&calls_out);
    other.stack_top = slice.stack_top(2);
    ASSERT_TRUE(host.exchange(other));
    ASSERT_EQ(other.kind, MessageKind::import);

    Message nested = call(&multiply, 3, 4);
    nested.context = outer.context;
    ASSERT_TRUE(host.exchange(nested));
    EXPECT_EQ(nested.kind, MessageKind::returned);
    EXPECT_EQ(nested.result, 12u);

    frame->result[0] = 5;
    Message done;
    done.kind = MessageKind::result;
    done.context = nested.context;
    ASSERT_TRUE(host.exchange(done));
    EXPECT_EQ(done.result, 6u);

    other.import->result[0] = 8;
    other.kind = MessageKind::result;
    ASSERT_TRUE(host.exchange(other));
    EXPECT_EQ(other.result, 9u);
}

TEST_F(HostProcessTest, memory_of_the_machine_is_not_there) {
    auto* own = static_cast<std::uint64_t*>(machine::Arena::instance().allocate(8));
    *own = 1;
    Message message = call(&reads, reinterpret_cast<std::uint64_t>(own));
    EXPECT_FALSE(host.exchange(message));
    EXPECT_EQ(host.death().kind, DeathKind::fault);
    EXPECT_EQ(host.death().signal, SIGSEGV);
    EXPECT_EQ(host.death().address, reinterpret_cast<std::uint64_t>(own));
    EXPECT_FALSE(host.death().wrote);
    EXPECT_EQ(host.pid(), -1);
    machine::Arena::instance().free(own);
}

TEST_F(HostProcessTest, stack_overflow_is_told_apart) {
    Message message = call(&grows, 0);
    EXPECT_FALSE(host.exchange(message));
    EXPECT_EQ(host.death().kind, DeathKind::stack_overflow);
}

TEST_F(HostProcessTest, kill_from_outside_is_noticed_in_a_turn_and_between_turns) {
    EXPECT_TRUE(host.is_alive());
    ::kill(host.pid(), SIGKILL);
    Message message = call(&multiply, 1, 1);
    EXPECT_FALSE(host.exchange(message));
    EXPECT_EQ(host.death().kind, DeathKind::killed);
    ASSERT_TRUE(host.start());
    EXPECT_TRUE(host.is_alive());
    host.kill();
    EXPECT_FALSE(host.is_alive());
}

TEST_F(HostProcessTest, a_new_process_takes_the_place_of_a_dead_one) {
    for (int i = 0; i < 5; ++i) {
        Message message = call(&multiply, i, 10);
        ASSERT_TRUE(host.exchange(message));
        EXPECT_EQ(message.result, 10u * static_cast<unsigned>(i));
        host.kill();
        ASSERT_TRUE(host.start());
    }
}

}  // namespace
}  // namespace gpioclx::umdf
