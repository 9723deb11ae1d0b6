// What the tests of this folder share: surroundings that remember, and a controller from the
// shipped maps with a signal on each pin that a test touches.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hardware/controller.h"
#include "hardware/model_library.h"
#include "hardware/register_map_reader.h"
#include "hardware/signal.h"
#include "hardware/surroundings.h"
#include "hardware/wire.h"
#include "machine/arena.h"

namespace gpioclx::hardware {

class TestSurroundings final : public Surroundings {
  public:
    struct Report {
        HardwareEvent::Kind kind;
        std::string text;
        std::uint32_t pins;
        std::uint32_t bits;
    };

    // What it remembers is the test's, whoever calls.
    std::uint64_t now_ns() override { return time_ns; }
    void interrupt_output(Device&, unsigned output, bool active) override {
        machine::OutsideArenaScope outside;
        outputs.emplace_back(output, active);
    }
    void wire_changed(Wire& wire, Level, Level new_level) override {
        machine::OutsideArenaScope outside;
        wire_levels.push_back(wire.name() + "=" + std::string(to_string(new_level)));
    }
    std::size_t choose(std::string_view name, std::size_t alternatives) override {
        machine::OutsideArenaScope outside;
        asked.emplace_back(name);
        EXPECT_LT(answer, alternatives);
        return answer;
    }
    void report(const HardwareEvent& event) override {
        machine::OutsideArenaScope outside;
        reports.push_back({event.kind, event.text(), event.pins, event.bits});
    }
    void model_failed(Device& device, std::string_view what) override {
        machine::OutsideArenaScope outside;
        failures.push_back(device.name() + ": " + std::string(what));
    }
    void at(std::uint64_t when_ns, std::function<void()> callback) override {
        machine::OutsideArenaScope outside;
        timers.emplace(when_ns, std::move(callback));
    }

    void run_until(std::uint64_t end_ns) {
        while (!timers.empty() && timers.begin()->first <= end_ns) {
            auto first = timers.extract(timers.begin());
            time_ns = first.key();
            first.mapped()();
        }
        time_ns = end_ns;
    }
    std::size_t count(HardwareEvent::Kind kind) const {
        return static_cast<std::size_t>(std::count_if(
            reports.begin(), reports.end(), [=](const Report& r) { return r.kind == kind; }));
    }

    std::uint64_t time_ns = 0;
    std::size_t answer = 0;
    std::vector<std::pair<unsigned, bool>> outputs;
    std::vector<std::string> wire_levels;
    std::vector<std::string> asked;
    std::vector<Report> reports;
    std::vector<std::string> failures;
    std::multimap<std::uint64_t, std::function<void()>> timers;
};

class ControllerTest : public testing::Test {
  protected:
    void make(const std::string& model, std::string_view variant = {}) {
        auto map =
            read_register_map(std::string(GX_HARDWARE_MAPS) + "/" + model + ".toml", variant);
        ASSERT_TRUE(map) << map.error().text();
        make(std::move(*map));
    }
    void make_from_text(std::string_view toml) {
        auto map = parse_register_map(toml, "test.toml");
        ASSERT_TRUE(map) << map.error().text();
        make(std::move(*map));
    }
    void make(RegisterMap map) {
        auto made = Controller::create("gpio", std::move(map), around);
        ASSERT_TRUE(made) << made.error().text();
        chip = std::move(*made);
    }

    // An external driver on a pin's wire.
    void drive(unsigned pin, Drive level) { source(pin).drive(level); }
    void high(unsigned pin) { drive(pin, Drive::high); }
    void low(unsigned pin) { drive(pin, Drive::low); }
    Signal& source(unsigned pin) {
        auto& signal = signals_[pin];
        if (!signal) {
            signal = std::make_unique<Signal>("signal", SignalOptions{}, around);
            EXPECT_TRUE(signal->connect(0, wire(pin)));
        }
        return *signal;
    }
    Wire& wire(unsigned pin) {
        auto& there = wires_[pin];
        if (!there) {
            there = std::make_unique<Wire>(around, "net" + std::to_string(pin));
            EXPECT_TRUE(chip->connect(pin, *there));
        }
        return *there;
    }

    std::uint32_t read(std::uint32_t offset) {
        return static_cast<std::uint32_t>(chip->read(offset, 4));
    }
    void write(std::uint32_t offset, std::uint32_t value) { chip->write(offset, 4, value); }
    bool line(unsigned output = 0) const { return chip->output_active(output); }

    TestSurroundings around;
    std::map<unsigned, std::unique_ptr<Wire>> wires_;
    std::map<unsigned, std::unique_ptr<Signal>> signals_;
    std::unique_ptr<Controller> chip;
};

}  // namespace gpioclx::hardware
