// The tests' own binary plays the worker: started with "worker", it runs the service below.
#include "worker/supervisor.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "machine/arena.h"
#include "machine/machine.h"
#include "machine/sanitizer.h"
#include "machine/seeded_policy.h"
#include "worker/worker_process.h"

namespace gpioclx::worker {
namespace {

int* volatile nowhere =
    nullptr;  // not known to the compiler, which may do anything with a write to null
void null_write() { *static_cast<volatile int*>(nowhere) = 1; }
void (*volatile nothing)() = nullptr;
void call_nothing() {
    nothing();
    nothing = nullptr;  // not a tail call
}
// For longer than the watchdog of the test waits, on any machine of these years.
void step_without_events() {
#ifdef GX_WITH_ASAN
    constexpr int steps = 15'000'000;  // each takes ten times as long
#else
    constexpr int steps = 150'000'000;
#endif
    for (int i = 0; i < steps; ++i) machine::Machine::current().step(0);
}
volatile bool forever = true;  // a loop without an effect may be left out
int (*again)(int);
int overflow(int depth) {
    volatile char room[4096];
    room[0] = static_cast<char>(depth);
    return again(depth + 1) + room[0];
}

class TestService final : public Service {
  public:
    explicit TestService(WorkerContext& context) : context_(context), policy_(0) {}

    Result<nlohmann::json> handle(const nlohmann::json& request) override {
        const std::string what = request.at("what");
        if (what == "echo") return request;
        if (what == "refuse") return Error{.message = "no", .file = "f", .line = 3};
        if (what == "exit") _exit(9);
        if (what == "hang")
            while (forever) {
            }
        again = &overflow;
        const auto body = what == "null"   ? +[](void*) { null_write(); }
                          : what == "call" ? +[](void*) { call_nothing(); }
                          : what == "busy" ? +[](void*) { step_without_events(); }
                                           : +[](void*) { overflow(0); };
        machine::ArenaScope inside;
        auto* m = new machine::Machine({.processors = 1}, context_.names, context_.events, policy_);
        context_.machine = m;
        m->create_thread(m->name("victim"), body, nullptr);
        m->run_until_idle(1'000'000'000);
        return nlohmann::json::object();
    }

  private:
    WorkerContext& context_;
    machine::SeededPolicy policy_;
};

std::unique_ptr<Supervisor> start(std::uint32_t watchdog_ms = 10'000) {
    auto supervisor =
        Supervisor::start({.executable = "/proc/self/exe", .watchdog_ms = watchdog_ms});
    EXPECT_TRUE(supervisor.ok());
    return std::move(*supervisor);
}

TEST(Supervisor, a_request_gets_its_answer) {
    auto worker = start();
    const auto answer = worker->call({{"what", "echo"}, {"n", 7}});
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(answer->at("n"), 7);
}

TEST(Supervisor, a_refusal_carries_message_and_place) {
    auto worker = start();
    const auto answer = worker->call({{"what", "refuse"}});
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().text(), "f:3: no");
    EXPECT_FALSE(worker->death().has_value());
}

TEST(Supervisor, survives_a_null_dereference_and_knows_the_frames) {
    auto worker = start();
    EXPECT_FALSE(worker->call({{"what", "null"}}).ok());
    ASSERT_TRUE(worker->death().has_value());
    EXPECT_EQ(worker->death()->kind, CrashKind::fault);
    EXPECT_EQ(worker->death()->address, 0u);
    EXPECT_EQ(worker->death()->access, CrashAccess::write);
    EXPECT_GE(worker->death()->frames.size(), 2u);
    EXPECT_EQ(worker->death()->processor, 0);
    EXPECT_EQ(worker->name(worker->death()->actor), "victim");
}

TEST(Supervisor, knows_who_called_a_null_pointer) {
    auto worker = start();
    EXPECT_FALSE(worker->call({{"what", "call"}}).ok());
    ASSERT_TRUE(worker->death().has_value());
    EXPECT_EQ(worker->death()->access, CrashAccess::execute);
    ASSERT_GE(worker->death()->frames.size(), 2u);
    EXPECT_EQ(worker->death()->frames[0], 0u);
    EXPECT_NE(worker->death()->frames[1], 0u);
}

TEST(Supervisor, takes_a_machine_that_makes_steps_for_alive) {
    auto worker = start(100);
    EXPECT_TRUE(worker->call({{"what", "busy"}}).ok());
}

TEST(Supervisor, tells_a_stack_overflow_from_a_wild_pointer) {
    auto worker = start();
    EXPECT_FALSE(worker->call({{"what", "overflow"}}).ok());
    ASSERT_TRUE(worker->death().has_value());
    EXPECT_EQ(worker->death()->kind, CrashKind::stack_overflow);
    EXPECT_GE(worker->death()->frames.size(), 3u);
}

TEST(Supervisor, ends_a_worker_that_never_returns) {
    auto worker = start(200);
    EXPECT_FALSE(worker->call({{"what", "hang"}}).ok());
    ASSERT_TRUE(worker->death().has_value());
    EXPECT_EQ(worker->death()->kind, CrashKind::hang);
}

TEST(Supervisor, notices_an_exit_without_last_words) {
    auto worker = start();
    EXPECT_FALSE(worker->call({{"what", "exit"}}).ok());
    ASSERT_TRUE(worker->death().has_value());
    EXPECT_EQ(worker->death()->kind, CrashKind::none);
    EXPECT_EQ(worker->death()->exit_status, 9);
}

}  // namespace
}  // namespace gpioclx::worker

int main(int argc, char** argv) {
    if (argc == 4 && std::strcmp(argv[1], "worker") == 0) {
        using namespace gpioclx::worker;
        return run_worker(std::atoi(argv[2]), std::atoi(argv[3]), [](WorkerContext& context) {
            return std::unique_ptr<Service>(new TestService(context));
        });
    }
    ::testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
