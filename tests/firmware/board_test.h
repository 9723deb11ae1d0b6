// A board of a PL061 (\_SB.GPI0) whose ASL the test writes, run by the tool's session.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/session.h"

namespace gpioclx::bench {

// Events that say what firmware, extension and client did, in words.
class Recorder final : public EventObserver {
  public:
    struct Line {
        std::string text;  // "enter CLIENT_StartController", "exit ...", "message ...", "state ..."
        unsigned irql = 0;
        std::uint64_t operand = 0;
        std::uint64_t time_ns = 0;
    };

    void observe(const machine::Event& event, const worker::Supervisor& names) override {
        using machine::EventKind;
        const std::string subject(names.name(event.subject));
        const std::string detail(names.name(event.detail));
        std::string text;
        switch (event.kind) {
            case EventKind::callback_enter: text = "enter " + subject; break;
            case EventKind::callback_exit: text = "exit " + subject; break;
            case EventKind::message: text = "message " + detail; break;
            case EventKind::device_state: text = "state " + subject + " " + detail; break;
            default: return;
        }
        lines.push_back({text, event.level, event.b, event.time_ns});
    }

    std::size_t count(const std::string& text) const {
        std::size_t n = 0;
        for (const Line& line : lines) n += line.text == text ? 1 : 0;
        return n;
    }
    // Position of the first one from `from` on; lines.size() if there is none.
    std::size_t find(const std::string& text, std::size_t from = 0) const {
        std::size_t i = from;
        while (i < lines.size() && lines[i].text != text) ++i;
        return i;
    }
    std::string all() const {
        std::string text;
        for (const Line& line : lines) text += fmt::format("{} irql {}\n", line.text, line.irql);
        return text;
    }

    std::vector<Line> lines;
};

class BoardTest : public testing::Test {
  protected:
    void SetUp() override {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        folder_ = std::filesystem::temp_directory_path() /
                  fmt::format("gpioclx-{}-{}", ::getpid(), test->name());
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override {
        session_.reset();
        std::filesystem::remove_all(folder_);
    }

    std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name, std::ios::binary) << text;
        return folder_ / name;
    }

    // `controller`: inside of \_SB.GPI0; `beside`: in \_SB.
    static std::string asl(const std::string& controller, const std::string& beside,
                           const std::string& hardware_id = "ARMH0061") {
        return R"(DefinitionBlock ("", "DSDT", 2, "GXTEST", "BOARD", 1) {
    Scope (\_SB) {
        Device (GPI0) {
            Name (_HID, ")" +
               hardware_id + R"(")
            Name (_CRS, ResourceTemplate () {
                Memory32Fixed (ReadWrite, 0x09030000, 0x1000)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 39 }
            })
)" + controller +
               R"(
        }
        Device (DEV0) {
            Name (_HID, "GXMT0001")
            Name (_DEP, Package () { \_SB.GPI0 })
            Method (STA0) { Return (0) }
)" + beside + R"(
    }
})";
    }

    static std::string driver(const std::string& folder) {
        return fmt::format("[[driver]]\nfolder = \"{}\"\n", folder);
    }
    static std::string controller_driver() { return driver(GX_EXAMPLES "/drivers/pl061gpio"); }
    static std::string methods_driver() { return driver(GX_TEST_DRIVERS "/methods"); }

    static std::string bench(const std::string& tables, const std::string& more = "",
                             const std::string& drivers = controller_driver() + methods_driver()) {
        return fmt::format(R"(schema = 1
firmware = [{}]
{}[[model]]
device = '\_SB.GPI0'
model = "pl061"
[[setting]]
name = "checked"
value = 1
{})",
                           tables, drivers, more);
    }

    // The error of opening, "" if the board is loaded.
    std::string open(const std::filesystem::path& bench_file) {
        SessionOptions options;
        options.bench = bench_file;
        options.observers = {&events_};
        auto session = Session::open(std::move(options));
        if (!session) return session.error().text();
        session_ = std::move(*session);
        return "";
    }
    // DEV0 is open as `dev` afterwards.
    void start(const std::string& controller, const std::string& beside,
               const std::string& more = "", const std::string& hardware_id = "ARMH0061",
               const std::string& controllers_driver = controller_driver()) {
        write("board.asl", asl(controller, beside, hardware_id));
        ASSERT_EQ(open(write("board.toml",
                             bench("\"board.asl\"", more, controllers_driver + methods_driver()))),
                  "");
        auto started = session_->start();
        ASSERT_TRUE(started.ok()) << started.error().text();
        step("open \\_SB.DEV0 as dev");
    }

    // Runs a statement of the script; its failure is the test's.
    void step(const std::string& text) {
        const std::string failure = try_step(text);
        EXPECT_EQ(failure, "") << text << "\n" << events_.all();
    }
    std::string try_step(const std::string& text) {
        auto result = session_->step({.text = text, .file = "test", .line = 1});
        if (!result) return result.error().text();
        return result->failed ? result->message : "";
    }
    // Evaluates a method of DEV0 without arguments, and expects this status.
    void evaluate(const std::string& method, const std::string& status = "STATUS_SUCCESS") {
        std::string name;
        for (const char c : method) name += fmt::format("{:02x}", static_cast<unsigned char>(c));
        try_step("ioctl dev 0x32c004 in 41656942" + name + " out 20");
        step("expect status " + status);
    }
    // ... which returns this number.
    void expect_value(const std::string& method, unsigned value) {
        evaluate(method);
        step(fmt::format("expect output 41656f42 14000000 01000000 00000400 {:02x}{:02x}0000",
                         value & 0xff, value >> 8));
    }
    bool found(const std::string& id) const {
        for (const Finding& finding : session_->findings()) {
            if (finding.id == id) return true;
        }
        return false;
    }
    std::string findings() const {
        std::string text;
        for (const Finding& finding : session_->findings())
            text += finding.id + ": " + finding.sentence + "\n";
        return text;
    }

    std::filesystem::path folder_;
    Recorder events_;
    std::unique_ptr<Session> session_;
};

}  // namespace gpioclx::bench
