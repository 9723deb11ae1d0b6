// ACPICA entered by several threads of the host, as the machine's fibers will.
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "firmware/loaded_test.h"

namespace gpioclx::firmware {
namespace {

// Threads that take turns: exactly one runs, and it hands over only where the host may switch.
class TurnsHost : public SimpleHost {
  public:
    std::uint64_t current_thread() override { return self == 0 ? 100 : self; }
    void sleep_ms(std::uint64_t milliseconds) override {
        const std::uint64_t until = now_100ns() + milliseconds * 10'000;
        yield_until([&] { return clock_ >= until; }, until);
    }
    std::uint64_t now_100ns() override { return clock_; }
    bool block(Channel channel, std::uint32_t timeout_ms) override {
        const std::uint64_t woken = wakes_[channel];
        const std::uint64_t until =
            timeout_ms == forever ? ~std::uint64_t{0} : clock_ + timeout_ms * 10'000;
        yield_until([&] { return wakes_[channel] != woken || clock_ >= until; }, until);
        return wakes_[channel] != woken;
    }
    void unblock(Channel channel) override { ++wakes_[channel]; }

    // Runs the functions as threads 1, 2, ... until all are done.
    void run(std::vector<std::function<void()>> functions) {
        std::vector<std::thread> threads;
        ready_.resize(functions.size());
        alive_.assign(functions.size(), true);
        wake_time_.assign(functions.size(), 0);
        for (std::size_t i = 0; i < functions.size(); ++i) ready_[i] = [] { return true; };
        turn_ = 1;
        for (std::size_t i = 0; i < functions.size(); ++i) {
            threads.emplace_back([this, i, &functions] {
                self = i + 1;
                wait_for_turn();
                functions[i]();
                alive_[i] = false;
                hand_over();
            });
        }
        for (std::thread& thread : threads) thread.join();
    }

  private:
    void wait_for_turn() {
        std::unique_lock lock(mutex_);
        turned_.wait(lock, [&] { return turn_ == self; });
    }
    void yield_until(std::function<bool()> ready, std::uint64_t wake_time) {
        if (self == 0) {  // outside of run(): alone
            if (!ready()) clock_ = wake_time;
            return;
        }
        ready_[self - 1] = std::move(ready);
        wake_time_[self - 1] = wake_time;
        hand_over();
        wait_for_turn();
        ready_[self - 1] = [] { return true; };
    }
    // To the next thread that can run; if there is none, time passes to the first that will.
    void hand_over() {
        std::unique_lock lock(mutex_);
        for (int round = 0; round < 2; ++round) {
            for (std::size_t step = 1; step <= ready_.size(); ++step) {
                const std::size_t next = (self - 1 + step) % ready_.size();
                if (!alive_[next] || !ready_[next]()) continue;
                turn_ = next + 1;
                turned_.notify_all();
                return;
            }
            std::uint64_t first = ~std::uint64_t{0};
            for (std::size_t i = 0; i < ready_.size(); ++i) {
                if (alive_[i]) first = std::min(first, wake_time_[i]);
            }
            clock_ = first;
        }
    }

    static thread_local std::uint64_t self;
    std::mutex mutex_;
    std::condition_variable turned_;
    std::uint64_t turn_ = 0;
    std::uint64_t clock_ = 0;
    std::map<Channel, std::uint64_t> wakes_;
    std::vector<std::function<bool()>> ready_;
    std::vector<char> alive_;
    std::vector<std::uint64_t> wake_time_;
};

thread_local std::uint64_t TurnsHost::self = 0;

class Threads : public ScratchTest {
  protected:
    Firmware& load(const std::string& body) {
        const auto path =
            write("t.asl", "DefinitionBlock (\"\", \"DSDT\", 2, \"GXTEST\", \"FIRMWARE\", 1)\n{" +
                               body + "}\n");
        auto tables = load_tables({path}, folder());
        if (!tables) throw std::runtime_error(tables.error().text());
        auto loaded = Firmware::load(std::move(*tables), host_);
        if (!loaded) throw std::runtime_error(loaded.error().text());
        firmware_ = std::move(*loaded);
        return *firmware_;
    }
    TurnsHost host_;
    std::unique_ptr<Firmware> firmware_;
};

TEST_F(Threads, another_runs_a_method_while_one_sleeps_in_its_own) {
    Firmware& firmware = load(
        "Method (\\SLOW) { Sleep (10) Return (1) }\n"
        "Method (\\FAST) { Return (2) }");
    std::string order;
    host_.run({[&] {
                   EXPECT_EQ(*firmware.evaluate("\\SLOW"), Value{1});
                   order += "slow ";
               },
               [&] {
                   EXPECT_EQ(*firmware.evaluate("\\FAST"), Value{2});
                   order += "fast ";
               }});
    EXPECT_EQ(order, "fast slow ");
}

TEST_F(Threads, one_waits_for_an_AML_mutex_that_another_holds) {
    Firmware& firmware = load(
        "Mutex (\\MTX0, 0)\nName (\\LOG0, 0)\n"
        "Method (\\WORK, 1) {\n"
        "  Acquire (MTX0, 0xFFFF)\n"
        "  LOG0 = (LOG0 << 4) | Arg0\n"
        "  Sleep (10)\n"
        "  LOG0 = (LOG0 << 4) | Arg0\n"
        "  Release (MTX0) }");
    host_.run({[&] { EXPECT_TRUE(firmware.evaluate("\\WORK", {1}).ok()); },
               [&] { EXPECT_TRUE(firmware.evaluate("\\WORK", {2}).ok()); },
               [&] { EXPECT_TRUE(firmware.evaluate("\\WORK", {3}).ok()); }});
    // Each pair together: nobody came in between.
    EXPECT_EQ(*firmware.evaluate("\\LOG0"), Value{0x112233});
    EXPECT_EQ(host_.complaints(), "");
}

TEST_F(Threads, serialized_method_is_entered_by_one_at_a_time) {
    Firmware& firmware = load(
        "Name (\\LOG0, 0)\n"
        "Method (\\WORK, 1, Serialized) {\n"
        "  LOG0 = (LOG0 << 4) | Arg0\n"
        "  Sleep (10)\n"
        "  LOG0 = (LOG0 << 4) | Arg0 }");
    host_.run({[&] { EXPECT_TRUE(firmware.evaluate("\\WORK", {1}).ok()); },
               [&] { EXPECT_TRUE(firmware.evaluate("\\WORK", {2}).ok()); }});
    EXPECT_EQ(*firmware.evaluate("\\LOG0"), Value{0x1122});
}

TEST_F(Threads, another_runs_a_method_while_a_region_handler_blocks) {
    class Slow : public PinRegionHandler {
      public:
        explicit Slow(Host& host) : host_(host) {}
        Result<void> access(const PinAccess&, std::uint64_t& value) override {
            host_.sleep_ms(5);
            value = 1;
            return {};
        }

      private:
        Host& host_;
    };
    Firmware& firmware = load(R"(
        Device (\_SB.GPI0) {
            Name (_HID, "TEST0001")
            OperationRegion (GPOP, GeneralPurposeIo, 0, 0x100)
            Field (\_SB.GPI0.GPOP, ByteAcc, NoLock, Preserve) {
                Connection (GpioIo (Shared, PullNone, 0, 0, , "\\_SB.GPI0") {7}), PIN7, 1
            }
        }
        Method (\FAST) { Return (2) })");
    Slow slow(host_);
    ASSERT_TRUE(firmware.connect_region("\\_SB.GPI0", slow).ok());
    std::string order;
    const auto read = [&] {
        EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.PIN7"), Value{1});
        order += "pin ";
    };
    host_.run({read, read, [&] {
                   EXPECT_EQ(*firmware.evaluate("\\FAST"), Value{2});
                   order += "fast ";
               }});
    EXPECT_EQ(order, "fast pin pin ");
    EXPECT_EQ(host_.complaints(), "");
}

// A method that waits for its pin must not keep others from theirs: they may be what it waits for.
TEST_F(Threads, two_accesses_of_one_region_run_side_by_side) {
    class Meeting : public PinRegionHandler {
      public:
        explicit Meeting(Host& host) : host_(host) {}
        Result<void> access(const PinAccess& access, std::uint64_t& value) override {
            most = std::max(most, ++inside);
            host_.sleep_ms(5);
            --inside;
            value = access.connection.pins[0] == 7 ? 1 : 0;
            return {};
        }
        int inside = 0;
        int most = 0;

      private:
        Host& host_;
    };
    Firmware& firmware = load(R"(
        Device (\_SB.GPI0) {
            Name (_HID, "TEST0001")
            OperationRegion (GPOP, GeneralPurposeIo, 0, 0x100)
            Field (\_SB.GPI0.GPOP, ByteAcc, NoLock, Preserve) {
                Connection (GpioIo (Shared, PullNone, 0, 0, , "\\_SB.GPI0") {7}), PIN7, 1,
                Connection (GpioIo (Shared, PullNone, 0, 0, , "\\_SB.GPI0") {8}), PIN8, 1
            }
        })");
    Meeting meeting(host_);
    ASSERT_TRUE(firmware.connect_region("\\_SB.GPI0", meeting).ok());
    host_.run({[&] { EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.PIN7"), Value{1}); },
               [&] { EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.PIN8"), Value{0}); },
               [&] {
                   // Comes while both are under way, and lets them finish.
                   host_.sleep_ms(2);
                   EXPECT_TRUE(firmware.disconnect_region("\\_SB.GPI0").ok());
                   EXPECT_EQ(meeting.inside, 0);
               }});
    EXPECT_EQ(meeting.most, 2);
    EXPECT_EQ(host_.complaints(), "");
}

}  // namespace
}  // namespace gpioclx::firmware
