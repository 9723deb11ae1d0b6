// A report as a command would make it, with a driver's source in a folder of the test's own.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "report/report.h"
#include "report/source_text.h"

namespace gpioclx::report {

class ReportTest : public ::testing::Test {
  protected:
    ReportTest() {
        std::string name =
            (std::filesystem::temp_directory_path() / "gpioclx report XXXXXX").string();
        if (mkdtemp(name.data()) != nullptr) folder = std::filesystem::canonical(name);
        std::filesystem::create_directory(folder / ".git");
        write("driver/led.c",
              "// 1\n// 2\nvoid OnRead(void) {\n    if (Count < 2 && \"&\") Acquire();\n}\n// 6\n");
    }
    ~ReportTest() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }

    std::filesystem::path write(const std::string& name, const std::string& text) const {
        const std::filesystem::path path = folder / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    static std::string read(const std::filesystem::path& path) {
        std::ifstream stream(path, std::ios::binary);
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }
    bench::StackFrame frame(int line, const std::string& function) const {
        return {.image = "led",
                .function = function,
                .file = (folder / "driver/led.c").string(),
                .line = line,
                .offset = 0x10};
    }

    Report report() const {
        bench::Finding finding{.id = "lock-001",
                               .sentence = "led lock <1> is acquired\nby its holder, 100%",
                               .time_ns = 1'200,
                               .processor = 1,
                               .level = 2,
                               .actor = "led!OnDpc",
                               .stack = {frame(4, "OnRead"), frame(3, "OnDpc")},
                               .other_stack = {frame(5, "OnWrite")}};
        Problem problem{.finding = finding, .command = "gpioclx replay bench.toml x1AeUmpwRq"};
        problem.token = "x1AeUmpwRq";
        problem.decisions = {"worker 1 held up for 40.0 us at lock_released of led lock"};
        Scenario scenario{.name = "bench", .summary = "400 executions"};
        scenario.problems.push_back(problem);
        scenario.interleaving = {step(1, 1'000, 0, 0, "worker 1", "acquires led lock"),
                                 step(2, 1'100, 1, 2, "led!OnDpc", "DPC led!OnDpc"),
                                 step(3, 1'200, 1, 2, "led!OnDpc", "FINDING lock-001: led lock")};
        scenario.interleaving[0].locks = {"led lock"};
        scenario.interleaving[2].kind = trace::InterleavingKind::finding;
        scenario.wires = {{.name = "led", .initial = 0, .changes = {{1'100, 1}}},
                          {.name = "quiet", .initial = 1, .changes = {}}};
        scenario.from_ns = 900;
        scenario.to_ns = 1'500;
        return {.command = "gpioclx explore bench.toml",
                .bench = folder / "bench.toml",
                .scenarios = {scenario},
                .exit_code = ExitCode::findings};
    }

    static trace::InterleavingStep step(std::uint64_t sequence, std::uint64_t time_ns,
                                        int processor, machine::Level level,
                                        const std::string& actor, const std::string& what) {
        trace::InterleavingStep step;
        step.sequence = sequence;
        step.time_ns = time_ns;
        step.processor = processor;
        step.level = level;
        step.actor = actor;
        step.what = what;
        return step;
    }

    std::filesystem::path folder;
    SourceText sources;
};

}  // namespace gpioclx::report
